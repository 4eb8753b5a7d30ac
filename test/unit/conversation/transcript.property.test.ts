import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { WireItem } from "../../../src/api/items";
import { Transcript } from "../../../src/conversation/transcript";
import {
  DELIVERY_STATUS,
  type DeliveryStatus,
  type TranscriptEntry,
} from "../../../src/conversation/transcript-entry";

const COUNT = 12;
const timeOf = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString();

/** Messages that the service processes before it has their final text, and files that it scans. */
const PROCESSED = [1, 2, 10];
const SCANNED = [3];

/** What the service holds: the items of a conversation, with different times but for two; `isSettled`: not in progress. */
const stored = (id: number, isSettled = true): WireItem => ({
  Id: `item-${id}`,
  Type: SCANNED.includes(id) ? "ATTACHMENT" : "MESSAGE",
  ContentType: "text/plain",
  Content: PROCESSED.includes(id) && !isSettled ? "original" : `text ${id}`,
  AbsoluteTime: timeOf(id === 5 ? 4 : id),
  ...(PROCESSED.includes(id) &&
    !isSettled && { MessageMetadata: { MessageId: `item-${id}`, MessageProcessingStatus: "PROCESSING" } }),
  ...(SCANNED.includes(id) && {
    Attachments: [{ AttachmentId: "file", Status: isSettled ? "APPROVED" : "IN_PROGRESS" }],
  }),
});

const ids = fc.nat({ max: COUNT - 1 });

type Step =
  | { readonly kind: "live"; readonly id: number; readonly isSettled: boolean }
  | {
      readonly kind: "page";
      readonly from: number;
      readonly size: number;
      readonly backward: boolean;
      readonly isSettled: boolean;
    }
  | { readonly kind: "receipt"; readonly id: number; readonly read: boolean }
  | { readonly kind: "send"; readonly own: number }
  | { readonly kind: "sent"; readonly own: number }
  | { readonly kind: "failed"; readonly own: number }
  | { readonly kind: "resend"; readonly own: number };

const own = fc.nat({ max: 2 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("live"), id: ids, isSettled: fc.boolean() }),
    fc.record({
      kind: fc.constant("page"),
      from: ids,
      size: fc.nat({ max: 6 }),
      backward: fc.boolean(),
      isSettled: fc.boolean(),
    }),
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
  /** Of these the service gave a form that is not in progress. */
  readonly settled = new Set<string>();
  readonly onTheWay = new Set<string>();
  #sends = 0;
  readonly #latest = new Map<number, string>();

  take(step: Step): void {
    const { transcript } = this;
    switch (step.kind) {
      case "live":
        this.#give(stored(step.id), step.isSettled);
        transcript.add(stored(step.id, step.isSettled));
        return;
      case "page": {
        const items = Array.from({ length: step.size }, (_, index) =>
          stored((step.from + index) % COUNT, step.isSettled),
        );
        items.forEach((item) => this.#give(item, step.isSettled));
        transcript.addPage({ Transcript: items, NextToken: "more" }, step.backward);
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
        this.#give(item, false);
        transcript.sent(id, { Id: item.Id ?? "", AbsoluteTime: item.AbsoluteTime ?? "" }, timeOf(0));
        return;
      }
      case "failed":
        transcript.failed(this.#latest.get(step.own) ?? "", timeOf(step.own));
        return;
      case "resend":
        transcript.resend(this.#latest.get(step.own) ?? "");
    }
  }

  #give({ Id = "" }: WireItem, isSettled: boolean): void {
    this.given.add(Id);
    if (isSettled) this.settled.add(Id);
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
        const items = [...given].sort((a, b) => a - b).map((id) => stored(id));
        paged.addPage({ Transcript: items }, true);
        expect(live.snapshot().transcript).toEqual(paged.snapshot().transcript);
      }),
    );
  });

  test("an item that is processed or scanned never goes back, and nothing of its original text stays", () => {
    fc.assert(
      fc.property(steps, (story) => {
        const played = new Story();
        for (const step of story) {
          played.take(step);
          const settled = played.entries.filter(({ Id = "" }) => played.settled.has(Id));
          expect(JSON.stringify(settled)).not.toMatch(/original|PROCESSING|IN_PROGRESS/);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("outgoing messages, one in flight, whose echoes may be redacted", () => {
  const message = fc.record({
    echo: fc.constantFrom("before the answer", "after the answer", "never"),
    isRedacted: fc.boolean(),
    isLive: fc.boolean(),
  });

  test("are shown once each at all times, with the service's text once it is there", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.boolean(), (messages, isAgent) => {
        const transcript = new Transcript("me", isAgent ? "AGENT" : "CUSTOMER");
        const texts = messages.map((_, index) => `mine ${index}`);
        const check = (): void => {
          const shown = transcript.snapshot().transcript;
          expect(shown.map(({ Content }) => Content)).toEqual(texts);
          expect(new Set(shown.map(({ Id }) => Id)).size).toBe(messages.length);
        };
        texts.forEach((content, index) =>
          transcript.send(`own-${index}`, { content, contentType: "text/plain" }),
        );
        messages.forEach(({ echo, isRedacted, isLive }, index) => {
          const text = isRedacted ? `*** ${index}` : `mine ${index}`;
          const comes = (): void => {
            const item = { ...stored(index), ParticipantId: "me", Type: "MESSAGE", Content: text };
            // A page counts as the echo of a message in flight only by its text.
            if (isLive || (isRedacted && echo === "before the answer")) transcript.add(item);
            else transcript.addPage({ Transcript: [item] }, true);
            texts[index] = text;
            check();
          };
          if (echo === "before the answer") comes();
          transcript.sent(`own-${index}`, { Id: `item-${index}`, AbsoluteTime: timeOf(index) }, timeOf(0));
          check();
          if (echo === "after the answer") comes();
        });
      }),
      { numRuns: 300 },
    );
  });
});
