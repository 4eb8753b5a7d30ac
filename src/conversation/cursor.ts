import type { WireItem } from "../api/items";
import type { Platform } from "../platform";
import { timeOf } from "./recent-items";

/** An item that began this long before the cursor, and was never finished, no longer holds it back. */
const ABANDONED_AFTER_MS = 120_000;

/** An item that is this far ahead of the service's time says nothing about it. */
const FAR_AHEAD_MS = 60_000;

const NEVER_SEEN = { serviceMs: Number.NaN, monotonicMs: 0, dateMs: 0 };

/**
 * Up to where the conversation was delivered without a hole before it, in the service's time: what a recovery starts
 * from. A loss or a damaged frame opens a hole; the cursor stays before it until a recovery has filled it.
 */
export class Cursor {
  readonly #platform: Pick<Platform, "now" | "monotonicMs">;
  /** Epoch milliseconds; NaN until the service's time is known. */
  timeMs = Number.NaN;
  /** Epoch milliseconds: where it was put first. What was delivered before that isn't known. */
  startedMs = Number.NaN;
  /** Epoch milliseconds: an item with a later time was sent after this side joined. */
  joinedMs = Number.NaN;
  /** On the monotonic clock: nothing from before is missing. */
  readonly #intactMs: number;
  /** The service's time when it was last seen, and what the page's two clocks showed then. */
  #seen = NEVER_SEEN;
  /** Whether the service's time is that of an item on a page, and nothing that has just come has confirmed it. */
  #isDoubtful = false;
  /** The newest item that was delivered, hole or not. */
  #newestMs = Number.NEGATIVE_INFINITY;
  #hole: boolean;

  /** `missingForMs`: for how long something may have been missing already, where a session is resumed. */
  constructor(platform: Pick<Platform, "now" | "monotonicMs">, missingForMs?: number) {
    this.#platform = platform;
    this.#intactMs = platform.monotonicMs() - (missingForMs ?? 0);
    this.#hole = missingForMs !== undefined;
  }

  /** Whether the service's time is known. */
  get isKnown(): boolean {
    return !Number.isNaN(this.timeMs);
  }

  /** How long ago nothing was missing, in milliseconds. */
  get intactForMs(): number {
    return this.#platform.monotonicMs() - this.#intactMs;
  }

  /** The cursor, or the earliest of these times of unfinished items that holds it back. */
  before(startsMs: readonly number[]): number {
    return Math.min(this.timeMs, ...startsMs.filter((startMs) => this.isHeldBackBy(startMs)));
  }

  isHeldBackBy(startMs: number): boolean {
    return this.timeMs - startMs <= ABANDONED_AFTER_MS;
  }

  /** Puts the cursor at this time. */
  start(timeMs: number, joinedMs = timeMs): void {
    this.timeMs = this.startedMs = timeMs;
    this.joinedMs = joinedMs;
  }

  /** The service's clock showed this time, or a later one. */
  see(serviceMs: number): void {
    if (Number.isNaN(serviceMs)) return;
    const knownMs = this.#knownMs;
    this.#seen = {
      serviceMs: knownMs > serviceMs ? knownMs : serviceMs,
      monotonicMs: this.#platform.monotonicMs(),
      dateMs: this.#platform.now(),
    };
  }

  /** The service's time by what was seen of it: epoch milliseconds, NaN before that. */
  get #knownMs(): number {
    return this.#seen.serviceMs + this.#platform.monotonicMs() - this.#seen.monotonicMs;
  }

  /**
   * An item or an answer that has just come shows the service's present time. An item of a page, by which the cursor was
   * started before that, may have been stamped ahead: then it starts again.
   */
  hear(serviceMs: number): void {
    if (Number.isNaN(serviceMs)) return;
    if (this.#isDoubtful && this.#knownMs - serviceMs > FAR_AHEAD_MS) {
      this.timeMs = Number.NaN;
      this.#newestMs = Number.NEGATIVE_INFINITY;
      this.#seen = NEVER_SEEN;
    }
    this.learn(serviceMs);
    this.#isDoubtful = false;
  }

  /**
   * The service's time has come to this at least. The first such sign starts the cursor: as long before as something may
   * be missing.
   */
  learn(serviceMs: number): void {
    // An empty page has no newest item.
    if (this.isKnown || !Number.isFinite(serviceMs)) return;
    this.#isDoubtful = Number.isNaN(this.#seen.serviceMs);
    const isPlausible = this.#isPlausible(serviceMs);
    if (isPlausible) this.see(serviceMs);
    const atMs = isPlausible ? serviceMs : this.#seen.serviceMs;
    this.start(atMs - this.intactForMs, atMs);
  }

  /** The monotonic clock may stop while the machine sleeps, and the date may be set: the one that is further ahead counts. */
  #isPlausible(timeMs: number): boolean {
    const { serviceMs, monotonicMs, dateMs } = this.#seen;
    const passedMs = Math.max(this.#platform.monotonicMs() - monotonicMs, this.#platform.now() - dateMs);
    return !(timeMs > serviceMs + passedMs + FAR_AHEAD_MS);
  }

  /** Something may be missing from here on. */
  openHole(): void {
    this.#hole = true;
  }

  /** Nothing is missing up to the newest item. */
  closeHole(): void {
    this.#hole = false;
    this.#advance(this.#newestMs);
  }

  /** An item was delivered. */
  passed(item: WireItem): void {
    this.#newestMs = Math.max(this.#newestMs, this.#reachedBy(item));
    if (!this.#hole) this.#advance(this.#newestMs);
  }

  /** A recovery has delivered everything up to the last of these items. */
  filledUpTo(items: readonly WireItem[]): void {
    const reachedMs = Math.max(...items.map((item) => this.#reachedBy(item)));
    this.#newestMs = Math.max(this.#newestMs, reachedMs);
    this.#advance(reachedMs);
  }

  /** How far an item takes the cursor: one stamped far ahead of the service's time not at all. */
  #reachedBy(item: WireItem): number {
    const timeMs = timeOf(item);
    if (Number.isNaN(timeMs) || !this.#isPlausible(timeMs)) return Number.NEGATIVE_INFINITY;
    this.see(timeMs);
    return timeMs;
  }

  #advance(timeMs: number): void {
    if (timeMs > this.timeMs) this.timeMs = timeMs;
  }
}
