import type { LibraryLogger } from "../api/logging";
import type { Platform, Timer } from "../platform";
import {
  pauseAfterMs,
  SIGNALS_EVERY_MS,
  soonestAfterMs,
  SPARED_BY_SOCKETS,
  type RequestBudget,
} from "../waiting";

/** When a link that was lost is tried again. */
export const RECONNECT = {
  /** Full jitter: the first attempt within a second, since thousands of clients lose their sockets at one instant. */
  baseMs: 1_000,
  capMs: 30_000,
  /** Attempts count from 0 again once the link has stayed up this long: a whole beat was answered. */
  stableAfterMs: 10_000,
} as const;

/** How the pause before an attempt ends by itself: it is due, or cannot be made on a phone whose page is hidden. */
export type PauseEnd = "due" | "hide";

/** Plans a link's next attempt. */
export class NextAttempt {
  /** Attempts that failed one after the other. */
  failures = 0;
  readonly #platform: Platform;
  readonly #logger: LibraryLogger;
  readonly #budget: RequestBudget;
  readonly #report: (end: PauseEnd) => void;
  #timer: Timer | null = null;
  #plannedAt = 0;
  /** From when on a signal may bring it forward. */
  #hurryFrom = 0;
  /** Signals came since the last attempt: the next two are not close together. */
  #isHurried = false;

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

  get isPlanned(): boolean {
    return this.#timer !== null;
  }

  /** Full jitter, and what the service asks for. */
  delayMs(attempt: number, error?: unknown): number {
    return pauseAfterMs(error, this.#platform, attempt, RECONNECT.baseMs, RECONNECT.capMs);
  }

  /** An attempt has failed, or the link is lost: how long to wait. */
  failed(error: unknown): number {
    const delayMs = Math.max(this.delayMs(this.failures, error), this.#isHurried ? SIGNALS_EVERY_MS : 0);
    this.failures += 1;
    this.#isHurried = false;
    this.#hurryFrom = this.#platform.monotonicMs() + soonestAfterMs(error, this.#platform);
    return delayMs;
  }

  opened(): void {
    this.#isHurried = false;
  }

  /** Counts from 0 again when the timer fires. */
  startStableTimer(): Timer {
    return this.#platform.startTimer(() => (this.failures = 0), RECONNECT.stableAfterMs);
  }

  /** The page woke, or the network changed: what failed before says little of what comes now. */
  signaled(): void {
    this.failures = Math.min(this.failures, 1);
    this.#isHurried = true;
  }

  /** `spared`: how much of the budget stays for other requests. */
  plan(wantedMs: number, spared = SPARED_BY_SOCKETS): void {
    this.cancel();
    const delayMs = Math.max(wantedMs, this.#budget.waitMs(spared));
    this.#plannedAt = this.#platform.monotonicMs() + delayMs;
    this.#logger.info("The next attempt to connect", {
      retryCount: this.failures,
      delayMs: Math.round(delayMs),
    });
    this.#timer = this.#platform.startTimer(() => this.#due(), delayMs);
  }

  /** Brings the attempt forward, as far as the service and the pause between signals allow. */
  hurry(delayMs: number): void {
    const now = this.#platform.monotonicMs();
    const soonestMs = Math.max(delayMs, this.#hurryFrom - now);
    // Signals may use some of what other attempts spare: a page that wakes after a long outage need not wait.
    if (!this.isPlanned || now + soonestMs < this.#plannedAt) this.plan(soonestMs, SPARED_BY_SOCKETS / 2);
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #due(): void {
    this.#timer = null;
    // A phone freezes hidden pages: what is started there would not be finished.
    const isFrozen = this.#platform.isMobile() && !this.#platform.isVisible();
    if (isFrozen) this.#logger.info("Waiting for the page to be seen again");
    this.#report(isFrozen ? "hide" : "due");
  }
}
