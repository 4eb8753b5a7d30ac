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

/** Decides whether an incoming item is new to one participant. */
export class Inbox {
  readonly #owner: InboxOwner;
  readonly delivered = new RecentItems();
  /** Items that the application fetched with its own calls. Recoveries don't deliver these items. */
  readonly #fetched = new RecentItems(this.delivered.inProgress);
  readonly partialMessages = new PartialMessages();
  readonly #deliveredReceipts = new RecentIds();
  /** The times of recovered items without an Id. */
  readonly #recoveredTimes = new RecentIds();

  constructor(owner: InboxOwner) {
    this.#owner = owner;
  }

  /** Returns when the item with this key was sent, in epoch milliseconds; NaN if unknown. */
  sentAtMs(key: string): number {
    return this.delivered.sentAtMs(key) || this.#fetched.sentAtMs(key);
  }

  /** Returns the item to deliver for a live item, or null if the live item isn't new. */
  receive(item: WireItem): WireItem | null {
    return this.#isNew(item) ? this.partialMessages.accept(item) : null;
  }

  #isNew(item: WireItem): boolean {
    if (item.Type === "MESSAGEMETADATA") return this.#isNewReceipt(item);
    // Chunks are checked by PartialMessages instead, because a chunk that arrived too early may be sent again. An item
    // without an Id counts as new unless a recovery has delivered it.
    const mayRepeat = item.Id ? isChunk(item) : !this.#recoveredTimes.has(keyOf(item));
    if ((!mayRepeat && this.delivered.has(item)) || this.#isStale(item)) return false;
    this.delivered.add(item);
    return true;
  }

  /** Returns the item to deliver for an item from a fetched page, or null if the fetched item wasn't missed. */
  recover(item: WireItem): WireItem | null {
    if (!this.belongsToContact(item)) return null;
    const { contactId, initialContactId } = this.#owner;
    // Pages may omit the contact IDs. Live items contain them, so handlers expect them.
    const withIds: WireItem = {
      ...item,
      ContactId: item.ContactId ?? contactId,
      InitialContactId: item.InitialContactId ?? initialContactId,
    };
    if (item.Type === "MESSAGEMETADATA") return this.#isNewReceipt(item) ? withIds : null;
    // An item with neither an Id nor a time couldn't be recognized as a duplicate later.
    const isKnown = !keyOf(item) || this.delivered.has(item) || this.#fetched.has(item);
    if (isKnown || this.delivered.mayBeEvicted(item) || this.#isStale(item)) return null;
    this.delivered.add(item);
    if (!item.Id) this.#recoveredTimes.add(keyOf(item));
    return this.partialMessages.accept(withIds, true);
  }

  /**
   * Removes stale versions from held live items. If a recovery has already delivered a held version, earlier versions
   * of the same item are removed, except versions with more progress.
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

  /** Whether the application already has a newer version of the item. */
  #isStale(item: WireItem): boolean {
    return this.delivered.isStale(item) || this.#fetched.isStale(item);
  }

  /**
   * Records items that the application fetched with its own call, so that a recovery doesn't deliver them. An item that
   * was sent before `fromMs` is recorded only if it is in progress, because a recovery delivers no other items from
   * that time. Items that end the chat or transfer the contact aren't recorded, because they must always be delivered.
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

  /** Whether an item belongs to this contact. A persistent chat's pages also contain items from earlier contacts. */
  belongsToContact({ ContactId, InitialContactId, RelatedContactId }: WireItem): boolean {
    const { contactId, initialContactId } = this.#owner;
    if (RelatedContactId && RelatedContactId !== contactId && RelatedContactId !== initialContactId)
      return false;
    return !ContactId || ContactId === contactId || InitialContactId === initialContactId;
  }

  /** Whether a receipt is new. Receipts that this participant sent never count as new. */
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
