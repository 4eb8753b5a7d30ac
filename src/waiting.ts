/** Waiting: the delay until the next attempt, and what ends a wait. */
import { ChatError, copyOf, isChatError, isThrottled } from "./errors";
import type { Platform, Timer } from "./platform";
import { fullJitterMs } from "./util/backoff";

/** The maximum jitter after a 429. */
const THROTTLED_CAP_MS = 120_000;
/** A longer Retry-After is capped: a gateway's mistake must not silence a chat for a day. */
const MAX_RETRY_AFTER_MS = 120_000;
/** Spreads capped waits, which would otherwise all end at one instant. */
const CAPPED_SPREAD_MS = 30_000;

/** The page may emit many signals a second. They cause at most one attempt per interval. */
export const SIGNAL_INTERVAL_MS = 2_000;

/** Returns a failure's Retry-After, capped, in milliseconds; 0 if it has none. */
export function cappedRetryAfterMs(error: unknown, platform: Pick<Platform, "random">): number {
  const { retryAfterMs = 0 }: Partial<ChatError> = isChatError(error) ? error : {};
  const isCapped = retryAfterMs > MAX_RETRY_AFTER_MS;
  return isCapped ? MAX_RETRY_AFTER_MS + platform.random() * CAPPED_SPREAD_MS : retryAfterMs;
}

/** Returns how long to wait after a failure, in milliseconds: its Retry-After, plus full jitter. */
export function pauseAfterMs(
  error: unknown,
  platform: Pick<Platform, "random">,
  attempt: number,
  baseMs: number,
  capMs: number,
): number {
  const maxJitterMs = isThrottled(error) ? THROTTLED_CAP_MS : capMs;
  return cappedRetryAfterMs(error, platform) + fullJitterMs(platform.random(), attempt, baseMs, maxJitterMs);
}

/** Returns how soon after a failure a signal may cause another attempt, in milliseconds. */
export const minDelayAfterMs = (error: unknown, platform: Pick<Platform, "random">): number =>
  Math.max(SIGNAL_INTERVAL_MS, cappedRetryAfterMs(error, platform));

/** The library may send this many requests for its own purposes at once, sockets included, … */
const BURST = 20;
/** … and then one per interval: with a second attempt here and there, at most 60 in ten minutes. */
const REFILL_INTERVAL_MS = 15_000;
/** Connection attempts leave this many requests for the recovery that follows, without which a link is of no use. */
export const RESERVED_FOR_RECOVERY = 6;

/** Limits the requests that a client makes for the library's own purposes, in every kind of outage. */
export class RequestBudget {
  readonly #platform: Pick<Platform, "monotonicMs" | "startTimer">;
  readonly #burst: number;
  readonly #refillIntervalMs: number;
  /** When the whole budget will be available again, on the monotonic clock. */
  #fullAtMs = 0;

  constructor(
    platform: Pick<Platform, "monotonicMs" | "startTimer">,
    burst = BURST,
    refillIntervalMs = REFILL_INTERVAL_MS,
  ) {
    this.#platform = platform;
    this.#burst = burst;
    this.#refillIntervalMs = refillIntervalMs;
  }

  /** Returns how long a request has to wait, so that `reserve` more could immediately follow it. */
  waitMs(reserve = 0): number {
    const earliestMs = this.#fullAtMs - (this.#burst - 1 - reserve) * this.#refillIntervalMs;
    return Math.max(0, earliestMs - this.#platform.monotonicMs());
  }

  /** Counts a request that is being sent. */
  spend(): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, this.#platform.monotonicMs()) + this.#refillIntervalMs;
  }

