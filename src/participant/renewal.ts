import type { Platform, Timer } from "../platform";
import { pauseAfterMs, soonestAfterMs } from "../waiting";
import { RETRY, type RetryPolicy } from "./retry";
import type { KnownConnection } from "./types";

/** A connection token is renewed this long before it expires, */
const AHEAD_MS = 60_000;
/** at the latest this long after it was issued, */
const LATEST_MS = 12 * 3_600_000;
/** and no sooner. */
const EARLIEST_MS = 30_000;

/** After a failure, the next attempt follows within the first; within twice as long after each further failure. */
const RETRY_MS = { base: 2_000, cap: 300_000 } as const;

/** Renews a connection token: ahead of time, and when a call needs it; one renewal at a time for all who wait. */
export class Renewal {
  readonly #platform: Platform;
  readonly #fetchToken: (policy: RetryPolicy) => Promise<void>;
  #pending: Promise<void> | null = null;
  #timer: Timer | null = null;
  /** From when on a page that wakes renews: when that is due, or a while after a failure. */
  #soonestAtMs = Infinity;
  #failures = 0;
  #unsubscribe: (() => void) | null = null;
  #isStopped = false;

  /** Where `fetchToken` succeeds, it calls `issued`. */
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

  /** There is a new token. */
  issued({ connectionToken, connectionTokenExpiry }: KnownConnection): void {
    this.#failures = 0;
    if (this.#isStopped) return;
    // A page that slept past the renewal's time wakes with an expired token and a late timer; and a renewal that failed
    // before may succeed now.
    this.#unsubscribe ??= this.#platform.onSignal((signal) => {
      if (["hidden", "leaving", "offline"].includes(signal) || this.#pending) return;
      this.#start(this.#soonestAtMs - this.#platform.monotonicMs());
    });
    this.#start(connectionToken === null ? Infinity : this.#delayMs(connectionTokenExpiry));
  }

  /** No renewal ahead of time any more. */
  stop(): void {
    this.#isStopped = true;
    this.#unsubscribe?.();
    this.#start(Infinity);
  }

  #delayMs(expiry: string | null): number {
    const delayMs = Date.parse(expiry ?? "") - AHEAD_MS - this.#platform.now();
    // A new token that looks expired means that the page's date is wrong.
    return delayMs > 0 ? Math.min(LATEST_MS, Math.max(EARLIEST_MS, delayMs)) : LATEST_MS;
  }

  /** At once if `delayMs` is negative, never if it is Infinity. */
  #start(delayMs: number): void {
    this.#timer?.cancel();
    this.#soonestAtMs = this.#platform.monotonicMs() + delayMs;
    if (delayMs === Infinity || this.#isStopped) return;
    this.#timer = this.#platform.startTimer(() => void this.#attempt(), delayMs);
  }

  async #attempt(): Promise<void> {
    try {
      await this.renew(RETRY.once);
    } catch (error) {
      this.#start(pauseAfterMs(error, this.#platform, this.#failures, RETRY_MS.base, RETRY_MS.cap));
      this.#failures += 1;
      this.#soonestAtMs = this.#platform.monotonicMs() + soonestAfterMs(error, this.#platform);
    }
  }
}
