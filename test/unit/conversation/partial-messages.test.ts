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

describe("PartialMessages with a streamed answer", () => {
  test("returns the text so far for each chunk, with the first chunk's time", () => {
    expect(textOf(chunk(1, "Hel"))).toBe("Hel");
    const second = partial.accept(chunk(2, "lo"));
    expect(second).toMatchObject({
      Content: "Hello",
      AbsoluteTime: "2026-01-01T00:00:01.000Z",
      Id: "answer",
    });
    expect(second?.MessageMetadata).toEqual({ MessageCompleted: false, ChunkNumber: 2 });
  });

  test("returns null for a chunk out of order and continues with the next chunk in order", () => {
    textOf(chunk(1, "a"));
    expect(textOf(chunk(3, "c"))).toBeNull();
    expect(textOf(chunk(1, "a"))).toBeNull();
    expect(textOf(chunk(2, "b"))).toBe("ab");
  });

  test("returns null before the first chunk", () => {
    expect(textOf(chunk(2, "b"))).toBeNull();
    expect(textOf(chunk(1, "a"))).toBe("a");
  });

  test("returns the completion with its own time", () => {
    textOf(chunk(1, "Hel"));
    const whole = completed("Hello, world");
    expect(partial.accept(whole)).toEqual(whole);
  });

  test("returns null for a repeated completion or a chunk after the completion", () => {
    textOf(chunk(1, "a"));
    textOf(completed("ab"));
    expect(textOf(completed("ab"))).toBeNull();
    expect(textOf(chunk(2, "b"))).toBeNull();
  });

  test("continues after the text that a transcript page shows", () => {
    textOf(chunk(1, "a"));
    partial.recordPage([chunk(3, "abc")]);
    expect(textOf(chunk(3, "c"))).toBeNull();
    expect(textOf(chunk(4, "d"))).toBe("abcd");
  });

  test("returns each chunk and then the completion even after a page has shown the complete answer", () => {
    textOf(chunk(1, "a"));
    partial.recordPage([completed("abc")]);
    expect(textOf(chunk(2, "b"))).toBe("ab");
    expect(textOf(completed("abc"))).toBe("abc");
  });

  test("returns a second completion once if its text differs, as after a redaction", () => {
    textOf(completed("my number is 4711"));
    expect(textOf(completed("my number is ***"))).toBe("my number is ***");
    expect(textOf(completed("my number is ***"))).toBeNull();
  });

  test("keeps the answer apart from another answer", () => {
    textOf(chunk(1, "a"));
    expect(textOf(chunk(1, "x", { Id: "other" }))).toBe("x");
    expect(textOf(chunk(2, "b"))).toBe("ab");
    expect(textOf(chunk(2, "y", { Id: "other" }))).toBe("xy");
  });
});

describe("a streaming answer on missed pages without chunk numbers", () => {
  const page = (Content: string): WireItem =>
    chunk(9, Content, { MessageMetadata: { MessageCompleted: false } });
  const missedText = (item: WireItem): string | undefined | null => {
    const accepted = partial.accept(item, true);
    return accepted === null ? null : accepted.Content;
  };

  test("returns each longer text once, even if no completion ever follows", () => {
    textOf(chunk(1, "a"));
    expect(missedText(page("abc"))).toBe("abc");
    expect(missedText(page("abc"))).toBeNull();
    expect(missedText(page("ab"))).toBeNull();
    expect(missedText(page("abcd"))).toBe("abcd");
  });

  test("returns null for chunks that a page has shown, and the longer text for the next chunks", () => {
    textOf(chunk(1, "a"));
    missedText(page("abc"));
    expect(["b", "c", "d"].map((text, index) => textOf(chunk(index + 2, text)))).toEqual([
      null,
      null,
      "abcd",
    ]);
  });

  test("returns null for the first chunk if a page has shown it", () => {
    missedText(page("ab"));
    expect(["a", "b", "c"].map((text, index) => textOf(chunk(index + 1, text)))).toEqual([null, null, "abc"]);
  });

  test("returns null for a text that doesn't continue the delivered text", () => {
    textOf(chunk(1, "a"));
    expect(missedText(page("xyz"))).toBeNull();
    textOf(completed("ab"));
    expect(missedText(page("abc"))).toBeNull();
  });

  test("continues after a snapshot without delivering a page's text again", () => {
    textOf(chunk(1, "a"));
    missedText(page("abc"));
    const resumed = new PartialMessages();
    resumed.restore(partial.unfinished);
    expect(resumed.accept(page("abc"), true)).toBeNull();
    expect(resumed.accept(page("abcd"), true)).toMatchObject({ Content: "abcd" });
  });
});

test.each<[what: string, item: WireItem]>([
  ["an agent's message", chunk(5, "hello", { ParticipantRole: "AGENT" })],
  ["a message that isn't streamed", chunk(5, "hello", { MessageMetadata: { MessageId: "1" } })],
  ["an event", chunk(5, "hello", { Type: "EVENT" })],
  ["an item without an ID", chunk(5, "hello", { Id: undefined })],
])("%s is returned unchanged", (_what, item) => {
  expect(partial.accept(item)).toBe(item);
});
