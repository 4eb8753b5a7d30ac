import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { WireItem } from "../../../src/api/items";
import { PartialMessages } from "../../../src/conversation/partial-messages";

const CHUNKS = ["The ", "answer ", "is ", "42", "."] as const;
const WHOLE = CHUNKS.join("");

const textUpTo = (chunk: number): string => CHUNKS.slice(0, chunk).join("");

const answerItem = (Id: string, Content: string, MessageMetadata: WireItem["MessageMetadata"]): WireItem => ({
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
  /** A transcript page with the answer after `upTo` chunks, or completed if `upTo` exceeds their number. */
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

/** Applies the steps and returns the delivered versions of the answers, in order. */
function play(
  schedule: readonly Step[],
): { answer: string; text: string; completed: boolean; time: string }[] {
  const partial = new PartialMessages();
  const delivered: { answer: string; text: string; completed: boolean; time: string }[] = [];
  for (const step of schedule) {
    if (step.kind === "page") {
      const isWhole = step.upTo > CHUNKS.length;
      partial.recordPage([
        isWhole
          ? answerItem(step.answer, WHOLE, { MessageCompleted: true })
          : answerItem(step.answer, textUpTo(step.upTo), { MessageCompleted: false, ChunkNumber: step.upTo }),
      ]);
      continue;
    }
    const item =
      step.kind === "completed"
        ? answerItem(step.answer, WHOLE, { MessageCompleted: true })
        : answerItem(step.answer, CHUNKS[step.chunk - 1] ?? "", {
            MessageCompleted: false,
            ChunkNumber: step.chunk,
          });
    const accepted = partial.accept(item);
    if (accepted !== null) {
      delivered.push({
        answer: step.answer,
        text: accepted.Content ?? "",
        completed: accepted.MessageMetadata?.MessageCompleted === true,
        time: accepted.AbsoluteTime ?? "",
      });
    }
  }
  return delivered;
}

describe("with random chunks, completions, and pages", () => {
  test("every delivered text is a prefix of the answer, without gaps", () => {
    fc.assert(
      fc.property(steps, (schedule) => {
        for (const { text } of play(schedule)) expect(WHOLE.startsWith(text) && text !== "").toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("a completed answer is delivered at most once, and its chunks aren't delivered afterward", () => {
    fc.assert(
      fc.property(steps, (schedule) => {
        const completedIds = new Set<string>();
        for (const { answer: id, completed } of play(schedule)) {
          expect(completedIds.has(id)).toBe(false);
          if (completed) completedIds.add(id);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("chunks, mixed with partial answers that a page contains without chunk numbers, deliver longer and longer prefixes of the answer", () => {
    const item = fc.record({ upTo: fc.integer({ min: 1, max: 5 }), isMissed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 30 }), (schedule) => {
        const partial = new PartialMessages();
        let last = "";
        for (const { upTo, isMissed } of schedule) {
          const text = isMissed ? textUpTo(upTo) : (CHUNKS[upTo - 1] ?? "");
          const metadata = { MessageCompleted: false, ...(!isMissed && { ChunkNumber: upTo }) };
          const delivered = partial.accept(answerItem("one", text, metadata), isMissed)?.Content;
          if (isMissed) expect(delivered ?? last).toBe(text.length > last.length ? text : last);
          if (delivered === undefined) continue;
          expect(WHOLE.startsWith(delivered) && delivered.length > last.length).toBe(true);
          last = delivered;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("the two answers don't affect each other", () => {
    fc.assert(
      fc.property(steps, (schedule) => {
        const alone = schedule.filter((step) => step.answer === "one");
        expect(play(schedule).filter((item) => item.answer === "one")).toEqual(play(alone));
      }),
      { numRuns: 300 },
    );
  });

  test("chunks in order, even if repeated, deliver each text once, with the first chunk's time", () => {
    const repeats = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(repeats, (times) => {
        const schedule: Step[] = times.flatMap((count, index) =>
          Array.from({ length: count }, () => ({ kind: "chunk", chunk: index + 1, answer: "one" }) as const),
        );
        expect(play(schedule)).toEqual(
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
