import { beforeEach, describe, expect, test } from "@jest/globals";
import type { WireItem } from "../../../src/api/items";
import type { SentMessage } from "../../../src/conversation/transcript";
import { item, LOCAL, MESSAGE, timeOf, TranscriptUnderTest } from "../../support/transcript-under-test";

let transcript: TranscriptUnderTest;

beforeEach(() => {
  transcript = new TranscriptUnderTest();
});

const sent = (id: string, Id: string, second: number, more: Partial<SentMessage> = {}): void =>
  transcript.sent(id, { Id, AbsoluteTime: timeOf(second), ...more }, LOCAL);

describe("failed messages", () => {
  const fail = (id: string, at: string): void => {
    transcript.send(id, MESSAGE);
    transcript.failed(id, at);
  };
  const times = (): unknown[] => transcript.entries.map(({ AbsoluteTime }) => AbsoluteTime);
  const inOrder = (): unknown[] => [...times()].sort();

  const CLOCKS: readonly (readonly [string, string])[] = [
    ["minutes behind", "2025-12-31T23:57:00.000Z"],
    ["years behind", LOCAL],
    ["minutes ahead", "2026-01-01T00:03:00.000Z"],
    ["years ahead", "2030-01-01T00:00:00.000Z"],
  ];

  test.each(CLOCKS)("stand after all that was there, with a clock that is %s", (_, now) => {
    for (let second = 1; second <= 20; second += 1) transcript.add(item(`m${second}`, second));
    fail("failed", now);
    expect(transcript.ids.at(-1)).toBe("failed");
    expect(times()).toEqual(inOrder());
  });

  test.each(CLOCKS)("keep their places while items come, with a clock that is %s", (_, now) => {
    transcript.add(item("a", 10));
    fail("one", now);
    fail("two", now);
    transcript.add(item("c", 30));
    transcript.page(item("b", 20), item("late", 5));
    fail("three", now);
    transcript.send("in flight", MESSAGE);
    expect(transcript.ids).toEqual(["late", "a", "one", "two", "b", "c", "three", "in flight"]);
    expect(times().slice(0, -1)).toEqual(inOrder().slice(1));
  });

  test("of one place stand in the order they were sent, whichever failed first", () => {
    transcript.add(item("a", 10));
    for (const id of ["one", "two"]) transcript.send(id, MESSAGE);
    transcript.failed("two", timeOf(11));
    transcript.failed("one", timeOf(12));
    expect(transcript.ids).toEqual(["a", "one", "two"]);
    expect(times()).toEqual(inOrder());
  });

  test("have the time of their failure where this machine's clock is right", () => {
    transcript.add(item("a", 10));
    fail("failed", timeOf(12));
    transcript.add(item("b", 14));
    expect(times()).toEqual([timeOf(10), timeOf(12), timeOf(14)]);
  });

  test.each(CLOCKS)("before the first item follow the first page, with a clock that is %s", (_, now) => {
    fail("failed", now);
    transcript.page(item("a", 10), item("b", 20));
    transcript.add(item("c", 30));
    expect(transcript.ids).toEqual(["a", "b", "failed", "c"]);
    expect(times()).toEqual(inOrder());
  });

  test("before the first item stand before it when it comes live, and after older ones", () => {
    fail("failed", LOCAL);
    transcript.add(item("live", 30));
    transcript.page(item("a", 10), item("live", 30), item("b", 40));
    expect(transcript.ids).toEqual(["a", "failed", "live", "b"]);
  });

  test("before the first item stand before it when it is a message that was sent", () => {
    fail("failed", LOCAL);
    transcript.send("uuid", MESSAGE);
    sent("uuid", "m", 30);
    transcript.page(item("a", 10));
    expect(transcript.ids).toEqual(["a", "failed", "m"]);
  });

  test("that are sent again follow the messages that are in flight already", () => {
    fail("failed", timeOf(1));
    transcript.send("in flight", MESSAGE);
    transcript.resend("failed");
    expect(transcript.ids).toEqual(["in flight", "failed"]);
    expect(transcript.statusOf("failed")).toBe("SENDING");
  });
});

