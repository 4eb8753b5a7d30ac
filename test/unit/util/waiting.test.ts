import { beforeEach, describe, expect, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import { pause, pauseAfterMs, RequestBudget, minDelayAfterMs, withinTime } from "../../../src/waiting";
import { FakePlatform } from "../../support/fake-platform";
import { rejection } from "../../support/fake-service";

const RANDOM_HALF = { random: () => 0.5 };
const throttled = (retryAfterMs?: number): ChatError =>
  new ChatError("ServiceError", "Slow down.", { statusCode: 429, retryAfterMs });

test.each<[what: string, error: unknown, attempt: number, pauseMs: number]>([
  ["full jitter without a Retry-After", new Error("no"), 0, 500],
  ["full jitter up to the cap after many attempts", new Error("no"), 10, 15_000],
  ["full jitter up to two minutes after a 429", throttled(), 10, 60_000],
  ["the service's Retry-After plus jitter", throttled(7_000), 0, 7_500],
  ["a Retry-After of two minutes plus jitter", throttled(120_000), 0, 120_500],
  ["two minutes plus jitter and a spread of 30 s if Retry-After is a day", throttled(86_400_000), 0, 135_500],
])("the pause before the next attempt is %s", (_, error, attempt, pauseMs) => {
  expect(pauseAfterMs(error, RANDOM_HALF, attempt, 1_000, 30_000)).toBe(pauseMs);
});

test.each<[what: string, error: unknown, pauseMs: number]>([
  ["2 s after a failure", new Error("no"), 2_000],
  ["after the service's Retry-After", throttled(7_000), 7_000],
  ["within minutes if Retry-After is a day", throttled(86_400_000), 135_000],
])("a signal can cause an attempt %s", (_, error, pauseMs) => {
  expect(minDelayAfterMs(error, RANDOM_HALF)).toBe(pauseMs);
});

describe("the library's request budget", () => {
  const MINUTE = 60_000;
  let platform: FakePlatform;
  let budget: RequestBudget;

  beforeEach(() => {
    platform = new FakePlatform();
    budget = new RequestBudget(platform);
  });

  test("allows 20 requests immediately, then one every 15 s", async () => {
    const sentAt: number[] = [];
    const start = platform.time;
    for (let count = 0; count < 24; count += 1) {
      void budget.acquire([]).then(() => sentAt.push(platform.time - start));
    }
    await platform.advance(MINUTE);
    expect(sentAt).toEqual([...Array<number>(20).fill(0), 15_000, 30_000, 45_000, 60_000]);
  });

  test("allows at most 30 requests in any minute and 60 in any ten minutes", async () => {
    const sentAt: number[] = [];
    const callers = Array.from({ length: 5 }, async () => {
      for (let count = 0; count < 60; count += 1) {
        await budget.acquire([]);
        sentAt.push(platform.time);
      }
    });
    await platform.advance(10 * MINUTE);
    await platform.advance(30 * MINUTE);
    await Promise.race([platform.advance(20 * MINUTE), ...callers]);
    const maxWithin = (ms: number): number =>
      Math.max(...sentAt.map((from) => sentAt.filter((at) => at >= from && at < from + ms).length));
    expect(maxWithin(MINUTE)).toBeLessThanOrEqual(30);
    expect(maxWithin(10 * MINUTE)).toBeLessThanOrEqual(60);
  });

  test("waitMs() returns how long to wait so that the given number of requests remains for others", () => {
    for (let count = 0; count < 10; count += 1) budget.spend();
    expect([budget.waitMs(9), budget.waitMs(10), budget.waitMs(11)]).toEqual([0, 15_000, 30_000]);
  });

  test("a caller whose signal is aborted stops waiting and isn't counted", async () => {
    for (let count = 0; count < 20; count += 1) budget.spend();
    const aborted = new AbortController();
    const turn = budget.acquire([aborted.signal]);
    aborted.abort();
    await turn;
    expect(budget.waitMs()).toBe(15_000);
    expect(platform.pendingTimers).toBe(0);
  });
});

test("a job that takes too long rejects with a Timeout that names the job and the limit, and says what to do", async () => {
  const platform = new FakePlatform();
  const limit = { platform, ms: 2_500, what: "SendMessage received no response" };
  const late = rejection(withinTime(() => new Promise<never>(() => undefined), [], limit));
  await platform.advance(2_500);
  expect(await late).toMatchObject({
    code: "Timeout",
    message: "SendMessage received no response within 2.5 s. Try again later.",
    retryable: true,
  });
  expect(platform.pendingTimers).toBe(0);
});

test("aborting a job cancels its timer immediately", async () => {
  const platform = new FakePlatform();
  const controller = new AbortController();
  const limit = { platform, ms: 2_500, what: "SendMessage received no response" };
  const job = rejection(withinTime(() => new Promise<never>(() => undefined), [controller.signal], limit));
  expect(platform.pendingTimers).toBe(1);
  controller.abort();
  expect(platform.pendingTimers).toBe(0);
  expect(await job).toMatchObject({ code: "Aborted" });
});

test("a hundred jobs on one signal share one listener, which is removed after the last job", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  // Counts every call, unlike a real signal, which ignores a listener that is added twice.
  const listeners: unknown[] = [];
  signal.addEventListener = (_: string, listener: unknown) => void listeners.push(listener);
  signal.removeEventListener = (_: string, listener: unknown) =>
    void listeners.splice(listeners.indexOf(listener), 1);
  const resolvers: ((value: unknown) => void)[] = [];
  const jobs = Array.from({ length: 100 }, () =>
    withinTime(() => new Promise((resolve) => resolvers.push(resolve)), [signal]),
  );
  expect(listeners.length).toBe(1);
  resolvers.slice(1).forEach((resolve) => resolve("done"));
  await Promise.all(jobs.slice(1));
  expect(listeners.length).toBe(1);
  resolvers[0]?.("done");
  await jobs[0];
  expect(listeners.length).toBe(0);
});

test("an aborted signal ends only its own jobs", async () => {
  const [aborted, pending] = [new AbortController(), new AbortController()];
  const never = (): Promise<unknown> => new Promise(() => undefined);
  const ended = [aborted, aborted, pending].map(({ signal }) => rejection(withinTime(never, [signal])));
  aborted.abort();
  expect(await Promise.all(ended.slice(0, 2))).toMatchObject([{ code: "Aborted" }, { code: "Aborted" }]);
  expect(await Promise.race([ended[2], Promise.resolve("pending")])).toBe("pending");
  pending.abort();
  expect(await ended[2]).toMatchObject({ code: "Aborted" });
});

test("a pause with an already aborted signal ends immediately and adds no listener", async () => {
  const controller = new AbortController();
  controller.abort();
  const { signal } = controller;
  let added = 0;
  signal.addEventListener = () => void (added += 1);
  expect(await pause(new FakePlatform(), 1_000, [signal])).toBe(false);
  expect(added).toBe(0);
});
