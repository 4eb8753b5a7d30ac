import type { ChatTranscriptItem } from "../item";
import type { ChatLogger } from "../observability/logger";
import type { GetTranscriptData, SessionType } from "../participant/types";
import type { Platform } from "../platform";
import { RecentIds } from "../util/recent-ids";
import { CHAT_ENDED, TRANSFER_SUCCEEDED, TYPING } from "./content-types";
import { Cursor } from "./cursor";
import { besideOf, eventOf, type ItemEventName } from "./events";
import { Inbox, receiptsAt, type InboxOwner } from "./inbox";
import { formOf, isPast } from "./item-forms";
import { OwnMessages } from "./own-messages";
import { PartialMessages } from "./partial-messages";
import { ReceiptSender, type ReceiptRequest, type ReceiptSettings } from "./receipts";
import { isoOf, timeOf } from "./recent-items";
import { Recovery, RECOVERY, type RecoveryCause, type RecoveryOwner, type RecoverySession } from "./recovery";

export type { RecoverySettings } from "./recovery";
import type { ChatSnapshot } from "./snapshot";
import { Transcript, type TranscriptSnapshot } from "./transcript";

/** A chat that ended while nobody was listening is told with an item that says no more than that. */
export const ENDED_IN_A_GAP: ChatTranscriptItem = {
  AbsoluteTime: "",
  ContentType: CHAT_ENDED,
  Id: "",
  Type: "EVENT",
  InitialContactId: "",
};

/** Whose conversation it is, and what it may ask of the session. */
export interface ConversationOwner<Sent> extends InboxOwner, RecoverySession {
  readonly type: SessionType;
  /** An item is told as an event: from the wire, so at once. */
  tell(name: ItemEventName, item: ChatTranscriptItem, recovered: boolean): void;
  /** Whether anybody listens to the transcript: it is kept from then on. */
  keepsTranscript(): boolean;
  /** Whether anybody listens to the receipts of others. */
  wantsReceipts(): boolean;
  /** The transcript has changed: by a frame, or by a call of the application. */
  transcriptChanged(by: "frame" | "call"): void;
  receiptSettings(): ReceiptSettings;
  sendReceipt(request: ReceiptRequest): Promise<Sent | undefined>;
  /** An agent's part in the contact went to somebody else. */
  transferred(): void;
  leftOut(why: string, item: ChatTranscriptItem): void;
}

/** How many messages of this side's are remembered as not read yet. */
const MOST_UNREAD = 100;

/** What was said in one chat, as one participant sees it: takes items in, one path for all, and keeps what it needs. */
export class Conversation<Sent> {
  /** This side's messages on their way. */
  readonly outgoing: OwnMessages;
  readonly receipts: ReceiptSender<Sent>;
  readonly #owner: ConversationOwner<Sent>;
  readonly #platform: Platform;
  readonly #inbox: Inbox;
  readonly #recovery: Recovery;
  readonly #partial = new PartialMessages();
  readonly #transcript: Transcript;
  /** Messages known by other ways than the socket: this side's own, and those of transcripts. */
  readonly #known = new RecentIds();
  /** This side's messages that nobody has read, as far as was told. */
  readonly #unread = new RecentIds(MOST_UNREAD);
  #cursor: Cursor;
  #isConnected = false;
  /** Whether items are coming that change the transcript once, and whether it has changed since it was reported. */
  #isBatch = false;
  #isChanged = false;

  /** `resume`: goes on from where another page's session was. */
  constructor(
    platform: Platform,
    logger: ChatLogger,
    owner: ConversationOwner<Sent>,
    resume: ChatSnapshot | null,
  ) {
    this.#platform = platform;
    this.#owner = owner;
    this.#inbox = new Inbox(owner);
    this.#cursor = Cursor.atConnection(platform.now());
    this.#transcript = new Transcript(owner.participantId, owner.type);
    this.outgoing = new OwnMessages(platform, {
      participantId: owner.participantId,
      changed: (change) => {
        if (!owner.keepsTranscript()) return;
        if (change(this.#transcript) !== false) owner.transcriptChanged("call");
      },
      answered: (id) => {
        this.#known.add(id);
        this.#unread.add(id);
      },
    });
    this.receipts = new ReceiptSender(
      platform,
      () => owner.receiptSettings(),
      (request) => owner.sendReceipt(request),
    );
    this.#recovery = new Recovery(platform, logger, owner, {
      startsFromMs: () => this.#recoversFromMs,
      recovered: (page) => this.#batch(() => this.#recovered(page)),
      filled: () => this.#cursor.closeHole(),
      // With a transcript, the newest page is fetched for it anyway.
      wantsReceipts: () => owner.wantsReceipts() && this.#unread.size > 0 && !owner.keepsTranscript(),
      recoveredReceipts: ({ Transcript: items }) => this.#batch(() => this.#recoverReceipts(items)),
      release: (items) => this.#release(items),
    });
    if (resume) this.#resume(resume);
  }

