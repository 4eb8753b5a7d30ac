import { beforeEach, describe, expect, test } from "@jest/globals";
import type { WireItem } from "../../../src/api/items";
import type { AcceptedMessage } from "../../../src/conversation/transcript";
import { item, LOCAL, MESSAGE, timeOf, TranscriptUnderTest } from "../../support/transcript-under-test";

let transcript: TranscriptUnderTest;

beforeEach(() => {
  transcript = new TranscriptUnderTest();
});

const markSent = (id: string, Id: string, second: number, more: Partial<AcceptedMessage> = {}): void =>
  transcript.markSent(id, { Id, AbsoluteTime: timeOf(second), ...more }, LOCAL);

describe("failed messages", () => {
  const fail = (id: string, at: string): void => {
    transcript.addOutgoing(id, MESSAGE);
    transcript.markFailed(id, at);
  };
  const times = (): unknown[] => transcript.entries.map(({ AbsoluteTime }) => AbsoluteTime);
  const sortedTimes = (): unknown[] => [...times()].sort();

  const CLOCKS: readonly (readonly [string, string])[] = [
    ["minutes behind", "2025-12-31T23:57:00.000Z"],
    ["years behind", LOCAL],
    ["minutes ahead", "2026-01-01T00:03:00.000Z"],
    ["years ahead", "2030-01-01T00:00:00.000Z"],
  ];

  test.each(CLOCKS)("follow all earlier items if the local clock is %s", (_, now) => {
    for (let second = 1; second <= 20; second += 1) transcript.add(item(`m${second}`, second));
    fail("failed", now);
    expect(transcript.ids.at(-1)).toBe("failed");
    expect(times()).toEqual(sortedTimes());
  });

  test.each(CLOCKS)("keep their positions while items arrive if the local clock is %s", (_, now) => {
    transcript.add(item("a", 10));
    fail("one", now);
    fail("two", now);
    transcript.add(item("c", 30));
    transcript.page(item("b", 20), item("late", 5));
    fail("three", now);
    transcript.addOutgoing("in flight", MESSAGE);
    expect(transcript.ids).toEqual(["late", "a", "one", "two", "b", "c", "three", "in flight"]);
    expect(times().slice(0, -1)).toEqual(sortedTimes().slice(1));
  });

  test("are sorted by when they were sent, not by when they failed, if they share a position", () => {
    transcript.add(item("a", 10));
    for (const id of ["one", "two"]) transcript.addOutgoing(id, MESSAGE);
    transcript.markFailed("two", timeOf(11));
    transcript.markFailed("one", timeOf(12));
    expect(transcript.ids).toEqual(["a", "one", "two"]);
    expect(times()).toEqual(sortedTimes());
  });

  test("show the time of their failure if the local clock is right", () => {
    transcript.add(item("a", 10));
    fail("failed", timeOf(12));
    transcript.add(item("b", 14));
    expect(times()).toEqual([timeOf(10), timeOf(12), timeOf(14)]);
  });

  test.each(CLOCKS)(
    "follow the first page's items if they were sent before any item, even if the clock is %s",
    (_, now) => {
      fail("failed", now);
      transcript.page(item("a", 10), item("b", 20));
      transcript.add(item("c", 30));
      expect(transcript.ids).toEqual(["a", "b", "failed", "c"]);
      expect(times()).toEqual(sortedTimes());
    },
  );

  test("precede a live item and follow older items if they were sent before the live item arrived", () => {
    fail("failed", LOCAL);
    transcript.add(item("live", 30));
    transcript.page(item("a", 10), item("live", 30), item("b", 40));
    expect(transcript.ids).toEqual(["a", "failed", "live", "b"]);
  });

  test("precede a message that was sent after them", () => {
    fail("failed", LOCAL);
    transcript.addOutgoing("uuid", MESSAGE);
    markSent("uuid", "m", 30);
    transcript.page(item("a", 10));
    expect(transcript.ids).toEqual(["a", "failed", "m"]);
  });

  test("are moved behind messages in flight when they are resent", () => {
    fail("failed", timeOf(1));
    transcript.addOutgoing("in flight", MESSAGE);
    transcript.markResending("failed");
    expect(transcript.ids).toEqual(["in flight", "failed"]);
    expect(transcript.statusOf("failed")).toBe("SENDING");
  });
});

