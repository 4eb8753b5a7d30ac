/** A snapshot that can't be restored must be refused completely: with the wrong field's name, and without any change. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { SimulatorInputError, startSimulator, type Snapshot } from "../../simulator/index";
import { ControlClient, errorOf, EventReader } from "./support/control";
import { simulateChat } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat({ control: true });
const control = new ControlClient(() => chat.simulator.url);

let events: EventReader;
let contactId: string;

beforeEach(async () => {
  const customer = await chat.withSocket(chat.customer());
  contactId = customer.contactId;
  await chat.send(customer, "Hello");
  const file = { name: "a.txt", contentType: "text/plain", base64: "AAAA" };
  await control.call("sendAttachment", { parameters: { contactId }, body: file });
  events = new EventReader(`${chat.simulator.url}/_control/events`);
  await events.opened;
});

afterEach(() => events.close());

/** JSON that is nested so deep that it can be read, but not written. */
const deepJson = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const parsed = (json: string): unknown => JSON.parse(json);

const first = <Item>([item]: readonly Item[]): Item => {
  if (item === undefined) throw new Error("The snapshot has no such item.");
  return item;
};

const LONE_SURROGATE = "\ud800.txt";

const DAMAGES: readonly (readonly [what: string, field: string, damage: (snapshot: Snapshot) => unknown])[] =
  [
    [
      "two contacts with one ID",
      "contacts[1].contactId",
      ({ contacts }) => contacts.push({ ...first(contacts), participants: [] }),
    ],
    [
      "two participants with one ID",
      "contacts[0].participants[1].participantId",
      ({ contacts }) =>
        first(contacts).participants.push({ ...first(first(contacts).participants), participantToken: "t" }),
    ],
    [
      "two participants with one token",
      "contacts[0].participants[1].participantToken",
      ({ contacts }) =>
        first(contacts).participants.push({ ...first(first(contacts).participants), participantId: "p" }),
    ],
    [
      "two equal connection tokens",
      "connectionTokens[1].token",
      ({ connectionTokens }) => connectionTokens.push(first(connectionTokens)),
    ],
    [
      "two attachments with one ID",
      "attachments[1].attachmentId",
      ({ attachments }) => attachments.push(first(attachments)),
    ],
    [
      "a start that isn't a time",
      "contacts[0].startedAt",
      ({ contacts }) => (first(contacts).startedAt = "yesterday"),
    ],
    [
      "an item whose time isn't a time",
      "contacts[0].transcript[0].AbsoluteTime",
      ({ contacts }) => (first(first(contacts).transcript).AbsoluteTime = "noon"),
    ],
    [
      "a token of nobody",
      "connectionTokens[0].participantId",
      ({ connectionTokens }) => (first(connectionTokens).participantId = "x"),
    ],
    [
      "an attachment of no contact",
      "attachments[0].contactId",
      ({ attachments }) => (first(attachments).contactId = "x"),
    ],
    [
      "an attachment of nobody",
      "attachments[0].uploaderId",
      ({ attachments }) => (first(attachments).uploaderId = "x"),
    ],
    [
      "a file name that no URL can express",
      "attachments[0].name",
      ({ attachments }) => (first(attachments).name = LONE_SURROGATE),
    ],
    [
      "a file that is cut off",
      "attachments[0].base64",
      ({ attachments }) => (first(attachments).base64 = "AA=="),
    ],
    [
      "a file that isn't Base64",
      "attachments[0].base64",
      ({ attachments }) => (first(attachments).base64 = "?"),
    ],
    [
      "a completed upload without its file",
      "attachments[0].base64",
      ({ attachments }) => (first(attachments).base64 = null),
    ],
    [
      "a view that is nested too deep",
      "views",
      (snapshot) => (snapshot.views = { v: parsed(deepJson(200_000)) }),
    ],
  ];

