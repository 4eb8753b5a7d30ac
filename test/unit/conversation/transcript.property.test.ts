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

/** The messages whose text the service processes. */
const PROCESSED = [1, 2, 10];
/** Files that the service scans. */
const SCANNED = [3];

/** An item stored by the service. Two items have the same time. `isSettled` is false for the version in progress. */
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
  | { readonly kind: "send"; readonly message: number }
  | { readonly kind: "sent"; readonly message: number }
  | { readonly kind: "failed"; readonly message: number }
  | { readonly kind: "resend"; readonly message: number };

const message = fc.nat({ max: 2 });
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
    fc.record({ kind: fc.constantFrom("send", "sent", "failed", "resend"), message }),
  ),
  { maxLength: 40 },
);

/** Returns a stored item's ID as an outgoing message's ID, so that the echo can arrive before the response. */
const serviceIdOf = (message: number): number => COUNT - 1 - message;

class TranscriptRun {
  readonly transcript = new Transcript("me", "CUSTOMER");
  /** The IDs of all items that were delivered, listed on a page, or sent. */
  readonly added = new Set<string>();
  /** The IDs of items that were delivered or listed in their final version. */
  readonly settled = new Set<string>();
  /** Messages that were sent and have no response, including failed ones. */
  readonly unanswered = new Set<string>();
  #sends = 0;
  readonly #latest = new Map<number, string>();

