import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { RECONNECT } from "../../../src/connection/reconnecting";
import { fullJitterMs } from "../../../src/util/backoff";
import { ManagerUnderTest } from "../../support/manager-under-test";

const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("full jitter", () => {
  test("is never negative and never exceeds the cap or base · 2^attempt", () => {
    fc.assert(
      fc.property(
        chances,
        fc.nat({ max: 10_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        fc.integer({ min: 1, max: 600_000 }),
        (chance, attempt, baseMs, capMs) => {
          const delayMs = fullJitterMs(chance, attempt, baseMs, capMs);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThanOrEqual(capMs);
          if (attempt < 30) expect(delayMs).toBeLessThanOrEqual(baseMs * 2 ** attempt);
          // The delay is the drawn fraction of the range.
          expect(delayMs).toBeCloseTo(chance * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30)), 3);
        },
      ),
    );
  });
});

describe("the manager's reconnection attempts", () => {
  test("follow full jitter for any random(), and count from 0 again only once the link was stable", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ chance: chances, upMs: fc.constantFrom(0, 1_000, 20_000, 45_000) }), {
          minLength: 1,
          maxLength: 8,
        }),
        async (losses) => {
          const under = new ManagerUnderTest();
          await under.up();
          let attempt = 0;
          for (const { chance, upMs } of losses) {
            await under.advance(upMs);
            if (upMs >= RECONNECT.stableAfterMs) attempt = 0;
            under.platform.chance = chance;
            const lostAt = under.platform.time;
            const limitMs = Math.min(RECONNECT.capMs, RECONNECT.baseMs * 2 ** attempt);
            under.socket.end();
            await under.nextSocket();
            const delayMs = (under.platform.openedAt.at(-1) ?? 0) - lostAt;
            expect(delayMs).toBeCloseTo(chance * limitMs, 0);
            attempt += 1;
            await under.accept();
          }
          under.manager.closeWebSocket();
          expect(under.platform.pendingTimers).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });
});
