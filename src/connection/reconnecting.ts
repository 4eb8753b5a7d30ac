import type { LibraryLogger as ChatLogger } from "../api/logging";
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
  /** Attempts count anew once the link has stayed up this long: a whole beat was answered. */
  stableAfterMs: 10_000,
} as const;

/** Plans a link's next attempt. */
export class NextAttempt {
  /** Attempts that failed one after the other. */
  failures = 0;
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #budget: RequestBudget;
  readonly #attempt: () => void;
  #timer: Timer | null = null;
  #plannedAt = 0;
  /** From when on a signal may bring it forward. */
  #hurryFrom = 0;
  /** Signals came since the last attempt: the next two are not close together. */
  #isHurried = false;

  constructor(platform: Platform, logger: ChatLogger, budget: RequestBudget, attempt: () => void) {
    this.#platform = platform;
    this.#logger = logger;
    this.#budget = budget;
    this.#attempt = attempt;
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
    this.#timer = this.#platform.startTimer(() => {
      this.#timer = null;
      this.#attempt();
    }, delayMs);
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
}
