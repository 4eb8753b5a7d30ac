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
const CLOCKS_AGREE_MS = 30_000;
/** Before the first item, the cursor is this long before the connection. */
const BEFORE_CONNECTION_MS = 60_000;

/** How long to wait before asking the service for its time, so that clients don't all ask at once. */
const ASK_MS = { min: 2_000, max: 20_000 };

/** An unfinished item that began this long before the cursor no longer holds it back. */
const ABANDONED_AFTER_MS = 120_000;

/** An item this far ahead of the service's time says nothing about that time. */
const FAR_AHEAD_MS = 60_000;

const NEVER_SEEN = { serviceMs: Number.NaN, monotonicMs: 0, dateMs: 0 };

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
  readonly #session: Pick<ConversationOwner, "fetchPage">;
  readonly #settings: () => RecoverySettings;
  /** The cursor, in epoch milliseconds; NaN until the service's time is known. */
  #timeMs = Number.NaN;
  /** The cursor's first value, in epoch milliseconds. What was delivered before that isn't known. */
  #startedMs = Number.NaN;
  /** When this participant joined, in epoch milliseconds. Items with a later time were sent after that. */
  joinedMs = Number.NaN;
  /** Nothing from before this time is missing. On the monotonic clock. */
  #intactMs: number;
  /** The service's time when it was last observed, and what the page's two clocks showed then. */
  #lastSeen = NEVER_SEEN;
  /** Whether the service's time comes from an item on a page, and nothing live has confirmed it. */
  #isUnconfirmed = false;
  /** The time of the newest delivered item, before or after a hole. */
  #newestMs = Number.NEGATIVE_INFINITY;
  #hole = false;
  #isConnected = false;
  /** Runs until the service is asked for its time. */
  #askTimer: Timer | null = null;

  constructor(
    participant: InboxOwner,
    platform: Platform,
    session: Pick<ConversationOwner, "fetchPage">,
    settings: () => RecoverySettings,
  ) {
    this.inbox = new Inbox(participant);
    this.#platform = platform;
    this.#session = session;
    this.#settings = settings;
    this.#intactMs = platform.monotonicMs();
  }

  restore({ cursor, intactUntilMs, seen, answers }: Progress): void {
    this.#isConnected = this.#hole = true;
    this.#intactMs -= Math.max(0, this.#platform.now() - intactUntilMs);
    if (cursor !== null) this.#start(Date.parse(cursor));
    this.inbox.delivered.restore(seen);
    this.inbox.answers.restore(answers);
  }

  /** Null before the first connection. */
  get progress(): Progress | null {
    if (!this.#isConnected) return null;
    return {
      // A resumed session doesn't go back beyond the items that were forgotten either.
      cursor: this.#isKnown ? isoOf(this.startsFromMs + RECOVERY.overlapMs) : null,
      intactUntilMs: this.#platform.now() - this.#intactForMs,
      answers: this.inbox.answers.unfinished,
      seen: this.inbox.delivered.signaturesFrom(this.startsFromMs),
    };
  }

  // --- the service's time ------------------------------------------------------------------------------------------

  /** Whether the service's time is known. */
  get #isKnown(): boolean {
    return !Number.isNaN(this.#timeMs);
  }

  /** How long ago nothing was missing yet, in milliseconds. */
  get #intactForMs(): number {
    return this.#platform.monotonicMs() - this.#intactMs;
  }

  /**
   * Records that the service has accepted the participant, at `issuedAtMs` by its own clock, NaN if unknown. A second
   * connection continues where the first one was.
   */
  connected(issuedAtMs: number): void {
    this.#recordTime(issuedAtMs);
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#intactMs = this.#platform.monotonicMs();
    const now = this.#platform.now();
    if (Math.abs(issuedAtMs - now) <= CLOCKS_AGREE_MS) {
      // The URL's time is in whole seconds: a transfer in the same second is the one that brought the contact here.
      this.#start(now - BEFORE_CONNECTION_MS, issuedAtMs + 1_000);
      return;
    }
    const delayMs = ASK_MS.min + this.#platform.random() * (ASK_MS.max - ASK_MS.min);
    this.#askTimer = this.#platform.startTimer(() => this.#ask(), delayMs);
  }

  #ask(): void {
    if (!this.#askTimer) return;
    this.dispose();
    if (this.#isKnown || !this.#settings().enabled) return;
    this.#session.fetchPage(NEWEST_ITEM, new AbortController().signal).then(
      (page) => this.locate(page),
      // A recovery asks again.
      () => undefined,
    );
  }

  /** Learns the service's time from the transcript's newest item, passed as a page. */
  locate({ Transcript: [newest] }: GetTranscriptData): void {
    if (newest) this.learn(timeOf(newest));
    // If the transcript is empty, everything is new.
    if (!this.#isKnown) this.#start(RECOVERY.overlapMs);
  }

  /** Learns the service's time from a call's answer, if it has one: answers to calls that send do. */
  answered(answer: unknown): void {
    const { AbsoluteTime } = objectOf(answer);
    if (typeof AbsoluteTime !== "string") return;
    const serviceMs = timeOf({ AbsoluteTime });
    this.observe(serviceMs);
    this.#recordTime(serviceMs);
  }

  /**
   * Observes the service's current time, shown by an item or an answer that has just arrived. If the cursor was started
   * from an item on a page, that item may have been stamped ahead: the cursor then starts again.
   */
  observe(serviceMs: number): void {
    if (Number.isNaN(serviceMs)) return;
    if (this.#isUnconfirmed && this.#knownMs - serviceMs > FAR_AHEAD_MS) {
      this.#timeMs = Number.NaN;
      this.#newestMs = Number.NEGATIVE_INFINITY;
      this.#lastSeen = NEVER_SEEN;
    }
    this.learn(serviceMs);
    this.#isUnconfirmed = false;
  }

  /**
   * Learns that the service's time is at least this. The first such time starts the cursor, as far back as something
   * may be missing.
   */
  learn(serviceMs: number): void {
    // An empty page has no newest item.
    if (this.#isKnown || !Number.isFinite(serviceMs)) return;
    this.#isUnconfirmed = Number.isNaN(this.#lastSeen.serviceMs);
    const isPlausible = this.#isPlausible(serviceMs);
    if (isPlausible) this.#recordTime(serviceMs);
    const atMs = isPlausible ? serviceMs : this.#lastSeen.serviceMs;
    this.#start(atMs - this.#intactForMs, atMs);
  }

  /** Records that the service's clock showed this time, or a later one. */
  #recordTime(serviceMs: number): void {
    if (Number.isNaN(serviceMs)) return;
    const knownMs = this.#knownMs;
    this.#lastSeen = {
      serviceMs: knownMs > serviceMs ? knownMs : serviceMs,
      monotonicMs: this.#platform.monotonicMs(),
      dateMs: this.#platform.now(),
    };
  }

  /** The service's time, extrapolated from the last observation: epoch milliseconds, NaN before that. */
  get #knownMs(): number {
    return this.#lastSeen.serviceMs + this.#platform.monotonicMs() - this.#lastSeen.monotonicMs;
  }

  /**
   * Whether a time isn't too far ahead. The monotonic clock may stop while the machine sleeps, and the date may be set,
   * so the one that is further ahead counts.
   */
  #isPlausible(timeMs: number): boolean {
    const { serviceMs, monotonicMs, dateMs } = this.#lastSeen;
    const passedMs = Math.max(this.#platform.monotonicMs() - monotonicMs, this.#platform.now() - dateMs);
    return !(timeMs > serviceMs + passedMs + FAR_AHEAD_MS);
  }

  dispose(): void {
    this.#askTimer?.cancel();
    this.#askTimer = null;
  }

  // --- the cursor --------------------------------------------------------------------------------------------------

  /** Puts the cursor at its first value. */
  #start(timeMs: number, joinedMs = timeMs): void {
    this.#timeMs = this.#startedMs = timeMs;
    this.joinedMs = joinedMs;
  }

  /** Handles the loss of the link. */
  lost(): void {
    this.openHole();
    this.#ask();
  }

  /** Opens a hole: from here on, something may be missing. */
  openHole(): void {
    this.#hole = true;
  }

  /** Closes the hole: nothing is missing up to the newest item. */
  closeHole(): void {
    this.#hole = false;
    this.#advance(this.#newestMs);
  }

  /** Records that an item was delivered. */
  passed(item: WireItem): void {
    this.#newestMs = Math.max(this.#newestMs, this.#reachedBy(item));
    if (!this.#hole) this.#advance(this.#newestMs);
  }

  /** Records that a recovery has delivered everything up to the last of these items. */
  filledUpTo(items: readonly WireItem[]): void {
    const reachedMs = Math.max(...items.map((item) => this.#reachedBy(item)));
    this.#newestMs = Math.max(this.#newestMs, reachedMs);
    this.#advance(reachedMs);
  }

  /** Returns how far an item moves the cursor. One stamped far ahead of the service's time doesn't move it. */
  #reachedBy(item: WireItem): number {
    const timeMs = timeOf(item);
    if (Number.isNaN(timeMs) || !this.#isPlausible(timeMs)) return Number.NEGATIVE_INFINITY;
    this.#recordTime(timeMs);
    return timeMs;
  }

  #advance(timeMs: number): void {
    if (timeMs > this.#timeMs) this.#timeMs = timeMs;
  }

  // --- the start of a recovery -------------------------------------------------------------------------------------

  /** Whether an unfinished item sent at this time holds the cursor back. */
  isHeldBackBy(startMs: number): boolean {
    return this.#timeMs - startMs <= ABANDONED_AFTER_MS;
  }

  /**
   * The start of the overlap before the cursor, or before the first item that holds it back: a streaming answer, or a
   * file being scanned.
   */
  get overlapsFromMs(): number {
    const inProgressMs = [...this.inbox.delivered.inProgress].map((key) => this.inbox.sentAtMs(key));
    const unfinishedMs = [...this.inbox.answers.startedAtMs, ...inProgressMs];
    const heldBackMs = unfinishedMs.filter((startMs) => this.isHeldBackBy(startMs));
    return Math.min(this.#timeMs, ...heldBackMs) - RECOVERY.overlapMs;
  }

  /** Since when something may be missing, in the service's time: epoch milliseconds, NaN while unknown. */
  get startsFromMs(): number {
    const floorMs = this.#startedMs - RECOVERY.overlapMs;
    return Math.max(this.overlapsFromMs, floorMs, this.inbox.delivered.forgottenUpToMs + 1);
  }

  /** Whether items delivered after the hole were forgotten, so that they can't be distinguished from missing ones. */
  get hasForgotten(): boolean {
    return this.inbox.delivered.forgottenUpToMs >= this.overlapsFromMs;
  }
}
