import type { GetTranscriptData } from "../api/client";
import type { WireItem } from "../api/items";
import type { LibraryLogger } from "../api/logging";
import type { Platform, Timer } from "../platform";
import { pause } from "../waiting";
import type { Delivery } from "./delivery";
import type { ConversationOwner } from "./fact";
import { Gate, MAX_HOLD_MS, type GateOwner } from "./gate";
import { MissedPages } from "./missed-pages";
import type { Position } from "./position";
import { timeOf } from "./recent-items";
import { RECOVERY, type LinkUpCause, type RecoveryCause, type RecoverySettings } from "./recovery";
import { RecoveryRun, type RunOutcome, type AwaitedEvent } from "./recovery-run";
import { MIN_SECOND_LOOK_MS, SecondLook } from "./second-look";

/** Limits how long `connectionEstablished`, or the end of the chat, waits for missed items. */
interface Deadline {
  readonly timer: Timer;
  /** The item that ended the chat; null if `connectionEstablished` is waiting. */
  readonly end: WireItem | null;
}

/**
 * Schedules recoveries. After a lost link or a damaged frame, a recovery fetches missed items page by page, forward
 * from the cursor. Live items are held meanwhile, so that all items are delivered in order.
 */
export class RecoverySchedule implements GateOwner {
  readonly #platform: Platform;
  readonly #owner: ConversationOwner;
  readonly #position: Position;
  readonly #delivery: Delivery;
  readonly #logger: LibraryLogger;
  readonly #settings: () => RecoverySettings;
  readonly #gate: Gate;
  readonly #pages: MissedPages;
  #run: RecoveryRun | null = null;
  #deadline: Deadline | null = null;
  #secondLook: SecondLook | null = null;
  /** When the chat topic was subscribed, on the monotonic clock; Infinity while the subscription is pending. */
  #subscribedAtMs = 0;
  /** How many recoveries in a row, after damaged frames, have found no missed items. */
  #emptyRuns = 0;

  constructor(
    platform: Platform,
    owner: ConversationOwner,
    position: Position,
    delivery: Delivery,
    logger: LibraryLogger,
    settings: () => RecoverySettings,
  ) {
    this.#platform = platform;
    this.#owner = owner;
    this.#position = position;
    this.#delivery = delivery;
    this.#logger = logger;
    this.#settings = settings;
    this.#pages = new MissedPages(platform, owner, logger);
    this.#gate = new Gate(platform, this);
  }

  /** Holds a live item if the item has to wait for missed items. Returns whether the item is held. */
  hold(item: WireItem): boolean {
    return this.#gate.hold(item);
  }

  // --- starting runs -----------------------------------------------------------------------------------------------