const echo = (id: string): WireItem => item(id, 5, { ParticipantId: "me", Content: "mine" });

describe("the echo of an own message", () => {
  test("that comes before the answer stands for it: the message is there once", () => {
    transcript.send("uuid", MESSAGE);
    transcript.add(echo("m"));
    expect(transcript.ids).toEqual(["m"]);
    expect(transcript.statusOf("m")).toBe("SENT");
    sent("uuid", "m", 5);
    expect(transcript.ids).toEqual(["m"]);
    expect(transcript.statusOf("m")).toBe("SENT");
  });

  test("proves that a message arrived whose answer was lost, before or after it failed", () => {
    transcript.send("one", MESSAGE);
    transcript.add(echo("m1"));
    transcript.failed("one", timeOf(6));
    expect(transcript.ids).toEqual(["m1"]);
    transcript.send("two", MESSAGE);
    transcript.failed("two", timeOf(7));
    transcript.add(echo("m2"));
    expect(transcript.ids).toEqual(["m1", "m2"]);
    expect(transcript.statusOf("m2")).toBe("SENT");
  });

  test("of the same text belongs to the one in flight, one for one", () => {
    transcript.send("one", MESSAGE);
    transcript.failed("one", timeOf(1));
    transcript.send("two", MESSAGE);
    transcript.send("three", MESSAGE);
    transcript.add(echo("m"));
    expect(transcript.ids).toEqual(["one", "m", "three"]);
    sent("three", "m", 5);
    expect(transcript.ids).toEqual(["one", "m", "two"]);
  });

  test("that a page brings is that of the same text, kind and participant alone", () => {
    transcript.send("uuid", MESSAGE);
    const items = [
      item("a", 1, { Content: "mine", ParticipantId: "them" }),
      item("b", 2, { Content: "other", ParticipantId: "me" }),
      item("c", 3, { Content: "mine", ParticipantId: "me", ContentType: "text/markdown" }),
    ];
    transcript.addPage({ Transcript: items }, true);
    expect(transcript.ids).toEqual(["a", "b", "c", "uuid"]);
  });

  test("is not a message of the same text from before it was sent, which a page brings", () => {
    transcript.add(item("newest", 30));
    for (const id of ["failed", "in flight"]) transcript.send(id, MESSAGE);
    transcript.failed("failed", timeOf(31));
    transcript.page(echo("long ago"), echo("too"));
    expect(transcript.ids).toEqual(["long ago", "too", "newest", "failed", "in flight"]);
    expect(transcript.statusOf("long ago")).toBeUndefined();
  });
});

