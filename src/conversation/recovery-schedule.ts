import type { ChatTranscriptItem } from "../item";
import type { ChatLogger } from "../observability/logger";
import type { GetTranscriptData } from "../participant/types";
import type { Platform, Timer } from "../platform";
import type { Delivery } from "./delivery";
import type { ConversationOwner } from "./fact";
import { Gate, HOLD_MS, type GateOwner } from "./gate";
import { MissedPages } from "./missed-pages";
import type { Position } from "./position";
import { RECOVERY, type LinkIsBack, type RecoveryCause, type RecoverySettings } from "./recovery";
import { RecoveryRun, type DueRun, type RunKind, type RunOutcome, type Sign } from "./recovery-run";
import { SecondLook, type SecondLookOwner } from "./second-look";

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
export class RecoverySchedule implements GateOwner, SecondLookOwner {
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #session: ConversationOwner;
  readonly #settings: () => RecoverySettings;
  readonly #position: Position;
  readonly #delivery: Delivery;
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
    position: Position,
    delivery: Delivery,
  ) {
    this.#platform = platform;
    this.#logger = logger;
    this.#session = session;
    this.#settings = settings;
    this.#position = position;
    this.#delivery = delivery;
    this.#pages = new MissedPages(platform, logger, session);
    this.#gate = new Gate(platform, this);
    this.#look = new SecondLook(platform, session, position, delivery, this);
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
        this.#look.awaitSubscription();
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
    this.#look.want(isSubscribed);
    this.#pages.isAfterDamage = false;
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
    const isLate = sign === "subscribed" && this.#look.subscribed();
    if (run?.state === "due" && run.awaited?.sign === sign) this.#startIn(run.awaited.jitterMs);
    else if (isLate) {
      // What came before the subscription, and after the run if there was one, is missing.
      this.#position.cursor.openHole();
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
    this.#run = new RecoveryRun(kind, this.#pages, this.#position, this.#delivery);
    this.#gate.isClosed = kind === "run";
    void this.#recover(this.#run);
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
    if (hasRun && this.#gate.hasEarlier) this.#delivery.release(this.#gate.takeEarlier());
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
    if (isComplete && !isDue) this.#position.cursor.closeHole();
    if ((isComplete && isDue) || this.#delivery.keepsTranscript) this.#look.schedule();
  }

  lookIsDue(): void {
    if (this.#delivery.keepsTranscript) void this.#lookByTranscript();
    else if (!this.#run) this.#startIn(0, "look");
  }

  async #lookByTranscript(): Promise<void> {
    const found = await this.#look.byTranscript();
    if (found === undefined) return;
    const { count = 0, end } = found ?? {};
    if (end) this.#finish(end, true, count);
    else if (count > 0) this.#report(count, true);
    if (this.#run) return;
    if (found) this.#position.cursor.closeHole();
    else if (!this.#pages.isThrottled) this.#startIn(0, "look");
  }

  /** A page that was fetched for the transcript may serve as the second look. */
  shown(page: GetTranscriptData): void {
    this.#look.shown(page);
  }

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
    const looksAgain = this.#settings().enabled && this.#delivery.hasPage;
    if (!looksAgain) void this.#session.refreshTranscript();
  }

  #report(count: number, complete: boolean): void {
    this.#session.onFact({ kind: "recovered", outcome: { count, complete } });
  }

  /** Held items are released: nothing more is to be expected. */
  flush(): void {
    this.#delivery.release(this.#gate.open());
  }

  /** Drops the items that wait. */
  dispose(): void {
    this.#stop();
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
