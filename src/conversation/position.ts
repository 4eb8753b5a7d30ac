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

/** The page's clock is used while it agrees with the service's this closely. */
const CLOCKS_AGREE_MS = 30_000;
/** Before the first item, the cursor is this long before the connection. */
const BEFORE_CONNECTION_MS = 60_000;

/** When the service is asked for its time, so that not all clients ask at once. */
const ASK_MS = { min: 2_000, max: 20_000 };

/** An item that began this long before the cursor, and was never finished, no longer holds it back. */
const ABANDONED_AFTER_MS = 120_000;

/** An item that is this far ahead of the service's time says nothing about it. */
const FAR_AHEAD_MS = 60_000;

const NEVER_SEEN = { serviceMs: Number.NaN, monotonicMs: 0, dateMs: 0 };

/** What a snapshot keeps of a position. */
type Progress = Pick<ChatSnapshot, "cursor" | "intactUntilMs" | "answers" | "seen">;

/**
 * Where a conversation is, in the service's time. The cursor is up to where it was delivered without a hole before it: what a
 * recovery starts from. A loss or a damaged frame opens a hole; the cursor stays before it until a recovery has filled it.
 */
export class Position {
  readonly inbox: Inbox;
  readonly #platform: Platform;
  readonly #session: Pick<ConversationOwner, "fetchPage">;
  readonly #settings: () => RecoverySettings;
  /** The cursor, epoch milliseconds; NaN until the service's time is known. */
  #timeMs = Number.NaN;
  /** Epoch milliseconds: where the cursor was put first. What was delivered before that isn't known. */
  #startedMs = Number.NaN;
  /** Epoch milliseconds: an item with a later time was sent after this participant joined. */
  joinedMs = Number.NaN;
  /** On the monotonic clock: nothing from before is missing. */
  #intactMs: number;
  /** The service's time when it was last seen, and what the page's two clocks showed then. */
  #seen = NEVER_SEEN;
  /** Whether the service's time is that of an item on a page, and nothing that has just come has confirmed it. */
  #isDoubtful = false;
  /** The newest item that was delivered, hole or not. */
  #newestMs = Number.NEGATIVE_INFINITY;
  #hole = false;
  #isConnected = false;
  /** Until the service is asked for its time. */
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
      // A resumed session doesn't reach behind the items that were forgotten either.
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

