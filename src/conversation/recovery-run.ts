import type { WireItem } from "../api/items";
import { NEWEST_ITEM, NEWEST_PAGE, nextTokenOf } from "../participant/transcript-page";
import type { Delivery } from "./delivery";
import type { RunKind } from "./recovery";
import type { MissedPages } from "./missed-pages";
import type { Position } from "./position";

/** The maximum number of pages with new items. If there are more, the run is incomplete, and another round follows. */
const MAX_PAGES_PER_ROUND = 10;

/** "more": there are more pages than one round fetches. */
export type RunOutcome = "complete" | "incomplete" | "more";

/** A sign that a run waits for, up to a limit: the manager's subscription, or a page that the application fetches. */
export type Sign = "subscribed" | "fetched";

/** A run begins `jitterMs` after its sign, if the sign comes in time. */
interface Waiting {
  readonly sign: Sign;
  readonly jitterMs: number;
}

/** One recovery run, from its first request to its last. Fetches missed items and delivers them. */
export class RecoveryRun {
  readonly kind: RunKind;
  /** Null if the run doesn't wait for a sign, or no longer does. */
  waiting: Waiting | null = null;
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  /** The number of missed items delivered and not yet reported, receipts not counted. */
  count = 0;
  /** When the last page of the gap was requested, on the monotonic clock. */
  lastMs = 0;
  /** Whether items on the pages may have been delivered before and forgotten. */
  hasForgotten = false;
  /** Whether something may be missing after the fetched pages, so that another run follows. */
  isDamaged = false;
  /** The item that ended the chat, once a page shows it. */
  end: WireItem | null = null;

  constructor(kind: RunKind) {
    this.kind = kind;
  }

  stop(): void {
    this.#controller.abort();
  }

  /** Fetches and delivers page by page, up to the newest item or the end of the chat. */
  async fetch(pages: MissedPages, position: Position, delivery: Delivery): Promise<RunOutcome> {
    // Items damaged before the first request are on its page.
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
      // Added only now: the count may have been reported and reset in the meantime.
      this.count += delivery.recoveredNewest(newest);
    }
    return "complete";
  }
}
