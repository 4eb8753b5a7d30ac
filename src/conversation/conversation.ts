import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { SessionType } from "../api/create";
import type { WireItem as ChatTranscriptItem } from "../api/items";
import type { LibraryLogger as ChatLogger } from "../api/logging";
import type { ChatSnapshot } from "../api/snapshot";
import { asksForNewest } from "../participant/transcript-page";
import { NEWEST_ITEM } from "../participant/types";
import type { Participant } from "../participant/participant";
import type { Platform, Timer } from "../platform";
import { objectOf } from "../util/json";
import { RecentIds } from "../util/recent-ids";
import { CHAT_ENDED, TRANSFER_SUCCEEDED, TYPING } from "./content-types";
import { Cursor } from "./cursor";
import { besideOf, eventOf } from "./events";
import type { ConversationOwner } from "./fact";
import { Inbox, isUnread, receiptsAt, type InboxOwner } from "./inbox";
import { OutgoingMessages, type OutgoingSetup } from "./outgoing-messages";
import { PartialMessages } from "./partial-messages";
import { ReceiptSender, type ReceiptSettings } from "./receipts";
import { isoOf, keyOf, timeOf } from "./recent-items";
import { Recovery, RECOVERY, type Recovered, type RecoveryOwner, type RecoverySettings } from "./recovery";
import type { RecoveryCause } from "./recovery-cause";

import { Transcript, type TranscriptSnapshot } from "./transcript";

export interface ConversationSetup extends InboxOwner, OutgoingSetup {
  readonly type: SessionType;
  readonly receiptSettings: () => ReceiptSettings;
  readonly recoverySettings: () => RecoverySettings;
  /** Where another page's session of this participant was. */
  readonly resume: ChatSnapshot | null;
}

/** A page's clock is used while it agrees with the service's this closely, */
const CLOCKS_AGREE_MS = 30_000;
/** and before the first item the cursor stands this much before the connection. */
const BEFORE_CONNECTION_MS = 60_000;

/** Events by which others' receipts reach the application. */
const RECEIPT_EVENTS = ["readReceipt", "deliveredReceipt"] as const;

/** How many messages of this side's are remembered as not read yet. */
const MAX_UNREAD = 100;

/** What was said in one chat, as one participant sees it: takes items in, one path for all, and keeps what it needs. */
export class Conversation implements RecoveryOwner {
  /** This side's messages on their way. */
  readonly outgoing: OutgoingMessages;
  readonly receipts: ReceiptSender;
  readonly #setup: ConversationSetup;
  readonly #owner: ConversationOwner;
  readonly #logger: ChatLogger;
  readonly #platform: Platform;
  readonly #inbox: Inbox;
  readonly #recovery: Recovery;
  readonly #partial = new PartialMessages();
  readonly #transcript: Transcript;
  /** Messages known by other ways than the socket: this side's own, and those of transcripts. */
  readonly #known = new RecentIds();
  /** Outgoing messages without a known read receipt. */
  readonly #unread = new RecentIds(MAX_UNREAD);
  #cursor: Cursor;
  #isConnected = false;
  /** Whether the transcript that is kept has a page yet. */
  hasPage = false;
  /** Until the service's time is asked for. */
  #askTimer: Timer | null = null;
  /** Whether items are coming that change the transcript once, and whether it has changed since it was reported. */
  #isBatch = false;
  #isChanged = false;

