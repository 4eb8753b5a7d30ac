/** Items of a chat, as applications read them and as the service sends them; and the views that items refer to. */
import type { ChatContentType } from "./content-types";

/** What became of a message that a contact flow processes. */
export interface MessageProcessingStatus {
  PROCESSING: "PROCESSING";
  FAILED: "FAILED";
  REJECTED: "REJECTED";
}

/** A message's metadata: its receipts, and how a streamed answer is put together. */
export interface ChatMessageMetadata {
  readonly MessageId?: string;
  /** How far a message has come. The library sets it, on items of `onTranscriptUpdated` only. */
  readonly Status?: "SENDING" | "SENT" | "DELIVERED" | "READ" | "FAILED" | "UNKNOWN";
  readonly MessageProcessingStatus?: MessageProcessingStatus[keyof MessageProcessingStatus];
  /** One entry for each recipient. */
  readonly Receipts?: Array<{
    /** ISO 8601, UTC, milliseconds. */
    readonly DeliveredTimestamp?: string;
    /** ISO 8601, UTC, milliseconds. */
    readonly ReadTimestamp?: string;
    readonly RecipientParticipantId?: string;
  }>;
  /** Present on the pieces of a bot's streamed answer; true on the last one, which holds the whole answer. */
  readonly MessageCompleted?: boolean;
  /** 1, 2, 3… within one streamed answer. */
  readonly ChunkNumber?: number;
}

/** Who an item is from: the service's words, and those it may add. */
export type ParticipantRole = "AGENT" | "CUSTOMER" | "SYSTEM" | "SUPERVISOR" | "CUSTOM_BOT" | (string & {});

/** A file of a chat; download it with `downloadAttachment({ attachmentId: AttachmentId })`. */
export interface AttachmentItem {
  AttachmentId: string;
  /** The file's name, with its extension. */
  AttachmentName: string;
  /** The file's MIME type. */
  ContentType: string;
  /** Only an APPROVED file can be downloaded. */
  Status: "APPROVED" | "REJECTED" | "IN_PROGRESS";
}

/**
 * An item of a chat: a message, an event, an attachment. It is the service's `Item`, with the service's PascalCase names.
 * The service may add values that these unions don't list yet: give a `switch` a default.
 */
export interface ChatTranscriptItem {
  /** The item's ID; receipts name it. */
  Id: string;
  /** When the service received the item: ISO 8601, UTC, milliseconds. Empty while an outgoing message is in flight. */
  AbsoluteTime: string;
  Type: "MESSAGE" | "EVENT" | "ATTACHMENT" | "CONNECTION_ACK";
  /** What the item is; see `ChatContentType`. */
  ContentType?: ChatContentType;
  /** The text of a message, or JSON where the content type says so. */
  Content?: string;
  /** The sender's name, for people. */
  DisplayName?: string;
  ParticipantId?: string;
  /** As the original library declares it. The service sends other roles, too: read it `as ParticipantRole` for all of them. */
  ParticipantRole?: "AGENT" | "CUSTOMER" | "SYSTEM";
  /** The files of an item whose Type is ATTACHMENT. */
  Attachments?: AttachmentItem[];
  MessageMetadata?: ChatMessageMetadata;
  /** The contact of the earlier chat that a persistent chat continues. */
  RelatedContactId?: string;
  /** The item as JSON, as it was received. Only the items of `onTranscriptUpdated` have it. */
  serializedContent?: string;
}

/** An item as an event's `data`. */
export interface ChatEventData extends ChatTranscriptItem {
  ContactId?: string;
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
  /** Present on the pieces of a bot's streamed answer; true on the last one, which holds the whole answer. */
  MessageCompleted?: boolean | undefined;
  /** 1, 2, 3… within one streamed answer. */
  ChunkNumber?: number | undefined;
}

/** An item as the service sends it, live or in a transcript: any field may be missing. */
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

/** A page that an agent's guide or a contact flow shows: DescribeView's answer. */
export interface View {
  Id?: string;
  Arn?: string;
  Name?: string;
  Status?: ViewStatus;
  Type?: ViewType;
  Description?: string;
  Version?: number;
  VersionDescription?: string;
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

/** Who made a view. */
export interface ViewType {
  AWS_MANAGED: "AWS_MANAGED";
  CUSTOMER_MANAGED: "CUSTOMER_MANAGED";
}

/** What a view shows and asks. */
export interface ViewContent {
  /** A JSON schema of the view's input. */
  InputSchema?: string;
  /** The view's template, as JSON. */
  Template?: string;
  /** The names of the actions that the view offers. */
  Actions?: string[];
}
