import type { WireItem } from "../api/items";
import { RecentIds } from "../util/recent-ids";
import { EVENT_PREFIX } from "./content-types";

const MAX_UNREAD = 100;

/** The most recent outgoing messages without a known read receipt. Others' receipts for them may still arrive. */
export class UnreadMessages extends RecentIds {
  readonly #participantId: string;

  constructor(participantId: string) {
    super(MAX_UNREAD);
    this.#participantId = participantId;
  }

  /** Records an item that is delivered or shown on a page. */
  update({ Id, ParticipantId, Type, MessageMetadata }: WireItem): void {
    const isRead = MessageMetadata?.Receipts?.some(({ ReadTimestamp }) => ReadTimestamp);
    const isMessage = Type === "MESSAGE" || Type === "ATTACHMENT";
    if (Id && ParticipantId === this.#participantId && isMessage && !isRead) this.add(Id);
  }
}

/** Returns the receipts that a transcript's item is or contains, each in the form in which it arrives live. */
export function receiptsIn(item: WireItem): WireItem[] {
  if (item.Type === "MESSAGEMETADATA") return [item];
  const { Id, ContactId, InitialContactId, RelatedContactId, MessageMetadata } = item;
  return (MessageMetadata?.Receipts ?? []).map((receipt) => ({
    AbsoluteTime: receipt.ReadTimestamp ?? receipt.DeliveredTimestamp,
    ContentType: `${EVENT_PREFIX}message.metadata`,
    Type: "MESSAGEMETADATA",
    ContactId,
    InitialContactId,
    RelatedContactId,
    MessageMetadata: { MessageId: Id, Receipts: [receipt] },
  }));
}
