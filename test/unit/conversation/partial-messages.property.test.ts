import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { WireItem } from "../../../src/api/items";
import { PartialMessages } from "../../../src/conversation/partial-messages";

const CHUNKS = ["The ", "answer ", "is ", "42", "."] as const;
const WHOLE = CHUNKS.join("");

const textUpTo = (chunk: number): string => CHUNKS.slice(0, chunk).join("");

const piece = (Id: string, Content: string, MessageMetadata: WireItem["MessageMetadata"]): WireItem => ({
  Id,
  Type: "MESSAGE",
  ContentType: "text/plain",
  ParticipantRole: "SYSTEM",
  AbsoluteTime: `2026-01-01T00:00:0${MessageMetadata?.ChunkNumber ?? 9}.000Z`,
  Content,
  MessageMetadata,
});

type Step = { readonly answer: string } & (
  | { readonly kind: "chunk"; readonly chunk: number }
  | { readonly kind: "completed" }
  /** A transcript that shows the answer as it stood after so many chunks; all of them: completed. */
  | { readonly kind: "page"; readonly upTo: number }
);

const answer = fc.constantFrom("one", "other");
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant("chunk"), chunk: fc.integer({ min: 1, max: 5 }), answer }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("completed"), answer }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("page"), upTo: fc.integer({ min: 1, max: 6 }), answer }),
    },
  ),
  { maxLength: 30 },
);

/** What an application is told of the answers, in order. */
function play(story: readonly Step[]): { answer: string; text: string; completed: boolean; time: string }[] {
  const partial = new PartialMessages();
  const told: { answer: string; text: string; completed: boolean; time: string }[] = [];
  for (const step of story) {
    if (step.kind === "page") {
      const isWhole = step.upTo > CHUNKS.length;
      partial.learn([
        isWhole
          ? piece(step.answer, WHOLE, { MessageCompleted: true })
          : piece(step.answer, textUpTo(step.upTo), { MessageCompleted: false, ChunkNumber: step.upTo }),
      ]);
      continue;
    }
    const item =
      step.kind === "completed"
        ? piece(step.answer, WHOLE, { MessageCompleted: true })
        : piece(step.answer, CHUNKS[step.chunk - 1] ?? "", {
            MessageCompleted: false,
            ChunkNumber: step.chunk,
          });
    const accepted = partial.accept(item);
    if (accepted !== null) {
      told.push({
        answer: step.answer,
        text: accepted.Content ?? "",
        completed: accepted.MessageMetadata?.MessageCompleted === true,
        time: accepted.AbsoluteTime ?? "",
      });
    }
  }
  return told;
}

describe("however chunks, completions and pages interleave", () => {
  test("what is told is always the beginning of the answer, with no hole in it", () => {
    fc.assert(
      fc.property(steps, (story) => {
        for (const { text } of play(story)) expect(WHOLE.startsWith(text) && text !== "").toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("a completed answer is told once at most, and nothing of it after", () => {
    fc.assert(
      fc.property(steps, (story) => {
        const over = new Set<string>();
        for (const { answer: id, completed } of play(story)) {
          expect(over.has(id)).toBe(false);
          if (completed) over.add(id);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("one answer does not touch the other", () => {
    fc.assert(
      fc.property(steps, (story) => {
        const alone = story.filter((step) => step.answer === "one");
        expect(play(story).filter((told) => told.answer === "one")).toEqual(play(alone));
      }),
      { numRuns: 300 },
    );
  });

  test("chunks in their turn, repeated or not, give each text once, at the time of the first", () => {
    const repeats = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(repeats, (times) => {
        const story: Step[] = times.flatMap((count, index) =>
          Array.from({ length: count }, () => ({ kind: "chunk", chunk: index + 1, answer: "one" }) as const),
        );
        expect(play(story)).toEqual(
          CHUNKS.map((_, index) => ({
            answer: "one",
            text: textUpTo(index + 1),
            completed: false,
            time: "2026-01-01T00:00:01.000Z",
          })),
        );
      }),
    );
  });
});
