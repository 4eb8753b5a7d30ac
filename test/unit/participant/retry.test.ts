import { beforeEach, describe, expect, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import { RETRY, withRetry, type RetryOptions, type RetryPolicy } from "../../../src/participant/retry";
import { FakePlatform } from "../../support/fake-platform";
import { rejection } from "../../support/fake-service";

const passing = (details: { retryAfterMs?: number } = {}): ChatError =>
  new ChatError("ServiceError", "busy", { statusCode: 503, retryable: true, ...details });
const lasting = (): ChatError => new ChatError("ServiceError", "no", { statusCode: 400 });

let platform: FakePlatform;
/** When each attempt began, in milliseconds since the start. */
let began: number[];
let start: number;

beforeEach(() => {
  platform = new FakePlatform();
  began = [];
  start = platform.time;
});

type Outcome = ChatError | string;

/** One attempt for each outcome: an error rejects, "silence" never settles, all else resolves. */
function run(outcomes: Outcome[], options: RetryOptions = {}, policy: RetryPolicy = RETRY.standard) {
  const signals: AbortSignal[] = [];
  const attempt = (signal: AbortSignal): Promise<string> => {
    signals.push(signal);
    const outcome = outcomes[began.length] ?? "more attempts than expected";
    began.push(platform.time - start);
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

describe("attempts", () => {
  test("a success is the only attempt", async () => {
    expect(await run(["done"]).promise).toBe("done");
    expect(began).toEqual([0]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("a failure that passes is tried three times in all, and its last error is the outcome", async () => {
    const last = passing();
    const { settled } = run([passing(), passing(), last, "never reached"]);
    await platform.advance(60_000);
    expect(began).toHaveLength(3);
    expect(settled.outcome).toBe(last);
    expect(platform.pendingTimers).toBe(0);
  });

  test("a later attempt that succeeds is the outcome", async () => {
    const { settled } = run([passing(), "done"]);
    await platform.advance(60_000);
    expect(settled.outcome).toBe("done");
    expect(platform.pendingTimers).toBe(0);
  });

  test("a failure that lasts is not tried again", async () => {
    const error = lasting();
    expect(await rejection(run([error]).promise)).toBe(error);
    expect(began).toEqual([0]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("what is no ChatError is not tried again", async () => {
    const error = new TypeError("a bug");
    const attempt = (): Promise<never> => {
      began.push(0);
      return Promise.reject(error);
    };
    expect(await rejection(withRetry(platform, RETRY.standard, attempt))).toBe(error);
    expect(began).toHaveLength(1);
  });

  test("a policy of one attempt makes one", async () => {
    const error = passing();
    expect(await rejection(run([error], {}, RETRY.once).promise)).toBe(error);
    expect(began).toHaveLength(1);
  });
});

describe("the pause before the next attempt", () => {
  test.each([
    [0, [0, 0, 0]],
    [0.5, [0, 250, 750]],
    [0.999, [0, 499.5, 1498.5]],
  ])("is full jitter: with the chance at %d attempts begin at %j ms", async (chance, expected) => {
    platform.chance = chance;
    run([passing(), passing(), passing()]);
    await platform.advance(60_000);
    expect(began).toEqual(expected);
  });

  test("is capped at five seconds before the chance is applied", async () => {
    platform.chance = 0.5;
    const failures = Array.from({ length: 8 }, () => passing());
    run(failures, {}, { attempts: 8, attemptMs: 10_000, totalMs: Number.POSITIVE_INFINITY });
    await platform.advance(60_000);
    const pauses = began.slice(1).map((at, index) => at - (began[index] ?? 0));
    expect(pauses).toEqual([250, 500, 1000, 2000, 2500, 2500, 2500]);
  });

  test.each([
    [4_000, 4_250],
    [10, 260],
  ])("is the %d ms that the service asks for, and the jitter beyond that", async (retryAfterMs, began1) => {
    run([passing({ retryAfterMs }), "done"]);
    await platform.advance(60_000);
    expect(began).toEqual([0, began1]);
  });

  test("is told with the error that caused it", async () => {
    const told: unknown[] = [];
    const error = passing();
    run([error, "done"], { onRetry: (cause, delayMs) => told.push({ cause, delayMs }) });
    await platform.advance(60_000);
    expect(told).toEqual([{ cause: error, delayMs: 250 }]);
  });
});

describe("limits", () => {
  test("an attempt without an answer is given up after ten seconds, aborted, and tried again", async () => {
    const { settled, signals } = run(["silence", "done"]);
    await platform.advance(9_999);
    expect(signals[0]?.aborted).toBe(false);
    await platform.advance(1);
    expect(signals[0]?.aborted).toBe(true);
    await platform.advance(60_000);
    expect(began).toEqual([0, 10_250]);
    expect(settled.outcome).toBe("done");
    expect(platform.pendingTimers).toBe(0);
  });

  test("attempts that all stay without an answer end in a Timeout, after thirty seconds in all", async () => {
    const { settled } = run(["silence", "silence", "silence"]);
    await platform.advance(60_000);
    expect(began).toEqual([0, 10_250, 20_750]);
    expect(settled.outcome).toMatchObject({ code: "Timeout", retryable: true });
    expect(settled.atMs).toBe(30_000);
    expect(platform.pendingTimers).toBe(0);
  });

  test("a pause that would pass the total is not begun", async () => {
    const error = passing({ retryAfterMs: 30_000 });
    const { settled } = run([error, "never reached"]);
    await platform.settle();
    expect(settled).toEqual({ outcome: error, atMs: 0 });
    expect(platform.pendingTimers).toBe(0);
  });

  test("a file on its way has a quarter of an hour, and no longer", async () => {
    const { settled } = run(["silence"], {}, RETRY.transfer);
    await platform.advance(900_000 - 1);
    expect(settled.outcome).toBe("pending");
    await platform.advance(1);
    expect(settled.outcome).toMatchObject({ code: "Timeout" });
    expect(platform.pendingTimers).toBe(0);
  });

  test("a call that tries its own steps again settles as well, within an hour", async () => {
    const { settled } = run(["silence"], {}, RETRY.asIs);
    await platform.advance(3_600_000);
    expect(settled.outcome).toMatchObject({ code: "Timeout" });
    expect(platform.pendingTimers).toBe(0);
  });
});

describe("time", () => {
  test("B20: asleep isn't counted: an attempt in flight while the machine sleeps 40 s is followed by another on waking", async () => {
    const { settled } = run(["silence", "done"]);
    await platform.advance(1_000);
    await platform.sleep(40_000);
    await platform.advance(1_000);
    expect(settled.outcome).toBe("done");
  });

  test("asleep in a pause isn't counted either", async () => {
    const { settled } = run([passing(), passing(), "done"]);
    await platform.advance(100);
    await platform.sleep(3_600_000);
    await platform.advance(1_000);
    expect(settled.outcome).toBe("done");
  });

  test.each([-3_600_000, 3_600_000])("a clock that is set by %d ms changes no limit", async (byMs) => {
    const { settled } = run(["silence", "silence", "silence"]);
    await platform.advance(5_000);
    platform.clockErrorMs = byMs;
    await platform.advance(60_000);
    expect(began).toEqual([0, 10_250, 20_750]);
    expect(settled.atMs).toBe(30_000);
  });
});

describe("a hold for the network", () => {
  const noNetwork = (): ChatError => new ChatError("NetworkError", "no network", { retryable: true });
  let wake: () => void;
  const hold = (maxMs: number): RetryOptions => ({
    hold: {
      maxMs,
      network: {
        isOnline: () => Promise.resolve(false),
        whenWorthTrying: (callback) => {
          wake = callback;
          return () => undefined;
        },
      },
    },
  });

  test("C4: that ends without the network is followed by one more attempt: the device may be wrong", async () => {
    const { settled } = run([noNetwork(), "done"], hold(10_000));
    await platform.advance(9_999);
    expect(began).toEqual([0]);
    await platform.advance(1);
    expect(began).toEqual([0, 10_000]);
    expect(settled.outcome).toBe("done");
  });

  test("that ends without the network rejects with the last attempt's error, if that fails too", async () => {
    const last = noNetwork();
    const { settled } = run([noNetwork(), last, "never reached"], hold(10_000));
    await platform.advance(60_000);
    expect(began).toEqual([0, 10_000]);
    expect(settled.outcome).toBe(last);
    expect(platform.pendingTimers).toBe(0);
  });

  test("B19: is ended by many signals at most every 2 s, however many come", async () => {
    const failures = Array.from({ length: 40 }, noNetwork);
    run(failures, hold(60_000));
    for (let step = 0; step < 300; step += 1) {
      wake();
      await platform.advance(100);
    }
    const pauses = began.slice(1).map((at, index) => at - (began[index] ?? 0));
    expect(pauses.length).toBeGreaterThan(10);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2_000);
  });

  test("is ended by a signal at once, if the last attempt was 2 s ago", async () => {
    const { settled } = run([noNetwork(), "done"], hold(60_000));
    await platform.advance(2_000);
    wake();
    await platform.settle();
    expect(settled.outcome).toBe("done");
  });
});

describe("a signal", () => {
  test("ends an attempt under way, even one that ignores it", async () => {
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
    const { settled } = run([passing(), "never reached"], { signals: [controller.signal] });
    await platform.advance(100);
    controller.abort();
    await platform.settle();
    expect(settled.outcome).toMatchObject({ code: "Aborted" });
    expect(platform.pendingTimers).toBe(0);
    await platform.advance(60_000);
    expect(began).toHaveLength(1);
  });

  test("that is aborted already lets no attempt begin", async () => {
    const { promise } = run(["never reached"], { signals: [AbortSignal.abort()] });
    expect(await rejection(promise)).toMatchObject({ code: "Aborted" });
    expect(began).toEqual([]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("any of several is enough", async () => {
    const second = new AbortController();
    const { settled } = run(["silence"], { signals: [new AbortController().signal, second.signal] });
    await platform.settle();
    second.abort();
    await platform.settle();
    expect(settled.outcome).toMatchObject({ code: "Aborted" });
  });

  test("aborted with a ChatError rejects with that error's code and words", async () => {
    const controller = new AbortController();
    const { settled } = run(["silence"], { signals: [controller.signal] });
    await platform.settle();
    controller.abort(new ChatError("Aborted", "The session was closed."));
    await platform.settle();
    expect(settled.outcome).toMatchObject({ code: "Aborted", message: "The session was closed." });
  });

  test("aborted after the outcome changes nothing", async () => {
    const controller = new AbortController();
    const { promise, signals } = run(["done"], { signals: [controller.signal] });
    expect(await promise).toBe("done");
    controller.abort();
    expect(signals[0]?.aborted).toBe(false);
  });
});

describe("noMoreAttempts", () => {
  test("lets the attempt under way succeed", async () => {
    const stop = new AbortController();
    let answer: (value: string) => void = () => undefined;
    const attempt = (): Promise<string> => new Promise((resolve) => (answer = resolve));
    const promise = withRetry(platform, RETRY.standard, attempt, { noMoreAttempts: stop.signal });
    await platform.settle();
    stop.abort();
    await platform.settle();
    answer("done");
    expect(await promise).toBe("done");
    expect(platform.pendingTimers).toBe(0);
  });

  test("makes a failure that would be tried again the outcome", async () => {
    const error = passing();
    const { promise } = run([error, "never reached"], { noMoreAttempts: AbortSignal.abort() });
    expect(await rejection(promise)).toBe(error);
    expect(platform.pendingTimers).toBe(0);
  });

  test("ends a pause with the failure before it", async () => {
    const stop = new AbortController();
    const error = passing();
    const { settled } = run([error, "never reached"], { noMoreAttempts: stop.signal });
    await platform.advance(100);
    stop.abort();
    await platform.settle();
    expect(settled.outcome).toBe(error);
    expect(platform.pendingTimers).toBe(0);
    await platform.advance(60_000);
    expect(began).toHaveLength(1);
  });
});
