import type { ChatTranscriptItem } from "../item";
import { isStreamed } from "./partial-messages";
import { timeOf } from "./recent-items";

/** Clocks of the page and of the service differ: before the first item the cursor stands this much before the connection. */
export const CLOCKS_DIFFER_MS = 60_000;

/** An answer that has not grown for this long, in the time of the items, holds the cursor back no longer. */
const ABANDONED_AFTER_MS = 120_000;

/**
 * Up to where the conversation was handed over without a hole before it, in the service's time: what a recovery starts
 * from. A loss or a damaged frame opens a hole; the cursor stays before it until a recovery has filled it.
 */
export class Cursor {
  #timeMs: number;
  /** It stands by the page's clock, which may be far ahead: the first item handed over sets it right, backwards too. */
  #isGuess: boolean | undefined;
  /** The newest item that was handed over, hole or not. */
  #newestMs = Number.NEGATIVE_INFINITY;
  #hole = false;
  /** Bots' answers that still grow, with the time of their first piece. */
  readonly #unfinished = new Map<string, number>();

  /** Where a conversation begins, epoch milliseconds in the service's time. */
  constructor(timeMs: number, isGuess?: true) {
    this.#isGuess = isGuess;
    this.#timeMs = timeMs;
  }

  /** Before the first item: the moment of connecting, and some more. */
  static atConnection(connectedAtMs: number): Cursor {
    return new Cursor(connectedAtMs - CLOCKS_DIFFER_MS, true);
  }

  /** Epoch milliseconds. */
  get timeMs(): number {
    let heldBackMs = this.#timeMs;
    for (const startedMs of this.#unfinished.values()) heldBackMs = Math.min(heldBackMs, startedMs);
    return heldBackMs;
  }

  /** From when on something can only have been said after this side came: by the page's clock, until an item came. */
  get joinedMs(): number {
    return this.#isGuess ? this.#timeMs + CLOCKS_DIFFER_MS : this.timeMs;
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

  /** An item was delivered. The cursor does not go past the first piece of an answer that streams until it is complete. */
  passed(item: ChatTranscriptItem): void {
    const { Id } = item;
    const timeMs = timeOf(item);
    if (Id && isStreamed(item)) {
      if (item.MessageMetadata?.MessageCompleted) this.#unfinished.delete(Id);
      else if (!Number.isNaN(timeMs) && !this.#unfinished.has(Id)) this.#unfinished.set(Id, timeMs);
    }
    if (timeMs > this.#newestMs) this.#newestMs = timeMs;
    if (!this.#hole) this.#advance(this.#newestMs);
  }

  /** A recovery has handed over everything up to this item. */
  filledUpTo(item: ChatTranscriptItem): void {
    const timeMs = timeOf(item);
    if (timeMs > this.#newestMs) this.#newestMs = timeMs;
    this.#advance(timeMs);
  }

  #advance(timeMs: number): void {
    if (!(timeMs > (this.#isGuess ? Number.NEGATIVE_INFINITY : this.#timeMs))) return;
    this.#isGuess = false;
    this.#timeMs = timeMs;
    for (const [id, startedMs] of this.#unfinished) {
      if (timeMs - startedMs > ABANDONED_AFTER_MS) this.#unfinished.delete(id);
    }
  }
}
