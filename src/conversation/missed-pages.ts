import { isOfNetwork, isThrottled } from "../errors";
import type { ChatLogger } from "../observability/logger";
import type { GetTranscriptData, GetTranscriptQuery } from "../participant/types";
import type { Platform } from "../platform";
import { pause, pauseAfterMs, RequestBudget } from "../waiting";
import type { ConversationOwner } from "./fact";
import { isoOf } from "./recent-items";

const PAGE_SIZE = 100;
/** No chat has that many pages of items that are known already: the service's tokens go round in a circle. */
const MAX_PAGES = 60;

const RETRY_BASE_MS = 1_000;
const RETRY_CAP_MS = 30_000;

/** Damaged frames cause two requests at once, and then one in this time: at most six in any minute. */
const AFTER_DAMAGE = { burst: 2, oneEveryMs: 15_000 };

/** Fetches a recovery's pages, each request repeated until it succeeds. */
export class MissedPages {
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #owner: Pick<ConversationOwner, "fetchPage">;
  readonly #afterDamage: RequestBudget;
  /** Whether damage is the cause of the requests. */
  isAfterDamage = false;
  /** Whether anything in this reconnection met a 429. */
  isThrottled = false;
  /** When the last one was requested, monotonic. */
  lastMs = 0;

  constructor(platform: Platform, logger: ChatLogger, owner: Pick<ConversationOwner, "fetchPage">) {
    this.#platform = platform;
    this.#logger = logger;
    this.#owner = owner;
    this.#afterDamage = new RequestBudget(platform, AFTER_DAMAGE.burst, AFTER_DAMAGE.oneEveryMs);
  }

  /** How long the first request after damage has to wait. */
  get damageWaitMs(): number {
    return this.#afterDamage.waitMs();
  }

  /** The pages from a time on (epoch milliseconds), the oldest first. Null, as the last, means that the rest can't be fetched. */
  async *from(
    fromMs: number,
    signal: AbortSignal,
    isOptional: boolean,
  ): AsyncGenerator<GetTranscriptData | null, void, undefined> {
    const first: GetTranscriptQuery = {
      maxResults: PAGE_SIZE,
      sortOrder: "ASCENDING",
      scanDirection: "FORWARD",
      startPosition: { absoluteTime: isoOf(fromMs) },
    };
    let query = first;
    for (let left = MAX_PAGES; ; left -= 1) {
      const page = left > 0 ? await this.fetch(query, signal, isOptional) : null;
      yield page;
      const nextToken = page && nextTokenOf(page);
      if (!nextToken) return;
      query = { ...first, nextToken };
    }
  }

  /**
   * Fetches one page, however many attempts it takes. Null if the service refuses it, the signal is aborted, or an
   * optional request meets a 429.
   */
  async fetch(
    query: GetTranscriptQuery,
    signal: AbortSignal,
    isOptional: boolean,
  ): Promise<GetTranscriptData | null> {
    for (let attempt = 0; ; attempt += 1) {
      if (this.isAfterDamage) await this.#afterDamage.turn([signal]);
      this.lastMs = this.#platform.monotonicMs();
      try {
        const page = await this.#owner.fetchPage(query, signal);
        return signal.aborted ? null : page;
      } catch (error) {
        if (signal.aborted) return null;
        if (isThrottled(error)) this.isThrottled = true;
        if (!isOfNetwork(error) || (isOptional && this.isThrottled)) {
          this.#logger.error("Missed messages could not be fetched", error);
          return null;
        }
        const delayMs = pauseAfterMs(error, this.#platform, attempt, RETRY_BASE_MS, RETRY_CAP_MS);
        this.#logger.warn("Missed messages are asked for again", { delayMs: Math.round(delayMs) }, error);
        if (!(await pause(this.#platform, delayMs, [signal]))) return null;
      }
    }
  }
}

/** The token that leads to the next page; none on the last page. */
export const nextTokenOf = ({ Transcript, NextToken }: GetTranscriptData): string | null =>
  (Transcript.length > 0 && NextToken) || null;
