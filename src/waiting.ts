/** Delays between attempts, the request budget, pauses, and time limits. */
import { ChatError, copyOf, isChatError, isThrottled } from "./errors";
import type { Platform, Timer } from "./platform";
import { fullJitterMs } from "./util/backoff";

/** The maximum jitter after a 429. */
const THROTTLED_CAP_MS = 120_000;
/** The maximum Retry-After to obey. A gateway's mistake must not keep a chat from retrying for a day. */
const MAX_RETRY_AFTER_MS = 120_000;
/** The jitter added to a capped Retry-After, because all clients would otherwise retry at the same instant. */
const CAPPED_SPREAD_MS = 30_000;

/** The minimum interval between attempts caused by signals. A page may emit many signals per second. */
export const SIGNAL_INTERVAL_MS = 2_000;

/** Returns an error's capped Retry-After, in milliseconds; 0 if the error has none. */
export function cappedRetryAfterMs(error: unknown, platform: Pick<Platform, "random">): number {
  const { retryAfterMs = 0 }: Partial<ChatError> = isChatError(error) ? error : {};
  const isCapped = retryAfterMs > MAX_RETRY_AFTER_MS;
  return isCapped ? MAX_RETRY_AFTER_MS + platform.random() * CAPPED_SPREAD_MS : retryAfterMs;
}

/** Returns the delay after a failed attempt, in milliseconds: the error's Retry-After, plus full jitter. */
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

/** Returns the minimum delay between a failure and an attempt caused by a signal, in milliseconds. */
export const minDelayAfterMs = (error: unknown, platform: Pick<Platform, "random">): number =>
  Math.max(SIGNAL_INTERVAL_MS, cappedRetryAfterMs(error, platform));

/** The number of requests that the library may make on its own in a burst. Opening a socket counts as a request. */
const BURST = 20;
/** The interval at which one more request is allowed. With the burst, this allows about 60 requests in ten minutes. */
const REFILL_INTERVAL_MS = 15_000;
/** Connection attempts leave this many requests for the recovery that follows a reconnection. */
export const RESERVED_FOR_RECOVERY = 6;

/** Limits the requests that the library makes on its own, so that no kind of outage causes a flood. */
export class RequestBudget {
  readonly #platform: Pick<Platform, "monotonicMs" | "startTimer">;
  readonly #burst: number;
  readonly #refillIntervalMs: number;
  /** When the full burst will be available again, on the monotonic clock. */
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

  /** Returns how long a request has to wait, in milliseconds. `reserve` more requests can then follow immediately. */
  waitMs(reserve = 0): number {
    const earliestMs = this.#fullAtMs - (this.#burst - 1 - reserve) * this.#refillIntervalMs;
    return Math.max(0, earliestMs - this.#platform.monotonicMs());
  }

  /** Records that a request is being sent. */
  spend(): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, this.#platform.monotonicMs()) + this.#refillIntervalMs;
  }

  /** Waits until a request may be sent, and records the request. If a signal is aborted, resolves early instead. */
  async acquire(signals: readonly AbortSignal[]): Promise<void> {
    // Other requests may have been sent during the pause.
    for (let waitMs = this.waitMs(); waitMs > 0; waitMs = this.waitMs()) {
      if (!(await pause(this.#platform, waitMs, signals))) return;
    }
    this.spend();
  }
}

/**
 * Pauses for `maxMs`. Resolves with true after that time, or with false when one of the signals is aborted. With
 * `until`, resolves with true if `until` calls back in time, and otherwise with false. `until` returns a function that
 * cancels the callback.
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

/** The handlers to call when a signal is aborted, and the listener that calls them. */
interface AbortHandlers {
  readonly handlers: Set<() => void>;
  readonly listener: () => void;
}

/** The key of a signal's handlers. They share one listener, because Node warns of a leak at eleven listeners. */
const ABORT_HANDLERS = Symbol("the signal's handlers");

interface AwaitedSignal extends AbortSignal {
  readonly [ABORT_HANDLERS]?: AbortHandlers;
}

function listenTo(signal: AwaitedSignal): AbortHandlers {
  const handlers = new Set<() => void>();
  const entry: AbortHandlers = { handlers, listener: () => handlers.forEach((handler) => handler()) };
  // Unlike an assignment, this doesn't throw if the object isn't extensible.
  Reflect.set(signal, ABORT_HANDLERS, entry);
  signal.addEventListener("abort", entry.listener);
  return entry;
}

/**
 * Calls `listener` when any of the signals is aborted, or immediately if a signal is already aborted. Returns a
 * function that unsubscribes the listener.
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

/** Returns a signal's abort reason as a ChatError. */
export function abortReason(signal: AbortSignal): ChatError {
  const reason: unknown = signal.reason;
  if (isChatError(reason)) return copyOf(reason);
  return new ChatError("Aborted", "The call was aborted by its signal.", { cause: reason });
}

/** A time limit for a job. */
export interface TimeLimit {
  readonly platform: Pick<Platform, "startTimer">;
  readonly ms: number;
  /** The start of the error message, such as "SendMessage received no response". It ends "within {seconds} s." */
  readonly what: string;
}

/**
 * Runs a job. Rejects with Aborted if one of the signals is aborted, or with Timeout if the limit is exceeded, even if
 * the job ignores its own signal.
 */
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
