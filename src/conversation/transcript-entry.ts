import type { WireItem } from "../api/items";

/** How far an outgoing message has come; it never goes back. */
export const DELIVERY_STATUS = ["SENDING", "SENT", "DELIVERED", "READ"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUS)[number] | "FAILED";

/** An item of the transcript: as the service knows it, and what the library adds. */
export interface TranscriptEntry extends Omit<WireItem, "MessageMetadata"> {
  /** The item as a JSON string, for those that the service gave. */
  serializedContent?: string;
  MessageMetadata?: (WireItem["MessageMetadata"] & { Status?: DeliveryStatus }) | undefined;
}

/** A status is never taken back; FAILED gives way to the proof that the message arrived after all. */
export const isFurther = (status: DeliveryStatus | undefined, than: DeliveryStatus | undefined): boolean =>
  RANKED.indexOf(status) > RANKED.indexOf(than);

/** One that is not among them, and none at all, come before the first. */
const RANKED: readonly (DeliveryStatus | undefined)[] = DELIVERY_STATUS;

/** The entry with another status, in metadata that name their message. */
export const withStatus = (entry: TranscriptEntry, Status: DeliveryStatus): TranscriptEntry => ({
  ...entry,
  MessageMetadata: { MessageId: entry.Id, ...entry.MessageMetadata, Status },
});

/** A transcript's item may hold the receipts of its message. */
export function statusOfReceipts(item: TranscriptEntry): DeliveryStatus | undefined {
  const receipts = item.MessageMetadata?.Receipts ?? [];
  if (receipts.some((receipt) => receipt.ReadTimestamp)) return "READ";
  return receipts.some((receipt) => receipt.DeliveredTimestamp) ? "DELIVERED" : undefined;
}

/**
 * A newer form of an entry replaces it whole: what a redaction removed must not stay. Two things are kept: the furthest
 * status (`received`: that of receipts), and the contact, which pages leave out because they were requested by it.
 */
export function merged(
  before: TranscriptEntry | undefined,
  newer: TranscriptEntry,
  received: DeliveryStatus | undefined,
): TranscriptEntry {
  const Status = [
    before?.MessageMetadata?.Status,
    newer.MessageMetadata?.Status,
    statusOfReceipts(newer),
    received,
  ].reduce((furthest, each) => (isFurther(each, furthest) ? each : furthest));
  const { ContactId, InitialContactId } = before ?? {};
  const entry = {
    ...(ContactId && { ContactId }),
    ...(InitialContactId && { InitialContactId }),
    ...newer,
  };
  return Status ? withStatus(entry, Status) : entry;
}
