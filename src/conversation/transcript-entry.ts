import type { WireItem } from "../api/items";

/** The statuses of an outgoing message, in order. A message never returns to an earlier status. */
export const DELIVERY_STATUS = ["SENDING", "SENT", "DELIVERED", "READ"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUS)[number] | "FAILED";

/** A transcript entry: the service's item with the library's additions. */
export interface TranscriptEntry extends Omit<WireItem, "MessageMetadata"> {
  /** The item as a JSON string, if it came from the service. */
  serializedContent?: string;
  MessageMetadata?: (WireItem["MessageMetadata"] & { Status?: DeliveryStatus }) | undefined;
}

/** Whether a status comes after another. FAILED comes first, so that proof of the message's arrival replaces it. */
export const isLaterStatus = (
  status: DeliveryStatus | undefined,
  than: DeliveryStatus | undefined,
): boolean => STATUS_ORDER.indexOf(status) > STATUS_ORDER.indexOf(than);

/** FAILED isn't listed. Like a missing status, it has the index -1 and so comes first. */
const STATUS_ORDER: readonly (DeliveryStatus | undefined)[] = DELIVERY_STATUS;

/** Returns a copy of an entry with another status. The copy's metadata also contains the message's ID. */
export const withStatus = (entry: TranscriptEntry, Status: DeliveryStatus): TranscriptEntry => ({
  ...entry,
  MessageMetadata: { MessageId: entry.Id, ...entry.MessageMetadata, Status },
});

/** Returns the status according to the receipts in an item's metadata, or undefined if there are none. */
export function statusFromReceipts(item: TranscriptEntry): DeliveryStatus | undefined {
  const receipts = item.MessageMetadata?.Receipts ?? [];
  if (receipts.some((receipt) => receipt.ReadTimestamp)) return "READ";
  return receipts.some((receipt) => receipt.DeliveredTimestamp) ? "DELIVERED" : undefined;
}

/**
 * Returns a newer version of an entry, with the latest status of both versions and `receiptStatus`. The earlier
 * version's contact IDs are kept if the newer version lacks them, because pages may omit contact IDs. Nothing else is
 * kept, because a redaction must remove all of the earlier content.
 */
export function mergeEntries(
  before: TranscriptEntry | undefined,
  newer: TranscriptEntry,
  receiptStatus: DeliveryStatus | undefined,
): TranscriptEntry {
  const Status = [
    before?.MessageMetadata?.Status,
    newer.MessageMetadata?.Status,
    statusFromReceipts(newer),
    receiptStatus,
  ].reduce((furthest, each) => (isLaterStatus(each, furthest) ? each : furthest));
  const { ContactId, InitialContactId } = before ?? {};
  const entry = {
    ...(ContactId && { ContactId }),
    ...(InitialContactId && { InitialContactId }),
    ...newer,
  };
  return Status ? withStatus(entry, Status) : entry;
}
