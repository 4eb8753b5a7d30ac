import { isChatError, type ChatError } from "../errors";
import type { Platform } from "../platform";
import { abortReason, pause, pauseAfterMs, SIGNALS_EVERY_MS, withinTime } from "../waiting";

export interface RetryPolicy {
  readonly attempts: number;
  /** How long one attempt may take. */
  readonly attemptMs: number;
  /** After this long no further attempt starts, and one in flight is given up. Time asleep is not counted. */
  readonly totalMs: number;
}

/** Which calls are tried again, and how often. */
export const RETRY = {
  /** Calls with an idempotency token, and reads. */
  standard: { attempts: 3, attemptMs: 10_000, totalMs: 30_000 },
  /** Typing: late, it would be wrong. */
  once: { attempts: 1, attemptMs: 10_000, totalMs: 10_000 },
  /** A file on its way to or from the storage. */
  transfer: { attempts: 3, attemptMs: 900_000, totalMs: 900_000 },
  /** A call that retries its own steps. */
  asIs: { attempts: 1, attemptMs: 3_600_000, totalMs: 3_600_000 },
} as const satisfies Record<string, RetryPolicy>;

const BASE_MS = 500;
const CAP_MS = 5_000;

/** Where to wait while the device is offline; attempts that fail meanwhile are not counted. */
export interface OfflineHold {
  /** How long a call waits for the network in all. */
  readonly maxMs: number;
  readonly network: {
    isOnline(): Promise<boolean>;
    /** Calls back once, when the network is back or worth trying; returns its cancellation. */
    whenWorthTrying(callback: () => void): () => void;
  };
}

export interface RetryOptions {
  /** What is called, for the error of an attempt that takes too long. */
  readonly operation?: string;
  /** Any of them aborts the attempt under way, or the pause before the next. */
  readonly signals?: readonly AbortSignal[] | undefined;
  /** Once aborted, an attempt under way may still succeed, but none follows it. */
  readonly noMoreAttempts?: AbortSignal;
  readonly hold?: OfflineHold | undefined;
  readonly onHold?: () => void;
  readonly onRetry?: ((error: ChatError, delayMs: number) => void) | undefined;
}

/** `attempt`, repeated by `policy` while its failure is retryable. Settles with a signal even if `attempt` ignores it. */
export async function withRetry<T>(
  platform: Pick<Platform, "monotonicMs" | "random" | "startTimer">,
  policy: RetryPolicy,
  attempt: (signal: AbortSignal) => Promise<T>,
  { operation = "The call", signals = [], noMoreAttempts, hold, onHold, onRetry }: RetryOptions = {},
): Promise<T> {
  let spentMs = 0;
  let holdLeftMs = hold?.maxMs ?? 0;
  const stops = noMoreAttempts ? [...signals, noMoreAttempts] : signals;
  for (let tried = 1; ; tried += 1) {
    const startedAt = platform.monotonicMs();
    const ms = Math.min(policy.attemptMs, policy.totalMs - spentMs);
    try {
      return await withinTime(attempt, signals, { platform, ms, what: `${operation} got no answer` });
    } catch (error) {
      if (!isChatError(error) || !error.retryable || noMoreAttempts?.aborted) throw error;
      // Only where the network failed and the device says that there is none: what it says alone proves nothing.
      if (hold && holdLeftMs > 0 && error.code === "NetworkError" && !(await hold.network.isOnline())) {
        onHold?.();
        const heldFrom = platform.monotonicMs();
        const isBack = await pause(platform, holdLeftMs, stops, (callback) =>
          hold.network.whenWorthTrying(callback),
        );
        const now = platform.monotonicMs();
        holdLeftMs = isBack ? holdLeftMs - now + heldFrom : 0;
        const earlyMs = startedAt + SIGNALS_EVERY_MS - now;
        if (isBack && earlyMs > 0) await pause(platform, earlyMs, stops);
        if (stops.some(({ aborted }) => aborted)) throw stopped(signals) ?? error;
        // The wait is over: one more attempt, since the device may be wrong about its network.
        tried = isBack ? tried - 1 : policy.attempts - 1;
        continue;
      }
      if (tried >= policy.attempts) throw error;
      const delayMs = pauseAfterMs(error, platform, tried - 1, BASE_MS, CAP_MS);
      // No attempt takes longer than it may, and no pause than it should: the rest is time asleep.
      spentMs += Math.min(ms, platform.monotonicMs() - startedAt) + delayMs;
      if (spentMs >= policy.totalMs) throw error;
      onRetry?.(error, delayMs);
      if (!(await pause(platform, delayMs, stops))) throw stopped(signals) ?? error;
    }
  }
}

/** Why one of these signals was aborted; null if none was. */
function stopped(signals: readonly AbortSignal[]): ChatError | null {
  const signal = signals.find(({ aborted }) => aborted);
  return signal ? abortReason(signal) : null;
}