  apply(step: Step): void {
    const { transcript } = this;
    switch (step.kind) {
      case "live":
        this.#noteAdded(stored(step.id), step.isSettled);
        transcript.add(stored(step.id, step.isSettled));
        return;
      case "page": {
        const items = Array.from({ length: step.size }, (_, index) =>
          stored((step.from + index) % COUNT, step.isSettled),
        );
        items.forEach((item) => this.#noteAdded(item, step.isSettled));
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
        const id = `outgoing-${this.#sends}`;
        this.#latest.set(step.message, id);
        this.unanswered.add(id);
        transcript.addOutgoing(id, { content: "x", contentType: "text/plain" });
        return;
      }
      case "sent": {
        const id = this.#latest.get(step.message);
        const item = stored(serviceIdOf(step.message));
        if (id === undefined || !this.unanswered.delete(id)) return;
        this.#noteAdded(item, false);
        transcript.markSent(id, { Id: item.Id ?? "", AbsoluteTime: item.AbsoluteTime ?? "" }, timeOf(0));
        return;
      }
      case "failed":
        transcript.markFailed(this.#latest.get(step.message) ?? "", timeOf(step.message));
        return;
      case "resend":
        transcript.markResending(this.#latest.get(step.message) ?? "");
    }
  }

  #noteAdded({ Id = "" }: WireItem, isSettled: boolean): void {
    this.added.add(Id);
    if (isSettled) this.settled.add(Id);
  }

  get entries(): TranscriptEntry[] {
    return this.transcript.snapshot().transcript;
  }
}

const rank = (status: DeliveryStatus | undefined): number =>
  status === undefined || status === "FAILED" ? -1 : DELIVERY_STATUS.indexOf(status);

describe("REL-02: random items in random order", () => {
  test("the transcript is sorted by time, with pending messages last", () => {
    fc.assert(
      fc.property(steps, (schedule) => {
        const run = new TranscriptRun();
        for (const step of schedule) {
          run.apply(step);
          const times = run.entries.map(({ AbsoluteTime }) => AbsoluteTime || "pending");
          expect(times).toEqual([...times].sort());
        }
      }),
      { numRuns: 300 },
    );
  });

  test("the transcript contains every added item and every unanswered message once", () => {
    fc.assert(
      fc.property(steps, (schedule) => {
        const run = new TranscriptRun();
        for (const step of schedule) run.apply(step);
        const found = run.entries.map(({ Id }) => Id);
        expect(new Set(found)).toEqual(new Set([...run.added, ...run.unanswered]));
        expect(found).toHaveLength(new Set(found).size);
      }),
      { numRuns: 300 },
    );
  });

  test("a message's status never moves backward", () => {
    fc.assert(
      fc.property(steps, (schedule) => {
        const run = new TranscriptRun();
        const before = new Map<string, DeliveryStatus | undefined>();
        for (const step of schedule) {
          run.apply(step);
          for (const { Id = "", MessageMetadata } of run.entries) {
            // A failed message that is resent is SENDING again.
            if (Id.startsWith("outgoing-")) continue;
            expect(rank(MessageMetadata?.Status)).toBeGreaterThanOrEqual(rank(before.get(Id)));
            before.set(Id, MessageMetadata?.Status);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a snapshot doesn't change after it has been read", () => {
    fc.assert(
      fc.property(steps, steps, (first, then) => {
        const run = new TranscriptRun();
        for (const step of first) run.apply(step);
        const { entries } = run;
        const copy = JSON.stringify(entries);
        for (const step of then) run.apply(step);
        expect(JSON.stringify(entries)).toBe(copy);
      }),
    );
  });

  test("live items in any order produce the same transcript as a page", () => {
    const order = fc.shuffledSubarray(
      Array.from({ length: COUNT }, (_, id) => id).filter((id) => id !== 5),
      { minLength: COUNT - 1 },
    );
    fc.assert(
      fc.property(order, (shuffled) => {
        const live = new Transcript("me", "CUSTOMER");
        for (const id of shuffled) live.add(stored(id));
        const paged = new Transcript("me", "CUSTOMER");
        const items = [...shuffled].sort((a, b) => a - b).map((id) => stored(id));
        paged.addPage({ Transcript: items }, true);
        expect(live.snapshot().transcript).toEqual(paged.snapshot().transcript);
      }),
    );
  });

  test("a processed or scanned item never reverts, and no longer has its original text", () => {
    fc.assert(
      fc.property(steps, (schedule) => {
        const run = new TranscriptRun();
        for (const step of schedule) {
          run.apply(step);
          const settled = run.entries.filter(({ Id = "" }) => run.settled.has(Id));
          expect(JSON.stringify(settled)).not.toMatch(/original|PROCESSING|IN_PROGRESS/);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("outgoing messages, sent one by one, with echoes that may be redacted", () => {
  const outgoing = fc.record({
    echo: fc.constantFrom("before the response", "after the response", "never"),
    isRedacted: fc.boolean(),
    isLive: fc.boolean(),
  });

  test("are each shown exactly once, with the service's text after its arrival", () => {
    fc.assert(
      fc.property(fc.array(outgoing, { maxLength: 5 }), fc.boolean(), (messages, isAgent) => {
        const transcript = new Transcript("me", isAgent ? "AGENT" : "CUSTOMER");
        const texts = messages.map((_, index) => `mine ${index}`);
        const expectTexts = (): void => {
          const entries = transcript.snapshot().transcript;
          expect(entries.map(({ Content }) => Content)).toEqual(texts);
          expect(new Set(entries.map(({ Id }) => Id)).size).toBe(messages.length);
        };
        texts.forEach((content, index) =>
          transcript.addOutgoing(`outgoing-${index}`, { content, contentType: "text/plain" }),
        );
        messages.forEach(({ echo, isRedacted, isLive }, index) => {
          const text = isRedacted ? `*** ${index}` : `mine ${index}`;
          const addEcho = (): void => {
            const item = { ...stored(index), ParticipantId: "me", Type: "MESSAGE", Content: text };
            // On a page, the echo of a message in flight is recognized only by its text.
            if (isLive || (isRedacted && echo === "before the response")) transcript.add(item);
            else transcript.addPage({ Transcript: [item] }, true);
            texts[index] = text;
            expectTexts();
          };
          if (echo === "before the response") addEcho();
          transcript.markSent(
            `outgoing-${index}`,
            { Id: `item-${index}`, AbsoluteTime: timeOf(index) },
            timeOf(0),
          );
          expectTexts();
          if (echo === "after the response") addEcho();
        });
      }),
      { numRuns: 300 },
    );
  });
});