  start(cause: RecoveryCause): void {
    if (!this.#settings().enabled) {
      this.flush();
      if (cause.kind === "reconnected" || (this.#deadline && !this.#deadline.end)) this.#reportSettled();
      if (cause.kind === "ended") this.#owner.onFact({ kind: "ended", item: cause.end });
      return;
    }
    switch (cause.kind) {
      case "reconnected":
      case "late":
        this.#onLinkUp(cause);
        return;
      case "unsubscribed":
        this.#subscribedAtMs = Number.POSITIVE_INFINITY;
        return;
      case "damaged":
        this.#onDamage(cause.chats);
        return;
      case "ended":
        // If the deadline has an end, the end is already known and the items before it are being fetched.
        if (!this.#deadline?.end) this.#onChatEnd(cause.end);
        return;
      default:
        cause satisfies never;
    }
  }

  #onLinkUp({ kind, chats, isSubscribed }: LinkUpCause): void {
    this.#reset();
    const jitterMs = this.#jitterMs(chats);
    this.#secondLook = new SecondLook();
    this.#subscribedAtMs = isSubscribed ? this.#platform.monotonicMs() : Number.POSITIVE_INFINITY;
    this.#pages.isAfterDamage = false;
    if (kind === "late") {
      this.#startRun(jitterMs + RECOVERY.callTimeoutMs).wait = { event: "fetched", jitterMs };
      return;
    }
    const timer = this.#platform.startTimer(() => this.#reportSettled(), RECOVERY.settleTimeoutMs);
    this.#deadline = { timer, end: null };
    if (isSubscribed) this.#startRun(jitterMs);
    else this.#startRun(jitterMs + RECOVERY.subscriptionTimeoutMs).wait = { event: "subscribed", jitterMs };
  }

  #onChatEnd(end: WireItem): void {
    this.#reset();
    const timer = this.#platform.startTimer(() => this.#reportEnd(end, false), MAX_HOLD_MS);
    this.#deadline = { timer, end };
    this.#startRun(0);
  }

  #onDamage(chats: number): void {
    if (this.#run) {
      // The damaged item may come after the last fetched page.
      this.#run.needsAnotherRun = true;
      return;
    }
    this.#pages.isAfterDamage = true;
    const capMs = Math.max(
      Math.min(RECOVERY.debounceCapMs, RECOVERY.debounceMs * 2 ** this.#emptyRuns),
      this.#pages.damageWaitMs,
    );
    // Hold live items from now on, unless the debounce is long.
    this.#gate.isClosed = capMs < RECOVERY.maxRoundPauseMs;
    this.#startRun(capMs + this.#jitterMs(chats));
  }

  /** Handles an event that a run may be waiting for. `chats` is the number of chats on the link. */
  onAwaitedEvent(event: AwaitedEvent, chats = 1): void {
    const run = this.#run;
    const isLateSubscription = event === "subscribed" && this.#subscribedAtMs === Number.POSITIVE_INFINITY;
    if (isLateSubscription) this.#subscribedAtMs = this.#platform.monotonicMs();
    if (run?.wait?.event === event) this.#startRun(run.wait.jitterMs);
    else if (isLateSubscription) {
      // Items sent before the subscription are missing, unless a run has fetched them.
      this.#position.openGap();
      if (run) this.#onDamage(chats);
      else this.start({ kind: "late", chats, isSubscribed: true });
    }
  }

  /** Handles a 429 in response to a request for a socket URL. */
  onThrottled(): void {
    this.#pages.wasThrottled = true;
  }

  /** Handles the loss of the link. Live items are held from now on, until the next recovery. */
  onLinkLost(): void {
    this.#stop();
    this.#pages.wasThrottled = false;
    this.#gate.isClosed = this.#settings().enabled;
  }

  #reset(): void {
    this.#stop();
    // Start from -1, because the next run doesn't follow a damaged frame and so mustn't count.
    this.#emptyRuns = -1;
    this.#gate.close();
  }

