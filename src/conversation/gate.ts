import type { ChatTranscriptItem } from "../item";
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
  readonly #items: ChatTranscriptItem[] = [];
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

  get hasEarlier(): boolean {
    return this.#earlier > 0;
  }

  /** Whether this live item has to wait. */
  holds(item: ChatTranscriptItem): boolean {
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

  /** Returns those of an earlier link. This link's own haven't waited as long, and missed items may still precede them. */
  takeEarlier(): ChatTranscriptItem[] {
    const earlier = this.#take(this.#earlier);
    if (this.#items.length > 0) this.#start();
    return earlier;
  }

  /** Returns all that wait: nothing more is to be expected before them. */
  open(): ChatTranscriptItem[] {
    this.isClosed = false;
    return this.#take(this.#items.length);
  }

  #take(count: number): ChatTranscriptItem[] {
    this.#timer?.cancel();
    this.#timer = null;
    this.#earlier = 0;
    return this.#items.splice(0, count);
  }

  #start(): void {
    const leftMs = this.#sinceMs + HOLD_MS - this.#platform.monotonicMs();
    this.#timer ??= this.#platform.startTimer(() => this.#owner.holdIsOver(), leftMs);
  }
}
