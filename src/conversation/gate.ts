import type { WireItem } from "../api/items";
import type { Platform, Timer } from "../platform";

/** Live items wait at most this long for what was said before them. */
export const HOLD_MS = 10_000;

/** Decides what happens to items that have waited long enough. */
export interface GateOwner {
  holdIsOver(): void;
}

/** The gate for live items: while it is closed, they wait for missed items, in the order of their arrival. */
export class Gate {
  readonly #platform: Platform;
  readonly #owner: GateOwner;
  readonly #items: WireItem[] = [];
  /** How many of them came on an earlier link. */
  #earlier = 0;
  /** When the first item of the present link came, monotonic. */
  #sinceMs = 0;
  #timer: Timer | null = null;
  isClosed = false;

  constructor(platform: Platform, owner: GateOwner) {
    this.#platform = platform;
    this.#owner = owner;
  }

  /** Whether this live item has to wait. */
  holds(item: WireItem): boolean {
    if (!this.isClosed) return false;
    if (this.#items.length === this.#earlier) this.#sinceMs = this.#platform.monotonicMs();
    this.#items.push(item);
    this.#start();
    return true;
  }

  /** Live items wait for a new link's recovery. */
  close(): void {
    this.isClosed = true;
    this.#earlier = this.#items.length;
  }

  /**
   * Returns all that wait: nothing more is to be expected before them. While another link's recovery `isRunning`, only
   * those of an earlier link, if any: the others haven't waited as long, and missed items may still precede them.
   */
  open(isRunning = false): WireItem[] {
    const isPart = isRunning && this.#earlier > 0;
    this.isClosed &&= isPart;
    const items = this.#items.splice(0, isPart ? this.#earlier : this.#items.length);
    this.#earlier = 0;
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#items.length > 0) this.#start();
    return items;
  }

  #start(): void {
    const leftMs = this.#sinceMs + HOLD_MS - this.#platform.monotonicMs();
    this.#timer ??= this.#platform.startTimer(() => this.#owner.holdIsOver(), leftMs);
  }
}