  #startRun(delayMs: number, kind: RecoveryRun["kind"] = "run"): RecoveryRun {
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
    const complete = outcome === "complete" && !run.hasEvictedItems;
    const end = run.end ?? this.#deadline?.end;
    if (end) {
      this.#reportEnd(end, complete);
      return;
    }
    const isSecondLook = run.kind === "secondLook";
    const { count } = run;
    if (!isSecondLook) this.#emptyRuns = count === 0 ? this.#emptyRuns + 1 : 0;
    this.#logger.info("A recovery round finished", { count, outcome });
    if (outcome !== "more" && !run.needsAnotherRun) this.#followUp(run, outcome === "complete");
    // A second look is reported only if it finds missed items.
    if (!isSecondLook || count > 0) this.#reportRecovered(count, complete);
    if (this.#deadline) this.#reportSettled();
    this.flush();
    // A handler may have disposed of the session, or a held item may have ended the chat.
    if (run !== this.#run) return;
    this.#run = null;
    if (outcome === "more") this.#startRun(this.#platform.random() * RECOVERY.maxRoundPauseMs, "round");
    else if (run.needsAnotherRun) this.#onDamage(1);
  }

  /** Delivers live items that were held for the maximum time, ahead of missed items that haven't been fetched. */
  onHoldExpired(): void {
    this.#logger.warn("Live items no longer wait for missed messages");
    const run = this.#run;
    const count = run?.count ?? 0;
    if (run) run.count = 0;
    this.#delivery.deliverHeld(this.#gate.open(run !== null));
    // Without a run, the link is down. The next run then reports the recovery.
    if (run) this.#reportRecovered(count, false);
  }

  // --- the second look ---------------------------------------------------------------------------------------------

  /** Closes the gap after a run, or schedules a second look, which also refreshes a kept transcript. */
  #followUp(run: RecoveryRun, isComplete: boolean): void {
    const look = this.#secondLook?.state === "running" ? null : this.#secondLook;
    const isEarly = run.lastRequestedAtMs - this.#subscribedAtMs < MIN_SECOND_LOOK_MS;
    const isDue = look !== null && isEarly && !this.#pages.wasThrottled;
    if (isComplete && !isDue) this.#position.closeGap();
    const isUseful = (isComplete && isDue) || this.#delivery.keepsTranscript;
    if (look?.state === "needed" && isUseful) void this.#takeSecondLook(look);
  }

  async #takeSecondLook(look: SecondLook): Promise<void> {
    if (!(await look.wait(this.#platform))) return;
    look.state = "running";
    const { keepsTranscript } = this.#delivery;
    if (keepsTranscript) await this.#owner.refreshTranscript();
    if (look !== this.#secondLook) return;
    this.#secondLook = null;
    const { outcome } = look;
    const { count = 0, end } = outcome ?? {};
    if (end) this.#reportEnd(end, true, count);
    else if (count > 0) this.#reportRecovered(count, true);
    if (this.#run) return;
    if (outcome) this.#position.closeGap();
    else if (!keepsTranscript || !this.#pages.wasThrottled) this.#startRun(0, "secondLook");
  }

  /** Uses a page that was fetched for the kept transcript as a second look, if the page covers the whole gap. */
  onTranscriptPage(page: GetTranscriptData): void {
    if (this.#secondLook?.state !== "running") return;
    const fromMs = this.#position.recoveryStartMs;
    const items = page.Transcript.filter((item) => !(timeOf(item) < fromMs));
    const coversGap = !page.NextToken || items.length < page.Transcript.length;
    if (coversGap)
      this.#secondLook.outcome = this.#delivery.deliverMissedPage({ ...page, Transcript: items });
  }

  /** Reports the end of the chat. `complete` means that all missed items were delivered before the end. */
  #reportEnd(end: WireItem, complete: boolean, count = this.#run?.count ?? 0): void {
    this.#stop();
    this.#reportRecovered(count, complete);
    this.flush();
    this.#owner.onFact({ kind: "ended", item: end });
  }

  #reportSettled(): void {
    this.#deadline?.timer.cancel();
    this.#deadline = null;
    this.#owner.onFact({ kind: "settled" });
    // If the transcript already has a page, the second look refreshes it.
    const isRefreshedLater = this.#settings().enabled && this.#delivery.hasTranscriptPage;
    if (!isRefreshedLater) void this.#owner.refreshTranscript();
  }

  #reportRecovered(count: number, complete: boolean): void {
    this.#owner.onFact({ kind: "recovered", outcome: { count, complete } });
  }

  /** Delivers held items, because no more missed items will precede them. */
  flush(): void {
    this.#delivery.deliverHeld(this.#gate.open());
  }

  /** Stops all work, and drops held items. */
  dispose(): void {
    this.#stop();
    this.#gate.open();
  }

  #stop(): void {
    this.#run?.stop();
    this.#deadline?.timer.cancel();
    this.#secondLook?.stop();
    this.#run = this.#deadline = this.#secondLook = null;
    this.#subscribedAtMs = 0;
  }
}
