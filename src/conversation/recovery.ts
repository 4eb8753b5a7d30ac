import type { ChatTranscriptItem } from "../item";
import type { ChatLogger } from "../observability/logger";
import type { GetTranscriptData } from "../participant/types";
import type { Platform, Timer } from "../platform";
import type { ConversationOwner } from "./fact";
import { Gate, HOLD_MS, type GateOwner } from "./gate";
import { MissedPages } from "./missed-pages";
import type { RecoveryCause } from "./recovery-cause";
import { RecoveryRun, type RunKind, type RunOutcome } from "./recovery-run";
import { SecondLook, type SecondLookOwner } from "./second-look";

export const RECOVERY = {
  /** Requested again before the cursor: items may be stored in another order than they were sent. */
  overlapMs: 10_000,
  /** Between two rounds: many clients have much to fetch at the same time. */
  nextRoundMs: 2_000,
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

/** What a run waits for, for a limited time: the manager's subscription, or a page that the application fetches itself. */
type Sign = "subscribed" | "fetched";

/** A run that begins when its timer fires, or `jitterMs` after its sign. */
interface DueRun {
  readonly state: "due";
  readonly timer: Timer;
  readonly awaited: { readonly sign: Sign; readonly jitterMs: number } | null;
}

type LinkIsBack = Extract<RecoveryCause, { kind: "reconnected" | "late" }>;

/** When its timer fires, the establishment or the end waits no longer for missed items. */
interface Deadline {
  readonly timer: Timer;
  /** How the chat has ended; null before an establishment. */
  readonly end: ChatTranscriptItem | null;
}

/**
 * The schedule of recoveries: fetches missed items after a loss or a damaged frame, from the cursor forward, page by
 * page. Live items wait meanwhile, so that an answer is never delivered before its question.
 */
export class Recovery implements GateOwner, SecondLookOwner {
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #session: ConversationOwner;
  readonly #settings: () => RecoverySettings;
  readonly #owner: RecoveryOwner;
  readonly #gate: Gate;
  readonly #pages: MissedPages;
  readonly #look: SecondLook;
  #run: DueRun | RecoveryRun | null = null;
  #deadline: Deadline | null = null;
  /** Recoveries after damage, one after the other, that found nothing. */
  #inVain = 0;

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
    this.#pages = new MissedPages(platform, logger, session);
    this.#gate = new Gate(platform, this);
    this.#look = new SecondLook(platform, session, owner, this);
  }

  /** Whether this live item has to wait; it is released later. */
  holds(item: ChatTranscriptItem): boolean {
    return this.#gate.holds(item);
  }

  // --- when a run begins -------------------------------------------------------------------------------------------

  begin(cause: RecoveryCause): void {
    if (!this.#settings().enabled) {
      this.flush();
      if (cause.kind === "reconnected") this.#settle();
      else if (cause.kind === "ended") this.#session.onFact({ kind: "ended", item: cause.end });
      return;
    }
    switch (cause.kind) {
      case "reconnected":
      case "late":
        this.#linkIsBack(cause);
        return;
      case "unsubscribed":
        this.#look.subscribedAtMs = Number.POSITIVE_INFINITY;
        return;
      case "damaged":
        this.#damaged(cause.chats);
        return;
      case "ended":
        // Otherwise the end is known, and the items before it are being fetched.
        if (!this.#deadline?.end) this.#ended(cause.end);
        return;
      default:
        cause satisfies never;
    }
  }

  #linkIsBack({ kind, chats, isSubscribed }: LinkIsBack): void {
    this.#startOver();
    const jitterMs = this.#jitterMs(chats);
    this.#look.want();
    this.#pages.isAfterDamage = false;
    this.#look.subscribedAtMs = isSubscribed ? this.#platform.monotonicMs() : Number.POSITIVE_INFINITY;
    if (kind === "late") {
      this.#await("fetched", jitterMs, RECOVERY.fetchedWithinMs);
      return;
    }
    const timer = this.#platform.startTimer(() => this.#settle(), RECOVERY.establishedWithinMs);
    this.#deadline = { timer, end: null };
    if (isSubscribed) this.#startIn(jitterMs);
    else this.#await("subscribed", jitterMs, RECOVERY.subscribedWithinMs);
  }

  #ended(end: ChatTranscriptItem): void {
    this.#startOver();
    this.#deadline = { timer: this.#platform.startTimer(() => this.#finish(end, false), HOLD_MS), end };
    this.#startIn(0);
  }

  #damaged(chats: number): void {
    if (this.#run) {
      // The damaged item may be behind the page that was just fetched.
      if (this.#run.state === "fetching") this.#run.isDamaged = true;
      return;
    }
    this.#pages.isAfterDamage = true;
    const capMs = Math.max(
      Math.min(RECOVERY.debounceCapMs, RECOVERY.debounceMs * 2 ** this.#inVain),
      this.#pages.damageWaitMs,
    );
    // Live items wait from now on, unless the debounce is long.
    this.#gate.isClosed = capMs < RECOVERY.nextRoundMs;
    this.#startIn(capMs + this.#jitterMs(chats));
  }

  /** What a run may wait for has happened. */
  signal(sign: Sign, chats = 1): void {
    const run = this.#run;
    const isLate = sign === "subscribed" && this.#look.subscribedAtMs === Number.POSITIVE_INFINITY;
    if (isLate) this.#look.subscribedAtMs = this.#platform.monotonicMs();
    if (run?.state === "due" && run.awaited?.sign === sign) this.#startIn(run.awaited.jitterMs);
    else if (isLate) {
      // What came before the subscription, and after the run if there was one, is missing.
      this.#owner.openHole();
      if (run) this.#damaged(chats);
      else this.begin({ kind: "late", chats, isSubscribed: true });
    }
  }

  /** A request of this reconnection was refused because there are too many. */
  throttled(): void {
    this.#pages.isThrottled = true;
  }

  /** The link is lost: the next recovery fetches what is missing now, and live items wait for it. */
  interrupt(): void {
    this.#stop();
    this.#pages.isThrottled = false;
    this.#gate.isClosed = this.#settings().enabled;
  }

  #startOver(): void {
    this.#stop();
    // A loss that cost nothing says nothing of damage.
    this.#inVain = -1;
    this.#gate.close();
  }

  #await(sign: Sign, jitterMs: number, withinMs: number): void {
    this.#startIn(jitterMs + withinMs, "run", { sign, jitterMs });
  }

  #startIn(delayMs: number, kind: RunKind = "run", awaited: DueRun["awaited"] = null): void {
    this.#stopRun();
    this.#run = { state: "due", timer: this.#platform.startTimer(() => this.#start(kind), delayMs), awaited };
  }

  #jitterMs(chats: number): number {
    return this.#platform.random() * RECOVERY.jitterMs * chats;
  }

  // --- a run -------------------------------------------------------------------------------------------------------

  #start(kind: RunKind): void {
    const run = new RecoveryRun(kind, this.#pages, this.#owner);
    this.#run = run;
    this.#gate.isClosed = kind === "run";
    void this.#recover(run);
  }

  async #recover(run: RecoveryRun): Promise<void> {
    const outcome = await run.fetchAll().catch((error: unknown): RunOutcome => {
      this.#logger.error("The recovery failed", error);
      return "incomplete";
    });
    if (run !== this.#run) return;
    const complete = outcome === "complete" && !run.hasForgotten;
    const end = run.end ?? this.#deadline?.end;
    if (end) {
      this.#finish(end, complete);
      return;
    }
    const isLook = run.kind === "look";
    const count = run.takeCount();
    if (!isLook) this.#inVain = count === 0 ? this.#inVain + 1 : 0;
    this.#logger.info("What was missed is recovered", { count, outcome }); // cspell:disable-line
    if (outcome !== "more" && !run.isDamaged) this.#ran(run, outcome === "complete");
    // A second look is reported only if it finds something.
    if (!isLook || count > 0) this.#report(count, complete);
    if (this.#deadline) this.#settle();
    this.flush();
    // A handler may have disposed of the session, and the end be among the items that waited.
    if (run !== this.#run) return;
    this.#run = null;
    if (outcome === "more") this.#startIn(this.#platform.random() * RECOVERY.nextRoundMs, "round");
    else if (run.isDamaged) this.#damaged(1);
  }

  /** Live items have waited long enough; missed items are delivered after them then. */
  holdIsOver(): void {
    this.#logger.warn("Live items wait no longer for missed messages");
    const count = this.#takeCount();
    // Without a run the link is down: the next run reports.
    const hasRun = this.#run !== null;
    if (hasRun && this.#gate.hasEarlier) this.#owner.release(this.#gate.takeEarlier());
    else this.flush();
    if (hasRun) this.#report(count, false);
  }

  #takeCount(): number {
    return this.#run?.state === "fetching" ? this.#run.takeCount() : 0;
  }

  // --- the second look ---------------------------------------------------------------------------------------------

  /** After a run: the hole is filled unless a second look is due. The transcript is fetched at that moment, too. */
  #ran({ lastPageMs }: RecoveryRun, isComplete: boolean): void {
    const isDue = !this.#pages.isThrottled && this.#look.isNeededAfter(lastPageMs);
    if (isComplete && !isDue) this.#owner.filled();
    if ((isComplete && isDue) || this.#owner.keepsTranscript) this.#look.schedule();
  }

  lookIsDue(): void {
    if (this.#owner.keepsTranscript) void this.#lookByTranscript();
    else if (!this.#run) this.#startIn(0, "look");
  }

  async #lookByTranscript(): Promise<void> {
    const found = await this.#look.byTranscript();
    if (found === undefined) return;
    const { count = 0, end } = found ?? {};
    if (end) this.#finish(end, true, count);
    else if (count > 0) this.#report(count, true);
    if (this.#run) return;
    if (found) this.#owner.filled();
    else if (!this.#pages.isThrottled) this.#startIn(0, "look");
  }

  /** A page that was fetched for the transcript may serve as the second look. */
  shown(page: GetTranscriptData): void {
    this.#look.shown(page);
  }

  // --- what ends a run ---------------------------------------------------------------------------------------------

  /** The chat is over, whether or not everything before its end could be fetched. */
  #finish(end: ChatTranscriptItem, complete: boolean, count = this.#takeCount()): void {
    this.#stop();
    this.#report(count, complete);
    this.flush();
    this.#session.onFact({ kind: "ended", item: end });
  }

  #settle(): void {
    this.#deadline?.timer.cancel();
    this.#deadline = null;
    this.#session.onFact({ kind: "settled" });
    // Otherwise the second look fetches it.
    const looksAgain = this.#settings().enabled && this.#owner.hasPage;
    if (!looksAgain) void this.#session.refreshTranscript();
  }

  #report(count: number, complete: boolean): void {
    this.#session.onFact({ kind: "recovered", outcome: { count, complete } });
  }

  /** Held items are released: nothing more is to be expected. */
  flush(): void {
    this.#owner.release(this.#gate.open());
  }

  dispose(): void {
    this.#stop();
    // Items that wait are dropped.
    this.#gate.open();
  }

  #stop(): void {
    this.#stopRun();
    this.#deadline?.timer.cancel();
    this.#look.stop();
    this.#run = this.#deadline = null;
  }

  #stopRun(): void {
    if (this.#run?.state === "due") this.#run.timer.cancel();
    else this.#run?.stop();
  }
}
