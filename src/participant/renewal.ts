import type { Platform, Timer } from "../platform";
import { pauseAfterMs, minDelayAfterMs } from "../waiting";
import { RETRY, type RetryPolicy } from "./retry";
import type { SessionConnection } from "./types";

/** A connection token is renewed this long before it expires. */
const RENEW_BEFORE_EXPIRY_MS = 60_000;
/** The maximum time from receiving a token to renewing it. */
const MAX_DELAY_MS = 12 * 3_600_000;
/** The minimum time from receiving a token to renewing it. */
const MIN_DELAY_MS = 30_000;

/**
 * The backoff after failed renewals. The pause is random, up to a maximum that starts at `base` and doubles with each
 * failure until it reaches `cap`.
 */
const BACKOFF_MS = { base: 2_000, cap: 300_000 } as const;

/** Renews a connection token before it expires, and on demand. Concurrent callers share the renewal in flight. */
export class Renewal {
  readonly #platform: Platform;
  readonly #fetchToken: (policy: RetryPolicy) => Promise<void>;
  #pending: Promise<void> | null = null;
  #timer: Timer | null = null;
  /**
   * The earliest time at which a page signal, such as a wake-up, may trigger a renewal: the scheduled time or, after a
   * failure, the shortest wait that the failure allows.
   */
  #earliestAtMs = Infinity;
  #failures = 0;
  #unsubscribe: (() => void) | null = null;
  #isStopped = false;

  /** If `fetchToken` succeeds, it must call `onTokenIssued()`. */
  constructor(platform: Platform, fetchToken: (policy: RetryPolicy) => Promise<void>) {
    this.#platform = platform;
    this.#fetchToken = fetchToken;
  }

  renew(policy: RetryPolicy): Promise<void> {
    this.#pending ??= this.#fetchToken(policy).finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  /** Schedules the renewal of a new token. */
  onTokenIssued({ connectionToken, connectionTokenExpiry }: SessionConnection): void {
    this.#failures = 0;
    if (this.#isStopped) return;
    // A page that slept past the renewal's due time wakes up with an expired token and a late timer. After a failed
    // renewal, a page that wakes up or comes back online is also a good time to try again.
    this.#unsubscribe ??= this.#platform.onSignal((signal) => {
      if (["hidden", "leaving", "offline"].includes(signal) || this.#pending) return;
      this.#schedule(this.#earliestAtMs - this.#platform.monotonicMs());
    });
    this.#schedule(connectionToken === null ? Infinity : this.#delayMs(connectionTokenExpiry));
  }

  /** Stops scheduled renewals. Renewals on demand still work. */
  stop(): void {
    this.#isStopped = true;
    this.#unsubscribe?.();
    this.#schedule(Infinity);
  }

  #delayMs(expiry: string | null): number {
    const delayMs = Date.parse(expiry ?? "") - RENEW_BEFORE_EXPIRY_MS - this.#platform.now();
    // If a new token seems to have expired, the local clock is wrong.
    return delayMs > 0 ? Math.min(MAX_DELAY_MS, Math.max(MIN_DELAY_MS, delayMs)) : MAX_DELAY_MS;
  }

  /** Schedules a renewal, replacing the previous one. A negative delay is due immediately; Infinity only cancels. */
  #schedule(delayMs: number): void {
    this.#timer?.cancel();
    this.#earliestAtMs = this.#platform.monotonicMs() + delayMs;
    if (delayMs === Infinity || this.#isStopped) return;
    this.#timer = this.#platform.startTimer(() => void this.#attempt(), delayMs);
  }

  async #attempt(): Promise<void> {
    try {
      await this.renew(RETRY.once);
    } catch (error) {
      this.#schedule(pauseAfterMs(error, this.#platform, this.#failures, BACKOFF_MS.base, BACKOFF_MS.cap));
      this.#failures += 1;
      this.#earliestAtMs = this.#platform.monotonicMs() + minDelayAfterMs(error, this.#platform);
    }
  }
}