describe("an echo with another text, before the answer", () => {
  const redacted = (id: string, more: Partial<WireItem> = {}): WireItem =>
    item(id, 5, { ParticipantId: "me", Content: "***", DisplayName: "Me", ...more });
  const texts = (): unknown[] => transcript.entries.map(({ Content }) => Content);

  test("stands for the message in flight; with the answer, the service's item stays as it is", () => {
    transcript.send("uuid", MESSAGE);
    transcript.add(redacted("m"));
    expect(texts()).toEqual(["***"]);
    expect(transcript.statusOf("m")).toBe("SENT");
    const before = transcript.entries;
    sent("uuid", "m", 9, { MessageMetadata: { MessageProcessingStatus: "PROCESSING" } });
    expect(transcript.ids).toEqual(["m"]);
    expect(transcript.entries).toMatchObject([redacted("m")]);
    expect(transcript.entries[0]?.MessageMetadata).toEqual({ MessageId: "m", Status: "SENT" });
    expect(before[0]?.serializedContent).toBe(transcript.entries[0]?.serializedContent);
  });

  test("of another content type stands for it as well", () => {
    transcript.send("uuid", { content: "{}", contentType: "application/json" });
    transcript.add(redacted("m", { Content: "Billing" }));
    expect(texts()).toEqual(["Billing"]);
  });

  test("stands for the first of several messages in flight: only that one has been sent", () => {
    for (const content of ["one", "two"]) transcript.send(content, { content, contentType: "text/plain" });
    transcript.add(redacted("m1"));
    expect(texts()).toEqual(["***", "two"]);
    sent("one", "m1", 5);
    expect(texts()).toEqual(["***", "two"]);
    transcript.add(redacted("m2", { Content: "###" }));
    sent("two", "m2", 5);
    expect(texts()).toEqual(["***", "###"]);
  });

  test("from another device hides the message until its answer at the longest", () => {
    transcript.send("uuid", MESSAGE);
    transcript.add(redacted("of another device", { Content: "from my phone" }));
    transcript.add(redacted("another", { Content: "also from my phone" }));
    sent("uuid", "m", 9);
    expect(texts()).toEqual(["from my phone", "also from my phone", "mine"]);
  });

  test("from another device gives way to the echo of the same text", () => {
    transcript.send("uuid", MESSAGE);
    transcript.add(redacted("of another device", { Content: "from my phone" }));
    transcript.add(echo("m"));
    expect(texts()).toEqual(["from my phone", "mine"]);
    transcript.failed("uuid", timeOf(9));
    expect(transcript.ids).toEqual(["of another device", "m"]);
  });

  test("is no proof that a message arrived whose answer was lost: it is shown as failed", () => {
    transcript.send("uuid", MESSAGE);
    transcript.add(redacted("m"));
    transcript.failed("uuid", timeOf(9));
    expect(transcript.ids).toEqual(["m", "uuid"]);
    expect(transcript.statusOf("uuid")).toBe("FAILED");
    transcript.resend("uuid");
    expect(transcript.ids).toEqual(["m", "uuid"]);
    sent("uuid", "m", 5);
    expect(transcript.entries).toMatchObject([redacted("m")]);
  });

  test("that a page brings says nothing: both are shown until the answer", () => {
    transcript.send("uuid", MESSAGE);
    transcript.page(redacted("m"));
    expect(transcript.ids).toEqual(["m", "uuid"]);
    sent("uuid", "m", 5);
    expect(transcript.entries).toMatchObject([redacted("m")]);
  });

  test("an event of this participant's is no echo", () => {
    transcript.send("uuid", MESSAGE);
    transcript.add(redacted("event", { Type: "EVENT" }));
    expect(transcript.ids).toEqual(["event", "uuid"]);
  });
});

describe("SendMessage's answer", () => {
  const PROCESSING = { MessageMetadata: { MessageProcessingStatus: "PROCESSING" } } as const;

  test("that says PROCESSING is shown, until the service says more", () => {
    transcript.send("uuid", MESSAGE);
    sent("uuid", "m", 5, PROCESSING);
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

  test("without a status is no form of the message: its PROCESSING form still follows", () => {
    transcript.send("uuid", MESSAGE);
    sent("uuid", "m", 5);
    transcript.add(item("m", 5, { ParticipantId: "me", ...PROCESSING }));
    expect(transcript.entries[0]?.MessageMetadata?.MessageProcessingStatus).toBe("PROCESSING");
  });

  test("without a time puts the message behind the newest item, even if the local clock is wrong", () => {
    transcript.add(item("a", 10));
    transcript.send("uuid", MESSAGE);
    transcript.sent("uuid", { Id: "m" }, LOCAL);
    expect(transcript.ids).toEqual(["a", "m"]);
    expect(transcript.entries[1]?.AbsoluteTime).toBe(timeOf(10));
  });

  test("without a time has the local time where there is no item", () => {
    transcript.send("uuid", MESSAGE);
    transcript.sent("uuid", { Id: "m" }, LOCAL);
    expect(transcript.entries[0]?.AbsoluteTime).toBe(LOCAL);
  });
});
