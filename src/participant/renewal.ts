import type { Platform, Timer } from "../platform";
import { pauseAfterMs, minDelayAfterMs } from "../waiting";
import { RETRY, type RetryPolicy } from "./retry";
import type { KnownConnection } from "./types";

/** How long before its expiry a connection token is renewed. */
const AHEAD_MS = 60_000;
/** The longest time from a token's issue to its renewal. */
const LATEST_MS = 12 * 3_600_000;
/** The shortest time from a token's issue to its renewal. */
const EARLIEST_MS = 30_000;

/**
 * The backoff after failed renewals: the pause is at most `base`, and the maximum doubles with each failure up to
 * `cap`.
 */
const RETRY_MS = { base: 2_000, cap: 300_000 } as const;

/** Renews a connection token ahead of time and when a call needs it. All callers share the renewal in flight. */
export class Renewal {
  readonly #platform: Platform;
  readonly #fetchToken: (policy: RetryPolicy) => Promise<void>;
  #pending: Promise<void> | null = null;
  #timer: Timer | null = null;
  /** The earliest time at which a page that wakes up renews the token: the time it is due, or later after a failure. */
  #soonestAtMs = Infinity;
  #failures = 0;
  #unsubscribe: (() => void) | null = null;
  #isStopped = false;

  /** `fetchToken` calls `issued()` if it succeeds. */
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
  issued({ connectionToken, connectionTokenExpiry }: KnownConnection): void {
    this.#failures = 0;
    if (this.#isStopped) return;
    // A page that slept past the renewal wakes up with an expired token and a late timer. Also, a failed renewal may
    // succeed once the page wakes up or is online again.
    this.#unsubscribe ??= this.#platform.onSignal((signal) => {
      if (["hidden", "leaving", "offline"].includes(signal) || this.#pending) return;
      this.#start(this.#soonestAtMs - this.#platform.monotonicMs());
    });
    this.#start(connectionToken === null ? Infinity : this.#delayMs(connectionTokenExpiry));
  }

  /** Stops renewing ahead of time. */
  stop(): void {
    this.#isStopped = true;
    this.#unsubscribe?.();
    this.#start(Infinity);
  }

  #delayMs(expiry: string | null): number {
    const delayMs = Date.parse(expiry ?? "") - AHEAD_MS - this.#platform.now();
    // A new token that looks expired means that the local clock is wrong.
    return delayMs > 0 ? Math.min(LATEST_MS, Math.max(EARLIEST_MS, delayMs)) : LATEST_MS;
  }

  /** Starts the timer: it fires immediately if `delayMs` is negative, and never if it is Infinity. */
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
      this.#soonestAtMs = this.#platform.monotonicMs() + minDelayAfterMs(error, this.#platform);
    }
  }
}
