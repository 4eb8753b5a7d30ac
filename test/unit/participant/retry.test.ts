import { beforeEach, describe, expect, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import { RETRY, withRetry, type RetryOptions, type RetryPolicy } from "../../../src/participant/retry";
import { FakePlatform } from "../../support/fake-platform";
import { rejection } from "../../support/fake-service";

const transient = (details: { retryAfterMs?: number } = {}): ChatError =>
  new ChatError("ServiceError", "busy", { statusCode: 503, retryable: true, ...details });
const permanent = (): ChatError => new ChatError("ServiceError", "no", { statusCode: 400 });

let platform: FakePlatform;
/** When each attempt started, in milliseconds since the test's start. */
let startedAt: number[];
let start: number;

beforeEach(() => {
  platform = new FakePlatform();
  startedAt = [];
  start = platform.time;
});

type Outcome = ChatError | string;

/** Calls withRetry() with one outcome per attempt: an error rejects, "silence" never settles, other text resolves. */
function run(outcomes: Outcome[], options: RetryOptions = {}, policy: RetryPolicy = RETRY.standard) {
  const signals: AbortSignal[] = [];
  const attempt = (signal: AbortSignal): Promise<string> => {
    signals.push(signal);
    const outcome = outcomes[startedAt.length] ?? "more attempts than expected";
    startedAt.push(platform.time - start);
    if (outcome === "silence") return new Promise(() => undefined);
    return outcome instanceof ChatError ? Promise.reject(outcome) : Promise.resolve(outcome);
  };
  const promise = withRetry(platform, policy, attempt, options);
  const settled: { outcome: unknown; atMs: number } = { outcome: "pending", atMs: -1 };
  const settle = (outcome: unknown): void => {
    settled.outcome = outcome;
    settled.atMs = platform.time - start;
  };
  promise.then(settle, settle);
  return { promise, settled, signals };
}

describe("withRetry()", () => {
  test("makes a single attempt if it succeeds", async () => {
    expect(await run(["done"]).promise).toBe("done");
    expect(startedAt).toEqual([0]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("rejects with the last error after three attempts that fail with retryable errors", async () => {
    const last = transient();
    const { settled } = run([transient(), transient(), last, "never reached"]);
    await platform.advance(60_000);
    expect(startedAt).toHaveLength(3);
    expect(settled.outcome).toBe(last);
    expect(platform.pendingTimers).toBe(0);
  });

  test("resolves if a later attempt succeeds", async () => {
    const { settled } = run([transient(), "done"]);
    await platform.advance(60_000);
    expect(settled.outcome).toBe("done");
    expect(platform.pendingTimers).toBe(0);
  });

  test("doesn't retry an error that isn't retryable", async () => {
    const error = permanent();
    expect(await rejection(run([error]).promise)).toBe(error);
    expect(startedAt).toEqual([0]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("doesn't retry an error that isn't a ChatError", async () => {
    const error = new TypeError("a bug");
    const attempt = (): Promise<never> => {
      startedAt.push(0);
      return Promise.reject(error);
    };
    expect(await rejection(withRetry(platform, RETRY.standard, attempt))).toBe(error);
    expect(startedAt).toHaveLength(1);
  });

  test("makes a single attempt if the policy allows only one", async () => {
    const error = transient();
    expect(await rejection(run([error], {}, RETRY.once).promise)).toBe(error);
    expect(startedAt).toHaveLength(1);
  });
});

describe("the pause before the next attempt", () => {
  test.each([
    [0, [0, 0, 0]],
    [0.5, [0, 250, 750]],
    [0.999, [0, 499.5, 1498.5]],
  ])("has full jitter: with random() = %d, attempts start at %j ms", async (randomValue, expected) => {
    platform.randomValue = randomValue;
    run([transient(), transient(), transient()]);
    await platform.advance(60_000);
    expect(startedAt).toEqual(expected);
  });

  test("is capped at 5 s before jitter is applied", async () => {
    platform.randomValue = 0.5;
    const failures = Array.from({ length: 8 }, () => transient());
    run(failures, {}, { attempts: 8, attemptTimeoutMs: 10_000, totalTimeoutMs: Number.POSITIVE_INFINITY });
    await platform.advance(60_000);
    const pauses = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
    expect(pauses).toEqual([250, 500, 1000, 2000, 2500, 2500, 2500]);
  });

  test.each([
    [4_000, 4_250],
    [10, 260],
  ])("is the service's Retry-After of %d ms plus jitter", async (retryAfterMs, secondStart) => {
    run([transient({ retryAfterMs }), "done"]);
    await platform.advance(60_000);
    expect(startedAt).toEqual([0, secondStart]);
  });

  test("is passed to onRetry with the error that caused it", async () => {
    const calls: unknown[] = [];
    const error = transient();
    run([error, "done"], { onRetry: (cause, delayMs) => calls.push({ cause, delayMs }) });
    await platform.advance(60_000);
    expect(calls).toEqual([{ cause: error, delayMs: 250 }]);
  });
});

describe("time limits", () => {
  test("an unanswered attempt is aborted after 10 s and retried", async () => {
    const { settled, signals } = run(["silence", "done"]);
    await platform.advance(9_999);
    expect(signals[0]?.aborted).toBe(false);
    await platform.advance(1);
    expect(signals[0]?.aborted).toBe(true);
    await platform.advance(60_000);
    expect(startedAt).toEqual([0, 10_250]);
    expect(settled.outcome).toBe("done");
    expect(platform.pendingTimers).toBe(0);
  });

  test("three unanswered attempts reject with Timeout after a total of 30 s", async () => {
    const { settled } = run(["silence", "silence", "silence"]);
    await platform.advance(60_000);
    expect(startedAt).toEqual([0, 10_250, 20_750]);
    expect(settled.outcome).toMatchObject({ code: "Timeout", retryable: true });
    expect(settled.atMs).toBe(30_000);
    expect(platform.pendingTimers).toBe(0);
  });

  test("a pause that would exceed the total time isn't started", async () => {
    const error = transient({ retryAfterMs: 30_000 });
    const { settled } = run([error, "never reached"]);
    await platform.settle();
    expect(settled).toEqual({ outcome: error, atMs: 0 });
    expect(platform.pendingTimers).toBe(0);
  });

  test("a file transfer times out after 15 minutes", async () => {
    const { settled } = run(["silence"], {}, RETRY.transfer);
    await platform.advance(900_000 - 1);
    expect(settled.outcome).toBe("pending");
    await platform.advance(1);
    expect(settled.outcome).toMatchObject({ code: "Timeout" });
    expect(platform.pendingTimers).toBe(0);
  });

  test("a call that retries its own steps times out after an hour", async () => {
    const { settled } = run(["silence"], {}, RETRY.selfRetrying);
    await platform.advance(3_600_000);
    expect(settled.outcome).toMatchObject({ code: "Timeout" });
    expect(platform.pendingTimers).toBe(0);
  });
});

describe("sleep and clock changes", () => {
  test("B20: a 40 s sleep during an attempt isn't counted, and another attempt follows on wake-up", async () => {
    const { settled } = run(["silence", "done"]);
    await platform.advance(1_000);
    await platform.sleep(40_000);
    await platform.advance(1_000);
    expect(settled.outcome).toBe("done");
  });

  test("sleep during a pause isn't counted", async () => {
    const { settled } = run([transient(), transient(), "done"]);
    await platform.advance(100);
    await platform.sleep(3_600_000);
    await platform.advance(1_000);
    expect(settled.outcome).toBe("done");
  });

  test.each([-3_600_000, 3_600_000])("a clock change of %d ms doesn't affect the limits", async (byMs) => {
    const { settled } = run(["silence", "silence", "silence"]);
    await platform.advance(5_000);
    platform.clockErrorMs = byMs;
    await platform.advance(60_000);
    expect(startedAt).toEqual([0, 10_250, 20_750]);
    expect(settled.atMs).toBe(30_000);
  });
});

describe("a wait for the network", () => {
  const noNetwork = (): ChatError => new ChatError("NetworkError", "no network", { retryable: true });
  let wake: () => void;
  const hold = (maxMs: number): RetryOptions => ({
    hold: {
      maxMs,
      network: {
        isOnline: () => Promise.resolve(false),
        waitForNetwork: (callback) => {
          wake = callback;
          return () => undefined;
        },
      },
    },
  });

  test("C4: is followed by one more attempt if it ends without a network, because the device may be wrong", async () => {
    const { settled } = run([noNetwork(), "done"], hold(10_000));
    await platform.advance(9_999);
    expect(startedAt).toEqual([0]);
    await platform.advance(1);
    expect(startedAt).toEqual([0, 10_000]);
    expect(settled.outcome).toBe("done");
  });

  test("rejects with the last attempt's error if it ends without a network and that attempt fails", async () => {
    const last = noNetwork();
    const { settled } = run([noNetwork(), last, "never reached"], hold(10_000));
    await platform.advance(60_000);
    expect(startedAt).toEqual([0, 10_000]);
    expect(settled.outcome).toBe(last);
    expect(platform.pendingTimers).toBe(0);
  });

  test("B19: is ended by signals at most every 2 s, even if signals fire ten times a second", async () => {
    const failures = Array.from({ length: 40 }, noNetwork);
    run(failures, hold(60_000));
    for (let step = 0; step < 300; step += 1) {
      wake();
      await platform.advance(100);
    }
    const pauses = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
    expect(pauses.length).toBeGreaterThan(10);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2_000);
  });

  test("is ended immediately by a signal if the last attempt was 2 s ago", async () => {
    const { settled } = run([noNetwork(), "done"], hold(60_000));
    await platform.advance(2_000);
    wake();
    await platform.settle();
    expect(settled.outcome).toBe("done");
  });
});

describe("an abort signal", () => {
  test("ends an attempt in flight, even one that ignores the signal", async () => {
    const controller = new AbortController();
    const { settled, signals } = run(["silence"], { signals: [controller.signal] });
    await platform.settle();
    controller.abort("enough");
    await platform.settle();
    expect(signals[0]?.aborted).toBe(true);
    expect(settled.outcome).toMatchObject({ code: "Aborted", retryable: false, cause: "enough" });
    expect(platform.pendingTimers).toBe(0);
  });

  test("ends the pause before the next attempt", async () => {
    const controller = new AbortController();
    const { settled } = run([transient(), "never reached"], { signals: [controller.signal] });
    await platform.advance(100);
    controller.abort();
    await platform.settle();
    expect(settled.outcome).toMatchObject({ code: "Aborted" });
    expect(platform.pendingTimers).toBe(0);
    await platform.advance(60_000);
    expect(startedAt).toHaveLength(1);
  });

  test("prevents the first attempt if the signal is already aborted", async () => {
    const { promise } = run(["never reached"], { signals: [AbortSignal.abort()] });
    expect(await rejection(promise)).toMatchObject({ code: "Aborted" });
    expect(startedAt).toEqual([]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("ends the call even if other signals aren't aborted", async () => {
    const second = new AbortController();
    const { settled } = run(["silence"], { signals: [new AbortController().signal, second.signal] });
    await platform.settle();
    second.abort();
    await platform.settle();
    expect(settled.outcome).toMatchObject({ code: "Aborted" });
  });

  test("rejects with its reason's code and message if the reason is a ChatError", async () => {
    const controller = new AbortController();
    const { settled } = run(["silence"], { signals: [controller.signal] });
    await platform.settle();
    controller.abort(new ChatError("Aborted", "The session was closed."));
    await platform.settle();
    expect(settled.outcome).toMatchObject({ code: "Aborted", message: "The session was closed." });
  });

  test("has no effect if it is aborted after the outcome", async () => {
    const controller = new AbortController();
    const { promise, signals } = run(["done"], { signals: [controller.signal] });
    expect(await promise).toBe("done");
    controller.abort();
    expect(signals[0]?.aborted).toBe(false);
  });
});

describe("noMoreAttempts", () => {
  test("doesn't end the attempt in flight", async () => {
    const stop = new AbortController();
    let resolveAttempt: (value: string) => void = () => undefined;
    const attempt = (): Promise<string> => new Promise((resolve) => (resolveAttempt = resolve));
    const promise = withRetry(platform, RETRY.standard, attempt, { noMoreAttempts: stop.signal });
    await platform.settle();
    stop.abort();
    await platform.settle();
    resolveAttempt("done");
    expect(await promise).toBe("done");
    expect(platform.pendingTimers).toBe(0);
  });

  test("rejects with an error that would otherwise be retried", async () => {
    const error = transient();
    const { promise } = run([error, "never reached"], { noMoreAttempts: AbortSignal.abort() });
    expect(await rejection(promise)).toBe(error);
    expect(platform.pendingTimers).toBe(0);
  });

  test("ends a pause and rejects with the previous attempt's error", async () => {
    const stop = new AbortController();
    const error = transient();
    const { settled } = run([error, "never reached"], { noMoreAttempts: stop.signal });
    await platform.advance(100);
    stop.abort();
    await platform.settle();
    expect(settled.outcome).toBe(error);
    expect(platform.pendingTimers).toBe(0);
    await platform.advance(60_000);
    expect(startedAt).toHaveLength(1);
  });
});
