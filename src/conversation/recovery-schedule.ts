import type { GetTranscriptData } from "../api/client";
import type { WireItem } from "../api/items";
import type { LibraryLogger } from "../api/logging";
import type { Platform, Timer } from "../platform";
import { pause } from "../waiting";
import type { Delivery } from "./delivery";
import type { ConversationOwner } from "./fact";
import { Gate, HOLD_MS, type GateOwner } from "./gate";
import { MissedPages } from "./missed-pages";
import type { Position } from "./position";
import { timeOf } from "./recent-items";
import { RECOVERY, type LinkIsBack, type RecoveryCause, type RecoverySettings } from "./recovery";
import { RecoveryRun, type RunOutcome, type Sign } from "./recovery-run";
import { SOONEST_LOOK_MS, SecondLook } from "./second-look";

/** When its timer fires, the establishment or the end waits no longer for missed items. */
interface Deadline {
  readonly timer: Timer;
  /** How the chat has ended; null before an establishment. */
  readonly end: WireItem | null;
}

/**
 * The schedule of recoveries: fetches missed items after a loss or a damaged frame, from the cursor forward, page by
 * page. Live items wait meanwhile, so that an answer is never delivered before its question.
 */
export class RecoverySchedule implements GateOwner {
  readonly #platform: Platform;
  readonly #session: ConversationOwner;
  readonly #position: Position;
  readonly #delivery: Delivery;
  readonly #logger: LibraryLogger;
  readonly #settings: () => RecoverySettings;
  readonly #gate: Gate;
  readonly #pages: MissedPages;
  #run: RecoveryRun | null = null;
  #deadline: Deadline | null = null;
  #look: SecondLook | null = null;
  /** When the link's subscription was confirmed, monotonic; Infinity until an external manager reports it. */
  #subscribedAtMs = 0;
  /** Recoveries after damage, one after the other, that found nothing. */
  #inVain = 0;

  constructor(
    platform: Platform,
    session: ConversationOwner,
    position: Position,
    delivery: Delivery,
    logger: LibraryLogger,
    settings: () => RecoverySettings,
  ) {
    this.#platform = platform;
    this.#session = session;
    this.#position = position;
    this.#delivery = delivery;
    this.#logger = logger;
    this.#settings = settings;
    this.#pages = new MissedPages(platform, session, logger);
    this.#gate = new Gate(platform, this);
  }

  /** Whether this live item has to wait; it is released later. */
  holds(item: WireItem): boolean {
    return this.#gate.holds(item);
  }

  // --- when a run begins -------------------------------------------------------------------------------------------

