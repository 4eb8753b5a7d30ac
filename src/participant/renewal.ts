import type { Platform, Timer } from "../platform";
import { pauseAfterMs, soonestAfterMs } from "../waiting";
import { RETRY, type RetryPolicy } from "./retry";
import type { SessionConnection } from "./types";

/** How long before its expiry a connection token is renewed. */
const RENEW_BEFORE_EXPIRY_MS = 60_000;
/** The longest time from a token's issue to its renewal. */
const MAX_DELAY_MS = 12 * 3_600_000;
/** The shortest time from a token's issue to its renewal. */
const MIN_DELAY_MS = 30_000;

/**
 * The backoff after failed renewals: the pause is at most `base`, and the maximum doubles with each failure up to
 * `cap`.
 */
const BACKOFF_MS = { base: 2_000, cap: 300_000 } as const;

/** Renews a connection token ahead of time and when a call needs it. All callers share the renewal in flight. */
export class Renewal {
  readonly #platform: Platform;
  readonly #fetchToken: (policy: RetryPolicy) => Promise<void>;
  #pending: Promise<void> | null = null;
  #timer: Timer | null = null;
  /** The earliest time at which a page that wakes up renews the token: the time it is due, or later after a failure. */
  #earliestAtMs = Infinity;
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
  onTokenIssued({ connectionToken, connectionTokenExpiry }: SessionConnection): void {
    this.#failures = 0;
    if (this.#isStopped) return;
    // A page that slept past the renewal wakes up with an expired token and a late timer. Also, a failed renewal may
    // succeed once the page wakes up or is online again.
    this.#unsubscribe ??= this.#platform.onSignal((signal) => {
      if (["hidden", "leaving", "offline"].includes(signal) || this.#pending) return;
      this.#schedule(this.#earliestAtMs - this.#platform.monotonicMs());
    });
    this.#schedule(connectionToken === null ? Infinity : this.#delayMs(connectionTokenExpiry));
  }

  /** Stops renewing ahead of time. */
  stop(): void {
    this.#isStopped = true;
    this.#unsubscribe?.();
    this.#schedule(Infinity);
  }

  #delayMs(expiry: string | null): number {
    const delayMs = Date.parse(expiry ?? "") - RENEW_BEFORE_EXPIRY_MS - this.#platform.now();
    // A new token that looks expired means that the local clock is wrong.
    return delayMs > 0 ? Math.min(MAX_DELAY_MS, Math.max(MIN_DELAY_MS, delayMs)) : MAX_DELAY_MS;
  }

  /** Starts the timer: it fires immediately if `delayMs` is negative, and never if it is Infinity. */
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
      this.#earliestAtMs = this.#platform.monotonicMs() + soonestAfterMs(error, this.#platform);
    }
  }
}
