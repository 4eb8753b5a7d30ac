import type { GetTranscriptData } from "../api/client";
import type { WireItem } from "../api/items";
import type { ChatSnapshot } from "../api/snapshot";
import { NEWEST_ITEM } from "../participant/transcript-page";
import type { Platform, Timer } from "../platform";
import { objectOf } from "../util/json";
import type { ConversationOwner } from "./fact";
import { Inbox, type InboxOwner } from "./inbox";
import { isoOf, timeOf } from "./recent-items";
import { RECOVERY, type RecoverySettings } from "./recovery";

/** The page's clock is used if it agrees with the service's this closely. */
const CLOCK_TOLERANCE_MS = 30_000;
/** Before the first item, the cursor is this long before the connection. */
const CURSOR_LEAD_MS = 60_000;

/** How long to wait before asking the service for its time, so that clients don't all ask at once. */
const TIME_REQUEST_DELAY_MS = { min: 2_000, max: 20_000 };

/** An unfinished item that began this long before the cursor no longer holds it back. */
const MAX_HOLD_BACK_MS = 120_000;

/** An item this far ahead of the service's time says nothing about that time. */
const FAR_AHEAD_MS = 60_000;

const NOT_OBSERVED = { serviceMs: Number.NaN, monotonicMs: 0, dateMs: 0 };

/** The part of a position that a snapshot contains. */
type Progress = Pick<ChatSnapshot, "cursor" | "intactUntilMs" | "answers" | "seen">;

/**
 * A conversation's position in the service's time. The cursor marks how far it was delivered without a hole, and is
 * where a recovery starts. A loss or a damaged frame opens a hole; the cursor stays before it until a recovery has
 * filled it.
 */
export class Position {
  readonly inbox: Inbox;
  readonly #platform: Platform;
  readonly #owner: Pick<ConversationOwner, "fetchPage">;
  readonly #settings: () => RecoverySettings;
  /** The cursor, in epoch milliseconds; NaN until the service's time is known. */
  #cursorMs = Number.NaN;
  /** The cursor's first value, in epoch milliseconds. What was delivered before that isn't known. */
  #initialCursorMs = Number.NaN;
  /** When this participant joined, in epoch milliseconds. Items with a later time were sent after that. */
  joinedAtMs = Number.NaN;
  /** Nothing from before this time is missing. On the monotonic clock. */
  #intactUntilMs: number;
  /** The service's time when it was last observed, and what the page's two clocks showed then. */
  #lastObserved = NOT_OBSERVED;
  /** Whether the service's time comes from an item on a page, and nothing live has confirmed it. */
  #isUnconfirmed = false;
  /** The time of the newest delivered item, before or after a hole. */
  #newestMs = Number.NEGATIVE_INFINITY;
  #hasGap = false;
  #isConnected = false;
  /** Runs until the service is asked for its time. */
  #timeRequestTimer: Timer | null = null;

  constructor(
    participant: InboxOwner,
    platform: Platform,
    owner: Pick<ConversationOwner, "fetchPage">,
    settings: () => RecoverySettings,
  ) {
    this.inbox = new Inbox(participant);
    this.#platform = platform;
    this.#owner = owner;
    this.#settings = settings;
    this.#intactUntilMs = platform.monotonicMs();
  }

  restore({ cursor, intactUntilMs, seen, answers }: Progress): void {
    this.#isConnected = this.#hasGap = true;
    this.#intactUntilMs -= Math.max(0, this.#platform.now() - intactUntilMs);
    if (cursor !== null) this.#start(Date.parse(cursor));
    this.inbox.delivered.restore(seen);
    this.inbox.partialMessages.restore(answers);
  }

  /** Null before the first connection. */
  get progress(): Progress | null {
    if (!this.#isConnected) return null;
    return {
      // A resumed session doesn't go back beyond the items that were forgotten either.
      cursor: this.#isTimeKnown ? isoOf(this.recoveryStartMs + RECOVERY.overlapMs) : null,
      intactUntilMs: this.#platform.now() - this.#intactForMs,
      answers: this.inbox.partialMessages.unfinished,
      seen: this.inbox.delivered.signaturesFrom(this.recoveryStartMs),
    };
  }

  // --- the service's time ------------------------------------------------------------------------------------------

  /** Whether the service's time is known. */
  get #isTimeKnown(): boolean {
    return !Number.isNaN(this.#cursorMs);
  }

  /** How long ago nothing was missing yet, in milliseconds. */
  get #intactForMs(): number {
    return this.#platform.monotonicMs() - this.#intactUntilMs;
  }

