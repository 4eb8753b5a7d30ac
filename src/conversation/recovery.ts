import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { WireItem as ChatTranscriptItem } from "../api/items";
import type { LibraryLogger as ChatLogger } from "../api/logging";
import { NEWEST_ITEM, NEWEST_PAGE } from "../participant/types";
import type { Platform, Timer } from "../platform";
import type { ConversationOwner } from "./fact";
import { HeldItems, HOLD_MS } from "./held-items";
import { PageRequests } from "./page-requests";
import { isoOf, timeOf } from "./recent-items";
import type { RecoveryCause } from "./recovery-cause";

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
  /** The transcript may lag behind the socket: after a loss, a second look follows this long after the recovery. */
  secondLookMs: { min: 3_000, max: 15_000 },
} as const;

export interface RecoverySettings {
  /** Whether what was said while the link was down is fetched and delivered. */
  readonly enabled: boolean;
}

/** What of a page was new, receipts not counted, and the item that ended the chat. */
export interface Recovered {
  readonly count: number;
  readonly end: ChatTranscriptItem | null;
}

/** What a recovery asks of the conversation. */
export interface RecoveryOwner {
  /** Whether the transcript is kept. */
  readonly keepsTranscript: boolean;
  readonly startsFromMs: number;
  readonly hasPage: boolean;
  readonly hasForgotten: boolean;
  readonly wantsNewest: boolean;
  /** Takes the newest item, as a page; `startsFromMs` is known then. */
  locate(page: GetTranscriptData): void;
  /** Delivers what of a page is new. */
  recovered(page: GetTranscriptData): Recovered;
  /** Something may be missing from now on. */
  openHole(): void;
  /** Everything up to now was delivered: nothing is missing any more. */
  filled(): void;
  /** Delivers how older messages changed; returns how many did. */
  recoveredNewest(page: GetTranscriptData): number;
  /** Live items that have waited, in the order of their arrival. */
  release(items: readonly ChatTranscriptItem[]): void;
}

/** "more": there are more pages than a round takes. */
type Outcome = "complete" | "incomplete" | "more";

/** A second look by way of the transcript's page: null until a page has shown everything since the hole. */
interface Look {
  found: Recovered | null;
}

/** A run after a loss or damage, during which live items wait; one that goes on from another; a second look. */
type Kind = "run" | "round" | "look";

/** What a run waits for at most so long: the manager's subscription, or a page that the application fetches itself. */
type Sign = "subscribed" | "fetched";

/**
 * Fetches what was said while the link was down, or in a frame that was damaged: GetTranscript forward from the cursor,
 * page by page. Live items wait meanwhile, so that nobody reads an answer before its question.
 */
export class Recovery {
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #session: ConversationOwner;
  readonly #settings: () => RecoverySettings;
  readonly #owner: RecoveryOwner;
  #run: AbortController | null = null;
  /** The first request of a run that has begun. */
  #startTimer: Timer | null = null;
  /** The sign that the run waits for. */
  #awaited: { readonly sign: Sign; readonly jitterMs: number } | null = null;
  /** How the chat has ended, where that is known before the missed items are. */
  #end: ChatTranscriptItem | null = null;
  #settleTimer: Timer | null = null;
  /** Whether the fact `settled` is due. */
  #settles = false;
  readonly #held: HeldItems;
  readonly #requests: PageRequests;
  /** Recoveries after damage, one after the other, that found nothing. */
  #inVain = 0;
  #damagedMeanwhile = false;
  #hasForgotten = false;
  #kind: Kind = "run";
  #count = 0;
  /** When the link's subscription was confirmed; Infinity until an external manager reports it. */
  #subscribedAtMs = 0;
  /** When the last page of the gap was asked for, monotonic. */
  #lastPageMs = 0;
  /** Whether a second look is to follow the run. */
  #looksAgain = false;
  #lookTimer: Timer | null = null;
  #look: Look | null = null;

