import type { ChatTranscriptItem } from "../item";
import { NEWEST_ITEM, NEWEST_PAGE } from "../participant/types";
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

/** A run begins `jitterMs` after its sign, if that comes in time. */
interface Waiting {
  readonly sign: Sign;
  readonly jitterMs: number;
}

/** One run of a recovery, from its first request to its last: fetches missed items and delivers them. */
export class RecoveryRun {
  readonly kind: RunKind;
  /** Null if nothing is awaited, or not any more. */
  waiting: Waiting | null = null;
  readonly #pages: MissedPages;
  readonly #position: Position;
  readonly #delivery: Delivery;
  readonly #controller = new AbortController();
  /** Missed items that it has delivered and that aren't reported yet, receipts not counted. */
  count = 0;
  /** When its last page of the gap was requested, monotonic. */
  lastMs = 0;
  /** Whether items on its pages may have been delivered before and forgotten. */
  hasForgotten = false;
  /** Whether something may be missing behind the pages that it has fetched: another run follows. */
  isDamaged = false;
  /** The item that ended the chat, once a page shows it. */
  end: ChatTranscriptItem | null = null;

  constructor(pages: MissedPages, kind: RunKind, position: Position, delivery: Delivery) {
    this.#pages = pages;
    this.kind = kind;
    this.#position = position;
    this.#delivery = delivery;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    this.#controller.abort();
  }

  /** Delivers page by page, up to the newest item or to the end of the chat. */
  async fetch(): Promise<RunOutcome> {
    // What was damaged before the first request is on its page.
    this.isDamaged = false;
    this.waiting = null;
    if (Number.isNaN(this.#position.startsFromMs)) {
      this.#position.locate(await this.#pages.fetch(NEWEST_ITEM, this));
    }
    let fresh = 0;
    let nextToken: string | null = null;
    for await (const page of this.#pages.from(this.#position.startsFromMs, this)) {
      this.lastMs = this.#pages.lastMs;
      this.hasForgotten ||= this.#position.hasForgotten;
      const { count, end } = this.#delivery.recovered(page);
      this.count += count;
      this.end = end;
      if (end) return "complete";
      if (count > 0) fresh += 1;
      nextToken = nextTokenOf(page);
      if (fresh >= MAX_PAGES_PER_ROUND && nextToken) return "more";
    }
    if (nextToken) return "incomplete";
    if (this.#delivery.wantsNewest) {
      this.count += this.#delivery.recoveredNewest(await this.#pages.fetch(NEWEST_PAGE, this));
    }
    return "complete";
  }
}