  /**
   * Records that the service has accepted the participant, at `issuedAtMs` by its own clock, NaN if unknown. A second
   * connection continues where the first one was.
   */
  onConnected(issuedAtMs: number): void {
    this.#recordTime(issuedAtMs);
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#intactUntilMs = this.#platform.monotonicMs();
    const now = this.#platform.now();
    if (Math.abs(issuedAtMs - now) <= CLOCK_TOLERANCE_MS) {
      // The URL's time is in whole seconds: a transfer in the same second is the one that brought the contact here.
      this.#start(now - CURSOR_LEAD_MS, issuedAtMs + 1_000);
      return;
    }
    const delayMs =
      TIME_REQUEST_DELAY_MS.min +
      this.#platform.random() * (TIME_REQUEST_DELAY_MS.max - TIME_REQUEST_DELAY_MS.min);
    this.#timeRequestTimer = this.#platform.startTimer(() => this.#requestTime(), delayMs);
  }

  #requestTime(): void {
    if (!this.#timeRequestTimer) return;
    this.dispose();
    if (this.#isTimeKnown || !this.#settings().enabled) return;
    this.#owner.fetchPage(NEWEST_ITEM, new AbortController().signal).then(
      (page) => this.learnTimeFromPage(page),
      // A recovery asks again.
      () => undefined,
    );
  }

  /** Learns the service's time from the transcript's newest item, passed as a page. */
  learnTimeFromPage({ Transcript: [newest] }: GetTranscriptData): void {
    if (newest) this.learnTime(timeOf(newest));
    // If the transcript is empty, everything is new.
    if (!this.#isTimeKnown) this.#start(RECOVERY.overlapMs);
  }

  /** Learns the service's time from a call's answer, if it has one: answers to calls that send do. */
  onResponse(response: unknown): void {
    const { AbsoluteTime } = objectOf(response);
    if (typeof AbsoluteTime !== "string") return;
    const serviceMs = timeOf({ AbsoluteTime });
    this.observeTime(serviceMs);
    this.#recordTime(serviceMs);
  }

  /**
   * Observes the service's current time, shown by an item or an answer that has just arrived. If the cursor was started
   * from an item on a page, that item may have been stamped ahead: the cursor then starts again.
   */
  observeTime(serviceMs: number): void {
    if (Number.isNaN(serviceMs)) return;
    if (this.#isUnconfirmed && this.#serviceNowMs - serviceMs > FAR_AHEAD_MS) {
      this.#cursorMs = Number.NaN;
      this.#newestMs = Number.NEGATIVE_INFINITY;
      this.#lastObserved = NOT_OBSERVED;
    }
    this.learnTime(serviceMs);
    this.#isUnconfirmed = false;
  }

  /**
   * Learns that the service's time is at least this. The first such time starts the cursor, as far back as something
   * may be missing.
   */
  learnTime(serviceMs: number): void {
    // An empty page has no newest item.
    if (this.#isTimeKnown || !Number.isFinite(serviceMs)) return;
    this.#isUnconfirmed = Number.isNaN(this.#lastObserved.serviceMs);
    const isPlausible = this.#isPlausible(serviceMs);
    if (isPlausible) this.#recordTime(serviceMs);
    const atMs = isPlausible ? serviceMs : this.#lastObserved.serviceMs;
    this.#start(atMs - this.#intactForMs, atMs);
  }

  /** Records that the service's clock showed this time, or a later one. */
  #recordTime(serviceMs: number): void {
    if (Number.isNaN(serviceMs)) return;
    const serviceNowMs = this.#serviceNowMs;
    this.#lastObserved = {
      serviceMs: serviceNowMs > serviceMs ? serviceNowMs : serviceMs,
      monotonicMs: this.#platform.monotonicMs(),
      dateMs: this.#platform.now(),
    };
  }

