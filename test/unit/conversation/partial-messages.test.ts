import { beforeEach, describe, expect, test } from "@jest/globals";
import type { WireItem } from "../../../src/api/items";
import { PartialMessages } from "../../../src/conversation/partial-messages";

let partial: PartialMessages;

beforeEach(() => {
  partial = new PartialMessages();
});

const chunk = (ChunkNumber: number, Content: string, more: Partial<WireItem> = {}): WireItem => ({
  Id: "answer",
  Type: "MESSAGE",
  ContentType: "text/plain",
  ParticipantRole: "SYSTEM",
  AbsoluteTime: `2026-01-01T00:00:0${ChunkNumber}.000Z`,
  Content,
  MessageMetadata: { MessageCompleted: false, ChunkNumber },
  ...more,
});

const completed = (Content: string): WireItem =>
  chunk(9, Content, { MessageMetadata: { MessageCompleted: true } });

const textOf = (item: WireItem): string | undefined | null => {
  const accepted = partial.accept(item);
  return accepted === null ? null : accepted.Content;
};

describe("an answer that streams", () => {
  test("gives the text so far with each chunk, at the first one's time", () => {
    expect(textOf(chunk(1, "Hel"))).toBe("Hel");
    const second = partial.accept(chunk(2, "lo"));
    expect(second).toMatchObject({
      Content: "Hello",
      AbsoluteTime: "2026-01-01T00:00:01.000Z",
      Id: "answer",
    });
    expect(second?.MessageMetadata).toEqual({ MessageCompleted: false, ChunkNumber: 2 });
  });

  test("gives nothing for a chunk out of its turn, and goes on with the right one", () => {
    textOf(chunk(1, "a"));
    expect(textOf(chunk(3, "c"))).toBeNull();
    expect(textOf(chunk(1, "a"))).toBeNull();
    expect(textOf(chunk(2, "b"))).toBe("ab");
  });

  test("gives nothing before its first chunk", () => {
    expect(textOf(chunk(2, "b"))).toBeNull();
    expect(textOf(chunk(1, "a"))).toBe("a");
  });

  test("is replaced whole by its completion, which keeps its own time", () => {
    textOf(chunk(1, "Hel"));
    const whole = completed("Hello, world");
    expect(partial.accept(whole)).toEqual(whole);
  });

  test("is over with its completion: neither it again nor a late chunk gives anything", () => {
    textOf(chunk(1, "a"));
    textOf(completed("ab"));
    expect(textOf(completed("ab"))).toBeNull();
    expect(textOf(chunk(2, "b"))).toBeNull();
  });

  test("goes on from what a transcript holds of it", () => {
    textOf(chunk(1, "a"));
    partial.learn([chunk(3, "abc")]);
    expect(textOf(chunk(3, "c"))).toBeNull();
    expect(textOf(chunk(4, "d"))).toBe("abcd");
  });

  test("is delivered piece by piece and then whole, though a page has shown the whole: a page delivers nothing", () => {
    textOf(chunk(1, "a"));
    partial.learn([completed("abc")]);
    expect(textOf(chunk(2, "b"))).toBe("ab");
    expect(textOf(completed("abc"))).toBe("abc");
  });

  test("whose completion comes again with another text, as after a redaction, gives that once", () => {
    textOf(completed("my number is 4711"));
    expect(textOf(completed("my number is ***"))).toBe("my number is ***");
    expect(textOf(completed("my number is ***"))).toBeNull();
  });

  test("does not mix with another", () => {
    textOf(chunk(1, "a"));
    expect(textOf(chunk(1, "x", { Id: "other" }))).toBe("x");
    expect(textOf(chunk(2, "b"))).toBe("ab");
    expect(textOf(chunk(2, "y", { Id: "other" }))).toBe("xy");
  });
});

test.each<[what: string, item: WireItem]>([
  ["a message of a person", chunk(5, "hello", { ParticipantRole: "AGENT" })],
  ["a message that does not stream", chunk(5, "hello", { MessageMetadata: { MessageId: "1" } })],
  ["an event", chunk(5, "hello", { Type: "EVENT" })],
  ["an item without an id", chunk(5, "hello", { Id: undefined })],
])("%s is let through as it is", (_what, item) => {
  expect(partial.accept(item)).toBe(item);
});
