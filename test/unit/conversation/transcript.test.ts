import { beforeEach, describe, expect, test } from "@jest/globals";
import type { WireItem } from "../../../src/api/items";
import {
  item,
  LOCAL,
  MESSAGE,
  receipt,
  timeOf,
  TranscriptUnderTest,
} from "../../support/transcript-under-test";

let transcript: TranscriptUnderTest;

beforeEach(() => {
  transcript = new TranscriptUnderTest();
});

describe("a snapshot that is read later", () => {
  beforeEach(() => {
    for (const [id, second] of [
      ["a", 10],
      ["b", 20],
      ["c", 30],
    ] as const)
      transcript.add(item(id, second));
    transcript.send("uuid", MESSAGE);
  });

  const later: readonly (readonly [string, () => void])[] = [
    ["an item came after", () => transcript.add(item("d", 40))],
    ["an older item came in between", () => transcript.add(item("d", 15))],
    ["an item moved", () => transcript.add(item("a", 25))],
    ["an item was changed", () => transcript.add(item("b", 20, { Content: "changed" }))],
    ["a message was read", () => transcript.add(receipt("Read", "b"))],
    ["a message was sent", () => transcript.sent("uuid", { Id: "e", AbsoluteTime: timeOf(50) }, LOCAL)],
    ["a message failed", () => transcript.failed("uuid", timeOf(5))],
  ];
  test.each(later)("shows what was there at its time, though %s", (_, change) => {
    const before = transcript.snapshot();
    const unread = transcript.snapshot();
    const shown = structuredClone(before.transcript);
    change();
    transcript.add(item("f", 12));
    expect(unread.transcript).toEqual(shown);
    expect(transcript.entries).not.toEqual(shown);
  });

  test("is one list, however often it is read, copied or made JSON of", () => {
    const snapshot = transcript.snapshot();
    const { transcript: list } = snapshot;
    expect(snapshot.transcript).toBe(list);
    expect({ ...snapshot }).toEqual({ transcript: list, previousTranscriptNextToken: null });
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual({
      transcript: list,
      previousTranscriptNextToken: null,
    });
    list.pop();
    expect(transcript.entries).toHaveLength(4);
  });
});

describe("items", () => {
  test("REL-39: items are sorted by time in any order of arrival", () => {
    for (const [id, second] of [
      ["c", 3],
      ["a", 1],
      ["d", 4],
      ["b", 2],
    ] as const)
      transcript.add(item(id, second));
    expect(transcript.ids).toEqual(["a", "b", "c", "d"]);
  });

  test("of the same time stay in the order they came", () => {
    for (const id of ["x", "y", "z"]) transcript.add(item(id, 1));
    expect(transcript.ids).toEqual(["x", "y", "z"]);
  });

  test("are there once: a newer form of one takes its place, and moves with its time", () => {
    transcript.add(item("a", 1));
    transcript.add(item("b", 2));
    transcript.add(item("a", 3, { Content: "changed" }));
    expect(transcript.entries.map(({ Id, Content }) => [Id, Content])).toEqual([
      ["b", "text of b"],
      ["a", "changed"],
    ]);
  });

  test("without an id are left out; typing with one is in", () => {
    expect(transcript.add(item("", 1))).toBe(false);
    expect(transcript.add(item("t", 1, { Type: "EVENT", ContentType: "…typing" }))).toBe(true);
    expect(transcript.ids).toEqual(["t"]);
  });

  test("carry themselves as a JSON string", () => {
    const given = item("a", 1);
    transcript.add(given);
    expect(transcript.entries).toEqual([{ ...given, serializedContent: JSON.stringify(given) }]);
  });

  test("given out before are not changed later", () => {
    transcript.add(item("a", 1, { MessageMetadata: { MessageId: "a" } }));
    const before = transcript.snapshot();
    const copy = structuredClone(before);
    transcript.add(receipt("Read", "a"));
    transcript.add(item("b", 2));
    expect(before).toEqual(copy);
  });
});

