import type { Item, ParticipantSummary } from "../api/types";

/**
 * A text for a message's receipts: "read" or "delivered", and by whom unless it's the customer. Empty without receipts.
 */
export function receiptText(item: Item, participants: readonly ParticipantSummary[]): string {
  const receipts = (item.MessageMetadata?.Receipts ?? []).filter(
    ({ RecipientParticipantId }) => RecipientParticipantId !== item.ParticipantId,
  );
  const read = receipts.filter(({ ReadTimestamp }) => ReadTimestamp !== undefined);
  const relevant = read.length > 0 ? read : receipts;
  if (relevant.length === 0) return "";
  const names = relevant.map(
    ({ RecipientParticipantId: id }) =>
      participants.find(({ participantId }) => participantId === id)?.displayName ?? "somebody",
  );
  return `${read.length > 0 ? "Read" : "Delivered"} by ${names.join(", ")}`;
}

/** Whether this participant has sent a read receipt for the message. */
export const isReadBy = (item: Item, participantId: string): boolean =>
  (item.MessageMetadata?.Receipts ?? []).some(
    (each) => each.RecipientParticipantId === participantId && each.ReadTimestamp !== undefined,
  );