  /** The service's time, extrapolated from the last observation: epoch milliseconds, NaN before that. */
  get #serviceNowMs(): number {
    return this.#lastObserved.serviceMs + this.#platform.monotonicMs() - this.#lastObserved.monotonicMs;
  }

  /**
   * Whether a time isn't too far ahead. The monotonic clock may stop while the machine sleeps, and the date may be set,
   * so the one that is further ahead counts.
   */
  #isPlausible(timeMs: number): boolean {
    const { serviceMs, monotonicMs, dateMs } = this.#lastObserved;
    const elapsedMs = Math.max(this.#platform.monotonicMs() - monotonicMs, this.#platform.now() - dateMs);
    return !(timeMs > serviceMs + elapsedMs + FAR_AHEAD_MS);
  }

  dispose(): void {
    this.#timeRequestTimer?.cancel();
    this.#timeRequestTimer = null;
  }

  // --- the cursor --------------------------------------------------------------------------------------------------

  /** Puts the cursor at its first value. */
  #start(timeMs: number, joinedAtMs = timeMs): void {
    this.#cursorMs = this.#initialCursorMs = timeMs;
    this.joinedAtMs = joinedAtMs;
  }

  /** Handles the loss of the link. */
  onLinkLost(): void {
    this.openGap();
    this.#requestTime();
  }

  /** Opens a hole: from here on, something may be missing. */
  openGap(): void {
    this.#hasGap = true;
  }

  /** Closes the hole: nothing is missing up to the newest item. */
  closeGap(): void {
    this.#hasGap = false;
    this.#advance(this.#newestMs);
  }

  /** Records that an item was delivered. */
  markDelivered(item: WireItem): void {
    this.#newestMs = Math.max(this.#newestMs, this.#cursorReachOf(item));
    if (!this.#hasGap) this.#advance(this.#newestMs);
  }

  /** Records that a recovery has delivered everything up to the last of these items. */
  markRecovered(items: readonly WireItem[]): void {
    const reachedMs = Math.max(...items.map((item) => this.#cursorReachOf(item)));
    this.#newestMs = Math.max(this.#newestMs, reachedMs);
    this.#advance(reachedMs);
  }

  /** Returns how far an item moves the cursor. One stamped far ahead of the service's time doesn't move it. */
  #cursorReachOf(item: WireItem): number {
    const timeMs = timeOf(item);
    if (Number.isNaN(timeMs) || !this.#isPlausible(timeMs)) return Number.NEGATIVE_INFINITY;
    this.#recordTime(timeMs);
    return timeMs;
  }

  #advance(timeMs: number): void {
    if (timeMs > this.#cursorMs) this.#cursorMs = timeMs;
  }

  // --- the start of a recovery -------------------------------------------------------------------------------------

  /** Whether an unfinished item sent at this time holds the cursor back. */
  holdsCursorBack(startMs: number): boolean {
    return this.#cursorMs - startMs <= MAX_HOLD_BACK_MS;
  }

  /**
   * The start of the overlap before the cursor, or before the first item that holds it back: a streaming answer, or a
   * file being scanned.
   */
  get overlapStartMs(): number {
    const inProgressMs = [...this.inbox.delivered.inProgress].map((key) => this.inbox.sentAtMs(key));
    const unfinishedMs = [...this.inbox.partialMessages.startTimesMs, ...inProgressMs];
    const holdingBackMs = unfinishedMs.filter((startMs) => this.holdsCursorBack(startMs));
    return Math.min(this.#cursorMs, ...holdingBackMs) - RECOVERY.overlapMs;
  }

  /** Since when something may be missing, in the service's time: epoch milliseconds, NaN while unknown. */
  get recoveryStartMs(): number {
    const floorMs = this.#initialCursorMs - RECOVERY.overlapMs;
    return Math.max(this.overlapStartMs, floorMs, this.inbox.delivered.evictedUpToMs + 1);
  }

  /** Whether items delivered after the hole were forgotten, so that they can't be distinguished from missing ones. */
  get hasEvictedItems(): boolean {
    return this.inbox.delivered.evictedUpToMs >= this.overlapStartMs;
  }
}
