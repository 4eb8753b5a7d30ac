import type { ChatTranscriptItem } from "../item";
import { RecentIds } from "../util/recent-ids";
import { CHAT_ENDED, TRANSFER_SUCCEEDED } from "./content-types";
import { eventOf } from "./events";
import { isPiece } from "./partial-messages";
import { RecentItems } from "./recent-items";

type WhyNothing = "repeated" | "own receipt" | "receipt without receipts" | "of another contact";

/** Whose inbox it is. */
export interface InboxOwner {
  readonly participantId: string;
  readonly contactId: string;
  readonly initialContactId: string;
}

/** Judges each item that comes in for one participant: whether it is delivered, or was before. */
export class Inbox {
  readonly #owner: InboxOwner;
  readonly delivered = new RecentItems();
  /** Items that the application fetched itself: a recovery does not deliver them again. */
  readonly #fetched = new RecentItems();
  readonly #deliveredReceipts = new RecentIds();

  constructor(owner: InboxOwner) {
    this.#owner = owner;
  }

  /** A live item: why it is not delivered; null where it is. */
  receive(item: ChatTranscriptItem): WhyNothing | null {
    if (item.Type === "MESSAGEMETADATA") return this.#receipt(item);
    // Which pieces of an answer were delivered, PartialMessages knows: one that came too early may come again.
    const isKnown = !isPiece(item) && this.delivered.has(item);
    if (isKnown || this.#isPast(item)) return "repeated";
    this.delivered.add(item);
    return null;
  }

  /** An item that a transcript holds, and that may have been missed: as it is delivered; null where it is not. */
  recover(item: ChatTranscriptItem, isNewer: boolean): ChatTranscriptItem | null {
    if (!this.isOurs(item)) return null;
    const { contactId, initialContactId } = this.#owner;
    // Transcripts leave out what they were asked by; handlers find it on live items.
    const whole: ChatTranscriptItem = {
      ...item,
      ContactId: item.ContactId ?? contactId,
      InitialContactId: item.InitialContactId ?? initialContactId,
    };
    if (item.Type === "MESSAGEMETADATA") return this.#receipt(item) === null ? whole : null;
    // One without an Id cannot be known: it is new where its time is.
    const isKnown = item.Id ? this.delivered.has(item) || this.#fetched.has(item) : !isNewer;
    if (isKnown || this.#isPast(item)) return null;
    this.delivered.add(item);
    return whole;
  }

  /** Whether the application has a form of it that comes after this one, delivered or fetched by itself. */
  #isPast(item: ChatTranscriptItem): boolean {
    return this.delivered.isPast(item) || this.#fetched.isPast(item);
  }

  /** An item that the application fetched by a call. One that ends its part in the chat is still to be delivered. */
  fetched(item: ChatTranscriptItem): void {
    const { ContentType } = item;
    if (ContentType !== CHAT_ENDED && ContentType !== TRANSFER_SUCCEEDED) this.#fetched.add(item);
  }

  /** In a persistent chat, transcripts also hold what was said in the participant's earlier contacts. */
  isOurs({ ContactId, InitialContactId, RelatedContactId }: ChatTranscriptItem): boolean {
    const { contactId, initialContactId } = this.#owner;
    if (RelatedContactId && RelatedContactId !== contactId && RelatedContactId !== initialContactId)
      return false;
    return !ContactId || ContactId === contactId || InitialContactId === initialContactId;
  }

  /** What this participant did itself is no news to it. */
  #receipt(item: ChatTranscriptItem): WhyNothing | null {
    const { MessageId, Receipts } = item.MessageMetadata ?? {};
    const { RecipientParticipantId: recipient, ReadTimestamp, DeliveredTimestamp } = Receipts?.[0] ?? {};
    if (recipient === this.#owner.participantId) return "own receipt";
    const time = ReadTimestamp ?? DeliveredTimestamp;
    if (!time) return "receipt without receipts";
    const key = [eventOf(item), MessageId, recipient, Date.parse(time)].join();
    if (this.#deliveredReceipts.has(key)) return "repeated";
    this.#deliveredReceipts.add(key);
    return null;
  }
}

/** The receipts that a transcript's item is or holds, each as the item that brings it live. */
export function receiptsAt(item: ChatTranscriptItem): ChatTranscriptItem[] {
  if (item.Type === "MESSAGEMETADATA") return [item];
  const { Id, ContactId, InitialContactId, RelatedContactId, MessageMetadata } = item;
  return (MessageMetadata?.Receipts ?? []).map((receipt) => ({
    AbsoluteTime: receipt.ReadTimestamp ?? receipt.DeliveredTimestamp,
    ContentType: RECEIPT_ITEM_CONTENT_TYPE,
    Type: "MESSAGEMETADATA",
    ContactId,
    InitialContactId,
    RelatedContactId,
    MessageMetadata: { MessageId: Id, Receipts: [receipt] },
  }));
}

/** How a receipt comes over the socket. */
const RECEIPT_ITEM_CONTENT_TYPE = "application/vnd.amazonaws.connect.event.message.metadata";
