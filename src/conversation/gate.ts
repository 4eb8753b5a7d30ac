import type { WireItem } from "../api/items";
import type { Platform, Timer } from "../platform";

/** How long live items wait for missed items at most. */
export const MAX_HOLD_MS = 10_000;

/** Handles items that have waited long enough. */
export interface GateOwner {
  onHoldExpired(): void;
}

/** Holds live items while it is closed, in arrival order, so that missed items are delivered first. */
export class Gate {
  readonly #platform: Platform;
  readonly #owner: GateOwner;
  readonly #items: WireItem[] = [];
  /** How many of them arrived on an earlier link. */
  #earlierCount = 0;
  /** When the current link's first item arrived, on the monotonic clock. */
  #heldSinceMs = 0;
  #timer: Timer | null = null;
  isClosed = false;

  constructor(platform: Platform, owner: GateOwner) {
    this.#platform = platform;
    this.#owner = owner;
  }

  /** Holds a live item if the gate is closed. Returns whether it did. */
  hold(item: WireItem): boolean {
    if (!this.isClosed) return false;
    if (this.#items.length === this.#earlierCount) this.#heldSinceMs = this.#platform.monotonicMs();
    this.#items.push(item);
    this.#startTimer();
    return true;
  }

  /** Makes live items wait for a new link's recovery. */
  close(): void {
    this.isClosed = true;
    this.#earlierCount = this.#items.length;
  }

  /**
   * Releases and returns the held items, since no more missed items will precede them. While another link's recovery
   * `isRunning`, releases only those of an earlier link, if any: the others haven't waited as long, and missed items
   * may still precede them.
   */
  open(isRunning = false): WireItem[] {
    const isPartial = isRunning && this.#earlierCount > 0;
    this.isClosed &&= isPartial;
    const items = this.#items.splice(0, isPartial ? this.#earlierCount : this.#items.length);
    this.#earlierCount = 0;
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#items.length > 0) this.#startTimer();
    return items;
  }

  #startTimer(): void {
    const remainingMs = this.#heldSinceMs + MAX_HOLD_MS - this.#platform.monotonicMs();
    this.#timer ??= this.#platform.startTimer(() => this.#owner.onHoldExpired(), remainingMs);
  }
}
