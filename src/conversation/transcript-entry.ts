import type { WireItem } from "../api/items";

/** The stages of an outgoing message, in order. It never goes back. */
export const DELIVERY_STATUS = ["SENDING", "SENT", "DELIVERED", "READ"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUS)[number] | "FAILED";

/** A transcript entry: the service's item, with the library's additions. */
export interface TranscriptEntry extends Omit<WireItem, "MessageMetadata"> {
  /** The item as a JSON string, if it came from the service. */
  serializedContent?: string;
  MessageMetadata?: (WireItem["MessageMetadata"] & { Status?: DeliveryStatus }) | undefined;
}

/**
 * Whether a status is further along than another. FAILED is the least, so proof that the message arrived replaces it.
 */
export const isLaterStatus = (
  status: DeliveryStatus | undefined,
  than: DeliveryStatus | undefined,
): boolean => STATUS_ORDER.indexOf(status) > STATUS_ORDER.indexOf(than);

/** A status that isn't listed (FAILED) and a missing one come before the first. */
const STATUS_ORDER: readonly (DeliveryStatus | undefined)[] = DELIVERY_STATUS;

/** Returns the entry with another status, in metadata that name its message. */
export const withStatus = (entry: TranscriptEntry, Status: DeliveryStatus): TranscriptEntry => ({
  ...entry,
  MessageMetadata: { MessageId: entry.Id, ...entry.MessageMetadata, Status },
});

/** Returns the status that the item's own receipts show: a transcript's item may contain those of its message. */
export function statusFromReceipts(item: TranscriptEntry): DeliveryStatus | undefined {
  const receipts = item.MessageMetadata?.Receipts ?? [];
  if (receipts.some((receipt) => receipt.ReadTimestamp)) return "READ";
  return receipts.some((receipt) => receipt.DeliveredTimestamp) ? "DELIVERED" : undefined;
}

/**
 * Returns a newer form of an entry, which replaces the old one completely: what a redaction removed must not stay. Two
 * things are kept: the furthest status (`received`: that of receipts), and the contact, which pages omit because they
 * were requested by it.
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
