/** The content types that cross the wire: one list, from which the checks and the types derive. */

const CONNECT = "application/vnd.amazonaws.connect.";
const EVENT = `${CONNECT}event.`;
const OFFICE = "application/vnd.openxmlformats-officedocument.";

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
  `${CONNECT}message.interactive`,
  `${CONNECT}message.interactive.response`,
] as const;

export const EVENT_CONTENT_TYPES = {
  TYPING: `${EVENT}typing`,
  READ_RECEIPT: `${EVENT}message.read`,
  DELIVERED_RECEIPT: `${EVENT}message.delivered`,
  CONNECTION_ACKNOWLEDGED: `${EVENT}connection.acknowledged`,
  CHAT_ENDED: `${EVENT}chat.ended`,
  CHAT_REHYDRATED: `${EVENT}chat.rehydrated`,
  WORKFLOW_CANCELLED: `${EVENT}workflow.cancelled`,
  PARTICIPANT_JOINED: `${EVENT}participant.joined`,
  PARTICIPANT_LEFT: `${EVENT}participant.left`,
  PARTICIPANT_ACTIVE: `${EVENT}participant.active`,
  PARTICIPANT_INACTIVE: `${EVENT}participant.inactive`,
  PARTICIPANT_IDLE: `${EVENT}participant.idle`,
  PARTICIPANT_RETURNED: `${EVENT}participant.returned`,
  PARTICIPANT_INVITED: `${EVENT}participant.invited`,
  AUTODISCONNECTION: `${EVENT}participant.autodisconnection`,
  DISPLAY_NAME_UPDATED: `${EVENT}participant.displayname.updated`,
  TRANSFER_SUCCEEDED: `${EVENT}transfer.succeeded`,
  TRANSFER_FAILED: `${EVENT}transfer.failed`,
  AUTHENTICATION_INITIATED: `${EVENT}authentication.initiated`,
  AUTHENTICATION_SUCCESSFUL: `${EVENT}authentication.succeeded`,
  AUTHENTICATION_FAILED: `${EVENT}authentication.failed`,
  AUTHENTICATION_TIMEOUT: `${EVENT}authentication.timeout`,
  AUTHENTICATION_EXPIRED: `${EVENT}authentication.expired`,
  AUTHENTICATION_CANCELED: `${EVENT}authentication.cancelled`,
} as const;

/** The content type that a receipt is sent under. */
export const RECEIPT_CONTENT_TYPE = {
  read: EVENT_CONTENT_TYPES.READ_RECEIPT,
  delivered: EVENT_CONTENT_TYPES.DELIVERED_RECEIPT,
} as const;

export type ReceiptKind = keyof typeof RECEIPT_CONTENT_TYPE;

/** The content types of messages and files. */
export type ChatMessageContentType = (typeof MESSAGE_CONTENT_TYPES)[number];
/** The content types of events. */
export type ChatEventContentType = (typeof EVENT_CONTENT_TYPES)[keyof typeof EVENT_CONTENT_TYPES];
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
