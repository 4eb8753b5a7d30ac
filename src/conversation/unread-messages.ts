import type { WireItem } from "../api/items";
import { RecentIds } from "../util/recent-ids";
import { EVENT } from "./content-types";

const MAX_UNREAD = 100;

/** The most recent outgoing messages without a known read receipt: others' receipts for them are still to come. */
export class UnreadMessages extends RecentIds {
  readonly #participantId: string;

  constructor(participantId: string) {
    super(MAX_UNREAD);
    this.#participantId = participantId;
  }

  /** An item that is delivered, or that a page shows. */
  see({ Id, ParticipantId, Type, MessageMetadata }: WireItem): void {
    const isRead = MessageMetadata?.Receipts?.some(({ ReadTimestamp }) => ReadTimestamp);
    const isMessage = Type === "MESSAGE" || Type === "ATTACHMENT";
    if (Id && ParticipantId === this.#participantId && isMessage && !isRead) this.add(Id);
  }
}

/** The receipts that a transcript's item is or holds, each as the item that brings it live. */
export function receiptsAt(item: WireItem): WireItem[] {
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
