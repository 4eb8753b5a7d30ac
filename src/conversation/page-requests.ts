import { isChatError } from "../errors";
import type { ChatLogger } from "../observability/logger";
import type { GetTranscriptData, GetTranscriptQuery } from "../participant/types";
import type { Platform } from "../platform";
import { pause, pauseAfterMs } from "../waiting";

const RETRY_BASE_MS = 1_000;
const RETRY_CAP_MS = 30_000;

const MINUTE_MS = 60_000;
/** Requests a minute at most. */
const MAX_A_MINUTE = 24;
/** Of those that a damaged frame causes. */
const MAX_AFTER_DAMAGE = 6;

export interface PageSource {
  /** GetTranscript, one attempt. */
  fetchPage(query: GetTranscriptQuery, signal: AbortSignal): Promise<GetTranscriptData>;
}

interface Sent {
  readonly atMs: number;
  readonly isAfterDamage: boolean;
}

/** A recovery's requests for pages: so many a minute, each repeated until it succeeds. All times are monotonic. */
export class PageRequests {
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #source: PageSource;
  #sent: Sent[] = [];
  /** Whether damage is the cause of the requests. */
  isAfterDamage = false;
  /** Whether anything in this reconnection met a 429. */
  isThrottled = false;

  constructor(platform: Platform, logger: ChatLogger, source: PageSource) {
    this.#platform = platform;
    this.#logger = logger;
    this.#source = source;
  }

  /** When the last one was sent. */
  get lastMs(): number {
    return this.#sent.at(-1)?.atMs ?? 0;
  }

  /** How many damage has caused in the last minute. */
  get recentAfterDamage(): number {
    return this.#recent(true).length;
  }

  #recent(isAfterDamage: boolean): Sent[] {
    const fromMs = this.#platform.monotonicMs() - MINUTE_MS;
    this.#sent = this.#sent.filter(({ atMs }) => atMs > fromMs);
    return this.#sent.filter((sent) => sent.isAfterDamage === isAfterDamage);
  }

  /** How long the next one has to wait. */
  get #waitMs(): number {
    const max = this.isAfterDamage ? MAX_AFTER_DAMAGE : MAX_A_MINUTE;
    const blocking = this.#recent(this.isAfterDamage).at(-max);
    return blocking ? blocking.atMs + MINUTE_MS - this.#platform.monotonicMs() : 0;
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
      const waitMs = this.#waitMs;
      if (waitMs > 0 && !(await pause(this.#platform, waitMs, [signal]))) return null;
      this.#sent.push({ atMs: this.#platform.monotonicMs(), isAfterDamage: this.isAfterDamage });
      try {
        const page = await this.#source.fetchPage(query, signal);
        return signal.aborted ? null : page;
      } catch (error) {
        if (signal.aborted) return null;
        if (isChatError(error) && error.statusCode === 429) this.isThrottled = true;
        if (!isWorthTrying(error) || (isOptional && this.isThrottled)) {
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

/**
 * A proxy's answer in the service's place passes, too, and so does what an application's own client throws without a
 * status: its network failed, as far as anybody can tell. A refusal stays one.
 */
const isWorthTrying = (error: unknown): boolean =>
  isChatError(error) &&
  (error.retryable ||
    error.code === "InvalidResponse" ||
    (error.code === "ClientError" && !error.statusCode));
