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

/** The local clock is used if it differs from the service's clock by at most this much. */
const CLOCK_TOLERANCE_MS = 30_000;
/** How far before the time of the connection the cursor starts. */
const CURSOR_LEAD_MS = 60_000;

/** The delay before a request for the service's time. It is random, so that clients don't all ask at once. */
const TIME_REQUEST_DELAY_MS = { min: 2_000, max: 20_000 };

/** If an unfinished item was sent longer than this before the cursor, it no longer holds the cursor back. */
const MAX_HOLD_BACK_MS = 120_000;

/** If an item is further ahead of the service's time than this, the item isn't evidence of the time. */
const FAR_AHEAD_MS = 60_000;

const NOT_OBSERVED = { serviceMs: Number.NaN, monotonicMs: 0, dateMs: 0 };

/** The part of a position that is saved in a snapshot. */
type Progress = Pick<ChatSnapshot, "cursor" | "intactUntilMs" | "answers" | "seen">;

/**
 * A conversation's position, in the service's time. The cursor marks the time up to which nothing is missing. A lost
 * link or a damaged frame opens a gap after the cursor. From then on, only a recovery moves the cursor. The recovery
 * starts at the cursor and fills the gap.
 */
export class Position {
  readonly inbox: Inbox;
  readonly #platform: Platform;
  readonly #owner: Pick<ConversationOwner, "fetchPage">;
  readonly #settings: () => RecoverySettings;
  /** The cursor, in epoch milliseconds; NaN until the service's time is known. */
  #cursorMs = Number.NaN;
  /** The cursor's first value, in epoch milliseconds. A recovery starts at most `overlapMs` earlier. */
  #initialCursorMs = Number.NaN;
  /** When this participant joined the chat, in epoch milliseconds. */
  joinedAtMs = Number.NaN;
  /** The time (monotonic clock) before which no item is missing. Determines where the cursor starts. */
  #intactUntilMs: number;
  /** The last observation of the service's time, with the readings of both local clocks at that moment. */
  #lastObserved = NOT_OBSERVED;
  /** Whether the service's time comes from an item on a page, and no live item or response has confirmed the time. */
  #isUnconfirmed = false;
  /** The time of the newest delivered item, whether before or after a gap. */
  #newestMs = Number.NEGATIVE_INFINITY;
  #hasGap = false;
  #isConnected = false;
  /** The delay before the service's time is requested. */
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

  /** The progress to save in a snapshot; null before the first connection. */
  get progress(): Progress | null {
    if (!this.#isConnected) return null;
    return {
      // Like a recovery, a resumed session doesn't go back beyond evicted items.
      cursor: this.#isTimeKnown ? isoOf(this.recoveryStartMs + RECOVERY.overlapMs) : null,
      intactUntilMs: this.#platform.now() - this.#sinceIntactMs,
      answers: this.inbox.partialMessages.unfinished,
      seen: this.inbox.delivered.signaturesFrom(this.recoveryStartMs),
    };
  }

  // --- the service's time ------------------------------------------------------------------------------------------

  /** Whether the service's time is known. */
  get #isTimeKnown(): boolean {
    return !Number.isNaN(this.#cursorMs);
  }

  /** How long items may have been missing, in milliseconds. */
  get #sinceIntactMs(): number {
    return this.#platform.monotonicMs() - this.#intactUntilMs;
  }

  /**
   * Handles a successful `connect()`. `issuedAtMs` is the service's time when it issued the connection, NaN if unknown.
   * A second `connect()` doesn't move the cursor.
   */
  onConnected(issuedAtMs: number): void {
    this.#recordTime(issuedAtMs);
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#intactUntilMs = this.#platform.monotonicMs();
    const now = this.#platform.now();
    if (Math.abs(issuedAtMs - now) <= CLOCK_TOLERANCE_MS) {
      // `issuedAtMs` is in whole seconds. A transfer in the same second brought the contact to this participant.
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
      // The next recovery requests the time again.
      () => undefined,
    );
  }