const echo = (id: string): WireItem => item(id, 5, { ParticipantId: "me", Content: "mine" });

describe("an outgoing message's echo", () => {
  test("replaces the message if it arrives before the response, so the message is shown once", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.add(echo("m"));
    expect(transcript.ids).toEqual(["m"]);
    expect(transcript.statusOf("m")).toBe("SENT");
    markSent("uuid", "m", 5);
    expect(transcript.ids).toEqual(["m"]);
    expect(transcript.statusOf("m")).toBe("SENT");
  });

  test("proves that a message without a response arrived, before or after the message failed", () => {
    transcript.addOutgoing("one", MESSAGE);
    transcript.add(echo("m1"));
    transcript.markFailed("one", timeOf(6));
    expect(transcript.ids).toEqual(["m1"]);
    transcript.addOutgoing("two", MESSAGE);
    transcript.markFailed("two", timeOf(7));
    transcript.add(echo("m2"));
    expect(transcript.ids).toEqual(["m1", "m2"]);
    expect(transcript.statusOf("m2")).toBe("SENT");
  });

  test("replaces a message in flight if several messages have the same text", () => {
    transcript.addOutgoing("one", MESSAGE);
    transcript.markFailed("one", timeOf(1));
    transcript.addOutgoing("two", MESSAGE);
    transcript.addOutgoing("three", MESSAGE);
    transcript.add(echo("m"));
    expect(transcript.ids).toEqual(["one", "m", "three"]);
    markSent("three", "m", 5);
    expect(transcript.ids).toEqual(["one", "m", "two"]);
  });

  test("is recognized on a page only by the message's text, content type, and participant", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    const items = [
      item("a", 1, { Content: "mine", ParticipantId: "them" }),
      item("b", 2, { Content: "other", ParticipantId: "me" }),
      item("c", 3, { Content: "mine", ParticipantId: "me", ContentType: "text/markdown" }),
    ];
    transcript.addPage({ Transcript: items }, true);
    expect(transcript.ids).toEqual(["a", "b", "c", "uuid"]);
  });

  test("isn't confused with an older message that has the same text on a page", () => {
    transcript.add(item("newest", 30));
    for (const id of ["failed", "in flight"]) transcript.addOutgoing(id, MESSAGE);
    transcript.markFailed("failed", timeOf(31));
    transcript.page(echo("long ago"), echo("too"));
    expect(transcript.ids).toEqual(["long ago", "too", "newest", "failed", "in flight"]);
    expect(transcript.statusOf("long ago")).toBeUndefined();
  });
});

