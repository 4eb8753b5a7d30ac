import { describe, expect, test } from "@jest/globals";
import type { ParticipantSummary } from "../../../simulator/panel/api/types";
import { toBase64 } from "../../../simulator/panel/composer/base64";
import { toPieces } from "../../../simulator/panel/composer/pieces";
import { toLines } from "../../../simulator/panel/conversation/lines";
import { isReadBy, receiptText } from "../../../simulator/panel/conversation/receipt-text";
import { textOfItem } from "../../../simulator/panel/state/item-text";
import { participantOf } from "../../../simulator/panel/state/personas";
import { itemOf } from "./items";

const EVENT = "application/vnd.amazonaws.connect.event.";
const MESSAGE = "application/vnd.amazonaws.connect.message.";

const person = (participantId: string, fields: Partial<ParticipantSummary> = {}): ParticipantSummary => ({
  participantId,
  role: "AGENT",
  displayName: participantId,
  joined: true,
  left: false,
  connected: false,
  isPlayed: true,
  ...fields,
});

describe("the conversation", () => {
  test("groups one sender's messages within five minutes, unless an event comes between them", () => {
    const lines = toLines([
      itemOf({ Id: "1" }),
      itemOf({ Id: "2", AbsoluteTime: "2026-12-01T10:04:00.000Z" }),
      itemOf({ Id: "3", AbsoluteTime: "2026-12-01T10:10:00.000Z" }),
      itemOf({ Id: "4", Type: "EVENT", ContentType: `${EVENT}participant.joined` }),
      itemOf({ Id: "5", AbsoluteTime: "2026-12-01T10:11:00.000Z" }),
      itemOf({ Id: "6", ParticipantRole: "AGENT", ParticipantId: "agent" }),
    ]);
    expect(lines.map(({ side, startsGroup }) => [side, startsGroup])).toEqual([
      ["customer", true],
      ["customer", false],
      ["customer", true],
      ["event", true],
      ["customer", true],
      ["ours", true],
    ]);
  });

  test("names the participants who read a message or, before that, received it", () => {
    const people = [person("sam"), person("robin")];
    const withReceipts = (...receipts: object[]): ReturnType<typeof itemOf> =>
      itemOf({ MessageMetadata: { MessageId: "item-1", Receipts: receipts as [] } });
    expect(receiptText(itemOf(), people)).toBe("");
    expect(
      receiptText(withReceipts({ RecipientParticipantId: "sam", DeliveredTimestamp: "x" }), people),
    ).toBe("Delivered by sam");
    const read = withReceipts(
      { RecipientParticipantId: "sam", DeliveredTimestamp: "x" },
      { RecipientParticipantId: "robin", ReadTimestamp: "x" },
    );
    expect(receiptText(read, people)).toBe("Read by robin");
    expect(isReadBy(read, "robin")).toBe(true);
    expect(isReadBy(read, "sam")).toBe(false);
  });

  test("describes every kind of item in a few words", () => {
    const event = (name: string): ReturnType<typeof itemOf> =>
      itemOf({ Type: "EVENT", ContentType: `${EVENT}${name}` });
    expect(textOfItem(event("participant.joined"))).toBe("Maria joined");
    expect(textOfItem(event("something.new"))).toBe("something.new");
    const template = '{"templateType":"Panel","data":{"content":{"title":"Pick"}}}';
    expect(textOfItem(itemOf({ ContentType: `${MESSAGE}interactive`, Content: template }))).toBe("Pick");
    expect(textOfItem(itemOf({ ContentType: `${MESSAGE}interactive`, Content: "{" }))).toBe(
      "Interactive message",
    );
    const response = `${MESSAGE}interactive.response`;
    expect(textOfItem(itemOf({ ContentType: response, Content: '{"action":"Submit"}' }))).toBe(
      "Chose “Submit”",
    );
    expect(textOfItem(itemOf({ ContentType: response, Content: "oops" }))).toBe("oops");
    expect(textOfItem(itemOf({ Type: "ATTACHMENT" }))).toBe("Attachment");
  });

  test("assigns each persona to a participant who has joined and hasn't left", () => {
    const people = [
      person("gone", { left: true }),
      person("invited", { joined: false }),
      person("sam"),
      person("alex"),
    ];
    expect(participantOf("agent", people)?.participantId).toBe("sam");
    expect(participantOf("second", people)?.participantId).toBe("alex");
    expect(participantOf("supervisor", people)).toBeUndefined();
    expect(participantOf("bot", people)).toBeUndefined();
  });

  test("splits a streamed answer into pieces that form the complete text", () => {
    const text = "  Your parcel  is on\nits way to you.";
    expect(toPieces(text).join("")).toBe(text);
    expect(toPieces("one two three four")).toEqual(["one two three ", "four"]);
    expect(toPieces("")).toEqual([]);
  });

  test("converts a file's bytes to Base64, even if there are many", () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  });
});
