import { isChatError, type ChatError } from "../errors";
import type { Platform } from "../platform";
import { abortReason, pause, pauseAfterMs, SIGNAL_INTERVAL_MS, withinTime } from "../waiting";

export interface RetryPolicy {
  readonly attempts: number;
  /** The time limit of one attempt. */
  readonly attemptMs: number;
  /** After this time, no attempt starts, and the attempt in flight is abandoned. Time asleep doesn't count. */
  readonly totalMs: number;
}

/** The retry policies. */
export const RETRY = {
  /** For calls with an idempotency token, and for reads. */
  standard: { attempts: 3, attemptMs: 10_000, totalMs: 30_000 },
  /** For calls that are useless when late, such as typing, or that the caller retries. */
  once: { attempts: 1, attemptMs: 10_000, totalMs: 10_000 },
  /** For uploading a file to attachment storage, and for downloading one. */
  transfer: { attempts: 3, attemptMs: 900_000, totalMs: 900_000 },
  /** For calls that retry their own steps. */
  asIs: { attempts: 1, attemptMs: 3_600_000, totalMs: 3_600_000 },
} as const satisfies Record<string, RetryPolicy>;

const BASE_MS = 500;
const CAP_MS = 5_000;

/** How a call waits while the device is offline. Attempts that fail while it is offline don't count. */
export interface OfflineHold {
  /** The total time that a call waits for the network. */
  readonly maxMs: number;
  readonly network: {
    isOnline(): Promise<boolean>;
    /** Calls `callback` once, when the network is back or worth trying. Returns a function that cancels the call. */
    waitForNetwork(callback: () => void): () => void;
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
  let holdLeftMs = hold?.maxMs ?? 0;
  const stops = noMoreAttempts ? [...signals, noMoreAttempts] : signals;
  for (let tried = 1; ; tried += 1) {
    const startedAt = platform.monotonicMs();
    const ms = Math.min(policy.attemptMs, policy.totalMs - spentMs);
    try {
      return await withinTime(attempt, signals, { platform, ms, what: `${operation} got no answer` });
    } catch (error) {
      if (!isChatError(error) || !error.retryable || noMoreAttempts?.aborted) throw error;
      // A device may report its network status wrongly, so the call waits only if its attempt also failed.
      if (hold && holdLeftMs > 0 && error.code === "NetworkError" && !(await hold.network.isOnline())) {
        onHold?.();
        const heldFrom = platform.monotonicMs();
        const isBack = await pause(platform, holdLeftMs, stops, (callback) =>
          hold.network.waitForNetwork(callback),
        );
        const now = platform.monotonicMs();
        holdLeftMs = isBack ? holdLeftMs - now + heldFrom : 0;
        const earlyMs = startedAt + SIGNAL_INTERVAL_MS - now;
        if (isBack && earlyMs > 0) await pause(platform, earlyMs, stops);
        if (stops.some(({ aborted }) => aborted)) throw abortOf(signals) ?? error;
        // After the wait, one last attempt is made, since the device may report its network status wrongly.
        tried = isBack ? tried - 1 : policy.attempts - 1;
        continue;
      }
      if (tried >= policy.attempts) throw error;
      const delayMs = pauseAfterMs(error, platform, tried - 1, BASE_MS, CAP_MS);
      // Attempts and pauses have limits, so any time beyond them is time asleep, which doesn't count.
      spentMs += Math.min(ms, platform.monotonicMs() - startedAt) + delayMs;
      if (spentMs >= policy.totalMs) throw error;
      onRetry?.(error, delayMs);
      if (!(await pause(platform, delayMs, stops))) throw abortOf(signals) ?? error;
    }
  }
}

/** The reason of the first aborted signal; null if none is aborted. */
function abortOf(signals: readonly AbortSignal[]): ChatError | null {
  const signal = signals.find(({ aborted }) => aborted);
  return signal ? abortReason(signal) : null;
}
