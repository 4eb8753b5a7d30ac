import type { ChatTranscriptItem } from "../item";
import type { Platform } from "../platform";
import { keyOf, timeOf } from "./recent-items";

/** A link that dies silently is noticed within this long. */
const NOTICED_WITHIN_MS = 15_000;

/** An item that is this far ahead of the service's time, as far as that is known, counts once another item confirms it. */
const FAR_AHEAD_MS = 60_000;

/**
 * Up to where the conversation was delivered without a hole before it, in the service's time: what a recovery starts
 * from. A loss or a damaged frame opens a hole; the cursor stays before it until a recovery has filled it.
 */
export class Cursor {
  readonly #platform: Pick<Platform, "monotonicMs">;
  /** NaN until the service's time is known. */
  #timeMs = Number.NaN;
  /** Epoch milliseconds: an item with a later time was sent after this side joined. */
  joinedMs = Number.NaN;
  /** On the monotonic clock: nothing from before is missing. */
  #intactMs: number;
  /** How far the service's time is ahead of the monotonic clock. */
  #aheadMs = Number.NEGATIVE_INFINITY;
  /** An item far ahead that no other one has confirmed. */
  #far: { readonly key: string; readonly timeMs: number } | null = null;
  /** The newest item that was delivered, hole or not. */
  #newestMs = Number.NEGATIVE_INFINITY;
  #hole: boolean;

  /** `missingForMs`: for how long something may have been missing already, where a session is resumed. */
  constructor(platform: Pick<Platform, "monotonicMs">, missingForMs?: number) {
    this.#platform = platform;
    this.#intactMs = platform.monotonicMs() - (missingForMs ?? 0);
    this.#hole = missingForMs !== undefined;
  }

  /** Whether the service's time is known. */
  get isKnown(): boolean {
    return !Number.isNaN(this.#timeMs);
  }

  /** Epoch milliseconds; NaN until the service's time is known. */
  get timeMs(): number {
    return this.#timeMs;
  }

  /** How long ago nothing was missing, in milliseconds. */
  get intactForMs(): number {
    return this.#platform.monotonicMs() - this.#intactMs;
  }

  /** Puts the cursor at this time. `nowMs`: the service's present time, where that is known. */
  start(timeMs: number, nowMs?: number): void {
    this.#timeMs = timeMs;
    this.joinedMs = nowMs ?? timeMs;
    this.#aheadMs = (nowMs ?? Number.NEGATIVE_INFINITY) - this.#platform.monotonicMs();
  }

  /**
   * The service's time has come to this at least. The first such sign starts the cursor: as long before as something may
   * be missing.
   */
  learn(serviceMs: number): void {
    if (this.isKnown || Number.isNaN(serviceMs)) return;
    this.start(serviceMs - this.intactForMs, serviceMs);
  }

  /** Something may be missing from here on. */
  openHole(): void {
    if (!this.#hole) {
      this.#intactMs = Math.max(this.#intactMs, this.#platform.monotonicMs() - NOTICED_WITHIN_MS);
    }
    this.#hole = true;
  }

  /** Nothing is missing up to the newest item. */
  closeHole(): void {
    this.#hole = false;
    this.#advance(this.#newestMs);
  }

  /** An item was delivered. */
  passed(item: ChatTranscriptItem): void {
    this.#newestMs = Math.max(this.#newestMs, this.#reachedBy(item));
    if (!this.#hole) this.#advance(this.#newestMs);
  }

  /** A recovery has delivered everything up to the last of these items. */
  filledUpTo(items: readonly ChatTranscriptItem[]): void {
    const reachedMs = Math.max(...items.map((item) => this.#reachedBy(item)));
    this.#newestMs = Math.max(this.#newestMs, reachedMs);
    this.#advance(reachedMs);
  }

  /** How far an item takes the cursor: an item far ahead no further than another one that confirms it. */
  #reachedBy(item: ChatTranscriptItem): number {
    const nowMs = this.#platform.monotonicMs();
    const given = { key: keyOf(item), timeMs: timeOf(item) };
    if (Number.isNaN(given.timeMs)) return Number.NEGATIVE_INFINITY;
    let { timeMs } = given;
    if (timeMs > this.#aheadMs + nowMs + FAR_AHEAD_MS) {
      const far = this.#far ?? given;
      this.#far = far.timeMs > timeMs ? far : given;
      if (far.key === given.key) return Number.NEGATIVE_INFINITY;
      timeMs = Math.min(far.timeMs, timeMs);
    }
    this.#aheadMs = Math.max(this.#aheadMs, timeMs - nowMs);
    return timeMs;
  }

  #advance(timeMs: number): void {
    if (timeMs > this.#timeMs) this.#timeMs = timeMs;
  }
}