describe.each(DAMAGES)("a snapshot with %s", (_, field, damage) => {
  const damagedJson = (snapshot: Snapshot): string => {
    if (field === "views")
      return JSON.stringify({ ...snapshot, views: "DEEP" }).replace('"DEEP"', deepJson(200_000));
    damage(snapshot);
    return JSON.stringify(snapshot);
  };

  test("is rejected by the control API with 400 and the field's name, and changes nothing", async () => {
    const before = chat.simulator.snapshot();
    const response = await control.fetch("PUT", "/_control/snapshot", damagedJson(chat.simulator.snapshot()));
    expect([response.status, errorOf(response).message]).toEqual([
      400,
      expect.stringContaining(`\`${field}\` `),
    ]);
    expect(chat.simulator.snapshot()).toEqual(before);
    expect(chat.simulator.sockets).toHaveLength(1);
    chat.simulator.contact(contactId).say("after");
    await until(() => events.of("item").length > 0);
    expect(events.of("reset")).toEqual([]);
  });

  test("is rejected by restore() and at the start with a SimulatorInputError, and changes nothing", async () => {
    const before = chat.simulator.snapshot();
    const damaged = chat.simulator.snapshot();
    damage(damaged);
    const error = expect.objectContaining({ name: "SimulatorInputError", field });
    expect(() => chat.simulator.restore(damaged)).toThrow(error);
    expect(() => chat.simulator.restore(damaged)).toThrow(SimulatorInputError);
    await expect(startSimulator({ snapshot: damaged })).rejects.toEqual(error);
    expect(chat.simulator.snapshot()).toEqual(before);
  });
});

describe("values that a later snapshot couldn't hold are refused when they arrive", () => {
  test("an upload whose name has a lone surrogate gets a ValidationException", async () => {
    const { token } = await chat.customer();
    const upload = { AttachmentName: LONE_SURROGATE, ContentType: "text/plain", AttachmentSizeInBytes: 3 };
    expect(await chat.call("/participant/start-attachment-upload", token, upload)).toMatchObject({
      ...{ status: 400, type: "ValidationException" },
    });
    const file = { name: LONE_SURROGATE, contentType: "text/plain", base64: "AAAA" };
    expect((await control.send("sendAttachment", { parameters: { contactId }, body: file })).status).toBe(
      400,
    );
  });

  test("a redirect URL with a lone surrogate gets a ValidationException", async () => {
    const { token } = await chat.customer();
    const body = { RedirectUri: "http://a/\ud800", SessionId: "s" };
    expect((await chat.call("/participant/authentication-url", token, body)).status).toBe(400);
  });

  test("bodies that are nested too deep are refused, and the state can still be saved", async () => {
    const deep = deepJson(20_000);
    const view = await control.fetch("PUT", "/_control/views/v", `{"Content":${deep}}`);
    expect([view.status, errorOf(view).message]).toEqual([400, expect.stringContaining("`Content` ")]);
    const message = await fetch(`${chat.simulator.url}/participant/message`, { method: "POST", body: deep });
    expect(message.status).toBe(400);
    expect(() => chat.simulator.setView("v", JSON.parse(deep))).toThrow(SimulatorInputError);
    expect(chat.simulator.snapshot().views).toEqual({});
  });

  test("an item can't be changed to a time that isn't a time", async () => {
    const itemId = first(chat.simulator.contact(contactId).transcript).Id;
    const response = await control.send("changeItem", {
      ...{ parameters: { contactId, itemId }, body: { AbsoluteTime: "noon" } },
    });
    expect([response.status, errorOf(response).message]).toEqual([
      400,
      expect.stringContaining("`AbsoluteTime`"),
    ]);
  });
});

test("a streamed answer in progress is completed when its chat is restored, with the text so far", () => {
  const answer = chat.simulator.contact(contactId).stream(["Hel", "lo", "!"]);
  answer.send(1);
  answer.send(2);
  chat.simulator.restore(chat.simulator.snapshot());
  const { MessageMetadata, Content } =
    chat.simulator.contact(contactId).transcript.find(({ Id }) => Id === answer.id) ?? {};
  expect([Content, MessageMetadata]).toEqual([
    "Hello",
    { MessageId: answer.id, MessageCompleted: true, ChunkNumber: 2 },
  ]);
});