  constructor(
    setup: ConversationSetup,
    participant: Participant,
    platform: Platform,
    logger: ChatLogger,
    owner: ConversationOwner,
  ) {
    const { participantId, type, receiptSettings, recoverySettings, resume } = setup;
    this.#setup = setup;
    this.#platform = platform;
    this.#owner = owner;
    this.#logger = logger;
    this.#inbox = new Inbox(setup);
    this.#cursor = new Cursor(platform);
    this.#transcript = new Transcript(participantId, type);
    this.outgoing = new OutgoingMessages(setup, participant, platform, logger, {
      changed: (change) => {
        if (!this.keepsTranscript) return;
        if (change(this.#transcript) !== false) owner.onFact({ kind: "transcript", by: "call" });
      },
      answered: (id) => {
        this.#known.add(id);
        this.#unread.add(id);
      },
    });
    this.receipts = new ReceiptSender(platform, participant, receiptSettings);
    this.#recovery = new Recovery(platform, logger, recoverySettings, owner, this);
    if (resume) this.#resume(resume);
  }

  #resume(snapshot: ChatSnapshot): void {
    const { cursor, intactUntilMs, seen, answers, unsent } = snapshot;
    this.#isConnected = true;
    this.#cursor = new Cursor(this.#platform, Math.max(0, this.#platform.now() - intactUntilMs));
    if (cursor !== null) this.#cursor.start(Date.parse(cursor));
    this.lost();
    this.#inbox.delivered.restore(seen);
    this.#partial.restore(answers);
    this.outgoing.restore(snapshot);
    for (const [id, message] of Object.entries(unsent)) {
      this.#transcript.send(id, message);
      this.#transcript.failed(id, isoOf(message.sentAtMs));
    }
  }

  /** How far it has come; null before the first connection. */
  get progress(): Omit<ChatSnapshot, "version" | "contactId" | "participantId"> | null {
    if (!this.#isConnected) return null;
    const { isKnown, intactForMs } = this.#cursor;
    return {
      // A resumed session doesn't reach behind the items that were forgotten either.
      cursor: isKnown ? isoOf(this.startsFromMs + RECOVERY.overlapMs) : null,
      intactUntilMs: this.#platform.now() - intactForMs,
      answers: this.#partial.unfinished,
      seen: this.#inbox.delivered.signaturesFrom(this.startsFromMs),
      unsent: this.outgoing.unsent,
      answered: this.outgoing.answered,
    };
  }

  get transcript(): TranscriptSnapshot {
    return this.#transcript.snapshot();
  }

  knowsMessage(messageId: string): boolean {
    return this.#inbox.delivered.knows(messageId) || this.#known.has(messageId);
  }

  // --- the link ----------------------------------------------------------------------------------------------------

  /**
   * The service has accepted the participant, at `issuedAtMs` by its own clock, NaN where that isn't known. A second
   * connection goes on from where the first one left off.
   */
  connected(issuedAtMs: number): void {
    const isFirst = !this.#isConnected;
    if (isFirst) this.#cursor = new Cursor(this.#platform);
    this.#cursor.see(issuedAtMs);
    if (!isFirst) return;
    this.#isConnected = true;
    const now = this.#platform.now();
    if (Math.abs(issuedAtMs - now) <= CLOCKS_AGREE_MS) {
      // The URL's time is in whole seconds: a transfer in the same one brought the contact here.
      this.#cursor.start(now - BEFORE_CONNECTION_MS, issuedAtMs + 1_000);
      return;
    }
    // Not all clients at once.
    const delayMs = 2_000 + this.#platform.random() * 18_000;
    this.#askTimer = this.#platform.startTimer(() => this.#askTime(), delayMs);
  }

  #askTime(): void {
    if (!this.#askTimer) return;
    this.#askTimer.cancel();
    this.#askTimer = null;
    if (this.#cursor.isKnown || !this.#setup.recoverySettings().enabled) return;
    this.#owner.fetchPage(NEWEST_ITEM, new AbortController().signal).then(
      (page) => this.locate(page),
      // A recovery asks again.
      () => undefined,
    );
  }

  /** The transcript's newest item, as a page, gives the service's time. */
  locate({ Transcript: [newest] }: GetTranscriptData): void {
    if (newest) this.#cursor.learn(timeOf(newest));
    // In an empty transcript, everything is new.
    if (!this.#cursor.isKnown) this.#cursor.start(RECOVERY.overlapMs);
  }

  /** A call was answered: the answer to one that sends has the service's time. */
  answered(answer: unknown): void {
    const { AbsoluteTime } = objectOf(answer);
    if (typeof AbsoluteTime !== "string") return;
    const serviceMs = timeOf({ AbsoluteTime });
    this.#cursor.hear(serviceMs);
    this.#cursor.see(serviceMs);
  }

  /** The link is lost: from here on something may be missing. */
  lost(): void {
    this.#cursor.openHole();
    this.#recovery.interrupt();
    this.#askTime();
  }

  /** A request for a new link was refused because there are too many. */
  throttled(): void {
    this.#recovery.throttled();
  }

  /** The link is back, or (`damaged`) a frame could not be read. */
  recover(cause: RecoveryCause): void {
    this.#cursor.openHole();
    this.#recovery.begin(cause);
  }

  subscribed(chats: number): void {
    this.#recovery.signal("subscribed", chats);
  }

  openHole(): void {
    this.#cursor.openHole();
  }

  /** The item on a page of the transcript that ended this contact: earlier ones of a persistent chat have ends, too. */
  endOn({ Transcript: items }: GetTranscriptData): ChatTranscriptItem | undefined {
    return items
      .filter((item) => item.ContentType === CHAT_ENDED && this.#inbox.isOurs(item))
      .filter((item) => !(timeOf(item) < this.startsFromMs))
      .at(-1);
  }

  /**
   * The cursor, or the first item before it that isn't finished, be it an answer that streams or a file that is scanned. One
   * that began long before counts as abandoned.
   */
  get #positionMs(): number {
    const inProgressMs = [...this.#inbox.delivered.inProgress].map((key) => this.#inbox.sentAtMs(key));
    return this.#cursor.before([...this.#partial.startedAtMs, ...inProgressMs]);
  }

  get #overlapsFromMs(): number {
    return this.#positionMs - RECOVERY.overlapMs;
  }

  /** Epoch milliseconds, in the service's time: from when on something may be missing; NaN while that isn't known. */
  get startsFromMs(): number {
    const floorMs = this.#cursor.startedMs - RECOVERY.overlapMs;
    return Math.max(this.#overlapsFromMs, floorMs, this.#inbox.delivered.forgottenUpToMs + 1);
  }

  /** Whether delivered items from after the hole were forgotten, so that missing ones look the same. */
  get hasForgotten(): boolean {
    return this.#inbox.delivered.forgottenUpToMs >= this.#overlapsFromMs;
  }

  /** Nothing is missing any more. */
  filled(): void {
    this.#cursor.closeHole();
  }

  get keepsTranscript(): boolean {
    return this.#owner.hasHandler("transcriptUpdated");
  }

  /** Whether the newest page is of interest: for receipts, and for what has changed since. */
  get wantsNewest(): boolean {
    // With a transcript, it is fetched anyway.
    if (this.keepsTranscript) return false;
    const wantsReceipts = RECEIPT_EVENTS.some((name) => this.#owner.hasHandler(name));
    return this.#inbox.delivered.inProgress.size > 0 || (wantsReceipts && this.#unread.size > 0);
  }

  /** The chat is over: what still waits is delivered, and no more comes. */
  end(): void {
    this.#recovery.flush();
    this.#stop();
  }

  /** Everything is released, delivered or not. */
  dispose(): void {
    this.#stop();
    this.outgoing.dispose();
  }

  #stop(): void {
    this.#askTimer?.cancel();
    this.#askTimer = null;
    this.#recovery.dispose();
    this.receipts.end();
  }

  // --- what comes in -----------------------------------------------------------------------------------------------

  /** A live item. Typing does not wait: it is no part of the order, and wrong once it is late. */
  receive(item: ChatTranscriptItem): void {
    this.#cursor.hear(timeOf(item));
    const mayWait = item.ContentType !== TYPING && !this.#inbox.delivered.has(item);
    if (mayWait && this.#recovery.holds(item)) return;
    this.#take(item);
  }

  /** Puts an item into the transcript without telling it as an event of its own. */
  record(item: ChatTranscriptItem): void {
    this.#batch(() => {
      if (this.keepsTranscript && this.#transcript.add(item)) this.#isChanged = true;
    });
  }

  #reportChange(by: "frame" | "call" = "frame"): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    this.#owner.onFact({ kind: "transcript", by });
  }

  /** Items that come together change the transcript once, after their own events. */
  #batch<Result>(job: () => Result, by?: "call"): Result {
    if (this.#isBatch) return job();
    this.#isBatch = true;
    try {
      return job();
    } finally {
      this.#isBatch = false;
      this.#reportChange(by);
    }
  }

  /** A page that GetTranscript gave: to the application, or (`by` "library") for the transcript that is kept. */
  learn(page: GetTranscriptData, query: GetTranscriptQuery, by: "call" | "library"): void {
    const { Transcript: items } = page;
    this.#partial.learn(items);
    if (asksForNewest(query)) this.#cursor.learn(Math.max(...items.map(timeOf)));
    for (const item of items) {
      if (item.Id) this.#known.add(item.Id);
      this.#noteUnread(item);
      this.#learnReceipts(item);
    }
    this.#batch(() => {
      if (by === "library") {
        this.recoveredNewest(page);
        this.#recovery.shown(page);
      } else {
        this.#inbox.fetched(items, this.#overlapsFromMs);
        this.#recovery.signal("fetched");
      }
      if (!this.keepsTranscript) return;
      this.hasPage = true;
      const backward = query.scanDirection === "BACKWARD";
      this.#transcript.addPage(page, backward);
      this.#isChanged = true;
    }, "call");
  }

  /** Live items that have waited. */
  release(items: readonly ChatTranscriptItem[]): void {
    const wanted = this.#inbox.withoutOlder(items);
    this.#batch(() => wanted.forEach((item) => this.#take(item)));
  }

  #take(item: ChatTranscriptItem): void {
    const isNew = this.#inbox.receive(item);
    if (item.Type !== "MESSAGEMETADATA" && item.ContentType !== TYPING) {
      this.#cursor.passed(item);
    }
    if (isNew && item.ContentType === CHAT_ENDED) {
      this.#reportChange();
      this.#owner.onFact({ kind: "ended", item });
      return;
    }
    const whole = isNew ? this.#partial.accept(item) : null;
    if (whole === null) {
      this.#logger.debug("An item was left out: it brings nothing new", { ContentType: item.ContentType });
      return;
    }
    this.#tell(whole, false);
    if (item.ContentType === TRANSFER_SUCCEEDED) this.#owner.onFact({ kind: "transferred" });
  }

