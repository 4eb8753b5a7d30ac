/** The content types of messages, files, and events. */

/** The part of an event's content type that follows the common prefix. */
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
export type EventContentType<Kind extends EventKind> = `application/vnd.amazonaws.connect.event.${Kind}`;

/** The content types of messages and files. */
export type ChatMessageContentType =
  | "text/plain"
  | "text/markdown"
  | "text/csv"
  | "application/msword"
  | "application/json"
  | "application/pdf"
  | "application/vnd.ms-powerpoint"
  | "application/vnd.ms-excel"
  | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
  | "application/vnd.openxmlformats-officedocument.presentationml.presentation"
  | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
  | "image/jpeg"
  | "image/png"
  | "audio/wav"
  | "audio/x-wav"
  | "audio/vnd.wave"
  | "application/vnd.amazonaws.connect.message.interactive"
  | "application/vnd.amazonaws.connect.message.interactive.response";

/** The content types of events. */
export type ChatEventContentType = EventContentType<EventKind>;

/** The known content types of items. */
export type ChatContentType = ChatMessageContentType | ChatEventContentType;

/**
 * The content types that `sendMessage()` and `sendEvent()` accept: the known content types, and any content type that
 * starts with `application/vnd.amazonaws.connect.`, because the service may add more.
 */
// Without the intersection, the pattern would absorb the known types, and editors wouldn't suggest them.
export type SendableContentType =
  ChatContentType | (`application/vnd.amazonaws.connect.${string}` & Record<never, never>);
