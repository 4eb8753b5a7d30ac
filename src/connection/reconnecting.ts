import type { ChatLogger } from "../observability/logger";
import type { Platform, Timer } from "../platform";
import {
  pauseAfterMs,
  SIGNALS_EVERY_MS,
  soonestAfterMs,
  SPARED_BY_SOCKETS,
  type RequestBudget,
} from "../waiting";
import type { NetworkMonitor } from "./network";

/** When a link that was lost is tried again. */
export const RECONNECT = {
  /** Full jitter: the first attempt within a second, since thousands of clients lose their sockets at one instant. */
  baseMs: 1_000,
  capMs: 30_000,
  /** Attempts count from 0 again once the link has stayed up this long: a whole beat was answered. */
  stableAfterMs: 10_000,
} as const;

/** Counts a link's attempts, and says how long to wait for the next one. */
export class Attempts {
  /** Attempts that failed one after the other. */
  failures = 0;
  readonly #platform: Platform;
  readonly #budget: RequestBudget;
  /** From when on a signal may bring the next one forward. */
  #hurryFrom = 0;
  /** Signals came since the last attempt: the next two are not close together. */
  #isHurried = false;

  constructor(platform: Platform, budget: RequestBudget) {
    this.#platform = platform;
    this.#budget = budget;
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

  /** The wait as the budget allows it; `spared`: how much of the budget stays for other requests. */
  affordableMs(wantedMs: number, spared: number): number {
    return Math.max(wantedMs, this.#budget.waitMs(spared));
  }

  /** How soon a signal may cause an attempt: as far as the service and the pause between signals allow. */
  soonestMs(delayMs: number): number {
    return Math.max(delayMs, this.#hurryFrom - this.#platform.monotonicMs());
  }
}

/** A phone freezes hidden pages: what is started there would not be finished. */
export const mayConnect = (platform: Pick<Platform, "isVisible" | "isMobile">): boolean =>
  platform.isVisible() || !platform.isMobile();

/** How a pause ends by itself: the next attempt is due, or cannot be made on a phone whose page is hidden. */
export type PauseEnd = "due" | "hide";

/** The pause before the next attempt. */
export class Pause {
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #attempts: Attempts;
  readonly #report: (end: PauseEnd) => void;
  #timer: Timer | null = null;
  #attemptAt = 0;
  #isOver = false;
  #stopAsking: (() => void) | null = null;

  constructor(platform: Platform, logger: ChatLogger, attempts: Attempts, report: (end: PauseEnd) => void) {
    this.#platform = platform;
    this.#logger = logger;
    this.#attempts = attempts;
    this.#report = report;
  }

  /** Plans the attempt once the application has said that there is a network. */
  async begin(network: NetworkMonitor, delayMs: number): Promise<void> {
    // Only the application's own word is worth waiting for: an attempt that the device's is wrong about costs nothing.
    const isOnline = await network.isOnline(true);
    if (this.#isOver || this.#timer) return;
    if (!mayConnect(this.#platform)) this.#hide();
    else if (isOnline) this.#plan(delayMs, SPARED_BY_SOCKETS);
    else {
      this.#logger.info("Waiting for the network");
      this.#stopAsking = network.whenWorthTrying(() => this.hurry(this.#attempts.delayMs(0)));
    }
  }

  /** Brings the attempt forward, as far as the service and the pause between signals allow. */
  hurry(delayMs: number): void {
    if (!mayConnect(this.#platform)) return;
    const soonestMs = this.#attempts.soonestMs(delayMs);
    // Signals may use some of what other attempts spare: a page that wakes after a long outage need not wait.
    if (!this.#timer || this.#platform.monotonicMs() + soonestMs < this.#attemptAt)
      this.#plan(soonestMs, SPARED_BY_SOCKETS / 2);
  }

  /** `spared`: how much of the budget stays for other requests. */
  #plan(wantedMs: number, spared: number): void {
    this.#timer?.cancel();
    const delayMs = this.#attempts.affordableMs(wantedMs, spared);
    this.#attemptAt = this.#platform.monotonicMs() + delayMs;
    this.#logger.info("The next attempt to connect", {
      retryCount: this.#attempts.failures,
      delayMs: Math.round(delayMs),
    });
    this.#timer = this.#platform.startTimer(
      () => (mayConnect(this.#platform) ? this.#report("due") : this.#hide()),
      delayMs,
    );
  }

  #hide(): void {
    this.#logger.info("Waiting for the page to be seen again");
    this.#report("hide");
  }

  readonly cancel = (): void => {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#stopAsking?.();
  };
}
