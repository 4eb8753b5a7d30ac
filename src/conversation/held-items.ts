import type { WireItem } from "../api/items";
import type { Platform, Timer } from "../platform";

/** Live items wait this long for what was said before them. */
export const HOLD_MS = 10_000;

/** Live items that wait for a recovery, in the order of their arrival. */
export class HeldItems {
  readonly #platform: Platform;
  readonly #release: (items: readonly WireItem[]) => void;
  readonly #isOver: () => void;
  #items: WireItem[] = [];
  /** How many of them came on an earlier link, and since when the first of this link waits, monotonic. */
  #earlier = 0;
  #since = 0;
  #timer: Timer | null = null;
  /** Whether live items wait now. */
  isHolding = false;

  /** `isOver` is called once they have waited long enough; it releases them. */
  constructor(platform: Platform, release: (items: readonly WireItem[]) => void, isOver: () => void) {
    this.#platform = platform;
    this.#release = release;
    this.#isOver = isOver;
  }

  get hasEarlier(): boolean {
    return this.#earlier > 0;
  }

  /** Whether this live item has to wait. */
  add(item: WireItem): boolean {
    if (!this.isHolding) return false;
    if (this.#items.length === this.#earlier) this.#since = this.#platform.monotonicMs();
    this.#items.push(item);
    this.#start();
    return true;
  }

  /** Live items wait for a new link's recovery. */
  begin(): void {
    this.isHolding = true;
    this.#earlier = this.#items.length;
  }

  /** Those of an earlier link go; this link's own have not waited as long, and the recovery may still come before them. */
  releaseEarlier(): void {
    this.#releaseFirst(this.#earlier);
    if (this.#items.length > 0) this.#start();
  }

  /** All go: nothing more is to be expected. */
  release(): void {
    this.isHolding = false;
    this.#releaseFirst(this.#items.length);
  }

  clear(): void {
    this.#items = [];
    this.release();
  }

  #releaseFirst(count: number): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#earlier = 0;
    this.#release(this.#items.splice(0, count));
  }

  #start(): void {
    const leftMs = this.#since + HOLD_MS - this.#platform.monotonicMs();
    this.#timer ??= this.#platform.startTimer(() => this.#isOver(), leftMs);
  }
}