  constructor(
    platform: Platform,
    logger: ChatLogger,
    settings: () => RecoverySettings,
    session: ConversationOwner,
    owner: RecoveryOwner,
  ) {
    this.#platform = platform;
    this.#logger = logger;
    this.#session = session;
    this.#settings = settings;
    this.#owner = owner;
    this.#requests = new PageRequests(platform, logger, session);
    this.#held = new HeldItems(
      platform,
      (items) => owner.release(items),
      () => this.#holdIsOver(),
    );
  }

  /** Whether this live item has to wait; it comes back by `release` then. */
  holds(item: ChatTranscriptItem): boolean {
    return this.#held.add(item);
  }

  begin(cause: RecoveryCause): void {
    if (!this.#settings().enabled) {
      this.flush();
      this.#settles = cause.kind === "reconnected";
      this.#settle();
      if (cause.kind === "ended") this.#session.onFact({ kind: "ended", item: cause.end });
      return;
    }
    if (cause.kind === "unsubscribed") {
      this.#subscribedAtMs = Number.POSITIVE_INFINITY;
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
    this.#held.begin();
    if (cause.kind === "ended") {
      this.#end = cause.end;
      this.#settleTimer = this.#platform.startTimer(() => this.#finish(cause.end, false), HOLD_MS);
      this.#startIn(0);
      return;
    }
    const jitterMs = this.#jitterMs(cause.chats);
    this.#looksAgain = true;
    this.#requests.isAfterDamage = false;
    this.#subscribedAtMs = cause.isSubscribed ? this.#platform.monotonicMs() : Number.POSITIVE_INFINITY;
    if (cause.kind === "late") {
      this.#await("fetched", jitterMs, RECOVERY.fetchedWithinMs);
      return;
    }
    this.#settles = true;
    this.#settleTimer = this.#platform.startTimer(() => this.#settle(), RECOVERY.establishedWithinMs);
    if (cause.isSubscribed) this.#startIn(jitterMs);
    else this.#await("subscribed", jitterMs, RECOVERY.subscribedWithinMs);
  }

  #await(sign: Sign, jitterMs: number, withinMs: number): void {
    this.#startIn(jitterMs + withinMs);
    this.#awaited = { sign, jitterMs };
  }

  /** What a run may wait for has happened. */
  signal(sign: Sign, chats = 1): void {
    const isLate = sign === "subscribed" && this.#subscribedAtMs === Number.POSITIVE_INFINITY;
    if (isLate) this.#subscribedAtMs = this.#platform.monotonicMs();
    if (this.#awaited?.sign === sign) this.#startIn(this.#awaited.jitterMs);
    else if (isLate) {
      // What came before the subscription, and after the run if there was one, is missing.
      this.#owner.openHole();
      if (this.#isBusy) this.#damagedMeanwhile = true;
      else this.begin({ kind: "late", chats, isSubscribed: true });
    }
  }

  /** A request of this reconnection was refused because there are too many. */
  throttled(): void {
    this.#requests.isThrottled = true;
  }

  #jitterMs(chats: number): number {
    return this.#platform.random() * RECOVERY.jitterMs * chats;
  }

  /** The link is lost: what is missing now is a matter of the next recovery, and live items wait for it. */
  interrupt(): void {
    this.#stop();
    this.#requests.isThrottled = false;
    this.#held.isHolding = this.#settings().enabled;
  }

  /** Held items are released: nothing more is to be expected. */
  flush(): void {
    this.#held.release();
  }

  dispose(): void {
    this.#stop();
    this.#held.clear();
  }

  #damaged(chats: number): void {
    if (this.#isBusy) {
      // What was damaged may be behind the page that was just fetched.
      this.#damagedMeanwhile = true;
      return;
    }
    this.#requests.isAfterDamage = true;
    const capMs = Math.max(
      Math.min(RECOVERY.debounceCapMs, RECOVERY.debounceMs * 2 ** this.#inVain),
      this.#requests.damageWaitMs,
    );
    // While it is worth it, the live items wait from now on; for a long debounce nobody would want to.
    this.#held.isHolding = capMs < RECOVERY.nextRoundMs;
    this.#startIn(capMs + this.#jitterMs(chats));
  }

  get #isBusy(): boolean {
    return this.#run !== null || this.#startTimer !== null;
  }

  #startIn(delayMs: number, kind: Kind = "run"): void {
    this.#awaited = null;
    this.#startTimer?.cancel();
    this.#startTimer = this.#platform.startTimer(() => {
      this.#startTimer = this.#awaited = null;
      this.#kind = kind;
      this.#held.isHolding = kind === "run";
      this.#count = 0;
      this.#damagedMeanwhile = this.#hasForgotten = false;
      this.#run = new AbortController();
      void this.#recover(this.#run);
    }, delayMs);
  }

  async #recover(run: AbortController): Promise<void> {
    const outcome = await this.#fetchAll(run.signal).catch((error: unknown): Outcome => {
      this.#logger.error("The recovery failed", error);
      return "incomplete";
    });
    if (run !== this.#run) return;
    const complete = outcome === "complete" && !this.#hasForgotten;
    if (this.#end) {
      this.#finish(this.#end, complete);
      return;
    }
    const isLook = this.#kind === "look";
    if (!isLook) this.#inVain = this.#count === 0 ? this.#inVain + 1 : 0;
    this.#logger.info("What was missed is recovered", { count: this.#count, outcome });
    if (outcome !== "more" && !this.#damagedMeanwhile) this.#ran(outcome === "complete");
    // A second look is reported only if it finds something.
    if (!isLook || this.#count > 0) this.#report(this.#count, complete);
    this.#settle();
    this.flush();
    // A handler may have let go of the session, and the end be among what waited.
    if (run !== this.#run) return;
    this.#run = null;
    if (outcome === "more") this.#startIn(this.#platform.random() * RECOVERY.nextRoundMs, "round");
    else if (this.#damagedMeanwhile) this.#damaged(1);
  }

  /** After a run: the hole is filled unless a second look is due. The transcript is fetched at that moment, too. */
  #ran(isComplete: boolean): void {
    const { min, max } = RECOVERY.secondLookMs;
    const isDue =
      this.#looksAgain && !this.#requests.isThrottled && this.#lastPageMs - this.#subscribedAtMs < min;
    if (isComplete && !isDue) this.#owner.filled();
    if (!this.#looksAgain || !((isComplete && isDue) || this.#owner.keepsTranscript)) return;
    this.#lookTimer ??= this.#platform.startTimer(
      () => {
        this.#lookTimer = null;
        this.#looksAgain = false;
        if (this.#owner.keepsTranscript) void this.#lookByTranscript();
        else if (!this.#isBusy) this.#startIn(0, "look");
      },
      min + this.#platform.random() * (max - min),
    );
  }

  async #lookByTranscript(): Promise<void> {
    const look: Look = { found: null };
    this.#look = look;
    await this.#session.refreshTranscript();
    if (look !== this.#look) return;
    this.#look = null;
    const { count = 0, end } = look.found ?? {};
    if (end) this.#finish(end, true, count);
    else if (count > 0) this.#report(count, true);
    if (this.#isBusy) return;
    if (look.found) this.#owner.filled();
    else if (!this.#requests.isThrottled) this.#startIn(0, "look");
  }

  /** A page that was fetched for the transcript: a second look, if it shows everything since the hole. */
  shown(page: GetTranscriptData): void {
    if (!this.#look) return;
    const fromMs = this.#owner.startsFromMs;
    const items = page.Transcript.filter((item) => !(timeOf(item) < fromMs));
    const isWhole = !page.NextToken || items.length < page.Transcript.length;
    if (isWhole) this.#look.found = this.#owner.recovered({ ...page, Transcript: items });
  }

  /** The chat is over, whether or not everything before its end could be fetched. */
  #finish(end: ChatTranscriptItem, complete: boolean, count = this.#count): void {
    this.#stop();
    this.#report(count, complete);
    this.flush();
    this.#session.onFact({ kind: "ended", item: end });
  }

  /** Page by page up to the newest item, or to the end of the chat. */
  async #fetchAll(signal: AbortSignal): Promise<Outcome> {
    const isOptional = this.#kind === "look";
    if (Number.isNaN(this.#owner.startsFromMs)) {
      const newest = await this.#requests.fetch(NEWEST_ITEM, signal, isOptional);
      if (newest === null) return "incomplete";
      this.#owner.locate(newest);
    }
    const first: GetTranscriptQuery = {
      maxResults: RECOVERY.pageSize,
      sortOrder: "ASCENDING",
      scanDirection: "FORWARD",
      startPosition: { absoluteTime: isoOf(this.#owner.startsFromMs) },
    };
    let query = first;
    let fresh = 0;
    for (let pages = 1; ; pages += 1) {
      const page = await this.#requests.fetch(query, signal, isOptional);
      if (page === null) return "incomplete";
      this.#lastPageMs = this.#requests.lastMs;
      const { Transcript: items, NextToken: nextToken } = page;
      this.#hasForgotten ||= this.#owner.hasForgotten;
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
    if (!this.#owner.wantsNewest) return "complete";
    const newest = await this.#requests.fetch(NEWEST_PAGE, signal, isOptional);
    if (newest === null) return "incomplete";
    this.#count += this.#owner.recoveredNewest(newest);
    return "complete";
  }

  /** Live items have waited long enough; what was missed is told after them then. */
  #holdIsOver(): void {
    this.#logger.warn("Live items wait no longer for missed messages");
    const count = this.#count;
    this.#count = 0;
    // Where no recovery is under way the link is down: the next one tells.
    const isRecovering = this.#isBusy;
    if (isRecovering && this.#held.hasEarlier) this.#held.releaseEarlier();
    else this.flush();
    if (isRecovering) this.#report(count, false);
  }

  #settle(): void {
    this.#settleTimer?.cancel();
    this.#settleTimer = null;
    if (!this.#settles) return;
    this.#settles = false;
    this.#session.onFact({ kind: "settled" });
    // Otherwise the second look fetches it.
    const looksAgain = this.#settings().enabled && this.#owner.hasPage;
    if (!looksAgain) void this.#session.refreshTranscript();
  }

  #report(count: number, complete: boolean): void {
    this.#session.onFact({ kind: "recovered", outcome: { count, complete } });
  }

  #stop(): void {
    for (const timer of [this.#startTimer, this.#settleTimer, this.#lookTimer]) timer?.cancel();
    this.#run?.abort();
    this.#run = this.#startTimer = this.#settleTimer = this.#lookTimer = null;
    this.#awaited = this.#end = this.#look = null;
    this.#settles = this.#looksAgain = false;
    this.#subscribedAtMs = 0;
  }
}
