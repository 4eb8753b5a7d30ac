/** The content types that cross the wire: one list, from which the checks and the types derive. */

const CONNECT = "application/vnd.amazonaws.connect.";
/** How the content types of events begin. */
export const EVENT = `${CONNECT}event.`;
const OFFICE = "application/vnd.openxmlformats-officedocument.";

/** Of messages and files. Those under Amazon Connect's own prefix are known by that. */
export const MESSAGE_CONTENT_TYPES = [
  "text/plain",
  "text/markdown",
  "text/csv",
  "application/msword",
  "application/json",
  "application/pdf",
  "application/vnd.ms-powerpoint",
  "application/vnd.ms-excel",
  `${OFFICE}wordprocessingml.document`,
  `${OFFICE}presentationml.presentation`,
  `${OFFICE}spreadsheetml.sheet`,
  "image/jpeg",
  "image/png",
  "audio/wav",
  "audio/x-wav",
  "audio/vnd.wave",
] as const;

/** What follows the prefix in the content types of events. */
export type EventKind =
  | "typing"
  | "message.read"
  | "message.delivered"
  | "connection.acknowledged"
  | "chat.ended"
  | "chat.rehydrated"
  | "workflow.cancelled"
  | "participant.joined"
  | "participant.left"
  | "participant.active"
  | "participant.inactive"
  | "participant.idle"
  | "participant.returned"
  | "participant.invited"
  | "participant.autodisconnection"
  | "participant.displayname.updated"
  | "transfer.succeeded"
  | "transfer.failed"
  | "authentication.initiated"
  | "authentication.succeeded"
  | "authentication.failed"
  | "authentication.timeout"
  | "authentication.expired"
  | "authentication.cancelled";

/** The content type of one kind of event. */
export type EventContentType<Kind extends EventKind> = `${typeof EVENT}${Kind}`;

/** The events that mean something to the library itself. */
export const TYPING = `${EVENT}typing` as const;
export const CHAT_ENDED = `${EVENT}chat.ended` as const;
export const TRANSFER_SUCCEEDED = `${EVENT}transfer.succeeded` as const;

/** The content type that a receipt is sent under. */
export const RECEIPT_CONTENT_TYPE = {
  read: `${EVENT}message.read`,
  delivered: `${EVENT}message.delivered`,
} as const;

export type ReceiptKind = keyof typeof RECEIPT_CONTENT_TYPE;

export const RECEIPT_KINDS = ["read", "delivered"] as const satisfies readonly ReceiptKind[];

export const isReceiptKind = (value: unknown): value is ReceiptKind =>
  RECEIPT_KINDS.some((kind) => kind === value);

/** The content types of messages and files. */
export type ChatMessageContentType =
  | (typeof MESSAGE_CONTENT_TYPES)[number]
  | `${typeof CONNECT}message.interactive`
  | `${typeof CONNECT}message.interactive.response`;
/** The content types of events. */
export type ChatEventContentType = EventContentType<EventKind>;
/** The content types that have a name here, and that items have. */
export type ChatContentType = ChatMessageContentType | ChatEventContentType;
/**
 * The content types that `sendMessage` and `sendEvent` accept: the known ones, and those that Amazon Connect adds. The
 * intersection keeps the known ones apart from the pattern, so that editors still suggest them.
 */
export type SendableContentType = ChatContentType | (`${typeof CONNECT}${string}` & Record<never, never>);

const KNOWN: ReadonlySet<string> = new Set(MESSAGE_CONTENT_TYPES);

/** Whether `sendMessage` and `sendEvent` accept it; the service judges the rest. */
export const isContentType = (value: unknown): value is SendableContentType =>
  typeof value === "string" && (value.startsWith(CONNECT) || KNOWN.has(value));
