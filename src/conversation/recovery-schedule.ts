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

/** Limits how long the establishment or the end of the chat waits for missed items. */
interface Deadline {
  readonly timer: Timer;
  /** The item that ended the chat; null for an establishment. */
  readonly end: WireItem | null;
}

/**
 * Schedules recoveries: fetches missed items after a loss or a damaged frame, from the cursor forward, page by page.
 * Live items wait meanwhile, so that an answer is never delivered before its question.
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
  /** When the link's subscription was confirmed (monotonic clock); Infinity until an external manager reports it. */
  #subscribedAtMs = 0;
  /** The number of consecutive recoveries after damage that found nothing. */
  #emptyRuns = 0;

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

  /** Holds a live item if it has to wait for missed items. Returns whether it did. */
  hold(item: WireItem): boolean {
    return this.#gate.hold(item);
  }

  // --- starting runs -----------------------------------------------------------------------------------------------

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
        // Otherwise the end is already known, and the items before it are being fetched.
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
      // The damaged item may come after the page that was just fetched.
      this.#run.isDamaged = true;
      return;
    }
    this.#pages.isDamaged = true;
    const capMs = Math.max(
      Math.min(RECOVERY.debounceCapMs, RECOVERY.debounceMs * 2 ** this.#emptyRuns),
      this.#pages.waitMs,
    );
    // Live items wait from now on, unless the debounce is long.
    this.#gate.isClosed = capMs < RECOVERY.nextRoundMs;
    this.#startIn(capMs + this.#jitterMs(chats));
  }

  /** Handles a sign that a run may be waiting for. */
  signal(sign: Sign, chats = 1): void {
    const run = this.#run;
    const isLate = sign === "subscribed" && this.#subscribedAtMs === Number.POSITIVE_INFINITY;
    if (isLate) this.#subscribedAtMs = this.#platform.monotonicMs();
    if (run?.waiting?.sign === sign) this.#startIn(run.waiting.jitterMs);
    else if (isLate) {
      // Items from before the subscription, and after the run if there was one, are missing.
      this.#position.openHole();
      if (run) this.#damaged(chats);
      else this.begin({ kind: "late", chats, isSubscribed: true });
    }
  }

  /** Records that a request of this reconnection was answered with 429. */
  throttled(): void {
    this.#pages.isThrottled = true;
  }

  /** Handles the loss of the link: live items wait for the next recovery, which fetches what is missing by then. */
  interrupt(): void {
    this.#stop();
    this.#pages.isThrottled = false;
    this.#gate.isClosed = this.#settings().enabled;
  }

  #startOver(): void {
    this.#stop();
    // A recovery after a loss says nothing about damage if it finds nothing.
    this.#emptyRuns = -1;
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
    if (!isLook) this.#emptyRuns = count === 0 ? this.#emptyRuns + 1 : 0;
    this.#logger.info("A recovery round finished", { count, outcome });
    if (outcome !== "more" && !run.isDamaged) this.#followUp(run, outcome === "complete");
    // A second look is reported only if it finds something.
    if (!isLook || count > 0) this.#report(count, complete);
    if (this.#deadline) this.#settle();
    this.flush();
    // A handler may have disposed of the session, or a held item may have ended the chat.
    if (run !== this.#run) return;
    this.#run = null;
    if (outcome === "more") this.#startIn(this.#platform.random() * RECOVERY.nextRoundMs, "round");
    else if (run.isDamaged) this.#damaged(1);
  }

  /** Delivers live items that have waited long enough. Missed items are then delivered after them. */
  holdExpired(): void {
    this.#logger.warn("Live items no longer wait for missed messages");
    const run = this.#run;
    const count = run?.count ?? 0;
    if (run) run.count = 0;
    this.#delivery.release(this.#gate.open(run !== null));
    // Without a run, the link is down, and the next run reports.
    if (run) this.#report(count, false);
  }

  // --- the second look ---------------------------------------------------------------------------------------------

  /** Follows up on a run: closes the hole, unless a second look is due. A kept transcript is fetched with that look. */
  #followUp(run: RecoveryRun, isComplete: boolean): void {
    const look = this.#look?.state === "looking" ? null : this.#look;
    const isEarly = run.lastMs - this.#subscribedAtMs < SOONEST_LOOK_MS;
    const isDue = look !== null && isEarly && !this.#pages.isThrottled;
    if (isComplete && !isDue) this.#position.closeHole();
    const isUseful = (isComplete && isDue) || this.#delivery.keepsTranscript;
    if (look?.state === "wanted" && isUseful) void this.#lookAgain(look);
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

  /** Uses a page fetched for the transcript as a second look, if it shows everything since the hole. */
  shown(page: GetTranscriptData): void {
    if (this.#look?.state !== "looking") return;
    const fromMs = this.#position.startsFromMs;
    const items = page.Transcript.filter((item) => !(timeOf(item) < fromMs));
    const isWhole = !page.NextToken || items.length < page.Transcript.length;
    if (isWhole) this.#look.found = this.#delivery.recovered({ ...page, Transcript: items });
  }

  /** Reports the end of the chat, whether or not everything before it could be fetched. */
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
    // Otherwise the second look fetches the transcript.
    const looksAgain = this.#settings().enabled && this.#delivery.hasPage;
    if (!looksAgain) void this.#session.refreshTranscript();
  }

  #report(count: number, complete: boolean): void {
    this.#session.onFact({ kind: "recovered", outcome: { count, complete } });
  }

  /** Delivers held items: no more missed items will precede them. */
  flush(): void {
    this.#delivery.release(this.#gate.open());
  }

  /** Drops the held items. */
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