  /** Resolves when a request may be sent, and counts it; or, without counting, when one of the signals is aborted. */
  async acquire(signals: readonly AbortSignal[]): Promise<void> {
    // Other requests may have been sent during the pause.
    for (let waitMs = this.waitMs(); waitMs > 0; waitMs = this.waitMs()) {
      if (!(await pause(this.#platform, waitMs, signals))) return;
    }
    this.spend();
  }
}

/**
 * Resolves to true when the time is over, and to false when one of the signals ends it. With `until`, resolves to true
 * once that calls back, and to false when the time is over. `until` returns a function that cancels it.
 */
export function pause(
  platform: Pick<Platform, "startTimer">,
  maxMs: number,
  signals: readonly AbortSignal[],
  until?: (callback: () => void) => () => void,
): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    let unsubscribe = (): void => undefined;
    const finish = (result: boolean): void => {
      timer.cancel();
      stop?.();
      unsubscribe();
      resolve(result);
    };
    const timer = platform.startTimer(() => finish(!until), maxMs);
    const stop = until?.(() => finish(true));
    unsubscribe = onAbort(signals, () => finish(false));
  });
}

/** The handlers that wait for a signal, and the one listener that calls them. */
interface AbortHandlers {
  readonly handlers: Set<() => void>;
  readonly listener: () => void;
}

/** The key of a signal's waiting handlers. They share one listener: from the eleventh on, Node warns of a leak. */
const ABORT_HANDLERS = Symbol("what waits for the signal");

interface AwaitedSignal extends AbortSignal {
  readonly [ABORT_HANDLERS]?: AbortHandlers;
}

function listenTo(signal: AwaitedSignal): AbortHandlers {
  const handlers = new Set<() => void>();
  const entry: AbortHandlers = { handlers, listener: () => handlers.forEach((handler) => handler()) };
  // Not an assignment, which would throw on an object that isn't extensible.
  Reflect.set(signal, ABORT_HANDLERS, entry);
  signal.addEventListener("abort", entry.listener);
  return entry;
}

/**
 * Calls `listener` when any of the signals is aborted, immediately if one already is. Returns a function to
 * unsubscribe.
 */
function onAbort(signals: readonly AbortSignal[], listener: (signal: AbortSignal) => void): () => void {
  const unsubscribers = signals.map((signal: AwaitedSignal) => {
    const handler = (): void => listener(signal);
    if (signal.aborted) {
      handler();
      return () => undefined;
    }
    const entry = signal[ABORT_HANDLERS] ?? listenTo(signal);
    entry.handlers.add(handler);
    return () => {
      entry.handlers.delete(handler);
      if (entry.handlers.size > 0) return;
      Reflect.deleteProperty(signal, ABORT_HANDLERS);
      signal.removeEventListener("abort", entry.listener);
    };
  });
  return () => unsubscribers.forEach((unsubscribe) => unsubscribe());
}

/** Returns why a signal was aborted, as a ChatError. */
export function abortReason(signal: AbortSignal): ChatError {
  const reason: unknown = signal.reason;
  if (isChatError(reason)) return copyOf(reason);
  return new ChatError("Aborted", "The call was aborted by its signal.", { cause: reason });
}

/** The maximum time for a job. */
export interface TimeLimit {
  readonly platform: Pick<Platform, "startTimer">;
  readonly ms: number;
  /** What didn't happen in time, as the beginning of the error's sentence: "SendMessage got no answer". */
  readonly what: string;
}

/** Runs a job that the signals or the time limit can end, with Aborted or Timeout, even if it ignores both. */
export function withinTime<T>(
  job: (signal: AbortSignal) => Promise<T>,
  signals: readonly AbortSignal[],
  limit?: TimeLimit,
): Promise<T> {
  const controller = new AbortController();
  let timer: Timer | undefined;
  let unsubscribe = (): void => undefined;
  const stop = (): void => {
    timer?.cancel();
    unsubscribe();
  };
  return new Promise<T>((resolve, reject) => {
    const giveUp = (reason: ChatError): void => {
      stop();
      reject(reason);
      controller.abort(reason);
    };
    unsubscribe = onAbort(signals, (signal) => giveUp(abortReason(signal)));
    if (controller.signal.aborted) return;
    if (limit) {
      const { platform, ms, what } = limit;
      const seconds = Math.round(ms / 100) / 10;
      timer = platform.startTimer(
        () =>
          giveUp(
            new ChatError("Timeout", `${what} within ${seconds} s. Try again later.`, { retryable: true }),
          ),
        ms,
      );
    }
    job(controller.signal).then(resolve, reject);
  }).finally(stop);
}