  begin(cause: RecoveryCause): void {
    if (!this.#settings().enabled) {
      this.flush();
      if (cause.kind === "reconnected" || (this.#deadline && !this.#deadline.end)) this.#settle();
      if (cause.kind === "ended") this.#session.onFact({ kind: "ended", item: cause.end });
      return;
    }
    switch (cause.kind) {
      case "reconnected":
      case "late":
        this.#linkIsBack(cause);
        return;
      case "unsubscribed":
        this.#subscribedAtMs = Number.POSITIVE_INFINITY;
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
    this.#look = new SecondLook();
    this.#subscribedAtMs = isSubscribed ? this.#platform.monotonicMs() : Number.POSITIVE_INFINITY;
    this.#pages.isDamaged = false;
    if (kind === "late") {
      this.#startIn(jitterMs + RECOVERY.fetchedWithinMs).waiting = { sign: "fetched", jitterMs };
      return;
    }
    const timer = this.#platform.startTimer(() => this.#settle(), RECOVERY.establishedWithinMs);
    this.#deadline = { timer, end: null };
    if (isSubscribed) this.#startIn(jitterMs);
    else this.#startIn(jitterMs + RECOVERY.subscribedWithinMs).waiting = { sign: "subscribed", jitterMs };
  }

  #ended(end: WireItem): void {
    this.#startOver();
    this.#deadline = { timer: this.#platform.startTimer(() => this.#finish(end, false), HOLD_MS), end };
    this.#startIn(0);
  }

  #damaged(chats: number): void {
    if (this.#run) {
      // The damaged item may be behind the page that was just fetched.
      this.#run.isDamaged = true;
      return;
    }
    this.#pages.isDamaged = true;
    const capMs = Math.max(
      Math.min(RECOVERY.debounceCapMs, RECOVERY.debounceMs * 2 ** this.#inVain),
      this.#pages.waitMs,
    );
    // Live items wait from now on, unless the debounce is long.
    this.#gate.isClosed = capMs < RECOVERY.nextRoundMs;
    this.#startIn(capMs + this.#jitterMs(chats));
  }

  /** What a run may wait for has happened. */
  signal(sign: Sign, chats = 1): void {
    const run = this.#run;
    const isLate = sign === "subscribed" && this.#subscribedAtMs === Number.POSITIVE_INFINITY;
    if (isLate) this.#subscribedAtMs = this.#platform.monotonicMs();
    if (run?.waiting?.sign === sign) this.#startIn(run.waiting.jitterMs);
    else if (isLate) {
      // What came before the subscription, and after the run if there was one, is missing.
      this.#position.openHole();
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

  #startIn(delayMs: number, kind: RecoveryRun["kind"] = "run"): RecoveryRun {
    this.#run?.stop();
    this.#run = new RecoveryRun(kind);
    void this.#recover(this.#run, delayMs);
    return this.#run;
  }

  #jitterMs(chats: number): number {
    return this.#platform.random() * RECOVERY.jitterMs * chats;
  }

  // --- a run -------------------------------------------------------------------------------------------------------

  async #recover(run: RecoveryRun, delayMs: number): Promise<void> {
    if (!(await pause(this.#platform, delayMs, [run.signal]))) return;
    this.#gate.isClosed = run.kind === "run";
    const fetched = run.fetch(this.#pages, this.#position, this.#delivery);
    const outcome = await fetched.catch((error: unknown): RunOutcome => {
      if (run === this.#run) this.#logger.error("Missed messages could not be fetched", error);
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
    const { count } = run;
    if (!isLook) this.#inVain = count === 0 ? this.#inVain + 1 : 0;
    this.#logger.info("Missed items are recovered", { count, outcome });
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
    const run = this.#run;
    const count = run?.count ?? 0;
    if (run) run.count = 0;
    this.#delivery.release(this.#gate.open(run !== null));
    // Without a run the link is down: the next run reports.
    if (run) this.#report(count, false);
  }

  // --- the second look ---------------------------------------------------------------------------------------------

  /** After a run: the hole is filled unless a second look is due. The transcript is fetched at that moment, too. */
  #ran(run: RecoveryRun, isComplete: boolean): void {
    const look = this.#look?.state === "looking" ? null : this.#look;
    const isEarly = run.lastMs - this.#subscribedAtMs < SOONEST_LOOK_MS;
    const isDue = look !== null && isEarly && !this.#pages.isThrottled;
    if (isComplete && !isDue) this.#position.closeHole();
    const isOfUse = (isComplete && isDue) || this.#delivery.keepsTranscript;
    if (look?.state === "wanted" && isOfUse) void this.#lookAgain(look);
  }

  async #lookAgain(look: SecondLook): Promise<void> {
    if (!(await look.wait(this.#platform))) return;
    look.state = "looking";
    const { keepsTranscript } = this.#delivery;
    if (keepsTranscript) await this.#session.refreshTranscript();
    if (look !== this.#look) return;
    this.#look = null;
    const { found } = look;
    const { count = 0, end } = found ?? {};
    if (end) this.#finish(end, true, count);
    else if (count > 0) this.#report(count, true);
    if (this.#run) return;
    if (found) this.#position.closeHole();
    else if (!keepsTranscript || !this.#pages.isThrottled) this.#startIn(0, "look");
  }

  /** A page that was fetched for the transcript: a second look, if it shows everything since the hole. */
  shown(page: GetTranscriptData): void {
    if (this.#look?.state !== "looking") return;
    const fromMs = this.#position.startsFromMs;
    const items = page.Transcript.filter((item) => !(timeOf(item) < fromMs));
    const isWhole = !page.NextToken || items.length < page.Transcript.length;
    if (isWhole) this.#look.found = this.#delivery.recovered({ ...page, Transcript: items });
  }

  /** The chat is over, whether or not everything before its end could be fetched. */
  #finish(end: WireItem, complete: boolean, count = this.#run?.count ?? 0): void {
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
    this.#run?.stop();
    this.#deadline?.timer.cancel();
    this.#look?.stop();
    this.#run = this.#deadline = this.#look = null;
    this.#subscribedAtMs = 0;
  }
}
