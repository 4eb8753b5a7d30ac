/** Decisions about what clients send: message processing and attachment scanning. */
import type { AttachmentStatus, Item, MessageProcessingStatus } from "./items";

/** The result of processing a message. */
export interface ProcessedMessage {
  /** By default the text as it was sent. */
  text?: string;
  /** With a status, only the sender receives the result; without one, everybody does. */
  status?: Exclude<MessageProcessingStatus, "PROCESSING">;
}

/** Processes a message before anybody but its sender receives it. */
export type MessageProcessor = (
  text: string,
  item: Readonly<Item>,
) => ProcessedMessage | PromiseLike<ProcessedMessage>;

export interface ProcessingOptions {
  /** Whether the sender receives the message as PROCESSING before the result; default true. */
  announce?: boolean;
}

export type ScanResult = Exclude<AttachmentStatus, "IN_PROGRESS">;

/** Decides whether a file is approved. */
export type AttachmentScanner = (item: Readonly<Item>) => ScanResult | PromiseLike<ScanResult>;

/** The content types of messages that the service processes. */
export const PROCESSED = ["text/plain", "text/markdown", "application/json"];
