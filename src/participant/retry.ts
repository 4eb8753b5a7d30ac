import { isChatError, type ChatError } from "../errors";
import type { Platform } from "../platform";
import { abortReason, pause, pauseAfterMs, SIGNAL_INTERVAL_MS, withinTime } from "../waiting";

export interface RetryPolicy {
  readonly attempts: number;
  /** The timeout for one attempt. */
  readonly attemptTimeoutMs: number;
  /**
   * The timeout for all attempts together. When it expires, the attempt in flight is abandoned, and no further attempt
   * starts. Time during which the device sleeps doesn't count.
   */
  readonly totalTimeoutMs: number;
}

/** The retry policies. */
export const RETRY = {
  /** Calls that are safe to repeat: reads, and writes with an idempotency token. */
  standard: { attempts: 3, attemptTimeoutMs: 10_000, totalTimeoutMs: 30_000 },
  /** Calls that are useless when late, such as typing events, and calls that the caller retries. */
  once: { attempts: 1, attemptTimeoutMs: 10_000, totalTimeoutMs: 10_000 },
  /** Uploads to and downloads from attachment storage. */
  transfer: { attempts: 3, attemptTimeoutMs: 900_000, totalTimeoutMs: 900_000 },
  /** Calls that retry their own steps. */
  selfRetrying: { attempts: 1, attemptTimeoutMs: 3_600_000, totalTimeoutMs: 3_600_000 },
} as const satisfies Record<string, RetryPolicy>;

const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 5_000;

/** How a call waits for the network while the device is offline. Attempts that fail during the wait don't count. */
export interface OfflineHold {
  /** The maximum total time that a call waits for the network. */
  readonly maxMs: number;
  readonly network: {
    isOnline(): Promise<boolean>;
    /**
     * Calls `callback` once, when the network is back or another attempt is worthwhile. Returns a function that
     * cancels the wait.
     */
    waitForNetwork(callback: () => void): () => void;
  };
}

export interface RetryOptions {
  /** The operation's name, used in the error when an attempt times out. */
  readonly operation?: string;
  /** Signals that abort the attempt in flight, or the pause between attempts. */
  readonly signals?: readonly AbortSignal[] | undefined;
  /** After this signal is aborted, no attempt starts. The attempt in flight may still succeed. */
  readonly noMoreAttempts?: AbortSignal;
  readonly hold?: OfflineHold | undefined;
  readonly onHold?: () => void;
  readonly onRetry?: ((error: ChatError, delayMs: number) => void) | undefined;
}

/**
 * Runs `attempt`. After a retryable error, runs it again according to `policy`. Rejects as soon as a signal is aborted,
 * even if `attempt` ignores its signal.
 */
export async function withRetry<T>(
  platform: Pick<Platform, "monotonicMs" | "random" | "startTimer">,
  policy: RetryPolicy,
  attempt: (signal: AbortSignal) => Promise<T>,
  { operation = "The call", signals = [], noMoreAttempts, hold, onHold, onRetry }: RetryOptions = {},
): Promise<T> {
  let spentMs = 0;
  let remainingHoldMs = hold?.maxMs ?? 0;
  const stopSignals = noMoreAttempts ? [...signals, noMoreAttempts] : signals;
  for (let attemptNumber = 1; ; attemptNumber += 1) {
    const startedAt = platform.monotonicMs();
    const ms = Math.min(policy.attemptTimeoutMs, policy.totalTimeoutMs - spentMs);
    try {
      return await withinTime(attempt, signals, { platform, ms, what: `${operation} received no response` });
    } catch (error) {
      if (!isChatError(error) || !error.retryable || noMoreAttempts?.aborted) throw error;
      // The reported network status may be wrong, so being offline matters only if the attempt has also failed.
      if (hold && remainingHoldMs > 0 && error.code === "NetworkError" && !(await hold.network.isOnline())) {
        onHold?.();
        const heldSinceMs = platform.monotonicMs();
        const isNetworkBack = await pause(platform, remainingHoldMs, stopSignals, (callback) =>
          hold.network.waitForNetwork(callback),
        );
        const now = platform.monotonicMs();
        remainingHoldMs = isNetworkBack ? remainingHoldMs - now + heldSinceMs : 0;
        const tooEarlyMs = startedAt + SIGNAL_INTERVAL_MS - now;
        if (isNetworkBack && tooEarlyMs > 0) await pause(platform, tooEarlyMs, stopSignals);
        if (stopSignals.some(({ aborted }) => aborted)) throw firstAbortReason(signals) ?? error;
        // If the network isn't back in time, one last attempt is made anyway, because the reported status may be wrong.
        attemptNumber = isNetworkBack ? attemptNumber - 1 : policy.attempts - 1;
        continue;
      }
      if (attemptNumber >= policy.attempts) throw error;
      const delayMs = pauseAfterMs(error, platform, attemptNumber - 1, BACKOFF_BASE_MS, BACKOFF_CAP_MS);
      // An attempt can't take longer than its timeout, so any time beyond that was spent asleep and doesn't count.
      spentMs += Math.min(ms, platform.monotonicMs() - startedAt) + delayMs;
      if (spentMs >= policy.totalTimeoutMs) throw error;
      onRetry?.(error, delayMs);
      if (!(await pause(platform, delayMs, stopSignals))) throw firstAbortReason(signals) ?? error;
    }
  }
}

/** Returns the abort reason of the first aborted signal; null if none is aborted. */
function firstAbortReason(signals: readonly AbortSignal[]): ChatError | null {
  const signal = signals.find(({ aborted }) => aborted);
  return signal ? abortReason(signal) : null;
}
