import { NEWEST_ITEM, type GetTranscriptData } from "../participant/types";
import type { Platform, Timer } from "../platform";
import { objectOf } from "../util/json";
import { Cursor } from "./cursor";
import type { ConversationOwner } from "./fact";
import { Inbox, type InboxOwner } from "./inbox";
import { PartialMessages } from "./partial-messages";
import { isoOf, timeOf } from "./recent-items";
import { RECOVERY, type RecoverySettings } from "./recovery";
import type { ChatSnapshot } from "./snapshot";

/** The page's clock is used while it agrees with the service's this closely. */
const CLOCKS_AGREE_MS = 30_000;
/** Before the first item, the cursor is this long before the connection. */
const BEFORE_CONNECTION_MS = 60_000;

/** When the service is asked for its time, so that not all clients ask at once. */
const ASK_MS = { min: 2_000, max: 20_000 };

/** What a snapshot keeps of a position. */
type Progress = Pick<ChatSnapshot, "cursor" | "intactUntilMs" | "answers" | "seen">;

/** Where a conversation is, in the service's time: what was delivered, and since when something may be missing. */
export class Position {
  readonly inbox: Inbox;
  readonly partial = new PartialMessages();
  readonly #platform: Platform;
  readonly #session: Pick<ConversationOwner, "fetchPage">;
  readonly #settings: () => RecoverySettings;
  cursor: Cursor;
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
    this.cursor = new Cursor(platform);
    this.#platform = platform;
    this.#session = session;
    this.#settings = settings;
  }

  restore({ cursor, intactUntilMs, seen, answers }: Progress): void {
    this.#isConnected = true;
    this.cursor = new Cursor(this.#platform, Math.max(0, this.#platform.now() - intactUntilMs));
    if (cursor !== null) this.cursor.start(Date.parse(cursor));
    this.inbox.delivered.restore(seen);
    this.partial.restore(answers);
  }

  /** Null before the first connection. */
  get progress(): Progress | null {
    if (!this.#isConnected) return null;
    const { isKnown, intactForMs } = this.cursor;
    return {
      // A resumed session doesn't reach behind the items that were forgotten either.
      cursor: isKnown ? isoOf(this.startsFromMs + RECOVERY.overlapMs) : null,
      intactUntilMs: this.#platform.now() - intactForMs,
      answers: this.partial.unfinished,
      seen: this.inbox.delivered.signaturesFrom(this.startsFromMs),
    };
  }

  // --- the service's time ------------------------------------------------------------------------------------------

  /**
   * The service has accepted the participant, at `issuedAtMs` by its own clock, NaN if that isn't known. A second
   * connection goes on from where the first one was.
   */
  connected(issuedAtMs: number): void {
    const isFirst = !this.#isConnected;
    if (isFirst) this.cursor = new Cursor(this.#platform);
    this.cursor.see(issuedAtMs);
    if (!isFirst) return;
    this.#isConnected = true;
    const now = this.#platform.now();
    if (Math.abs(issuedAtMs - now) <= CLOCKS_AGREE_MS) {
      // The URL's time is in whole seconds: a transfer in the same one brought the contact here.
      this.cursor.start(now - BEFORE_CONNECTION_MS, issuedAtMs + 1_000);
      return;
    }
    const delayMs = ASK_MS.min + this.#platform.random() * (ASK_MS.max - ASK_MS.min);
    this.#askTimer = this.#platform.startTimer(() => this.#ask(), delayMs);
  }

  #ask(): void {
    if (!this.#askTimer) return;
    this.dispose();
    if (this.cursor.isKnown || !this.#settings().enabled) return;
    this.#session.fetchPage(NEWEST_ITEM, new AbortController().signal).then(
      (page) => this.locate(page),
      // A recovery asks again.
      () => undefined,
    );
  }

  /** The transcript's newest item, as a page, gives the service's time. */
  locate({ Transcript: [newest] }: GetTranscriptData): void {
    if (newest) this.cursor.learn(timeOf(newest));
    // In an empty transcript, everything is new.
    if (!this.cursor.isKnown) this.cursor.start(RECOVERY.overlapMs);
  }

  /** A call was answered: the answer to one that sends has the service's time. */
  answered(answer: unknown): void {
    const { AbsoluteTime } = objectOf(answer);
    if (typeof AbsoluteTime !== "string") return;
    const serviceMs = timeOf({ AbsoluteTime });
    this.cursor.see(serviceMs);
    this.cursor.learn(serviceMs);
  }

  /** The link is lost: from here on something may be missing. */
  lost(): void {
    this.cursor.openHole();
    this.#ask();
  }

  dispose(): void {
    this.#askTimer?.cancel();
    this.#askTimer = null;
  }

  // --- where a recovery starts -------------------------------------------------------------------------------------

  /** The cursor less the overlap, or as much before the first item that holds it back: a streaming answer, a file in a scan. */
  get overlapsFromMs(): number {
    const inProgressMs = [...this.inbox.delivered.inProgress].map((key) => this.inbox.sentAtMs(key));
    return this.cursor.before([...this.partial.startedAtMs, ...inProgressMs]) - RECOVERY.overlapMs;
  }

  /** Epoch milliseconds, in the service's time: since when something may be missing; NaN while that isn't known. */
  get startsFromMs(): number {
    const floorMs = this.cursor.startedMs - RECOVERY.overlapMs;
    return Math.max(this.overlapsFromMs, floorMs, this.inbox.delivered.forgottenUpToMs + 1);
  }

  /** Whether delivered items from after the hole were forgotten, so that missing ones look the same. */
  get hasForgotten(): boolean {
    return this.inbox.delivered.forgottenUpToMs >= this.overlapsFromMs;
  }
}
