import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { LibraryLogger } from "../api/logging";
import { isNetworkFailure, isThrottled } from "../errors";
import { nextTokenOf, PAGE_SIZE } from "../participant/transcript-page";
import type { Platform } from "../platform";
import { abortReason, pause, pauseAfterMs, RequestBudget } from "../waiting";
import type { ConversationOwner } from "./fact";
import { isoOf } from "./recent-items";
import type { RunKind } from "./recovery";

/** No chat has this many pages of known items, so the service's tokens must be going in a circle. */
const MAX_PAGES = 60;

const RETRY_BASE_MS = 1_000;
const RETRY_CAP_MS = 30_000;

/** Damaged frames cause two requests at once, and then one per interval: at most six in any minute. */
const AFTER_DAMAGE = { burst: 2, refillIntervalMs: 15_000 };

/** The run that requests a page. */
interface PageRun {
  readonly kind: RunKind;
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal;
}

/** Fetches a recovery's pages. Repeats each request until it succeeds. */
export class MissedPages {
  readonly #platform: Platform;
  readonly #owner: Pick<ConversationOwner, "fetchPage">;
  readonly #logger: LibraryLogger;
  readonly #damageBudget: RequestBudget;
  /** Whether a damaged frame caused the requests. */
  isAfterDamage = false;
  /** Whether any request of this reconnection was answered with 429. */
  wasThrottled = false;
  /** When the last page was requested, on the monotonic clock. */
  lastRequestedAtMs = 0;

  constructor(platform: Platform, owner: Pick<ConversationOwner, "fetchPage">, logger: LibraryLogger) {
    this.#platform = platform;
    this.#owner = owner;
    this.#logger = logger;
    this.#damageBudget = new RequestBudget(platform, AFTER_DAMAGE.burst, AFTER_DAMAGE.refillIntervalMs);
  }

  /** How long the first request after damage has to wait, in milliseconds. */
  get damageWaitMs(): number {
    return this.#damageBudget.waitMs();
  }

  /** Yields the pages from a time on (epoch milliseconds), oldest first. Stops early if there are too many. */
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
   * Fetches one page, with as many attempts as it takes. Rejects if the service refuses it, the run is stopped, or a
   * second look is answered with 429.
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
        if (!isNetworkFailure(error) || (kind === "look" && this.wasThrottled)) throw error;
        const delayMs = pauseAfterMs(error, this.#platform, attempt, RETRY_BASE_MS, RETRY_CAP_MS);
        this.#logger.warn("Missed messages will be requested again", { delayMs: Math.round(delayMs) }, error);
        if (!(await pause(this.#platform, delayMs, [signal]))) throw error;
      }
    }
  }
}
