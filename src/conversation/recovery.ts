import { isChatError } from "../errors";
import type { ChatTranscriptItem } from "../item";
import type { ChatLogger } from "../observability/logger";
import { NEWEST_PAGE, type GetTranscriptData, type GetTranscriptQuery } from "../participant/types";
import type { Platform, Timer } from "../platform";
import { pause, pauseAfterMs } from "../waiting";
import { isoOf } from "./recent-items";

export const RECOVERY = {
  /** Asked for again before the cursor: items may be stored in another order than they were sent out. */
  overlapMs: 10_000,
  pageSize: 100,
  /** Pages that hold something new; what is behind them is told as incomplete, and left to another round. */
  mostPages: 10,
  /** Between two rounds: many clients have much to fetch at the same time. */
  nextRoundMs: 2_000,
  /** No chat has that many pages of items that are known already: the service's tokens go round in a circle. */
  mostPagesInAll: 60,
  /** Live items wait this long for what was said before them. */
  holdMs: 10_000,
  /** onConnectionEstablished waits this long for the recovered items. */
  establishedWithinMs: 3_000,
  /**
   * The first link came up after attempts that failed: the application's own GetTranscript, which many make at the
   * establishment, is waited for this long, so that what it shows is not delivered a second time.
   */
  fetchedWithinMs: 1_000,
  /** Spread of the first request, for each chat on the link: they all recover at the same instant. */
  jitterMs: 200,
  /** A manager of somebody else's tells of a gain before it is subscribed again: that is waited for, this long. */
  subscribedWithinMs: 1_000,
  /** After a damaged frame more may follow. */
  debounceMs: 250,
  /** Damage upon damage without anything missing: the recoveries become this rare. */
  debounceCapMs: 60_000,
  retryBaseMs: 1_000,
  retryCapMs: 30_000,
} as const;

/** What a recovery has done; told by onMessagesRecovered. */
export interface MessagesRecovered {
  /** Missed items that were handed over, receipts not counted. */
  readonly count: number;
  /** False where something may still be missing: too much was missed, or it could not be fetched (in time). */
  readonly complete: boolean;
}

export interface RecoverySettings {
  /** Whether what was said while the link was down is fetched and delivered. */
  readonly enabled: boolean;
}

/** What a recovery asks of the session. */
export interface RecoverySession {
  recoverySettings(): RecoverySettings;
  /** GetTranscript, one attempt. */
  fetchPage(query: GetTranscriptQuery, signal: AbortSignal): Promise<GetTranscriptData>;
  /** A recovery is over. */
  tellRecovered(outcome: MessagesRecovered): void;
  /** The chat has ended, and `item` says so. */
  ended(item: ChatTranscriptItem): void;
}

/** What a recovery asks of the conversation. */
export interface RecoveryOwner {
  /** Epoch milliseconds, in the service's time: from when on something may be missing. */
  startsFromMs(): number;
  /** Hands over what of a page is new; `count` is how much that was, `end` the item that ended the chat. */
  recovered(page: GetTranscriptData): { count: number; end: ChatTranscriptItem | null };
  /** Everything up to now was handed over: nothing is missing any more. */
  filled(): void;
  /** Whether receipts of older messages are of interest: the newest page is asked for them. */
  wantsReceipts(): boolean;
  recoveredReceipts(page: GetTranscriptData): void;
  /** Live items that have waited, in the order of their arrival. */
  release(items: readonly ChatTranscriptItem[]): void;
}

/** "more": there are more pages than a round takes. */
type Outcome = "complete" | "incomplete" | "more";

/** What a run waits for at most so long: the manager's subscription, or a page that the application fetches itself. */
type Sign = "subscribed" | "fetched";

/** Why a recovery begins. `chats`: how many share the link. */
export type RecoveryCause =
  | {
      readonly kind: "reconnected";
      readonly chats: number;
      readonly isSubscribed: boolean;
      onSettled(): void;
    }
  /** The first link, after attempts that failed: its establishment has been emitted. */
  | { readonly kind: "late"; readonly chats: number }
  | { readonly kind: "damaged"; readonly chats: number }
  /** The service shows the end of the chat: what was said before it is fetched, for a limited time. */
  | { readonly kind: "ended"; readonly end: ChatTranscriptItem };

/**
 * Fetches what was said while the link was down, or in a frame that was damaged: GetTranscript forward from the cursor,
 * page by page. Live items wait meanwhile, so that nobody reads an answer before its question.
 */
