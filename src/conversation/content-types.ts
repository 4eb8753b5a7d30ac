/** Content types as sent and received. Their meaning is documented in api/content-types. */
import type { ChatEventContentType, ChatMessageContentType, SendableContentType } from "../api/content-types";

const CONNECT_PREFIX = "application/vnd.amazonaws.connect.";
/** The prefix of event content types. */
export const EVENT_PREFIX = `${CONNECT_PREFIX}event.`;
const OFFICE_PREFIX = "application/vnd.openxmlformats-officedocument.";

/** Content types of messages and files. Types with Amazon Connect's prefix aren't listed, because all are accepted. */
export const MESSAGE_CONTENT_TYPES = [
  "text/plain",
  "text/markdown",
  "text/csv",
  "application/msword",
  "application/json",
  "application/pdf",
  "application/vnd.ms-powerpoint",
  "application/vnd.ms-excel",
  `${OFFICE_PREFIX}wordprocessingml.document`,
  `${OFFICE_PREFIX}presentationml.presentation`,
  `${OFFICE_PREFIX}spreadsheetml.sheet`,
  "image/jpeg",
  "image/png",
  "audio/wav",
  "audio/x-wav",
  "audio/vnd.wave",
] as const satisfies readonly ChatMessageContentType[];

/** Content types of events that the library handles itself. */
export const TYPING = `${EVENT_PREFIX}typing` as const satisfies ChatEventContentType;
export const CHAT_ENDED = `${EVENT_PREFIX}chat.ended` as const satisfies ChatEventContentType;
export const TRANSFER_SUCCEEDED = `${EVENT_PREFIX}transfer.succeeded` as const satisfies ChatEventContentType;

/** The content type of each kind of receipt. */
export const RECEIPT_CONTENT_TYPE = {
  read: `${EVENT_PREFIX}message.read`,
  delivered: `${EVENT_PREFIX}message.delivered`,
} as const satisfies Readonly<Record<string, ChatEventContentType>>;

export type ReceiptKind = keyof typeof RECEIPT_CONTENT_TYPE;

export const RECEIPT_KINDS = ["read", "delivered"] as const satisfies readonly ReceiptKind[];

export const isReceiptKind = (value: unknown): value is ReceiptKind =>
  RECEIPT_KINDS.some((kind) => kind === value);

const MESSAGE_TYPES: ReadonlySet<string> = new Set(MESSAGE_CONTENT_TYPES);

/** Whether `sendMessage` and `sendEvent` accept the value. The service rejects types that it doesn't support. */
export const isContentType = (value: unknown): value is SendableContentType =>
  typeof value === "string" && (value.startsWith(CONNECT_PREFIX) || MESSAGE_TYPES.has(value));
