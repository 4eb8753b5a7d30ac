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
    transcript.addOutgoing("uuid", MESSAGE);
  });

  const later: readonly (readonly [string, () => void])[] = [
    ["an item was added at the end", () => transcript.add(item("d", 40))],
    ["an older item was inserted", () => transcript.add(item("d", 15))],
    ["an item moved", () => transcript.add(item("a", 25))],
    ["an item was changed", () => transcript.add(item("b", 20, { Content: "changed" }))],
    ["a message was read", () => transcript.add(receipt("Read", "b"))],
    ["a message was sent", () => transcript.markSent("uuid", { Id: "e", AbsoluteTime: timeOf(50) }, LOCAL)],
    ["a message failed", () => transcript.markFailed("uuid", timeOf(5))],
  ];
  test.each(later)("shows the transcript as of its creation, even if %s", (_, change) => {
    const before = transcript.snapshot();
    const unread = transcript.snapshot();
    const expected = structuredClone(before.transcript);
    change();
    transcript.add(item("f", 12));
    expect(unread.transcript).toEqual(expected);
    expect(transcript.entries).not.toEqual(expected);
  });

  test("returns the same list each time it is read, copied, or serialized", () => {
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
  test("REL-39: items are sorted by time, regardless of the order of arrival", () => {
    for (const [id, second] of [
      ["c", 3],
      ["a", 1],
      ["d", 4],
      ["b", 2],
    ] as const)
      transcript.add(item(id, second));
    expect(transcript.ids).toEqual(["a", "b", "c", "d"]);
  });

  test("keep their order of arrival if they have the same time", () => {
    for (const id of ["x", "y", "z"]) transcript.add(item(id, 1));
    expect(transcript.ids).toEqual(["x", "y", "z"]);
  });

  test("are listed once: a newer version replaces the item and moves it to its new time", () => {
    transcript.add(item("a", 1));
    transcript.add(item("b", 2));
    transcript.add(item("a", 3, { Content: "changed" }));
    expect(transcript.entries.map(({ Id, Content }) => [Id, Content])).toEqual([
      ["b", "text of b"],
      ["a", "changed"],
    ]);
  });

  test("are listed only if they have an ID, even typing events", () => {
    expect(transcript.add(item("", 1))).toBe(false);
    expect(transcript.add(item("t", 1, { Type: "EVENT", ContentType: "…typing" }))).toBe(true);
    expect(transcript.ids).toEqual(["t"]);
  });

  test("have their JSON in serializedContent", () => {
    const message = item("a", 1);
    transcript.add(message);
    expect(transcript.entries).toEqual([{ ...message, serializedContent: JSON.stringify(message) }]);
  });

  test("don't change in a snapshot that was already taken", () => {
    transcript.add(item("a", 1, { MessageMetadata: { MessageId: "a" } }));
    const before = transcript.snapshot();
    const copy = structuredClone(before);
    transcript.add(receipt("Read", "a"));
    transcript.add(item("b", 2));
    expect(before).toEqual(copy);
  });
});

describe("an outgoing message", () => {
  test("REL-40: a pending outgoing message is last and has the fields known so far", () => {
    transcript.addOutgoing("uuid", MESSAGE);
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

  test("has the service's IDs and is sorted by time after it is sent", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.add(item("late", 50));
    transcript.markSent("uuid", { Id: "real", AbsoluteTime: timeOf(10) }, LOCAL);
    expect(transcript.ids).toEqual(["real", "late"]);
    expect(transcript.entries[0]?.MessageMetadata).toEqual({ MessageId: "real", Status: "SENT" });
  });

  test("is listed once with its echo, even if the echo arrives first", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.add(item("real", 10, { ParticipantRole: "AGENT" }));
    transcript.markSent("uuid", { Id: "real", AbsoluteTime: timeOf(10) }, LOCAL);
    expect(transcript.ids).toEqual(["real"]);
    expect(transcript.statusOf("real")).toBe("SENT");
    transcript.add(item("real", 10, { ParticipantRole: "AGENT" }));
    expect(transcript.statusOf("real")).toBe("SENT");
  });

  test("becomes DELIVERED and READ, and never reverts", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.markSent("uuid", { Id: "real", AbsoluteTime: timeOf(10) }, LOCAL);
    transcript.add(receipt("Delivered", "real"));
    expect(transcript.statusOf("real")).toBe("DELIVERED");
    transcript.add(receipt("Read", "real"));
    expect(transcript.statusOf("real")).toBe("READ");
    expect(transcript.add(receipt("Delivered", "real"))).toBe(false);
    transcript.add(item("real", 10));
    expect(transcript.statusOf("real")).toBe("READ");
  });

  test("is READ if it was read before SendMessage's response arrived", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.add(item("real", 10));
    transcript.add(receipt("Read", "real"));
    transcript.markSent("uuid", { Id: "real", AbsoluteTime: timeOf(10) }, LOCAL);
    expect(transcript.statusOf("real")).toBe("READ");
  });

  test("is FAILED and stays last after a failure, and can be resent", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.add(item("late", 50));
    transcript.markFailed("uuid", timeOf(20));
    expect(transcript.ids).toEqual(["late", "uuid"]);
    expect(transcript.statusOf("uuid")).toBe("FAILED");
    transcript.markResending("uuid");
    expect(transcript.ids).toEqual(["late", "uuid"]);
    expect(transcript.statusOf("uuid")).toBe("SENDING");
  });
});

describe("addPage()", () => {
  const page = (...items: WireItem[]): { Transcript: WireItem[]; NextToken: string } => ({
    Transcript: items,
    NextToken: `after ${items[0]?.Id ?? ""}`,
  });
  const token = (): string | null => transcript.snapshot().previousTranscriptNextToken;

  test("updates previousTranscriptNextToken only if the page reaches the oldest item", () => {
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

  test("sets a message's status from its receipts", () => {
    transcript.addPage(
      page(item("a", 1, { MessageMetadata: { MessageId: "a", Receipts: [{ ReadTimestamp: timeOf(2) }] } })),
      true,
    );
    expect(transcript.statusOf("a")).toBe("READ");
  });
});

describe("receipts that are listed or received before their message", () => {
  const MESSAGE_ITEM = item("m", 1);

  test("are applied in any order on a page that lists the newest items first", () => {
    const items = [receipt("Read", "m"), receipt("Delivered", "m"), MESSAGE_ITEM];
    transcript.addPage({ Transcript: items }, true);
    expect(transcript.statusOf("m")).toBe("READ");
    expect(transcript.add(receipt("Delivered", "m"))).toBe(false);
    expect(transcript.statusOf("m")).toBe("READ");
  });

  test("are applied when the message arrives, whether they came live or on an earlier page", () => {
    expect(transcript.add(receipt("Delivered", "m"))).toBe(false);
    transcript.page(MESSAGE_ITEM);
    expect(transcript.statusOf("m")).toBe("DELIVERED");
    expect(transcript.add(receipt("Read", "m"))).toBe(true);
    expect(transcript.statusOf("m")).toBe("READ");
  });
});
