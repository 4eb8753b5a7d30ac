import type { ChatTranscriptItem } from "../item";
import { RecentIds } from "../util/recent-ids";
import { CHAT_ENDED, EVENT, TRANSFER_SUCCEEDED } from "./content-types";
import { eventOf } from "./events";
import { formOf, isPast } from "./item-forms";
import { isPiece } from "./partial-messages";
import { keyOf, RecentItems, timeOf } from "./recent-items";

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
  /** Recovered items without an Id, by time. */
  readonly #recoveredTimes = new RecentIds();

  constructor(owner: InboxOwner) {
    this.#owner = owner;
  }

  /** A live item: why it is not delivered; null where it is. */
  receive(item: ChatTranscriptItem): WhyNothing | null {
    if (item.Type === "MESSAGEMETADATA") return this.#receipt(item);
    // Which pieces of an answer were delivered, PartialMessages knows: one that came too early may come again.
    // An item without an Id counts as new, unless a recovery has delivered it.
    const isKnown = item.Id
      ? !isPiece(item) && this.delivered.has(item)
      : this.#recoveredTimes.has(keyOf(item)) && this.delivered.has(item);
    if (isKnown || this.#isPast(item)) return "repeated";
    this.delivered.add(item);
    return null;
  }

  /** An item that a transcript holds, and that may have been missed: as it is delivered; null where it is not. */
  recover(item: ChatTranscriptItem): ChatTranscriptItem | null {
    if (!this.isOurs(item)) return null;
    const { contactId, initialContactId } = this.#owner;
    // Transcripts leave out what they were asked by; handlers find it on live items.
    const whole: ChatTranscriptItem = {
      ...item,
      ContactId: item.ContactId ?? contactId,
      InitialContactId: item.InitialContactId ?? initialContactId,
    };
    if (item.Type === "MESSAGEMETADATA") return this.#receipt(item) === null ? whole : null;
    // Nothing would tell one without an Id and a time from itself.
    const isKnown = !keyOf(item) || this.delivered.has(item) || this.#fetched.has(item);
    if (isKnown || this.delivered.mayHaveForgotten(item) || this.#isPast(item)) return null;
    this.delivered.add(item);
    if (!item.Id) this.#recoveredTimes.add(keyOf(item));
    return whole;
  }

  /**
   * Of live items that have waited, those that are older than what a recovery has delivered meanwhile: earlier forms of an
   * item, unless the service was further with them.
   */
  olderOf(items: readonly ChatTranscriptItem[]): ReadonlySet<ChatTranscriptItem> {
    const known = new Map<string, ChatTranscriptItem>();
    const older = new Set<ChatTranscriptItem>();
    for (const item of [...items].reverse()) {
      const later = known.get(keyOf(item));
      if (later && !isPast(formOf(later), [formOf(item)])) older.add(item);
      else if (!later && this.delivered.has(item)) known.set(keyOf(item), item);
    }
    return older;
  }

  /** Whether the application has a form of it that comes after this one, delivered or fetched by itself. */
  #isPast(item: ChatTranscriptItem): boolean {
    return this.delivered.isPast(item) || this.#fetched.isPast(item);
  }

  /**
   * Items that the application fetched by a call: a recovery doesn't deliver them. It brings none from before `fromMs` but
   * those in progress. One that ends the application's part in the chat is still to be delivered.
   */
  fetched(items: readonly ChatTranscriptItem[], fromMs: number): void {
    for (const item of items) {
      if (item.ContentType === CHAT_ENDED || item.ContentType === TRANSFER_SUCCEEDED) continue;
      if (!(timeOf(item) < fromMs) || this.delivered.inProgress.has(keyOf(item))) this.#fetched.add(item);
    }
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

/** Whether this is an outgoing message that others may still read. */
export const isUnread = (
  { ParticipantId, Type, MessageMetadata }: ChatTranscriptItem,
  participantId: string,
): boolean =>
  ParticipantId === participantId &&
  (Type === "MESSAGE" || Type === "ATTACHMENT") &&
  !MessageMetadata?.Receipts?.some(({ ReadTimestamp }) => ReadTimestamp);

/** The receipts that a transcript's item is or holds, each as the item that brings it live. */
export function receiptsAt(item: ChatTranscriptItem): ChatTranscriptItem[] {
  if (item.Type === "MESSAGEMETADATA") return [item];
  const { Id, ContactId, InitialContactId, RelatedContactId, MessageMetadata } = item;
  return (MessageMetadata?.Receipts ?? []).map((receipt) => ({
    AbsoluteTime: receipt.ReadTimestamp ?? receipt.DeliveredTimestamp,
    ContentType: `${EVENT}message.metadata`,
    Type: "MESSAGEMETADATA",
    ContactId,
    InitialContactId,
    RelatedContactId,
    MessageMetadata: { MessageId: Id, Receipts: [receipt] },
  }));
}
