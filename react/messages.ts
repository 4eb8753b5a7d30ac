/** The messages of a chat, in the form that components render. */
import type { AttachmentItem, ChatTranscriptItem, ParticipantRole } from "amazon-connect-chatjs";
import type { ChatProblem } from "./problem";

/** How far an outgoing message has come. */
export type ChatMessageState = "sending" | "sent" | "delivered" | "read" | "failed";

/** The fields that all kinds of messages have. */
interface MessageFields {
  /** React's `key`. Unlike `id`, it stays the same when the service accepts the message. */
  readonly key: string;
  /** The ID for `resend()` and `markRead()`. A message in flight has a temporary ID. */
  readonly id: string;
  /** When the service received the message (ISO 8601). Empty while the message is in flight. */
  readonly time: string;
  /** Whether the customer sent the message. */
  readonly isOwn: boolean;
  /** How far the customer's own message has come. Null for other participants' messages. */
  readonly state: ChatMessageState | null;
  /** Why the message wasn't sent. Null if it didn't fail, or if it failed on an earlier page. */
  readonly error: ChatProblem | null;
  /** The sender's display name. Null if the service doesn't name one. */
  readonly displayName: string | null;
  /** The sender's role. */
  readonly role: ParticipantRole | null;
}

/** A message with an item from the transcript. */
interface ItemFields extends MessageFields {
  /** The transcript's item. */
  readonly item: ChatTranscriptItem;
  /** The item's content type, or an empty string. */
  readonly contentType: string;
  /** The item's content, or an empty string. */
  readonly content: string;
}

/** A message for people: plain text or, if `contentType` is `text/markdown`, Markdown. */
export interface TextMessage extends ItemFields {
  readonly kind: "text";
}

/** An interactive message, or the customer's response to one. `content` is JSON. */
export interface InteractiveMessage extends ItemFields {
  readonly kind: "interactive";
}

/** Something that happened, such as a participant who joined. */
export interface EventMessage extends ItemFields {
  readonly kind: "event";
  /** The content type without its prefix, such as `participant.joined`. */
  readonly event: string;
}

/** One or more files. */
export interface AttachmentMessage extends MessageFields {
  readonly kind: "attachment";
  /** The name of the first file. */
  readonly name: string;
  /** The files to download. Empty while the file is being sent. */
  readonly files: readonly AttachmentItem[];
  /** How much of the file has been sent, from 0 to 1. Null if the file isn't being sent. */
  readonly progress: number | null;
  /** The transcript's item. Null until the service has added the file to the transcript. */
  readonly item: ChatTranscriptItem | null;
}

/** A message. Check `kind` to narrow the type. */
export type ChatMessage = TextMessage | InteractiveMessage | AttachmentMessage | EventMessage;

const TYPING = "application/vnd.amazonaws.connect.event.typing";
const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";
const STATES = {
  SENDING: "sending",
  SENT: "sent",
  DELIVERED: "delivered",
  READ: "read",
  FAILED: "failed",
  UNKNOWN: "sent",
} as const satisfies Record<string, ChatMessageState>;

export interface MessageSetup {
  readonly key: string;
  readonly participantId: string;
  readonly error: ChatProblem | null;
}

/** Returns an item as a message. Null if the item isn't for people. Typing is shown elsewhere, while it lasts. */
export function messageOf(item: ChatTranscriptItem, setup: MessageSetup): ChatMessage | null {
  const { Type, ContentType: contentType = "", Content: content = "" } = item;
  const isEvent = Type === "EVENT";
  // A message in flight has no ParticipantId. In a persistent chat, the customer has had other IDs before.
  const isOwn = item.ParticipantId === setup.participantId || item.ParticipantRole === "CUSTOMER";
  const state = isOwn && !isEvent ? STATES[item.MessageMetadata?.Status ?? "SENT"] : null;
  const fields = {
    key: setup.key,
    id: item.Id,
    time: item.AbsoluteTime,
    isOwn,
    state,
    error: state === "failed" ? setup.error : null,
    displayName: item.DisplayName ?? null,
    role: item.ParticipantRole ?? null,
    item,
  };
  if (contentType === TYPING) return null;
  if (isEvent) {
    const event = contentType.split(".event.")[1] ?? contentType;
    return { ...fields, kind: "event", event, contentType, content };
  }
  if (Type === "ATTACHMENT") {
    const files = item.Attachments ?? [];
    return { ...fields, kind: "attachment", name: files[0]?.AttachmentName ?? "", files, progress: null };
  }
  if (Type !== "MESSAGE") return null;
  const kind = contentType.startsWith(INTERACTIVE) ? "interactive" : "text";
  return { ...fields, kind, contentType, content };
}