  /** Learns the service's time from a page that contains only the newest item. */
  learnTimeFromPage({ Transcript: [newest] }: GetTranscriptData): void {
    if (newest) this.learnTime(timeOf(newest));
    // If there are no items yet, any time before the first item will do.
    if (!this.#isTimeKnown) this.#start(RECOVERY.overlapMs);
  }

  /** Learns the service's time from a call's response. Responses to SendMessage and SendEvent contain it. */
  onResponse(response: unknown): void {
    const { AbsoluteTime } = objectOf(response);
    if (typeof AbsoluteTime !== "string") return;
    const serviceMs = timeOf({ AbsoluteTime });
    this.observeTime(serviceMs);
    this.#recordTime(serviceMs);
  }

  /**
   * Records the service's current time, taken from a live item or a response that has just arrived. If the recorded
   * time comes from an item on a page and is far ahead of `serviceMs`, the page item's time was wrong. The cursor is
   * then reset.
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
   * Starts the cursor if it hasn't started. `serviceMs` is a time that the service's clock has reached. The cursor
   * starts earlier than `serviceMs`, by the time during which items may have been missed.
   */
  learnTime(serviceMs: number): void {
    // The time isn't finite if the page was empty.
    if (this.#isTimeKnown || !Number.isFinite(serviceMs)) return;
    this.#isUnconfirmed = Number.isNaN(this.#lastObserved.serviceMs);
    const isPlausible = this.#isPlausible(serviceMs);
    if (isPlausible) this.#recordTime(serviceMs);
    const atMs = isPlausible ? serviceMs : this.#lastObserved.serviceMs;
    this.#start(atMs - this.#sinceIntactMs, atMs);
  }

  /** Records that the service's clock has reached this time. */
  #recordTime(serviceMs: number): void {
    if (Number.isNaN(serviceMs)) return;
    const serviceNowMs = this.#serviceNowMs;
    this.#lastObserved = {
      serviceMs: serviceNowMs > serviceMs ? serviceNowMs : serviceMs,
      monotonicMs: this.#platform.monotonicMs(),
      dateMs: this.#platform.now(),
    };
  }

  /** The service's current time in epoch milliseconds, extrapolated from the last observation; NaN before any. */
  get #serviceNowMs(): number {
    return this.#lastObserved.serviceMs + this.#platform.monotonicMs() - this.#lastObserved.monotonicMs;
  }

  /**
   * Whether a time isn't too far ahead of the service's time. The monotonic clock may stop while the machine sleeps,
   * and the date may be set back, so the greater of the two elapsed times counts.
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

  /** Sets the cursor to its first value. */
  #start(timeMs: number, joinedAtMs = timeMs): void {
    this.#cursorMs = this.#initialCursorMs = timeMs;
    this.joinedAtMs = joinedAtMs;
  }

  /** Handles the loss of the link. */
  onLinkLost(): void {
    this.openGap();
    this.#requestTime();
  }

  /** Opens a gap. Items that are sent from this moment on may be missing. */
  openGap(): void {
    this.#hasGap = true;
  }

  /** Closes the gap, and moves the cursor to the newest item. */
  closeGap(): void {
    this.#hasGap = false;
    this.#advance(this.#newestMs);
  }

  /** Records that an item was delivered. */
  markDelivered(item: WireItem): void {
    this.#newestMs = Math.max(this.#newestMs, this.#cursorReachOf(item));
    if (!this.#hasGap) this.#advance(this.#newestMs);
  }

  /** Records that a recovery has delivered all items up to the newest of `items`. */
  markRecovered(items: readonly WireItem[]): void {
    const reachedMs = Math.max(...items.map((item) => this.#cursorReachOf(item)));
    this.#newestMs = Math.max(this.#newestMs, reachedMs);
    this.#advance(reachedMs);
  }

  /** Returns the time to which an item moves the cursor; -Infinity if its time is missing or implausible. */
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

  /** Whether an unfinished item that was sent at this time is recent enough to hold the cursor back. */
  holdsCursorBack(startMs: number): boolean {
    return this.#cursorMs - startMs <= MAX_HOLD_BACK_MS;
  }

  /**
   * The start of the overlap before the cursor, or before the first unfinished item that holds the cursor back. Such an
   * item may be a message that is being streamed or an attachment that is being scanned.
   */
  get overlapStartMs(): number {
    const inProgressMs = [...this.inbox.delivered.inProgress].map((key) => this.inbox.sentAtMs(key));
    const unfinishedMs = [...this.inbox.partialMessages.startTimesMs, ...inProgressMs];
    const holdingBackMs = unfinishedMs.filter((startMs) => this.holdsCursorBack(startMs));
    return Math.min(this.#cursorMs, ...holdingBackMs) - RECOVERY.overlapMs;
  }

  /** The service's time from which a recovery fetches items, in epoch milliseconds; NaN while unknown. */
  get recoveryStartMs(): number {
    const floorMs = this.#initialCursorMs - RECOVERY.overlapMs;
    return Math.max(this.overlapStartMs, floorMs, this.inbox.delivered.evictedUpToMs + 1);
  }

  /** Whether a recovery would fetch evicted items. The recovery then can't recognize all delivered items. */
  get hasEvictedItems(): boolean {
    return this.inbox.delivered.evictedUpToMs >= this.overlapStartMs;
  }
}
