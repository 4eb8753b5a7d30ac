import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { LibraryLogger } from "../api/logging";
import { isOfNetwork, isThrottled } from "../errors";
import type { ConversationOwner } from "./fact";
import type { Platform } from "../platform";
import { pause, pauseAfterMs, RequestBudget } from "../waiting";

const RETRY_BASE_MS = 1_000;
const RETRY_CAP_MS = 30_000;

/** Damaged frames cause two requests at once, and then one in this time: at most six in any minute. */
const AFTER_DAMAGE = { burst: 2, oneEveryMs: 15_000 };

/** A recovery's requests for pages, each repeated until it succeeds. */
export class PageRequests {
  readonly #platform: Platform;
  readonly #logger: LibraryLogger;
  readonly #owner: Pick<ConversationOwner, "fetchPage">;
  readonly #afterDamage: RequestBudget;
  /** Whether damage is the cause of the requests. */
  isAfterDamage = false;
  /** Whether anything in this reconnection met a 429. */
  isThrottled = false;
  /** When the last one was asked for, monotonic. */
  lastMs = 0;

  constructor(platform: Platform, logger: LibraryLogger, owner: Pick<ConversationOwner, "fetchPage">) {
    this.#platform = platform;
    this.#logger = logger;
    this.#owner = owner;
    this.#afterDamage = new RequestBudget(platform, AFTER_DAMAGE.burst, AFTER_DAMAGE.oneEveryMs);
  }

  /** How long the first request after damage has to wait. */
  get damageWaitMs(): number {
    return this.#afterDamage.waitMs();
  }

  /**
   * A page, however many attempts it takes; null where the service refuses it, the signal is aborted, or there are too many requests
   * for one that is optional.
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
