import type { LibraryLogger } from "../api/logging";
import type { Platform, Timer } from "../platform";
import {
  pauseAfterMs,
  SIGNAL_INTERVAL_MS,
  minDelayAfterMs,
  RESERVED_FOR_RECOVERY,
  type RequestBudget,
} from "../waiting";

/** Timing of reconnection attempts. */
export const RECONNECT = {
  /** The maximum jitter before the first attempt. Thousands of clients may lose their sockets at the same time. */
  baseMs: 1_000,
  capMs: 30_000,
  /** The count of failed attempts is reset after the link has been up this long, which is one heartbeat interval. */
  stableAfterMs: 10_000,
} as const;

/** How the pause before an attempt ends: the attempt is due, or it must wait because phones freeze hidden pages. */
export type PauseEnd = "due" | "hide";

/** Schedules a link's next attempt. */
export class NextAttempt {
  /** The number of consecutive failed attempts. */
  failures = 0;
  readonly #platform: Platform;
  readonly #logger: LibraryLogger;
  readonly #budget: RequestBudget;
  readonly #report: (end: PauseEnd) => void;
  #timer: Timer | null = null;
  #dueAtMs = 0;
  /** The earliest time (monotonic clock) to which a signal may bring the attempt forward. */
  #earliestAtMs = 0;
  /** Whether a signal has arrived since the last attempt. If so, the pause after the next failure has a minimum. */
  #hadSignal = false;

  constructor(
    platform: Platform,
    logger: LibraryLogger,
    budget: RequestBudget,
    report: (end: PauseEnd) => void,
  ) {
    this.#platform = platform;
    this.#logger = logger;
    this.#budget = budget;
    this.#report = report;
  }

  get isScheduled(): boolean {
    return this.#timer !== null;
  }

  /** Returns the delay before an attempt, in milliseconds: the service's Retry-After, if any, plus full jitter. */
  delayMs(attempt: number, error?: unknown): number {
    return pauseAfterMs(error, this.#platform, attempt, RECONNECT.baseMs, RECONNECT.capMs);
  }

  /** Records a failed attempt or a lost link. Returns the delay before the next attempt, in milliseconds. */
  onFailure(error: unknown): number {
    const delayMs = Math.max(this.delayMs(this.failures, error), this.#hadSignal ? SIGNAL_INTERVAL_MS : 0);
    this.failures += 1;
    this.#hadSignal = false;
    this.#earliestAtMs = this.#platform.monotonicMs() + minDelayAfterMs(error, this.#platform);
    return delayMs;
  }

  onOpened(): void {
    this.#hadSignal = false;
  }

  /** Starts a timer that resets the count of failed attempts. */
  startStableTimer(): Timer {
    return this.#platform.startTimer(() => (this.failures = 0), RECONNECT.stableAfterMs);
  }

  /** Handles a wake-up or a network change. Earlier failures then say little about the next attempt. */
  onSignal(): void {
    this.failures = Math.min(this.failures, 1);
    this.#hadSignal = true;
  }

  /** Schedules the attempt after `minDelayMs`, or later if the request budget, minus `reserve`, is used up. */
  schedule(minDelayMs: number, reserve = RESERVED_FOR_RECOVERY): void {
    this.cancel();
    const delayMs = Math.max(minDelayMs, this.#budget.waitMs(reserve));
    this.#dueAtMs = this.#platform.monotonicMs() + delayMs;
    this.#logger.info("The next attempt to connect is scheduled", {
      retryCount: this.failures,
      delayMs: Math.round(delayMs),
    });
    this.#timer = this.#platform.startTimer(() => this.#onDue(), delayMs);
  }

  /** Brings the attempt forward to `delayMs` from now, or to the earliest allowed time after that. */
  bringForward(delayMs: number): void {
    const now = this.#platform.monotonicMs();
    const minDelayMs = Math.max(delayMs, this.#earliestAtMs - now);
    // Attempts after a signal may use half of the reserve, so that a page that wakes after a long outage needn't wait.
    if (!this.isScheduled || now + minDelayMs < this.#dueAtMs)
      this.schedule(minDelayMs, RESERVED_FOR_RECOVERY / 2);
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #onDue(): void {
    this.#timer = null;
    // Phones freeze hidden pages, so the attempt wouldn't finish.
    const isFrozen = this.#platform.isMobile() && !this.#platform.isVisible();
    if (isFrozen) this.#logger.info("The next attempt waits until the page is visible");
    this.#report(isFrozen ? "hide" : "due");
  }
}
