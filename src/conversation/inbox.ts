import type { WireItem } from "../api/items";
import { RecentIds } from "../util/recent-ids";
import { CHAT_ENDED, TRANSFER_SUCCEEDED } from "./content-types";
import { eventOf } from "./events";
import { formOf, isPast, pendingIn } from "./item-forms";
import { isPiece, PartialMessages } from "./partial-messages";
import { keyOf, RecentItems, timeOf } from "./recent-items";

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
  readonly #fetched = new RecentItems(this.delivered.inProgress);
  readonly answers = new PartialMessages();
  readonly #deliveredReceipts = new RecentIds();
  /** Recovered items without an Id, by time. */
  readonly #recoveredTimes = new RecentIds();

  constructor(owner: InboxOwner) {
    this.#owner = owner;
  }

  /** When an item was sent that was delivered or fetched, by its key: epoch milliseconds, or NaN. */
  sentAtMs(key: string): number {
    return this.delivered.sentAtMs(key) || this.#fetched.sentAtMs(key);
  }

  /** A live item, as it is delivered; null if it brings nothing new. */
  receive(item: WireItem): WireItem | null {
    return this.#isNew(item) ? this.answers.accept(item) : null;
  }

  #isNew(item: WireItem): boolean {
    if (item.Type === "MESSAGEMETADATA") return this.#isNewReceipt(item);
    // Which pieces of an answer were delivered, PartialMessages knows: one that came too early may come again.
    // An item without an Id counts as new, unless a recovery has delivered it.
    const mayRepeat = item.Id ? isPiece(item) : !this.#recoveredTimes.has(keyOf(item));
    if ((!mayRepeat && this.delivered.has(item)) || this.#isPast(item)) return false;
    this.delivered.add(item);
    return true;
  }

  /** An item that a transcript holds, and that may have been missed: as it is delivered; null where it is not. */
  recover(item: WireItem): WireItem | null {
    if (!this.isOurs(item)) return null;
    const { contactId, initialContactId } = this.#owner;
    // Transcripts leave out what they were asked by; handlers find it on live items.
    const whole: WireItem = {
      ...item,
      ContactId: item.ContactId ?? contactId,
      InitialContactId: item.InitialContactId ?? initialContactId,
    };
    if (item.Type === "MESSAGEMETADATA") return this.#isNewReceipt(item) ? whole : null;
    // Nothing would tell one without an Id and a time from itself.
    const isKnown = !keyOf(item) || this.delivered.has(item) || this.#fetched.has(item);
    if (isKnown || this.delivered.mayHaveForgotten(item) || this.#isPast(item)) return null;
    this.delivered.add(item);
    if (!item.Id) this.#recoveredTimes.add(keyOf(item));
    return this.answers.accept(whole, true);
  }

  /**
   * Live items that have waited, without those that are older than what a recovery has delivered meanwhile: earlier forms
   * of an item, unless the service was further with them.
   */
  withoutOlder(items: readonly WireItem[]): WireItem[] {
    const known = new Map<string, WireItem>();
    const newestFirst = [...items].reverse().filter((item) => {
      const later = known.get(keyOf(item));
      if (later) return isPast(formOf(later), [formOf(item)]);
      if (this.delivered.has(item)) known.set(keyOf(item), item);
      return true;
    });
    return newestFirst.reverse();
  }

  /** Whether the application has a form of it that comes after this one, delivered or fetched by itself. */
  #isPast(item: WireItem): boolean {
    return this.delivered.isPast(item) || this.#fetched.isPast(item);
  }

  /**
   * Items that the application fetched by a call: a recovery doesn't deliver them. It brings none from before `fromMs` but
   * those that were in progress, now or when they were last seen. One that ends the application's part in the chat is still to
   * be delivered.
   */
  fetched(items: readonly WireItem[], fromMs: number): void {
    for (const item of items) {
      if (item.ContentType === CHAT_ENDED || item.ContentType === TRANSFER_SUCCEEDED) continue;
      if (this.#isPast(item)) continue;
      const wasInProgress = this.delivered.inProgress.has(keyOf(item));
      if (!(timeOf(item) < fromMs) || wasInProgress || pendingIn(formOf(item)) > 0) this.#fetched.add(item);
    }
  }

  /** In a persistent chat, transcripts also hold what was said in the participant's earlier contacts. */
  isOurs({ ContactId, InitialContactId, RelatedContactId }: WireItem): boolean {
    const { contactId, initialContactId } = this.#owner;
    if (RelatedContactId && RelatedContactId !== contactId && RelatedContactId !== initialContactId)
      return false;
    return !ContactId || ContactId === contactId || InitialContactId === initialContactId;
  }

  /** What this participant did itself is no news to it. */
  #isNewReceipt(item: WireItem): boolean {
    const { MessageId, Receipts } = item.MessageMetadata ?? {};
    const { RecipientParticipantId: recipient, ReadTimestamp, DeliveredTimestamp } = Receipts?.[0] ?? {};
    const time = ReadTimestamp ?? DeliveredTimestamp;
    if (!time || recipient === this.#owner.participantId) return false;
    const key = [eventOf(item), MessageId, recipient, Date.parse(time)].join();
    if (this.#deliveredReceipts.has(key)) return false;
    this.#deliveredReceipts.add(key);
    return true;
  }
}
