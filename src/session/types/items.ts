/** What was said, as applications read it: items, and the values that their fields take. */
import type { ChatContentType } from "../../conversation/content-types";

/** What became of a message that a contact flow processes. */
export interface MessageProcessingStatus {
  PROCESSING: "PROCESSING";
  FAILED: "FAILED";
  REJECTED: "REJECTED";
}

/** A message's metadata: its receipts, and how a streamed answer is put together. */
export interface ChatMessageMetadata {
  readonly MessageId?: string;
  /** How far a message has come; the library keeps it, for the items of `onTranscriptUpdated` alone. */
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
  /** Present on the pieces of a bot's answer that streams; true on the last, which holds the whole. */
  readonly MessageCompleted?: boolean;
  /** 1, 2, 3… within one streamed answer. */
  readonly ChunkNumber?: number;
}

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
 * An item of a chat: a message, an event, an attachment. The service's `Item`, in its own PascalCase words. The service
 * may add values that these lists do not have yet: give a `switch` a default.
 */
export interface ChatTranscriptItem {
  /** The item's id; receipts name it. */
  Id: string;
  /** When the service took the item: ISO 8601, UTC, milliseconds. Empty while a message of one's own is on its way. */
  AbsoluteTime: string;
  Type: "MESSAGE" | "EVENT" | "ATTACHMENT" | "CONNECTION_ACK";
  /** What the item is; see `ChatContentType`. */
  ContentType?: ChatContentType;
  /** The text of a message, or JSON where the content type says so. */
  Content?: string;
  /** Who it is from, as people read it. */
  DisplayName?: string;
  ParticipantId?: string;
  /** As upstream declares it. The service sends other roles, too: read it `as ParticipantRole` for all of them. */
  ParticipantRole?: "AGENT" | "CUSTOMER" | "SYSTEM";
  /** The files of an item whose Type is ATTACHMENT. */
  Attachments?: AttachmentItem[];
  MessageMetadata?: ChatMessageMetadata;
  /** The contact of an earlier chat that a persistent chat goes on from. */
  RelatedContactId?: string;
  /** The item as JSON, as it was received; the items of `onTranscriptUpdated` alone have it. */
  serializedContent?: string;
}

/** An item as an event's `data`. */
export interface ChatEventData extends ChatTranscriptItem {
  ContactId?: string;
  InitialContactId?: string;
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
  /** A JSON schema of what the view takes. */
  InputSchema?: string;
  /** The view's template, as JSON. */
  Template?: string;
  /** The names of the actions that the view offers. */
  Actions?: string[];
}
