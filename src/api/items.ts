/** Chat items, as applications read them and as the service sends them, and the views that items refer to. */
import type { ChatContentType } from "./content-types";

/** The states of a message that the Amazon Connect instance processes before delivery, for example to redact it. */
export interface MessageProcessingStatus {
  PROCESSING: "PROCESSING";
  FAILED: "FAILED";
  REJECTED: "REJECTED";
}

/** A message's metadata: its receipts, its status, and its position in a streamed message. */
export interface ChatMessageMetadata {
  /** The ID of the message that the receipts are for. */
  readonly MessageId?: string;
  /** The delivery status. The library sets it, and only on items from `onTranscriptUpdated`. */
  readonly Status?: "SENDING" | "SENT" | "DELIVERED" | "READ" | "FAILED" | "UNKNOWN";
  /** The state of a message that the Amazon Connect instance processes before delivery. */
  readonly MessageProcessingStatus?: MessageProcessingStatus[keyof MessageProcessingStatus];
  /** The receipts, one for each recipient. */
  readonly Receipts?: Array<{
    /** When the message was delivered: ISO 8601, UTC, with milliseconds. */
    readonly DeliveredTimestamp?: string;
    /** When the message was read: ISO 8601, UTC, with milliseconds. */
    readonly ReadTimestamp?: string;
    /** The ID of the participant who received the message. */
    readonly RecipientParticipantId?: string;
  }>;
  /** Set on each chunk of a bot's streamed message. It's true on the last chunk, which has the complete text. */
  readonly MessageCompleted?: boolean;
  /** The chunk's number within a streamed message: 1, 2, 3, … */
  readonly ChunkNumber?: number;
}

/** The role of an item's sender. The service may add roles. */
export type ParticipantRole = "AGENT" | "CUSTOMER" | "SYSTEM" | "SUPERVISOR" | "CUSTOM_BOT" | (string & {});

/** A file in a chat. Download it with `downloadAttachment({ attachmentId: AttachmentId })`. */
export interface AttachmentItem {
  /** The ID to pass to `downloadAttachment()` and `getAttachmentURL()`. */
  AttachmentId: string;
  /** The file's name, including its extension. */
  AttachmentName: string;
  /** The file's MIME type. */
  ContentType: string;
  /** Whether the service has approved the file. Only an `APPROVED` file can be downloaded. */
  Status: "APPROVED" | "REJECTED" | "IN_PROGRESS";
}

/**
 * A chat item: a message, an event, or an attachment. This is the service's `Item`, with its PascalCase names. The
 * service may add values that aren't in these unions, so give a `switch` a default case.
 */
export interface ChatTranscriptItem {
  /** The item's ID, which receipts refer to. */
  Id: string;
  /**
   * When the service received the item: ISO 8601, UTC, with milliseconds. Empty if the item is an outgoing message that
   * is in flight.
   */
  AbsoluteTime: string;
  /** The kind of item. */
  Type: "MESSAGE" | "EVENT" | "ATTACHMENT" | "CONNECTION_ACK";
  /** The content type of the message or event; see `ChatContentType`. */
  ContentType?: ChatContentType;
  /** The content: text or JSON, depending on the content type. */
  Content?: string;
  /** The sender's display name. */
  DisplayName?: string;
  /** The ID of the sender. */
  ParticipantId?: string;
  /**
   * The sender's role. The type lists the original library's roles, but the service also sends other roles. To handle
   * those, cast the value: `item.ParticipantRole as ParticipantRole`.
   */
  ParticipantRole?: "AGENT" | "CUSTOMER" | "SYSTEM";
  /** The files of an `ATTACHMENT` item. */
  Attachments?: AttachmentItem[];
  /** A message's receipts and status. */
  MessageMetadata?: ChatMessageMetadata;
  /** The ID of the earlier contact that a persistent chat continues. */
  RelatedContactId?: string;
  /** The item as it was received, as JSON. Set only on items from `onTranscriptUpdated`. */
  serializedContent?: string;
}

/** An item as the `data` of an event. */
export interface ChatEventData extends ChatTranscriptItem {
  /** The ID of the item's contact. */
  ContactId?: string;
  /** The ID of the contact that the chat began with. */
  InitialContactId?: string;
}

/** A file as the service sends it. */
export interface WireAttachment {
  AttachmentId?: string | undefined;
  AttachmentName?: string | undefined;
  ContentType?: string | undefined;
  Status?: AttachmentItem["Status"] | undefined;
}

/** A receipt as the service sends it. */
export interface WireReceipt {
  DeliveredTimestamp?: string | undefined;
  ReadTimestamp?: string | undefined;
  RecipientParticipantId?: string | undefined;
}

/** A message's metadata as the service sends it. */
export interface WireMetadata {
  MessageId?: string | undefined;
  MessageProcessingStatus?: MessageProcessingStatus[keyof MessageProcessingStatus] | undefined;
  Receipts?: WireReceipt[] | undefined;
  /** Set on each chunk of a bot's streamed message. It's true on the last chunk, which has the complete text. */
  MessageCompleted?: boolean | undefined;
  /** The chunk's number within a streamed message: 1, 2, 3, … */
  ChunkNumber?: number | undefined;
}

/** An item as the service sends it, live or in a transcript. Any field may be missing. */
export interface WireItem {
  Id?: string | undefined;
  AbsoluteTime?: string | undefined;
  Type?:
    "MESSAGE" | "EVENT" | "ATTACHMENT" | "MESSAGEMETADATA" | "CONNECTION_ACK" | (string & {}) | undefined;
  ContentType?: string | undefined;
  Content?: string | undefined;
  DisplayName?: string | undefined;
  ParticipantId?: string | undefined;
  ParticipantRole?: ParticipantRole | undefined;
  Attachments?: WireAttachment[] | undefined;
  MessageMetadata?: WireMetadata | undefined;
  RelatedContactId?: string | undefined;
  ContactId?: string | undefined;
  InitialContactId?: string | undefined;
}

/** A view, which is a page of a step-by-step guide. DescribeView returns it. */
export interface View {
  Id?: string;
  Arn?: string;
  Name?: string;
  Status?: ViewStatus;
  Type?: ViewType;
  Description?: string;
  Version?: number;
  VersionDescription?: string;
  /** What the view shows, and the input that it accepts. */
  Content?: ViewContent;
  Tags?: Record<string, string>;
  CreatedTime?: Date;
  LastModifiedTime?: Date;
  ViewContentSha256?: string;
}

/** The states of a view. */
export interface ViewStatus {
  PUBLISHED: "PUBLISHED";
  SAVED: "SAVED";
}

/** The types of views: those managed by AWS, and those managed by the AWS customer. */
export interface ViewType {
  AWS_MANAGED: "AWS_MANAGED";
  CUSTOMER_MANAGED: "CUSTOMER_MANAGED";
}

/** The content of a view. */
export interface ViewContent {
  /** The JSON schema of the view's input, as a string. */
  InputSchema?: string;
  /** The view's template, as a JSON string. */
  Template?: string;
  /** The names of the view's actions. */
  Actions?: string[];
}