describe("an echo with different text that arrives before the response", () => {
  const redacted = (id: string, more: Partial<WireItem> = {}): WireItem =>
    item(id, 5, { ParticipantId: "me", Content: "***", DisplayName: "Me", ...more });
  const texts = (): unknown[] => transcript.entries.map(({ Content }) => Content);

  test("replaces the message in flight, and stays unchanged after the response", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.add(redacted("m"));
    expect(texts()).toEqual(["***"]);
    expect(transcript.statusOf("m")).toBe("SENT");
    const before = transcript.entries;
    markSent("uuid", "m", 9, { MessageMetadata: { MessageProcessingStatus: "PROCESSING" } });
    expect(transcript.ids).toEqual(["m"]);
    expect(transcript.entries).toMatchObject([redacted("m")]);
    expect(transcript.entries[0]?.MessageMetadata).toEqual({ MessageId: "m", Status: "SENT" });
    expect(before[0]?.serializedContent).toBe(transcript.entries[0]?.serializedContent);
  });

  test("replaces the message even if its content type differs", () => {
    transcript.addOutgoing("uuid", { content: "{}", contentType: "application/json" });
    transcript.add(redacted("m", { Content: "Billing" }));
    expect(texts()).toEqual(["Billing"]);
  });

  test("replaces the first of several messages in flight, because only the first has been sent", () => {
    for (const content of ["one", "two"])
      transcript.addOutgoing(content, { content, contentType: "text/plain" });
    transcript.add(redacted("m1"));
    expect(texts()).toEqual(["***", "two"]);
    markSent("one", "m1", 5);
    expect(texts()).toEqual(["***", "two"]);
    transcript.add(redacted("m2", { Content: "###" }));
    markSent("two", "m2", 5);
    expect(texts()).toEqual(["***", "###"]);
  });

  test("hides the message at most until the response if the echo belongs to another device's message", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.add(redacted("of another device", { Content: "from my phone" }));
    transcript.add(redacted("another", { Content: "also from my phone" }));
    markSent("uuid", "m", 9);
    expect(texts()).toEqual(["from my phone", "also from my phone", "mine"]);
  });

  test("is no longer assigned to the message after an echo with the same text has arrived", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.add(redacted("of another device", { Content: "from my phone" }));
    transcript.add(echo("m"));
    expect(texts()).toEqual(["from my phone", "mine"]);
    transcript.markFailed("uuid", timeOf(9));
    expect(transcript.ids).toEqual(["of another device", "m"]);
  });

  test("doesn't prove that a message without a response arrived, so the message is shown as failed", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.add(redacted("m"));
    transcript.markFailed("uuid", timeOf(9));
    expect(transcript.ids).toEqual(["m", "uuid"]);
    expect(transcript.statusOf("uuid")).toBe("FAILED");
    transcript.markResending("uuid");
    expect(transcript.ids).toEqual(["m", "uuid"]);
    markSent("uuid", "m", 5);
    expect(transcript.entries).toMatchObject([redacted("m")]);
  });

  test("isn't recognized on a page, so that both messages are shown until the response", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.page(redacted("m"));
    expect(transcript.ids).toEqual(["m", "uuid"]);
    markSent("uuid", "m", 5);
    expect(transcript.entries).toMatchObject([redacted("m")]);
  });

  test("isn't recognized if it is this participant's event", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.add(redacted("event", { Type: "EVENT" }));
    expect(transcript.ids).toEqual(["event", "uuid"]);
  });
});

describe("SendMessage's response", () => {
  const PROCESSING = { MessageMetadata: { MessageProcessingStatus: "PROCESSING" } } as const;

  test("shows PROCESSING until the service sends the item's final version", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    markSent("uuid", "m", 5, PROCESSING);
    expect(transcript.entries[0]?.MessageMetadata).toEqual({
      MessageId: "m",
      MessageProcessingStatus: "PROCESSING",
      Status: "SENT",
    });
    transcript.add(item("m", 5, { ParticipantId: "me", ...PROCESSING }));
    expect(transcript.entries[0]?.MessageMetadata?.MessageProcessingStatus).toBe("PROCESSING");
    transcript.add(item("m", 5, { ParticipantId: "me", Content: "***" }));
    expect(transcript.entries[0]).toMatchObject({
      Content: "***",
      MessageMetadata: { MessageId: "m", Status: "SENT" },
    });
    expect(transcript.entries[0]?.MessageMetadata).not.toHaveProperty("MessageProcessingStatus");
  });

  test("doesn't prevent the message's later PROCESSING version if it has no status", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    markSent("uuid", "m", 5);
    transcript.add(item("m", 5, { ParticipantId: "me", ...PROCESSING }));
    expect(transcript.entries[0]?.MessageMetadata?.MessageProcessingStatus).toBe("PROCESSING");
  });

  test("puts the message after the newest item if the response has no time, even if the local clock is wrong", () => {
    transcript.add(item("a", 10));
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.markSent("uuid", { Id: "m" }, LOCAL);
    expect(transcript.ids).toEqual(["a", "m"]);
    expect(transcript.entries[1]?.AbsoluteTime).toBe(timeOf(10));
  });

  test("gives the message the local time if the response has no time and there is no other item", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.markSent("uuid", { Id: "m" }, LOCAL);
    expect(transcript.entries[0]?.AbsoluteTime).toBe(LOCAL);
  });
});
