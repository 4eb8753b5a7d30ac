import { isChatError, type ChatError } from "../errors";
import type { Platform } from "../platform";
import { abortReason, pause, pauseAfterMs, SIGNALS_EVERY_MS, withinTime } from "../waiting";

export interface RetryPolicy {
  readonly attempts: number;
  /** The time limit of one attempt. */
  readonly attemptTimeoutMs: number;
  /** After this time, no attempt starts, and the attempt in flight is abandoned. Time asleep doesn't count. */
  readonly totalTimeoutMs: number;
}

/** The retry policies. */
export const RETRY = {
  /** For calls with an idempotency token, and for reads. */
  standard: { attempts: 3, attemptTimeoutMs: 10_000, totalTimeoutMs: 30_000 },
  /** For calls that are useless when late, such as typing, or that the caller retries. */
  once: { attempts: 1, attemptTimeoutMs: 10_000, totalTimeoutMs: 10_000 },
  /** For uploading a file to attachment storage, and for downloading one. */
  transfer: { attempts: 3, attemptTimeoutMs: 900_000, totalTimeoutMs: 900_000 },
  /** For calls that retry their own steps. */
  selfRetrying: { attempts: 1, attemptTimeoutMs: 3_600_000, totalTimeoutMs: 3_600_000 },
} as const satisfies Record<string, RetryPolicy>;

const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 5_000;

/** How a call waits while the device is offline. Attempts that fail while it is offline don't count. */
export interface OfflineHold {
  /** The total time that a call waits for the network. */
  readonly maxMs: number;
  readonly network: {
    isOnline(): Promise<boolean>;
    /** Calls `callback` once, when the network is back or worth trying. Returns a function that cancels the call. */
    whenWorthTrying(callback: () => void): () => void;
  };
}

export interface RetryOptions {
  /** The name of the operation, for the error of an attempt that times out. */
  readonly operation?: string;
  /** Each of these signals aborts the attempt in flight, or the pause before the next one. */
  readonly signals?: readonly AbortSignal[] | undefined;
  /** Once this signal is aborted, no attempt starts; the attempt in flight may still succeed. */
  readonly noMoreAttempts?: AbortSignal;
  readonly hold?: OfflineHold | undefined;
  readonly onHold?: () => void;
  readonly onRetry?: ((error: ChatError, delayMs: number) => void) | undefined;
}

/**
 * Runs `attempt`, and repeats it according to `policy` while it fails with a retryable error. Rejects when a signal is
 * aborted, even if `attempt` ignores the signal.
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
      return await withinTime(attempt, signals, { platform, ms, what: `${operation} got no answer` });
    } catch (error) {
      if (!isChatError(error) || !error.retryable || noMoreAttempts?.aborted) throw error;
      // A device may report its network status wrongly, so the call waits only if its attempt also failed.
      if (hold && remainingHoldMs > 0 && error.code === "NetworkError" && !(await hold.network.isOnline())) {
        onHold?.();
        const heldSinceMs = platform.monotonicMs();
        const isNetworkBack = await pause(platform, remainingHoldMs, stopSignals, (callback) =>
          hold.network.whenWorthTrying(callback),
        );
        const now = platform.monotonicMs();
        remainingHoldMs = isNetworkBack ? remainingHoldMs - now + heldSinceMs : 0;
        const tooEarlyMs = startedAt + SIGNALS_EVERY_MS - now;
        if (isNetworkBack && tooEarlyMs > 0) await pause(platform, tooEarlyMs, stopSignals);
        if (stopSignals.some(({ aborted }) => aborted)) throw firstAbortReason(signals) ?? error;
        // After the wait, one last attempt is made, since the device may report its network status wrongly.
        attemptNumber = isNetworkBack ? attemptNumber - 1 : policy.attempts - 1;
        continue;
      }
      if (attemptNumber >= policy.attempts) throw error;
      const delayMs = pauseAfterMs(error, platform, attemptNumber - 1, BACKOFF_BASE_MS, BACKOFF_CAP_MS);
      // Attempts and pauses have limits, so any time beyond them is time asleep, which doesn't count.
      spentMs += Math.min(ms, platform.monotonicMs() - startedAt) + delayMs;
      if (spentMs >= policy.totalTimeoutMs) throw error;
      onRetry?.(error, delayMs);
      if (!(await pause(platform, delayMs, stopSignals))) throw firstAbortReason(signals) ?? error;
    }
  }
}

/** The reason of the first aborted signal; null if none is aborted. */
function firstAbortReason(signals: readonly AbortSignal[]): ChatError | null {
  const signal = signals.find(({ aborted }) => aborted);
  return signal ? abortReason(signal) : null;
}
