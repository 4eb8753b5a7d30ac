import type { ChatTranscriptItem } from "../item";
import { NEWEST_ITEM, NEWEST_PAGE } from "../participant/types";
import type { Timer } from "../platform";
import type { Delivery } from "./delivery";
import { nextTokenOf, type MissedPages } from "./missed-pages";
import type { Position } from "./position";

/** Pages that hold something new; with more than that, the run is reported as incomplete, and another round follows. */
const MAX_PAGES_PER_ROUND = 10;

/** A run after a loss or damage, during which live items wait; one that goes on from another; a second look. */
export type RunKind = "run" | "round" | "look";

/** "more": there are more pages than a round takes. */
export type RunOutcome = "complete" | "incomplete" | "more";

/** What a run waits for, for a limited time: the manager's subscription, or a page that the application fetches itself. */
export type Sign = "subscribed" | "fetched";

/** A run that begins when its timer fires, or `jitterMs` after its sign. */
export interface DueRun {
  readonly state: "due";
  readonly timer: Timer;
  readonly awaited: { readonly sign: Sign; readonly jitterMs: number } | null;
}

/** One run of a recovery, from its first request to its last: fetches missed items and delivers them. */
export class RecoveryRun {
  readonly state = "fetching";
  readonly kind: RunKind;
  readonly #pages: MissedPages;
  readonly #position: Position;
  readonly #delivery: Delivery;
  readonly #controller = new AbortController();
  /** Missed items that it has delivered and that aren't reported yet, receipts not counted. */
  #count = 0;
  /** When its last page of the gap was requested, monotonic. */
  lastPageMs = 0;
  /** Whether items on its pages may have been delivered before and forgotten. */
  hasForgotten = false;
  /** Whether something may be missing behind the pages that it has fetched: another run follows. */
  isDamaged = false;
  /** The item that ended the chat, once a page shows it. */
  end: ChatTranscriptItem | null = null;

  constructor(kind: RunKind, pages: MissedPages, position: Position, delivery: Delivery) {
    this.kind = kind;
    this.#pages = pages;
    this.#position = position;
    this.#delivery = delivery;
  }

  stop(): void {
    this.#controller.abort();
  }

  /** How many missed items are to be reported, each once. */
  takeCount(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }

  /** Delivers page by page, up to the newest item or to the end of the chat. */
  async fetchAll(): Promise<RunOutcome> {
    const { signal } = this.#controller;
    const isOptional = this.kind === "look";
    if (Number.isNaN(this.#position.startsFromMs)) {
      const newest = await this.#pages.fetch(NEWEST_ITEM, signal, isOptional);
      if (newest === null) return "incomplete";
      this.#position.locate(newest);
    }
    let fresh = 0;
    for await (const page of this.#pages.from(this.#position.startsFromMs, signal, isOptional)) {
      if (page === null) return "incomplete";
      this.lastPageMs = this.#pages.lastMs;
      this.hasForgotten ||= this.#position.hasForgotten;
      const { count, end } = this.#delivery.recovered(page);
      this.#count += count;
      this.end = end;
      if (end) return "complete";
      if (count > 0) fresh += 1;
      if (fresh >= MAX_PAGES_PER_ROUND && nextTokenOf(page)) return "more";
    }
    if (!this.#delivery.wantsNewest) return "complete";
    const newest = await this.#pages.fetch(NEWEST_PAGE, signal, isOptional);
    if (newest === null) return "incomplete";
    this.#count += this.#delivery.recoveredNewest(newest);
    return "complete";
  }
}
