/** @jest-environment node */
import { expect, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import { pauseAfterMs, withinTime } from "../../../src/waiting";
import { FakePlatform } from "../../support/fake-platform";
import { rejection } from "../../support/fake-service";

const HALF = { random: () => 0.5 };
const throttled = (retryAfterMs?: number): ChatError =>
  new ChatError("ServiceError", "Slow down.", { statusCode: 429, retryAfterMs });

test.each<[what: string, error: unknown, attempt: number, pauseMs: number]>([
  ["full jitter where the service asks for nothing", new Error("no"), 0, 500],
  ["jitter that doubles with each attempt, up to the cap", new Error("no"), 10, 15_000],
  ["jitter up to two minutes after a 429", throttled(), 10, 60_000],
  ["what the service asks for, and the jitter", throttled(7_000), 0, 7_500],
  ["two minutes at most, and the jitter", throttled(120_000), 0, 120_500],
  [
    "two minutes, the jitter and a spread of 30 s, where the service asks for a day",
    throttled(86_400_000),
    0,
    135_500,
  ],
])("the pause before the next attempt is %s", (_, error, attempt, pauseMs) => {
  expect(pauseAfterMs(error, HALF, attempt, 1_000, 30_000)).toBe(pauseMs);
});

test("a job that takes too long rejects with a Timeout that names it and the time, and says what to do", async () => {
  const platform = new FakePlatform();
  const limit = { platform, ms: 2_500, what: "SendMessage got no answer" };
  const late = rejection(withinTime(() => new Promise<never>(() => undefined), [], limit));
  await platform.advance(2_500);
  expect(await late).toMatchObject({
    code: "Timeout",
    message: "SendMessage got no answer within 2.5 s. Try again later.",
    retryable: true,
  });
  expect(platform.pendingTimers).toBe(0);
});

test("an aborted job leaves no timer behind, from that moment on", async () => {
  const platform = new FakePlatform();
  const controller = new AbortController();
  const limit = { platform, ms: 2_500, what: "SendMessage got no answer" };
  const job = rejection(withinTime(() => new Promise<never>(() => undefined), [controller.signal], limit));
  expect(platform.pendingTimers).toBe(1);
  controller.abort();
  expect(platform.pendingTimers).toBe(0);
  expect(await job).toMatchObject({ code: "Aborted" });
});
