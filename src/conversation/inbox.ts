import type { WireItem } from "../api/items";
import { RecentIds } from "../util/recent-ids";
import { CHAT_ENDED, TRANSFER_SUCCEEDED } from "./content-types";
import { eventOf } from "./events";
import { versionOf, isStaleVersion, pendingStepsOf } from "./item-versions";
import { isChunk, PartialMessages } from "./partial-messages";
import { keyOf, RecentItems, timeOf } from "./recent-items";

/** The participant and contact that an inbox belongs to. */
export interface InboxOwner {
  readonly participantId: string;
  readonly contactId: string;
  readonly initialContactId: string;
}

/** Decides whether each incoming item is new to one participant. */
export class Inbox {
  readonly #owner: InboxOwner;
  readonly delivered = new RecentItems();
  /** Items that the application fetched itself. A recovery doesn't deliver them again. */
  readonly #fetched = new RecentItems(this.delivered.inProgress);
  readonly partialMessages = new PartialMessages();
  readonly #deliveredReceipts = new RecentIds();
  /** Recovered items without an Id, by time. */
  readonly #recoveredTimes = new RecentIds();

  constructor(owner: InboxOwner) {
    this.#owner = owner;
  }

  /** Returns when a delivered or fetched item was sent, by its key: epoch milliseconds, or NaN. */
  sentAtMs(key: string): number {
    return this.delivered.sentAtMs(key) || this.#fetched.sentAtMs(key);
  }

  /** Returns a live item as it is to be delivered, or null if it brings nothing new. */
  receive(item: WireItem): WireItem | null {
    return this.#isNew(item) ? this.partialMessages.accept(item) : null;
  }

  #isNew(item: WireItem): boolean {
    if (item.Type === "MESSAGEMETADATA") return this.#isNewReceipt(item);
    // PartialMessages tracks the delivered chunks of an answer, since one that arrived too early may be sent again. An
    // item without an Id counts as new, unless a recovery has delivered it.
    const mayRepeat = item.Id ? isChunk(item) : !this.#recoveredTimes.has(keyOf(item));
    if ((!mayRepeat && this.delivered.has(item)) || this.#isStale(item)) return false;
    this.delivered.add(item);
    return true;
  }

  /** Returns a transcript's item, which may have been missed, as it is to be delivered, or null if it isn't. */
  recover(item: WireItem): WireItem | null {
    if (!this.belongsToContact(item)) return null;
    const { contactId, initialContactId } = this.#owner;
    // Transcripts omit the IDs that they were requested by, but handlers find them on live items.
    const withIds: WireItem = {
      ...item,
      ContactId: item.ContactId ?? contactId,
      InitialContactId: item.InitialContactId ?? initialContactId,
    };
    if (item.Type === "MESSAGEMETADATA") return this.#isNewReceipt(item) ? withIds : null;
    // An item with neither an Id nor a time couldn't be recognized if it came again.
    const isKnown = !keyOf(item) || this.delivered.has(item) || this.#fetched.has(item);
    if (isKnown || this.delivered.mayBeEvicted(item) || this.#isStale(item)) return null;
    this.delivered.add(item);
    if (!item.Id) this.#recoveredTimes.add(keyOf(item));
    return this.partialMessages.accept(withIds, true);
  }

  /**
   * Filters held live items: removes earlier forms of an item that a recovery has delivered in the meantime, unless the
   * service had made more progress with them.
   */
  withoutStale(items: readonly WireItem[]): WireItem[] {
    const delivered = new Map<string, WireItem>();
    const newestFirst = [...items].reverse().filter((item) => {
      const later = delivered.get(keyOf(item));
      if (later) return isStaleVersion(versionOf(later), [versionOf(item)]);
      if (this.delivered.has(item)) delivered.set(keyOf(item), item);
      return true;
    });
    return newestFirst.reverse();
  }

  /** Whether the application has a later form of the item, delivered or fetched. */
  #isStale(item: WireItem): boolean {
    return this.delivered.isStale(item) || this.#fetched.isStale(item);
  }

  /**
   * Records items that the application fetched by a call, so that a recovery doesn't deliver them. From before
   * `fromMs`, a recovery delivers only items that are, or were when last seen, in progress, so no others are recorded.
   * An item that ends the application's part in the chat is still to be delivered.
   */
  recordFetched(items: readonly WireItem[], fromMs: number): void {
    for (const item of items) {
      if (item.ContentType === CHAT_ENDED || item.ContentType === TRANSFER_SUCCEEDED) continue;
      if (this.#isStale(item)) continue;
      const wasInProgress = this.delivered.inProgress.has(keyOf(item));
      if (!(timeOf(item) < fromMs) || wasInProgress || pendingStepsOf(versionOf(item)) > 0)
        this.#fetched.add(item);
    }
  }

  /** Whether an item belongs to this contact. A persistent chat's transcripts also contain earlier contacts. */
  belongsToContact({ ContactId, InitialContactId, RelatedContactId }: WireItem): boolean {
    const { contactId, initialContactId } = this.#owner;
    if (RelatedContactId && RelatedContactId !== contactId && RelatedContactId !== initialContactId)
      return false;
    return !ContactId || ContactId === contactId || InitialContactId === initialContactId;
  }

  /** Whether a receipt is new. The participant's own receipts never are. */
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
