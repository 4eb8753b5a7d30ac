import type { WireItem } from "../api/items";
import { RecentIds } from "../util/recent-ids";
import { EVENT_PREFIX } from "./content-types";

const MAX_UNREAD = 100;

/** The IDs of recent outgoing messages for which no read receipt has arrived yet. */
export class UnreadMessages extends RecentIds {
  readonly #participantId: string;

  constructor(participantId: string) {
    super(MAX_UNREAD);
    this.#participantId = participantId;
  }

  /** Adds an item that was delivered or fetched, if it is an unread message of this participant. */
  update({ Id, ParticipantId, Type, MessageMetadata }: WireItem): void {
    const isRead = MessageMetadata?.Receipts?.some(({ ReadTimestamp }) => ReadTimestamp);
    const isMessage = Type === "MESSAGE" || Type === "ATTACHMENT";
    if (Id && ParticipantId === this.#participantId && isMessage && !isRead) this.add(Id);
  }
}

/** Returns an item's receipts, each with the fields of a live receipt. The item may itself be a receipt. */
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
