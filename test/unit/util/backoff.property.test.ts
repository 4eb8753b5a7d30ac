import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { RECONNECT } from "../../../src/connection/reconnecting";
import { fullJitterMs } from "../../../src/util/backoff";
import { ManagerUnderTest } from "../../support/manager-under-test";

const randomValues = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("full jitter", () => {
  test("is never negative and never exceeds the cap or base · 2^attempt", () => {
    fc.assert(
      fc.property(
        randomValues,
        fc.nat({ max: 10_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        fc.integer({ min: 1, max: 600_000 }),
        (randomValue, attempt, baseMs, capMs) => {
          const delayMs = fullJitterMs(randomValue, attempt, baseMs, capMs);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThanOrEqual(capMs);
          if (attempt < 30) expect(delayMs).toBeLessThanOrEqual(baseMs * 2 ** attempt);
          // The delay is the drawn fraction of the range.
          expect(delayMs).toBeCloseTo(randomValue * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30)), 3);
        },
      ),
    );
  });
});

describe("the manager's reconnection attempts", () => {
  test("follow full jitter for any random() value, and restart from 0 only after the link has been stable", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ randomValue: randomValues, upMs: fc.constantFrom(0, 1_000, 20_000, 45_000) }), {
          minLength: 1,
          maxLength: 8,
        }),
        async (losses) => {
          const harness = new ManagerUnderTest();
          await harness.up();
          let attempt = 0;
          for (const { randomValue, upMs } of losses) {
            await harness.advance(upMs);
            if (upMs >= RECONNECT.stableAfterMs) attempt = 0;
            harness.platform.randomValue = randomValue;
            const lostAt = harness.platform.time;
            const limitMs = Math.min(RECONNECT.capMs, RECONNECT.baseMs * 2 ** attempt);
            harness.socket.end();
            await harness.nextSocket();
            const delayMs = (harness.platform.openedAt.at(-1) ?? 0) - lostAt;
            expect(delayMs).toBeCloseTo(randomValue * limitMs, 0);
            attempt += 1;
            await harness.accept();
          }
          harness.manager.closeWebSocket();
          expect(harness.platform.pendingTimers).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });
});
