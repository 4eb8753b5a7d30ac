import type { WireItem } from "../api/items";
import { NEWEST_ITEM, NEWEST_PAGE, nextTokenOf } from "../participant/transcript-page";
import type { Delivery } from "./delivery";
import type { RunKind } from "./recovery";
import type { MissedPages } from "./missed-pages";
import type { Position } from "./position";

/** Pages that hold something new; with more than that, the run is reported as incomplete, and another round follows. */
const MAX_PAGES_PER_ROUND = 10;

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
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  /** Missed items that it has delivered and that aren't reported yet, receipts not counted. */
  count = 0;
  /** When its last page of the gap was requested, monotonic. */
  lastMs = 0;
  /** Whether items on its pages may have been delivered before and forgotten. */
  hasForgotten = false;
  /** Whether something may be missing behind the pages that it has fetched: another run follows. */
  isDamaged = false;
  /** The item that ended the chat, once a page shows it. */
  end: WireItem | null = null;

  constructor(kind: RunKind) {
    this.kind = kind;
  }

  stop(): void {
    this.#controller.abort();
  }

  /** Delivers page by page, up to the newest item or to the end of the chat. */
  async fetch(pages: MissedPages, position: Position, delivery: Delivery): Promise<RunOutcome> {
    // What was damaged before the first request is on its page.
    this.isDamaged = false;
    this.waiting = null;
    if (Number.isNaN(position.startsFromMs)) {
      position.locate(await pages.fetch(NEWEST_ITEM, this));
    }
    let fresh = 0;
    let nextToken: string | null = null;
    for await (const page of pages.from(position.startsFromMs, this)) {
      this.lastMs = pages.lastMs;
      this.hasForgotten ||= position.hasForgotten;
      const { count, end } = delivery.recovered(page);
      this.count += count;
      this.end = end;
      if (end) return "complete";
      if (count > 0) fresh += 1;
      nextToken = nextTokenOf(page);
      if (fresh >= MAX_PAGES_PER_ROUND && nextToken) return "more";
    }
    if (nextToken) return "incomplete";
    if (delivery.wantsNewest) {
      const newest = await pages.fetch(NEWEST_PAGE, this);
      // Only now: the count may have been reported meanwhile, and begun again.
      this.count += delivery.recoveredNewest(newest);
    }
    return "complete";
  }
}