  /** How long ago nothing was missing, in milliseconds. */
  get #intactForMs(): number {
    return this.#platform.monotonicMs() - this.#intactMs;
  }

  /**
   * The service has accepted the participant, at `issuedAtMs` by its own clock, NaN if that isn't known. A second
   * connection goes on from where the first one was.
   */
  connected(issuedAtMs: number): void {
    this.#see(issuedAtMs);
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#intactMs = this.#platform.monotonicMs();
    const now = this.#platform.now();
    if (Math.abs(issuedAtMs - now) <= CLOCKS_AGREE_MS) {
      // The URL's time is in whole seconds: a transfer in the same one brought the contact here.
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

  /** The transcript's newest item, as a page, gives the service's time. */
  locate({ Transcript: [newest] }: GetTranscriptData): void {
    if (newest) this.learn(timeOf(newest));
    // In an empty transcript, everything is new.
    if (!this.#isKnown) this.#start(RECOVERY.overlapMs);
  }

  /** A call was answered: the answer to one that sends has the service's time. */
  answered(answer: unknown): void {
    const { AbsoluteTime } = objectOf(answer);
    if (typeof AbsoluteTime !== "string") return;
    const serviceMs = timeOf({ AbsoluteTime });
    this.hear(serviceMs);
    this.#see(serviceMs);
  }

  /**
   * An item or an answer that has just come shows the service's present time. An item of a page, by which the cursor was
   * started before that, may have been stamped ahead: then it starts again.
   */
  hear(serviceMs: number): void {
    if (Number.isNaN(serviceMs)) return;
    if (this.#isDoubtful && this.#knownMs - serviceMs > FAR_AHEAD_MS) {
      this.#timeMs = Number.NaN;
      this.#newestMs = Number.NEGATIVE_INFINITY;
      this.#seen = NEVER_SEEN;
    }
    this.learn(serviceMs);
    this.#isDoubtful = false;
  }

  /**
   * The service's time has come to this at least. The first such sign starts the cursor: as long before as something may
   * be missing.
   */
  learn(serviceMs: number): void {
    // An empty page has no newest item.
    if (this.#isKnown || !Number.isFinite(serviceMs)) return;
    this.#isDoubtful = Number.isNaN(this.#seen.serviceMs);
    const isPlausible = this.#isPlausible(serviceMs);
    if (isPlausible) this.#see(serviceMs);
    const atMs = isPlausible ? serviceMs : this.#seen.serviceMs;
    this.#start(atMs - this.#intactForMs, atMs);
  }

  /** The service's clock showed this time, or a later one. */
  #see(serviceMs: number): void {
    if (Number.isNaN(serviceMs)) return;
    const knownMs = this.#knownMs;
    this.#seen = {
      serviceMs: knownMs > serviceMs ? knownMs : serviceMs,
      monotonicMs: this.#platform.monotonicMs(),
      dateMs: this.#platform.now(),
    };
  }

  /** The service's time by what was seen of it: epoch milliseconds, NaN before that. */
  get #knownMs(): number {
    return this.#seen.serviceMs + this.#platform.monotonicMs() - this.#seen.monotonicMs;
  }

  /** The monotonic clock may stop while the machine sleeps, and the date may be set: the one that is further ahead counts. */
  #isPlausible(timeMs: number): boolean {
    const { serviceMs, monotonicMs, dateMs } = this.#seen;
    const passedMs = Math.max(this.#platform.monotonicMs() - monotonicMs, this.#platform.now() - dateMs);
    return !(timeMs > serviceMs + passedMs + FAR_AHEAD_MS);
  }

  dispose(): void {
    this.#askTimer?.cancel();
    this.#askTimer = null;
  }

  // --- the cursor --------------------------------------------------------------------------------------------------

  /** Puts the cursor at this time. */
  #start(timeMs: number, joinedMs = timeMs): void {
    this.#timeMs = this.#startedMs = timeMs;
    this.joinedMs = joinedMs;
  }

  /** The link is lost. */
  lost(): void {
    this.openHole();
    this.#ask();
  }

  /** Something may be missing from here on. */
  openHole(): void {
    this.#hole = true;
  }

  /** Nothing is missing up to the newest item. */
  closeHole(): void {
    this.#hole = false;
    this.#advance(this.#newestMs);
  }

  /** An item was delivered. */
  passed(item: WireItem): void {
    this.#newestMs = Math.max(this.#newestMs, this.#reachedBy(item));
    if (!this.#hole) this.#advance(this.#newestMs);
  }

  /** A recovery has delivered everything up to the last of these items. */
  filledUpTo(items: readonly WireItem[]): void {
    const reachedMs = Math.max(...items.map((item) => this.#reachedBy(item)));
    this.#newestMs = Math.max(this.#newestMs, reachedMs);
    this.#advance(reachedMs);
  }

  /** How far an item takes the cursor: one stamped far ahead of the service's time not at all. */
  #reachedBy(item: WireItem): number {
    const timeMs = timeOf(item);
    if (Number.isNaN(timeMs) || !this.#isPlausible(timeMs)) return Number.NEGATIVE_INFINITY;
    this.#see(timeMs);
    return timeMs;
  }

  #advance(timeMs: number): void {
    if (timeMs > this.#timeMs) this.#timeMs = timeMs;
  }

  // --- where a recovery starts -------------------------------------------------------------------------------------

  /** Whether an unfinished item that was sent at this time holds the cursor back. */
  isHeldBackBy(startMs: number): boolean {
    return this.#timeMs - startMs <= ABANDONED_AFTER_MS;
  }

  /** The overlap before the cursor, or before the first item that holds it back: an answer that streams, a file in a scan. */
  get overlapsFromMs(): number {
    const inProgressMs = [...this.inbox.delivered.inProgress].map((key) => this.inbox.sentAtMs(key));
    const unfinishedMs = [...this.inbox.answers.startedAtMs, ...inProgressMs];
    const heldBackMs = unfinishedMs.filter((startMs) => this.isHeldBackBy(startMs));
    return Math.min(this.#timeMs, ...heldBackMs) - RECOVERY.overlapMs;
  }

  /** Epoch milliseconds, in the service's time: since when something may be missing; NaN while that isn't known. */
  get startsFromMs(): number {
    const floorMs = this.#startedMs - RECOVERY.overlapMs;
    return Math.max(this.overlapsFromMs, floorMs, this.inbox.delivered.forgottenUpToMs + 1);
  }

  /** Whether delivered items from after the hole were forgotten, so that missing ones look the same. */
  get hasForgotten(): boolean {
    return this.inbox.delivered.forgottenUpToMs >= this.overlapsFromMs;
  }
}
