/** Waiting: how long until the next attempt, and what ends a wait. */
import { ChatError, copyOf, isChatError } from "./errors";
import type { Platform, Timer } from "./platform";
import { fullJitterMs } from "./util/backoff";

/** Where the service said that there are too many calls, the pauses grow up to this. */
const THROTTLED_CAP_MS = 120_000;
/** A Retry-After that asks for more is cut off here: a gateway's mistake must not silence a chat for a day. */
const LONGEST_RETRY_AFTER_MS = 120_000;
/** Those that were cut off would all come back at one instant. */
const CUT_OFF_SPREAD_MS = 30_000;

/** How long to wait after a failure: as long as the service asks, and full jitter beyond that. */
export function pauseAfterMs(
  error: unknown,
  platform: Pick<Platform, "random">,
  attempt: number,
  baseMs: number,
  capMs: number,
): number {
  const { statusCode, retryAfterMs = 0 }: Partial<ChatError> = isChatError(error) ? error : {};
  const maxJitterMs = statusCode === 429 ? THROTTLED_CAP_MS : capMs;
  const spreadMs = retryAfterMs > LONGEST_RETRY_AFTER_MS ? platform.random() * CUT_OFF_SPREAD_MS : 0;
  return (
    Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS) +
    spreadMs +
    fullJitterMs(() => platform.random(), attempt, baseMs, maxJitterMs)
  );
}

/**
 * Resolves true when the time is over, false when one of the signals ends it. With `until`, that is what is waited for:
 * true once it calls back, false when the time is over. It returns its cancellation.
 */
export function pause(
  platform: Pick<Platform, "startTimer">,
  maxMs: number,
  signals: readonly AbortSignal[],
  until?: (callback: () => void) => () => void,
): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    let unsubscribe = (): void => undefined;
    const done = (result: boolean): void => {
      timer.cancel();
      stop?.();
      unsubscribe();
      resolve(result);
    };
    const timer = platform.startTimer(() => done(!until), maxMs);
    const stop = until?.(() => done(true));
    unsubscribe = onAbort(signals, () => done(false));
  });
}

/** Calls `listener` when any of the signals is aborted, at once if one is already; returns the function that stops it. */
function onAbort(signals: readonly AbortSignal[], listener: (signal: AbortSignal) => void): () => void {
  const taken = signals.map((signal) => {
    const handler = (): void => listener(signal);
    if (signal.aborted) handler();
    else signal.addEventListener("abort", handler);
    return () => signal.removeEventListener("abort", handler);
  });
  return () => taken.forEach((unsubscribe) => unsubscribe());
}

/** Why a signal was aborted, as an error of ours. */
export function abortReason(signal: AbortSignal): ChatError {
  const reason: unknown = signal.reason;
  if (isChatError(reason)) return copyOf(reason);
  return new ChatError("Aborted", "The call was aborted by its signal.", { cause: reason });
}

/** The longest that a job may take. */
export interface TimeLimit {
  readonly platform: Pick<Platform, "startTimer">;
  readonly ms: number;
  /** What has not happened by then, as the beginning of the error's sentence: "SendMessage got no answer". */
  readonly what: string;
}

/** A job that the signals and the time end, with Aborted or Timeout, even if it heeds neither. */
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