export class Recovery {
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #session: RecoverySession;
  readonly #owner: RecoveryOwner;
  #run: AbortController | null = null;
  /** The first request of a run that has begun. */
  #startTimer: Timer | null = null;
  /** The sign that the run waits for. */
  #awaited: { readonly sign: Sign; readonly jitterMs: number } | null = null;
  /** How the chat has ended, where that is known before the missed items are. */
  #end: ChatTranscriptItem | null = null;
  #settleTimer: Timer | null = null;
  #onSettled: (() => void) | null = null;
  #held: ChatTranscriptItem[] = [];
  /** How many of them came on an earlier link, and since when the first of this link waits. */
  #heldBefore = 0;
  #heldSince = 0;
  #holding = false;
  #holdTimer: Timer | null = null;
  /** Recoveries after damage, one after the other, that found nothing. */
  #inVain = 0;
  #damagedMeanwhile = false;
  #count = 0;

  constructor(platform: Platform, logger: ChatLogger, session: RecoverySession, owner: RecoveryOwner) {
    this.#platform = platform;
    this.#logger = logger;
    this.#session = session;
    this.#owner = owner;
  }

  /** Whether this live item has to wait; it is handed back by `release` then. */
  holds(item: ChatTranscriptItem): boolean {
    if (!this.#holding) return false;
    if (this.#held.length === this.#heldBefore) this.#heldSince = this.#platform.monotonicMs();
    this.#held.push(item);
    this.#startHold();
    return true;
  }

  begin(cause: RecoveryCause): void {
    if (!this.#session.recoverySettings().enabled) {
      this.flush();
      if (cause.kind === "reconnected") cause.onSettled();
      if (cause.kind === "ended") this.#session.ended(cause.end);
      return;
    }
    if (cause.kind === "damaged") {
      this.#damaged(cause.chats);
      return;
    }
    // The end is known already, and what was said before it is being fetched.
    if (cause.kind === "ended" && this.#end) return;
    this.#stop();
    // A loss that cost nothing says nothing of damage.
    this.#inVain = -1;
    this.#holding = true;
    this.#heldBefore = this.#held.length;
    if (cause.kind === "ended") {
      this.#end = cause.end;
      this.#settleTimer = this.#platform.startTimer(() => this.#finish(cause.end, false), RECOVERY.holdMs);
      this.#startIn(0);
      return;
    }
    const jitterMs = this.#jitterMs(cause.chats);
    if (cause.kind === "late") {
      this.#await("fetched", jitterMs, RECOVERY.fetchedWithinMs);
      return;
    }
    this.#onSettled = () => cause.onSettled();
    this.#settleTimer = this.#platform.startTimer(() => this.#settle(), RECOVERY.establishedWithinMs);
    if (cause.isSubscribed) this.#startIn(jitterMs);
    else this.#await("subscribed", jitterMs, RECOVERY.subscribedWithinMs);
  }

  #await(sign: Sign, jitterMs: number, withinMs: number): void {
    this.#startIn(jitterMs + withinMs);
    this.#awaited = { sign, jitterMs };
  }

  /** What a run may wait for has happened. */
  signal(sign: Sign): void {
    if (this.#awaited?.sign === sign) this.#startIn(this.#awaited.jitterMs);
  }

  #jitterMs(chats: number): number {
    return this.#platform.random() * RECOVERY.jitterMs * chats;
  }

  /** The link is lost: what is missing now is a matter of the next recovery, and live items wait for it. */
  interrupt(): void {
    this.#stop();
    this.#holding = this.#session.recoverySettings().enabled;
  }

  /** Held items go out: nothing more is to be expected. */
  flush(): void {
    this.#holding = false;
    this.#release(this.#held.length);
  }

  #release(count: number): void {
    this.#holdTimer?.cancel();
    this.#holdTimer = null;
    this.#heldBefore = 0;
    this.#owner.release(this.#held.splice(0, count));
  }

  #startHold(): void {
    const leftMs = this.#heldSince + RECOVERY.holdMs - this.#platform.monotonicMs();
    this.#holdTimer ??= this.#platform.startTimer(() => this.#holdIsOver(), leftMs);
  }

  dispose(): void {
    this.#stop();
    this.#held = [];
    this.flush();
  }

  #damaged(chats: number): void {
    if (this.#run || this.#startTimer) {
      // What was damaged may be behind the page that was just fetched.
      this.#damagedMeanwhile = true;
      return;
    }
    const capMs = Math.min(RECOVERY.debounceCapMs, RECOVERY.debounceMs * 2 ** this.#inVain);
    // While it is worth it, the live items wait from now on; for a long debounce nobody would want to.
    this.#holding = this.#inVain === 0;
    this.#startIn(capMs + this.#jitterMs(chats));
  }

