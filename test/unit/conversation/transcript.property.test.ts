/** @jest-environment node */
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  DELIVERY_STATUS,
  Transcript,
  type DeliveryStatus,
  type TranscriptEntry,
} from "../../../src/conversation/transcript";
import type { ChatTranscriptItem } from "../../../src/item";

const COUNT = 12;
const timeOf = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString();

/** What the service holds: the items of a conversation, each with a time of its own but for two. */
const stored = (id: number): ChatTranscriptItem => ({
  Id: `item-${id}`,
  Type: "MESSAGE",
  ContentType: "text/plain",
  Content: `text ${id}`,
  AbsoluteTime: timeOf(id === 5 ? 4 : id),
});

const ids = fc.nat({ max: COUNT - 1 });

type Step =
  | { readonly kind: "live"; readonly id: number }
  | { readonly kind: "page"; readonly from: number; readonly size: number; readonly backward: boolean }
  | { readonly kind: "receipt"; readonly id: number; readonly read: boolean }
  | { readonly kind: "send"; readonly own: number }
  | { readonly kind: "sent"; readonly own: number }
  | { readonly kind: "failed"; readonly own: number }
  | { readonly kind: "resend"; readonly own: number };

const own = fc.nat({ max: 2 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("live"), id: ids }),
    fc.record({ kind: fc.constant("page"), from: ids, size: fc.nat({ max: 6 }), backward: fc.boolean() }),
    fc.record({ kind: fc.constant("receipt"), id: ids, read: fc.boolean() }),
    fc.record({ kind: fc.constantFrom("send", "sent", "failed", "resend"), own }),
  ),
  { maxLength: 40 },
);

/** The id that the service gives to a message of this side's: the echo may come before the answer. */
const serviceIdOf = (own: number): number => COUNT - 1 - own;

class Story {
  readonly transcript = new Transcript("me", "CUSTOMER");
  readonly given = new Set<string>();
  readonly onTheWay = new Set<string>();
  #sends = 0;
  readonly #latest = new Map<number, string>();

  take(step: Step): void {
    const { transcript } = this;
    switch (step.kind) {
      case "live":
        this.#give(stored(step.id));
        transcript.add(stored(step.id));
        return;
      case "page": {
        const items = Array.from({ length: step.size }, (_, index) => stored((step.from + index) % COUNT));
        items.forEach((item) => this.#give(item));
        transcript.addPage({ items, nextToken: "more", backward: step.backward });
        return;
      }
      case "receipt":
        transcript.add({
          Type: "MESSAGEMETADATA",
          MessageMetadata: {
            MessageId: `item-${step.id}`,
            Receipts: [{ [step.read ? "ReadTimestamp" : "DeliveredTimestamp"]: timeOf(50) }],
          },
        });
        return;
      case "send": {
        this.#sends += 1;
        const id = `own-${this.#sends}`;
        this.#latest.set(step.own, id);
        this.onTheWay.add(id);
        transcript.send(id, { content: "x", contentType: "text/plain" });
        return;
      }
      case "sent": {
        const id = this.#latest.get(step.own);
        const item = stored(serviceIdOf(step.own));
        if (id === undefined || !this.onTheWay.delete(id)) return;
        this.#give(item);
        transcript.sent(id, { Id: item.Id ?? "", AbsoluteTime: item.AbsoluteTime ?? "" });
        return;
      }
      case "failed":
        transcript.failed(this.#latest.get(step.own) ?? "", timeOf(step.own));
        return;
      case "resend":
        transcript.resend(this.#latest.get(step.own) ?? "");
    }
  }

  #give({ Id }: ChatTranscriptItem): void {
    if (Id) this.given.add(Id);
  }

  get entries(): TranscriptEntry[] {
    return this.transcript.snapshot().transcript;
  }
}

const rank = (status: DeliveryStatus | undefined): number =>
  status === undefined || status === "FAILED" ? -1 : DELIVERY_STATUS.indexOf(status);

describe("REL-02: random items in random order", () => {
  test("the transcript is sorted by time, with what is on its way last", () => {
    fc.assert(
      fc.property(steps, (story) => {
        const told = new Story();
        for (const step of story) {
          told.take(step);
          const times = told.entries.map(({ AbsoluteTime }) => AbsoluteTime || "on its way");
          expect(times).toEqual([...times].sort());
        }
      }),
      { numRuns: 300 },
    );
  });

  test("it holds all that was given and all that is on its way, each once", () => {
    fc.assert(
      fc.property(steps, (story) => {
        const told = new Story();
        for (const step of story) told.take(step);
        const found = told.entries.map(({ Id }) => Id);
        expect(new Set(found)).toEqual(new Set([...told.given, ...told.onTheWay]));
        expect(found).toHaveLength(new Set(found).size);
      }),
      { numRuns: 300 },
    );
  });

  test("the status of a message never goes back", () => {
    fc.assert(
      fc.property(steps, (story) => {
        const told = new Story();
        const before = new Map<string, DeliveryStatus | undefined>();
        for (const step of story) {
          told.take(step);
          for (const { Id = "", MessageMetadata } of told.entries) {
            // A message that was given up, and sent again, is on its way once more.
            if (Id.startsWith("own-")) continue;
            expect(rank(MessageMetadata?.Status)).toBeGreaterThanOrEqual(rank(before.get(Id)));
            before.set(Id, MessageMetadata?.Status);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a snapshot that was given out does not change", () => {
    fc.assert(
      fc.property(steps, steps, (first, then) => {
        const told = new Story();
        for (const step of first) told.take(step);
        const { entries } = told;
        const copy = JSON.stringify(entries);
        for (const step of then) told.take(step);
        expect(JSON.stringify(entries)).toBe(copy);
      }),
    );
  });

  test("live items and pages give the same, in any order", () => {
    const order = fc.shuffledSubarray(
      Array.from({ length: COUNT }, (_, id) => id).filter((id) => id !== 5),
      { minLength: COUNT - 1 },
    );
    fc.assert(
      fc.property(order, (given) => {
        const live = new Transcript("me", "CUSTOMER");
        for (const id of given) live.add(stored(id));
        const paged = new Transcript("me", "CUSTOMER");
        const items = [...given].sort((a, b) => a - b).map(stored);
        paged.addPage({ items, nextToken: null, backward: true });
        expect(live.snapshot().transcript).toEqual(paged.snapshot().transcript);
      }),
    );
  });
});
