import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { LibraryLogger } from "../api/logging";
import { isNetworkFailure, isThrottled } from "../errors";
import { nextTokenOf, PAGE_SIZE } from "../participant/transcript-page";
import type { Platform } from "../platform";
import { abortReason, pause, pauseAfterMs, RequestBudget } from "../waiting";
import type { ConversationOwner } from "./fact";
import { isoOf } from "./recent-items";
import type { RunKind } from "./recovery";

/** The maximum number of pages per run. No chat has this many pages of known items, unless the tokens repeat. */
const MAX_PAGES = 60;

const RETRY_BASE_MS = 1_000;
const RETRY_CAP_MS = 30_000;

/** After damaged frames, two requests are allowed, then one per interval. That is at most six in any minute. */
const AFTER_DAMAGE = { burst: 2, refillIntervalMs: 15_000 };

/** The recovery run that requests a page. */
interface PageRun {
  readonly kind: RunKind;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
}

/** Fetches a recovery's pages, with retries. */
export class MissedPages {
  readonly #platform: Platform;
  readonly #owner: Pick<ConversationOwner, "fetchPage">;
  readonly #logger: LibraryLogger;
  readonly #damageBudget: RequestBudget;
  /** Whether the requests follow a damaged frame. The number of such requests is limited. */
  isAfterDamage = false;
  /** Whether the service has responded with 429 since the link was last lost. */
  wasThrottled = false;
  /** When the last page was requested, on the monotonic clock. */
  lastRequestedAtMs = 0;

  constructor(platform: Platform, owner: Pick<ConversationOwner, "fetchPage">, logger: LibraryLogger) {
    this.#platform = platform;
    this.#owner = owner;
    this.#logger = logger;
    this.#damageBudget = new RequestBudget(platform, AFTER_DAMAGE.burst, AFTER_DAMAGE.refillIntervalMs);
  }

  /** How long the next request after a damaged frame has to wait, in milliseconds. */
  get damageWaitMs(): number {
    return this.#damageBudget.waitMs();
  }

  /** Yields the pages from `fromMs` (epoch milliseconds) to the newest. Stops early if there are too many pages. */
  async *pagesFrom(fromMs: number, run: PageRun): AsyncGenerator<GetTranscriptData, void, undefined> {
    const first: GetTranscriptQuery = {
      maxResults: PAGE_SIZE,
      sortOrder: "ASCENDING",
      scanDirection: "FORWARD",
      startPosition: { absoluteTime: isoOf(fromMs) },
    };
    let query = first;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const page = await this.fetch(query, run);
      yield page;
      const nextToken = nextTokenOf(page);
      if (!nextToken) return;
      query = { ...first, nextToken };
    }
  }

  /**
   * Fetches one page, with as many attempts as it takes. Rejects if the service refuses the request, if the run stops,
   * or if the service has responded with 429 and the run is a second look.
   */
  async fetch(query: GetTranscriptQuery, { signal, kind }: PageRun): Promise<GetTranscriptData> {
    for (let attempt = 0; ; attempt += 1) {
      if (this.isAfterDamage) await this.#damageBudget.acquire([signal]);
      this.lastRequestedAtMs = this.#platform.monotonicMs();
      try {
        const page = await this.#owner.fetchPage(query, signal);
        if (signal.aborted) throw abortReason(signal);
        return page;
      } catch (error) {
        if (signal.aborted) throw error;
        if (isThrottled(error)) this.wasThrottled = true;
        if (!isNetworkFailure(error) || (kind === "secondLook" && this.wasThrottled)) throw error;
        const delayMs = pauseAfterMs(error, this.#platform, attempt, RETRY_BASE_MS, RETRY_CAP_MS);
        this.#logger.warn("Missed messages will be requested again", { delayMs: Math.round(delayMs) }, error);
        if (!(await pause(this.#platform, delayMs, [signal]))) throw error;
      }
    }
  }
}
