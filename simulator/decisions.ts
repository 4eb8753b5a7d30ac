/** The types of message processing and attachment scanning. */
import type { AttachmentStatus, Item, MessageProcessingStatus } from "./items";

/** The result of processing a message. */
export interface ProcessedMessage {
  /** Default: the text as sent. */
  text?: string;
  /** With a status, only the sender receives the result. Without a status, everybody receives it. */
  status?: Exclude<MessageProcessingStatus, "PROCESSING">;
}

/** Processes a message before anybody other than its sender receives it. */
export type MessageProcessor = (
  text: string,
  item: Readonly<Item>,
) => ProcessedMessage | PromiseLike<ProcessedMessage>;

export interface ProcessingOptions {
  /** Whether the sender receives the message as PROCESSING before the result. Default true. */
  announce?: boolean;
}

export type ScanResult = Exclude<AttachmentStatus, "IN_PROGRESS">;

/** Decides whether an attachment is approved. */
export type AttachmentScanner = (item: Readonly<Item>) => ScanResult | PromiseLike<ScanResult>;

/** The content types of messages that the service processes. */
export const PROCESSED = ["text/plain", "text/markdown", "application/json"];
