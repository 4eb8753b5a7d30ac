import type { WireItem } from "../api/items";
import { NEWEST_ITEM, NEWEST_PAGE, nextTokenOf } from "../participant/transcript-page";
import type { Delivery } from "./delivery";
import type { RunKind } from "./recovery";
import type { MissedPages } from "./missed-pages";
import type { Position } from "./position";

/** The maximum number of pages with new items per round. If there are more pages, another round follows. */
const MAX_PAGES_PER_ROUND = 10;

/** The outcome of a run. "more" means that there are more pages than one round fetches. */
export type RunOutcome = "complete" | "incomplete" | "more";

/** An event that a run may wait for: the external manager's subscription, or the application's own GetTranscript. */
export type AwaitedEvent = "subscribed" | "fetched";

/** A run's wait for an event. If the event occurs in time, the run starts `jitterMs` later. */
interface Wait {
  readonly event: AwaitedEvent;
  readonly jitterMs: number;
}

/** One recovery run. Fetches missed items and delivers them. */
export class RecoveryRun {
  readonly kind: RunKind;
  /** Null if the run isn't waiting for an event. */
  wait: Wait | null = null;
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  /** The number of missed items, without receipts, that were delivered but haven't been reported. */
  count = 0;
  /** When the gap's last page was requested, on the monotonic clock. */
  lastRequestedAtMs = 0;
  /** Whether items in the gap were evicted, so that the run may have skipped missed items. */
  hasEvictedItems = false;
  /** Set if an item was damaged during the run. The item may come after the fetched pages. */
  needsAnotherRun = false;
  /** The item that ended the chat, if a fetched page contains it. */
  end: WireItem | null = null;

  constructor(kind: RunKind) {
    this.kind = kind;
  }

  stop(): void {
    this.#controller.abort();
  }

  /** Fetches and delivers missed items, page by page, up to the newest item or the end of the chat. */
  async fetch(pages: MissedPages, position: Position, delivery: Delivery): Promise<RunOutcome> {
    // The pages will contain the items that were damaged before the first request.
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
      // Read `this.count` only after the fetch, because the count may be reported and reset during the fetch.
      this.count += delivery.deliverNewestPage(newest);
    }
    return "complete";
  }
}