  /** `holds`: live items wait while it is under way. */
  #startIn(delayMs: number, holds = true): void {
    this.#awaited = null;
    this.#startTimer?.cancel();
    this.#startTimer = this.#platform.startTimer(() => {
      this.#startTimer = this.#awaited = null;
      this.#holding = holds;
      this.#count = 0;
      this.#damagedMeanwhile = false;
      this.#run = new AbortController();
      void this.#recover(this.#run);
    }, delayMs);
  }

  async #recover(run: AbortController): Promise<void> {
    const outcome = await this.#fetchAll(run.signal);
    if (run !== this.#run) return;
    const complete = outcome === "complete";
    if (this.#end) {
      this.#finish(this.#end, complete);
      return;
    }
    this.#inVain = this.#count === 0 ? this.#inVain + 1 : 0;
    this.#logger.info("What was missed is recovered", { count: this.#count, outcome });
    if (complete && !this.#damagedMeanwhile) this.#owner.filled();
    this.#session.tellRecovered({ count: this.#count, complete });
    this.#settle();
    this.flush();
    // A handler may have let go of the session, and the end be among what waited.
    if (run !== this.#run) return;
    this.#run = null;
    if (outcome === "more") this.#startIn(this.#platform.random() * RECOVERY.nextRoundMs, false);
    else if (this.#damagedMeanwhile) this.#damaged(1);
  }

  /** The chat is over, whether or not everything before its end could be fetched. */
  #finish(end: ChatTranscriptItem, complete: boolean): void {
    this.#stop();
    this.#session.tellRecovered({ count: this.#count, complete });
    this.flush();
    this.#session.ended(end);
  }

  /** Page by page up to the newest item, or to the end of the chat. */
  async #fetchAll(signal: AbortSignal): Promise<Outcome> {
    const first: GetTranscriptQuery = {
      maxResults: RECOVERY.pageSize,
      sortOrder: "ASCENDING",
      scanDirection: "FORWARD",
      startPosition: { absoluteTime: isoOf(this.#owner.startsFromMs()) },
    };
    let query = first;
    let fresh = 0;
    for (let pages = 1; ; pages += 1) {
      const page = await this.#page(query, signal);
      if (page === null) return "incomplete";
      const { Transcript: items, NextToken: nextToken } = page;
      const { count, end } = this.#owner.recovered(page);
      this.#count += count;
      if (end) {
        // A handler of what was recovered may have stopped this run.
        if (!signal.aborted) this.#end = end;
        return "complete";
      }
      if (count > 0) fresh += 1;
      if (!nextToken || items.length === 0) break;
      if (fresh >= RECOVERY.mostPages) return "more";
      if (pages >= RECOVERY.mostPagesInAll) return "incomplete";
      query = { ...first, nextToken };
    }
    if (!this.#owner.wantsReceipts()) return "complete";
    const newest = await this.#page(NEWEST_PAGE, signal);
    if (newest === null) return "incomplete";
    this.#owner.recoveredReceipts(newest);
    return "complete";
  }

  /** A page, whatever it takes; null where the service will not give it, or nobody wants it any more. */
  async #page(query: GetTranscriptQuery, signal: AbortSignal): Promise<GetTranscriptData | null> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const page = await this.#session.fetchPage(query, signal);
        return signal.aborted ? null : page;
      } catch (error) {
        if (signal.aborted) return null;
        if (!isWorthTrying(error)) {
          this.#logger.error("What was missed could not be fetched", error);
          return null;
        }
        const delayMs = pauseAfterMs(
          error,
          this.#platform,
          attempt,
          RECOVERY.retryBaseMs,
          RECOVERY.retryCapMs,
        );
        this.#logger.warn("What was missed is asked for again", { delayMs: Math.round(delayMs) }, error);
        if (!(await pause(this.#platform, delayMs, [signal]))) return null;
      }
    }
  }

  /** Live items have waited long enough; what was missed is told after them then. */
  #holdIsOver(): void {
    this.#logger.warn("Live items wait no longer for what was missed");
    const count = this.#count;
    this.#count = 0;
    // Where no recovery is under way the link is down: the next one tells.
    const isRecovering = this.#run !== null || this.#startTimer !== null;
    if (isRecovering && this.#heldBefore > 0) {
      // This link's own have not waited as long: the recovery may still come before them.
      this.#release(this.#heldBefore);
      if (this.#held.length > 0) this.#startHold();
    } else this.flush();
    if (isRecovering) this.#session.tellRecovered({ count, complete: false });
  }

  #settle(): void {
    this.#settleTimer?.cancel();
    this.#settleTimer = null;
    const onSettled = this.#onSettled;
    this.#onSettled = null;
    onSettled?.();
  }

  #stop(): void {
    for (const timer of [this.#startTimer, this.#settleTimer]) timer?.cancel();
    this.#run?.abort();
    this.#run = this.#startTimer = this.#settleTimer = null;
    this.#awaited = this.#onSettled = this.#end = null;
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
