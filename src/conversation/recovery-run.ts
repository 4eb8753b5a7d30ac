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
export type AwaitedEvent = "subscribed" | "fetched";

/** A run begins `jitterMs` after its sign, if the sign comes in time. */
interface Wait {
  readonly event: AwaitedEvent;
  readonly jitterMs: number;
}

/** One recovery run, from its first request to its last. Fetches missed items and delivers them. */
export class RecoveryRun {
  readonly kind: RunKind;
  /** Null if the run doesn't wait for a sign, or no longer does. */
  wait: Wait | null = null;
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  /** The number of missed items delivered and not yet reported, receipts not counted. */
  count = 0;
  /** When the last page of the gap was requested, on the monotonic clock. */
  lastRequestedAtMs = 0;
  /** Whether items on the pages may have been delivered before and forgotten. */
  hasEvictedItems = false;
  /** Whether something may be missing after the fetched pages, so that another run follows. */
  needsAnotherRun = false;
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
    this.needsAnotherRun = false;
    this.wait = null;
    if (Number.isNaN(position.recoveryStartMs)) {
      position.learnTimeFromPage(await pages.fetch(NEWEST_ITEM, this));
    }
    let newPages = 0;
    let nextToken: string | null = null;
    for await (const page of pages.pagesFrom(position.recoveryStartMs, this)) {
      this.lastRequestedAtMs = pages.lastRequestedAtMs;
      this.hasEvictedItems ||= position.hasEvictedItems;
      const { count, end } = delivery.deliverMissedPage(page);
      this.count += count;
      this.end = end;
      if (end) return "complete";
      if (count > 0) newPages += 1;
      nextToken = nextTokenOf(page);
      if (newPages >= MAX_PAGES_PER_ROUND && nextToken) return "more";
    }
    if (nextToken) return "incomplete";
    if (delivery.needsNewestPage) {
      const newest = await pages.fetch(NEWEST_PAGE, this);
      // Added only now: the count may have been reported and reset in the meantime.
      this.count += delivery.deliverNewestPage(newest);
    }
    return "complete";
  }
}