  #tell(item: ChatTranscriptItem, isRecovered: boolean): void {
    const name = eventOf(item);
    if (name === "readReceipt") this.#unread.delete(item.MessageMetadata?.MessageId ?? "");
    else this.#noteUnread(item);
    this.#owner.onFact({ kind: "item", name, item, isRecovered });
    const beside = besideOf(item);
    if (beside) this.#owner.onFact({ kind: "item", name: beside, item, isRecovered });
    this.record(item);
  }

  #noteUnread(item: ChatTranscriptItem): void {
    if (item.Id && isUnread(item, this.#setup.participantId)) this.#unread.add(item.Id);
  }

  // --- what was missed ---------------------------------------------------------------------------------------------

  /** Delivers what of a page is new. */
  recovered(page: GetTranscriptData): Recovered {
    return this.#batch(() => {
      const outcome = this.#deliver(page.Transcript, page);
      this.#cursor.filledUpTo(page.Transcript);
      return outcome;
    });
  }

  #deliver(items: readonly ChatTranscriptItem[], { InitialContactId }: GetTranscriptData): Recovered {
    let count = 0;
    for (const item of items) {
      const named = item.ContactId ? item : { InitialContactId, ...item };
      const missed = this.#inbox.recover(named);
      if (missed?.ContentType === CHAT_ENDED) return { count, end: missed };
      const whole = missed && this.#partial.accept(missed, true);
      if (!whole) continue;
      if (whole.Type !== "MESSAGEMETADATA") {
        this.#cursor.passed(whole);
        count += 1;
      }
      this.#tell(whole, true);
      const isTransfer = whole.ContentType === TRANSFER_SUCCEEDED;
      // The one by which this side was given the contact is not its own.
      if (isTransfer && timeOf(item) > this.#cursor.joinedMs) this.#owner.onFact({ kind: "transferred" });
    }
    return { count, end: null };
  }

  /**
   * Delivers what the newest page shows about older items: receipts of messages that were unread, and later forms of items
   * that were in progress. Returns how many items have a later form.
   */
  recoveredNewest(page: GetTranscriptData): number {
    const { delivered } = this.#inbox;
    const changed = page.Transcript.filter((item) => delivered.inProgress.has(keyOf(item)));
    // One that isn't among the newest any more, and that no recovery begins with, is not looked for again.
    for (const key of delivered.inProgress) {
      const isShown = changed.some((item) => keyOf(item) === key);
      if (!isShown && !this.#cursor.isHeldBackBy(this.#inbox.sentAtMs(key))) delivered.inProgress.delete(key);
    }
    return this.#batch(() => {
      for (const item of page.Transcript.flatMap(receiptsAt)) {
        if (!this.#unread.has(item.MessageMetadata?.MessageId ?? "")) continue;
        const missed = this.#inbox.recover(item);
        if (missed) this.#tell(missed, true);
      }
      return this.#deliver(changed, page).count;
    });
  }

  /** Receipts of this participant's that a transcript shows were sent, by whatever page or device. */
  #learnReceipts(item: ChatTranscriptItem): void {
    const { MessageId = "", Receipts } = item.MessageMetadata ?? {};
    for (const receipt of Receipts ?? []) {
      if (receipt.RecipientParticipantId !== this.#setup.participantId) continue;
      if (receipt.ReadTimestamp) this.receipts.markSent("read", MessageId);
      if (receipt.DeliveredTimestamp) this.receipts.markSent("delivered", MessageId);
    }
  }
}