  #resume(snapshot: ChatSnapshot): void {
    const { cursor, seen, unsent } = snapshot;
    this.#isConnected = true;
    this.#cursor = new Cursor(Date.parse(cursor), true);
    this.lost();
    this.#inbox.delivered.restore(seen);
    this.outgoing.restore(snapshot);
    for (const [id, message] of Object.entries(unsent)) {
      this.#transcript.send(id, message);
      this.#transcript.failed(id, isoOf(message.sentAtMs));
    }
  }

  /** How far it has come; null before the first connection. */
  get progress(): Omit<ChatSnapshot, "version" | "contactId" | "participantId"> | null {
    if (!this.#isConnected) return null;
    return {
      cursor: isoOf(this.#cursor.timeMs),
      seen: this.#inbox.delivered.signaturesFrom(this.#overlapsFromMs),
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

  /** The service has accepted the participant. A second connection goes on from where the first one left off. */
  connected(): void {
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#cursor = Cursor.atConnection(this.#platform.now());
  }

  /** The link is lost: from here on something may be missing. */
  lost(): void {
    this.#cursor.openHole();
    this.#recovery.interrupt();
  }

  /** The link is back, or (`damaged`) a frame could not be read. */
  recover(cause: RecoveryCause): void {
    this.#cursor.openHole();
    this.#recovery.begin(cause);
  }

  subscribed(): void {
    this.#recovery.signal("subscribed");
  }

  /** The item on a page of the transcript that ended this contact: earlier ones of a persistent chat have ends, too. */
  endOn({ Transcript: items }: GetTranscriptData): ChatTranscriptItem | undefined {
    return items
      .filter(({ ContentType }) => ContentType === CHAT_ENDED)
      .filter((item) => this.#inbox.isOurs(item) && !(timeOf(item) < this.#recoversFromMs))
      .at(-1);
  }

  get #overlapsFromMs(): number {
    return this.#cursor.timeMs - RECOVERY.overlapMs;
  }

  get #recoversFromMs(): number {
    return Math.max(this.#overlapsFromMs, this.#inbox.delivered.forgottenUpToMs + 1);
  }

  /** The chat is over: what still waits is told, and no more comes. */
  end(): void {
    this.#recovery.flush();
    this.dispose();
  }

  /** Everything is let go of, told or not. */
  dispose(): void {
    this.#recovery.dispose();
    this.receipts.end();
  }

  // --- what comes in -----------------------------------------------------------------------------------------------

  /** A live item. Typing does not wait: it is no part of the order, and wrong once it is late. */
  receive(item: ChatTranscriptItem): void {
    const mayWait = item.ContentType !== TYPING && !this.#inbox.delivered.has(item);
    if (mayWait && this.#recovery.holds(item)) return;
    this.#take(item);
  }

  /** Puts an item into the transcript without telling it as an event of its own. */
  record(item: ChatTranscriptItem): void {
    this.#batch(() => {
      if (this.#owner.keepsTranscript() && this.#transcript.add(item)) this.#isChanged = true;
    });
  }

  #reportChange(by: "frame" | "call" = "frame"): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    this.#owner.transcriptChanged(by);
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
  learn(
    { Transcript: items, NextToken }: GetTranscriptData,
    backward: boolean,
    by: "call" | "library",
  ): void {
    this.#partial.learn(items);
    for (const item of items) {
      if (item.Id) this.#known.add(item.Id);
      this.#noteUnread(item);
      if (this.#owner.receiptSettings().enabled) this.#learnReceipts(item);
    }
    this.#batch(() => {
      if (by === "library") this.#recoverReceipts(items);
      else {
        this.#remember(items);
        this.#recovery.signal("fetched");
      }
      if (!this.#owner.keepsTranscript()) return;
      this.#transcript.addPage({ items, nextToken: NextToken ?? null, backward });
      this.#isChanged = true;
    }, "call");
  }

  /**
   * Live items that have waited. Where one of them is known now, the recovery has delivered it; an earlier form of the
   * same item that waited before it is older than that, unless the service was further with it.
   */
  #release(items: readonly ChatTranscriptItem[]): void {
    const delivered = new Map<string | undefined, { readonly index: number; readonly form: string }>();
    items.forEach((item, index) => {
      if (this.#inbox.delivered.has(item)) delivered.set(item.Id, { index, form: formOf(item) });
    });
    this.#batch(() =>
      items.forEach((item, index) => {
        const known = delivered.get(item.Id);
        const isOlder = known && index < known.index && !isPast(known.form, [formOf(item)]);
        if (isOlder) this.#owner.leftOut("repeated", item);
        else this.#take(item);
      }),
    );
  }

  #take(item: ChatTranscriptItem): void {
    const why = this.#inbox.receive(item);
    if (item.Type !== "MESSAGEMETADATA" && item.ContentType !== TYPING) {
      this.#cursor.passed(item);
    }
    if (why !== null) {
      this.#owner.leftOut(why, item);
      return;
    }
    if (item.ContentType === CHAT_ENDED) {
      this.#reportChange();
      this.#owner.ended(item);
      return;
    }
    const whole = this.#partial.accept(item);
    if (whole === null) this.#owner.leftOut("a piece out of its turn", item);
    else this.#tell(whole, false);
    if (item.ContentType === TRANSFER_SUCCEEDED) this.#owner.transferred();
  }

  #tell(item: ChatTranscriptItem, recovered: boolean): void {
    const name = eventOf(item);
    if (name === "readReceipt") this.#unread.delete(item.MessageMetadata?.MessageId ?? "");
    else this.#noteUnread(item);
    this.#owner.tell(name, item, recovered);
    const beside = besideOf(item);
    if (beside) this.#owner.tell(beside, item, recovered);
    this.record(item);
  }

  /** A message of this side's that others may still read. */
  #noteUnread({ Id, ParticipantId, Type, MessageMetadata }: ChatTranscriptItem): void {
    if (!Id || ParticipantId !== this.#owner.participantId || this.#unread.has(Id)) return;
    if (Type !== "MESSAGE" && Type !== "ATTACHMENT") return;
    if (MessageMetadata?.Receipts?.some(({ ReadTimestamp }) => ReadTimestamp)) return;
    this.#unread.add(Id);
  }

  // --- what was missed ---------------------------------------------------------------------------------------------

  #recovered({
    Transcript: items,
    InitialContactId,
  }: GetTranscriptData): ReturnType<RecoveryOwner["recovered"]> {
    let count = 0;
    const { timeMs: newestMs, joinedMs } = this.#cursor;
    for (const item of items) {
      const named = item.ContactId ? item : { InitialContactId, ...item };
      const missed = this.#inbox.recover(named, timeOf(item) > newestMs);
      if (missed?.ContentType === CHAT_ENDED) return { count, end: missed };
      const whole = missed && this.#partial.recover(missed);
      if (!whole) continue;
      if (whole.Type !== "MESSAGEMETADATA") {
        this.#cursor.passed(whole);
        count += 1;
      }
      this.#tell(whole, true);
      const isTransfer = whole.ContentType === TRANSFER_SUCCEEDED;
      // The one by which this side was given the contact is not its own.
      if (isTransfer && timeOf(item) > joinedMs) this.#owner.transferred();
    }
    const last = items.at(-1);
    if (last) this.#cursor.filledUpTo(last);
    return { count, end: null };
  }

  /** Receipts that a page shows of messages that nobody had read, as far as was told. */
  #recoverReceipts(items: readonly ChatTranscriptItem[]): void {
    for (const item of items.flatMap(receiptsAt)) {
      if (!this.#unread.has(item.MessageMetadata?.MessageId ?? "")) continue;
      const missed = this.#inbox.recover(item, true);
      if (missed) this.#tell(missed, true);
    }
  }

  /** What the application fetched itself is not told to it once more by a recovery; older items never come from one. */
  #remember(items: readonly ChatTranscriptItem[]): void {
    for (const item of items) if (!(timeOf(item) < this.#overlapsFromMs)) this.#inbox.fetched(item);
  }

  /** Receipts of this participant's that a transcript shows were sent, by whatever page or device. */
  #learnReceipts(item: ChatTranscriptItem): void {
    const messageId = item.MessageMetadata?.MessageId;
    if (messageId === undefined || item.ContentType === TYPING) return;
    for (const receipt of item.MessageMetadata?.Receipts ?? []) {
      if (receipt.RecipientParticipantId !== this.#owner.participantId) continue;
      if (receipt.ReadTimestamp) this.receipts.markSent("read", messageId);
      if (receipt.DeliveredTimestamp) this.receipts.markSent("delivered", messageId);
    }
  }
}