describe("a message of this side's", () => {
  test("REL-40: an outgoing message is last while pending, with the known fields", () => {
    transcript.send("uuid", MESSAGE);
    transcript.add(item("late", 50));
    expect(transcript.entries.at(-1)).toEqual({
      Id: "uuid",
      Type: "MESSAGE",
      Content: "mine",
      ContentType: "text/plain",
      ParticipantRole: "AGENT",
      AbsoluteTime: "",
      MessageMetadata: { MessageId: "uuid", Status: "SENDING" },
    });
  });

  test("takes the service's ids, and its place by time, once it is sent", () => {
    transcript.send("uuid", MESSAGE);
    transcript.add(item("late", 50));
    transcript.sent("uuid", { Id: "real", AbsoluteTime: timeOf(10) }, LOCAL);
    expect(transcript.ids).toEqual(["real", "late"]);
    expect(transcript.entries[0]?.MessageMetadata).toEqual({ MessageId: "real", Status: "SENT" });
  });

  test("is one with its echo, whichever comes first", () => {
    transcript.send("uuid", MESSAGE);
    transcript.add(item("real", 10, { ParticipantRole: "AGENT" }));
    transcript.sent("uuid", { Id: "real", AbsoluteTime: timeOf(10) }, LOCAL);
    expect(transcript.ids).toEqual(["real"]);
    expect(transcript.statusOf("real")).toBe("SENT");
    transcript.add(item("real", 10, { ParticipantRole: "AGENT" }));
    expect(transcript.statusOf("real")).toBe("SENT");
  });

  test("goes on to DELIVERED and READ, and never back", () => {
    transcript.send("uuid", MESSAGE);
    transcript.sent("uuid", { Id: "real", AbsoluteTime: timeOf(10) }, LOCAL);
    transcript.add(receipt("Delivered", "real"));
    expect(transcript.statusOf("real")).toBe("DELIVERED");
    transcript.add(receipt("Read", "real"));
    expect(transcript.statusOf("real")).toBe("READ");
    expect(transcript.add(receipt("Delivered", "real"))).toBe(false);
    transcript.add(item("real", 10));
    expect(transcript.statusOf("real")).toBe("READ");
  });

  test("that was read before its sending was answered is READ", () => {
    transcript.send("uuid", MESSAGE);
    transcript.add(item("real", 10));
    transcript.add(receipt("Read", "real"));
    transcript.sent("uuid", { Id: "real", AbsoluteTime: timeOf(10) }, LOCAL);
    expect(transcript.statusOf("real")).toBe("READ");
  });

  test("that failed says so, stays last, and may be sent again", () => {
    transcript.send("uuid", MESSAGE);
    transcript.add(item("late", 50));
    transcript.failed("uuid", timeOf(20));
    expect(transcript.ids).toEqual(["late", "uuid"]);
    expect(transcript.statusOf("uuid")).toBe("FAILED");
    transcript.resend("uuid");
    expect(transcript.ids).toEqual(["late", "uuid"]);
    expect(transcript.statusOf("uuid")).toBe("SENDING");
  });
});

describe("a page", () => {
  const page = (...items: WireItem[]): { Transcript: WireItem[]; NextToken: string } => ({
    Transcript: items,
    NextToken: `after ${items[0]?.Id ?? ""}`,
  });
  const token = (): string | null => transcript.snapshot().previousTranscriptNextToken;

  test("gives its token where it reaches the oldest item, and else leaves the one there is", () => {
    expect(token()).toBeNull();
    transcript.addPage(page(item("c", 3), item("d", 4)), true);
    expect(token()).toBe("after c");
    transcript.addPage(page(item("d", 4), item("e", 5)), true);
    expect(token()).toBe("after c");
    transcript.addPage(page(item("a", 1), item("b", 2)), true);
    expect(token()).toBe("after a");
    transcript.addPage(page(item("a", 1)), false);
    expect(token()).toBe("after a");
    transcript.addPage({ Transcript: [item("a", 1)] }, true);
    expect(token()).toBeNull();
  });

  test("tells the status that its receipts show", () => {
    transcript.addPage(
      page(item("a", 1, { MessageMetadata: { MessageId: "a", Receipts: [{ ReadTimestamp: timeOf(2) }] } })),
      true,
    );
    expect(transcript.statusOf("a")).toBe("READ");
  });
});

describe("receipts before their message", () => {
  const MESSAGE_ITEM = item("m", 1);

  test("in a page that has the newest first, whatever their order", () => {
    const items = [receipt("Read", "m"), receipt("Delivered", "m"), MESSAGE_ITEM];
    transcript.addPage({ Transcript: items }, true);
    expect(transcript.statusOf("m")).toBe("READ");
    expect(transcript.add(receipt("Delivered", "m"))).toBe(false);
    expect(transcript.statusOf("m")).toBe("READ");
  });

  test("in a page before that of the message, or live", () => {
    expect(transcript.add(receipt("Delivered", "m"))).toBe(false);
    transcript.page(MESSAGE_ITEM);
    expect(transcript.statusOf("m")).toBe("DELIVERED");
    expect(transcript.add(receipt("Read", "m"))).toBe(true);
    expect(transcript.statusOf("m")).toBe("READ");
  });
});
