import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ReceiptSender } from "../../../src/conversation/receipts";
import { FakePlatform } from "../../support/fake-platform";
import { receiptParticipant, type SentReceipt } from "../../support/receipt-participant";

const THROTTLE_MS = 5_000;

type Step =
  | {
      readonly kind: "submit";
      readonly receipt: "read" | "delivered";
      readonly message: number;
      readonly now: boolean;
    }
  | { readonly kind: "advance"; readonly ms: number }
  | { readonly kind: "fail"; readonly failing: boolean };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: submits() },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("advance"),
        ms: fc.constantFrom(0, 100, 299, 300, 1_000, 4_700, 5_000, 20_000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("fail"), failing: fc.boolean() }) },
  ),
  { maxLength: 40 },
);

function submits(): fc.Arbitrary<Step> {
  return fc.record({
    kind: fc.constant("submit"),
    receipt: fc.constantFrom("read", "delivered"),
    message: fc.nat({ max: 4 }),
    now: fc.boolean().chain((now) => (now ? fc.constantFrom(true, false, false) : fc.constant(false))),
  });
}

interface Sent {
  readonly request: SentReceipt;
  readonly at: number;
  readonly failed: boolean;
}

/** Runs the steps, and then waits until the last window has ended. */
async function play(schedule: readonly Step[]): Promise<{ sent: Sent[]; open: number; timers: number }> {
  const platform = new FakePlatform();
  const sent: Sent[] = [];
  let failing = false;
  let open = 0;
  const participant = receiptParticipant((request) => {
    sent.push({ request, at: platform.time, failed: failing });
    return failing ? Promise.reject(new Error("refused")) : Promise.resolve("accepted");
  });
  const sender = new ReceiptSender(platform, participant, () => ({ enabled: true, throttleMs: THROTTLE_MS }));
  const settled = (): void => void (open -= 1);
  for (const step of schedule) {
    if (step.kind === "advance") await platform.advance(step.ms);
    else if (step.kind === "fail") failing = step.failing;
    else {
      open += 1;
      const messageId = `message-${step.message}`;
      sender
        .submit({
          kind: step.receipt,
          messageId,
          content: JSON.stringify({ messageId }),
          disableThrottle: step.now,
        })
        .then(settled, settled);
    }
  }
  await platform.advance(THROTTLE_MS + 300);
  return { sent, open, timers: platform.pendingTimers };
}

const acceptedReceipts = (sent: readonly Sent[]): Sent[] => sent.filter(({ failed }) => !failed);

describe("ReceiptSender with random receipts, delays, and failures", () => {
  test("REL-08: every promise settles and no timer remains", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (schedule) => {
        expect(await play(schedule)).toMatchObject({ open: 0, timers: 0 });
      }),
      { numRuns: 60 },
    );
  });

  test("a window sends at most one request per kind", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (schedule) => {
        const { sent } = await play(schedule);
        // A receipt that skips the window is sent together with waiting receipts for its message.
        const immediate = schedule.flatMap((step) =>
          step.kind === "submit" && step.now ? `message-${step.message}` : [],
        );
        for (const kind of ["read", "delivered"]) {
          const at = sent
            .filter(({ request }) => request.kind === kind && !immediate.includes(request.messageId))
            .map((each) => each.at);
          for (let index = 1; index < at.length; index += 1) {
            expect((at[index] ?? 0) - (at[index - 1] ?? 0)).toBeGreaterThanOrEqual(THROTTLE_MS);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("an accepted receipt isn't sent again, and no delivered receipt follows a read receipt", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (schedule) => {
        const { sent } = await play(schedule);
        const read = new Set<string>();
        const delivered = new Set<string>();
        for (const { request, failed } of sent) {
          expect(read.has(request.messageId)).toBe(false);
          if (request.kind === "delivered") expect(delivered.has(request.messageId)).toBe(false);
          if (!failed) (request.kind === "read" ? read : delivered).add(request.messageId);
        }
        expect(acceptedReceipts(sent).length).toBe(read.size + delivered.size);
      }),
      { numRuns: 60 },
    );
  });
});
