import type { ChatTranscriptItem } from "../item";
import type { Platform } from "../platform";
import { RecentIds } from "../util/recent-ids";
import { EVENT_CONTENT_TYPES } from "./content-types";
import type { ItemEventName } from "./events";
import { Inbox } from "./inbox";
import { PartialMessages } from "./partial-messages";
import { ReceiptSender, type ReceiptRequest, type ReceiptSettings } from "./receipts";
import { Transcript, type TranscriptSnapshot } from "./transcript";

/** A chat that ended while nobody was listening is told with an item that says no more than that. */
export const ENDED_IN_A_GAP: ChatTranscriptItem = {
  AbsoluteTime: "",
  ContentType: EVENT_CONTENT_TYPES.CHAT_ENDED,
  Id: "",
  Type: "EVENT",
  InitialContactId: "",
};

/** Whose conversation it is, and what it may ask of the session. */
export interface ConversationOwner<Sent> {
  readonly participantId: string;
  readonly role: "AGENT" | "CUSTOMER";
  /** An item is told as an event: from the wire, so at once. */
  tell(name: ItemEventName, item: ChatTranscriptItem): void;
  /** Whether anybody listens to the transcript: it is kept from then on. */
  keepsTranscript(): boolean;
  /** The transcript has changed: by a frame, or by a call of the application. */
  transcriptChanged(by: "frame" | "call"): void;
  receiptSettings(): ReceiptSettings;
  sendReceipt(request: ReceiptRequest): Promise<Sent>;
  /** The chat has ended, and `item` says so. */
  ended(item: ChatTranscriptItem): void;
  /** An agent's part in the contact went to somebody else. */
  transferred(): void;
  leftOut(why: string, item: ChatTranscriptItem): void;
}

/** What was said in one chat, as one participant sees it: takes items in, one path for all, and keeps what it needs. */
export class Conversation<Sent> {
  readonly receipts: ReceiptSender<Sent>;
  readonly #owner: ConversationOwner<Sent>;
  readonly #platform: Platform;
  readonly #inbox: Inbox;
  readonly #partial = new PartialMessages();
  readonly #transcript = new Transcript();
  /** Messages known by other ways than the socket: this side's own, and those of transcripts. */
  readonly #known = new RecentIds();

  constructor(platform: Platform, owner: ConversationOwner<Sent>) {
    this.#platform = platform;
    this.#owner = owner;
    this.#inbox = new Inbox(owner.participantId);
    this.receipts = new ReceiptSender(
      platform,
      () => owner.receiptSettings(),
      (request) => owner.sendReceipt(request),
    );
  }

  get transcript(): TranscriptSnapshot {
    return this.#transcript.snapshot();
  }

  knowsMessage(messageId: string): boolean {
    return this.#inbox.knows(messageId) || this.#known.has(messageId);
  }

  /** A live item. */
  receive(item: ChatTranscriptItem): void {
    const arrival = this.#inbox.receive(item);
    switch (arrival.kind) {
      case "nothing":
        this.#owner.leftOut(arrival.why, item);
        return;
      case "ended":
        this.#owner.ended(item);
        return;
      case "transferred":
        this.#tell("message", item);
        this.#owner.transferred();
        return;
      case "event": {
        const told = this.#partial.accept(item);
        if (told === null) this.#owner.leftOut("a piece out of its turn", item);
        else this.#tell(arrival.name, told);
      }
    }
  }

  /** Puts an item into the transcript without telling it as an event of its own. */
  record(item: ChatTranscriptItem): void {
    if (this.#owner.keepsTranscript() && this.#transcript.add(item)) this.#owner.transcriptChanged("frame");
  }

  /** A page that GetTranscript gave, to the application or to the library. */
  learn(items: readonly ChatTranscriptItem[], nextToken: string | null, backward: boolean): void {
    this.#partial.learn(items);
    for (const { Id } of items) if (Id) this.#known.add(Id);
    if (this.#owner.receiptSettings().enabled) for (const item of items) this.#learnReceipts(item);
    if (!this.#owner.keepsTranscript()) return;
    this.#transcript.addPage({ items, nextToken, backward });
    this.#owner.transcriptChanged("call");
  }

  /** A message of this side's sets out: shown as SENDING, then SENT or FAILED. */
  async sending<Answer extends { Id?: string | undefined; AbsoluteTime?: string | undefined }>(
    message: { content: string; contentType: string },
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    const id = this.#platform.uuid();
    const shown = this.#owner.keepsTranscript();
    if (shown) {
      this.#transcript.send(id, {
        Content: message.content,
        ContentType: message.contentType,
        ParticipantRole: this.#owner.role,
      });
      this.#owner.transcriptChanged("call");
    }
    try {
      const answer = await send();
      const { Id = id, AbsoluteTime = this.#now() } = answer;
      this.#known.add(Id);
      this.#transcript.sent(id, { Id, AbsoluteTime });
      return answer;
    } catch (error) {
      this.#transcript.failed(id, this.#now());
      throw error;
    } finally {
      if (shown) this.#owner.transcriptChanged("call");
    }
  }

  #now(): string {
    return new Date(this.#platform.now()).toISOString();
  }

  #tell(name: ItemEventName, item: ChatTranscriptItem): void {
    this.#owner.tell(name, item);
    this.record(item);
  }

  /** Receipts of this participant's that a transcript shows were sent, by whatever page or device. */
  #learnReceipts(item: ChatTranscriptItem): void {
    const messageId = item.MessageMetadata?.MessageId;
    if (messageId === undefined || item.ContentType === EVENT_CONTENT_TYPES.TYPING) return;
    for (const receipt of item.MessageMetadata?.Receipts ?? []) {
      if (receipt.RecipientParticipantId !== this.#owner.participantId) continue;
      if (receipt.ReadTimestamp) this.receipts.markSent("read", messageId);
      if (receipt.DeliveredTimestamp) this.receipts.markSent("delivered", messageId);
    }
  }
}
