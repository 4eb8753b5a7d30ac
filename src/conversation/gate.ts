import type { WireItem } from "../api/items";
import type { Platform, Timer } from "../platform";

/** The maximum time that live items wait for missed items. */
export const MAX_HOLD_MS = 10_000;

/** Handles items that were held for the maximum time. */
export interface GateOwner {
  onHoldExpired(): void;
}

/** Holds live items while it is closed, so that missed items are delivered first. Keeps the order of arrival. */
export class Gate {
  readonly #platform: Platform;
  readonly #owner: GateOwner;
  readonly #items: WireItem[] = [];
  /** How many of the held items arrived on an earlier link. */
  #earlierCount = 0;
  /** When the first held item of the current link arrived, on the monotonic clock. */
  #heldSinceMs = 0;
  #timer: Timer | null = null;
  isClosed = false;

  constructor(platform: Platform, owner: GateOwner) {
    this.#platform = platform;
    this.#owner = owner;
  }

  /** Holds a live item if the gate is closed. Returns whether the item is held. */
  hold(item: WireItem): boolean {
    if (!this.isClosed) return false;
    if (this.#items.length === this.#earlierCount) this.#heldSinceMs = this.#platform.monotonicMs();
    this.#items.push(item);
    this.#startTimer();
    return true;
  }

  /** Starts holding live items for a new link's recovery. */
  close(): void {
    this.isClosed = true;
    this.#earlierCount = this.#items.length;
  }

  /**
   * Removes and returns the held items. `isRunning` means that the current link's recovery hasn't finished, so missed
   * items may precede the items that arrived on this link. If items from an earlier link are also held, only the items
   * from the earlier link are returned, because they have waited longer.
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
