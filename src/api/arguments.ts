/** The arguments of a session's calls. */
import type { GlobalAbortSignal, GlobalBlob, GlobalFile } from "../util/global-types";
import type { TransferProgress } from "./client";
import type { SendableContentType } from "./content-types";

/** The arguments that all calls have in common. */
export interface CallArgs {
  /** Any value. The call returns it unchanged, in its result or on the error of a rejection. */
  metadata?: unknown;
  /**
   * Aborts the call, which then rejects with `Aborted`. A request that has already reached the service isn't undone.
   */
  signal?: GlobalAbortSignal;
}

/** The `metadata` argument, whose type the result keeps. */
export interface OptionalMetadata<M> {
  /** Any value. The call returns it unchanged, in its result or on the error of a rejection. */
  metadata?: M;
}

/** The arguments of `connect()`. */
export interface ConnectArgs extends CallArgs {}

/** The arguments of `sendMessage()`. */
export interface SendMessageArgs extends CallArgs {
  /** The text, or JSON, depending on the content type. The service limits its length. */
  message: string;
  /**
   * A known content type, or any under `application/vnd.amazonaws.connect.`. Text for people is `text/plain` or
   * `text/markdown`.
   */
  contentType: SendableContentType;
  /**
   * The idempotency token. The service accepts only one message with the same token.
   * @default a new UUID for each call
   */
  clientToken?: string;
}

/** The arguments of `sendEvent()`. */
export interface SendEventArgs extends CallArgs {
  /** A known content type, or any under `application/vnd.amazonaws.connect.`. */
  contentType: SendableContentType;
  /** The event's content. An object is sent as JSON. The content of a receipt must have a `messageId`. */
  content?: string | object | null;
  /**
   * The idempotency token.
   * @default a new UUID for each call
   */
  clientToken?: string;
}

/** The arguments of `getTranscript()`. */
export interface GetTranscriptArgs extends CallArgs {
  /**
   * The maximum number of items on the page, from 1 to 100.
   * @default 15
   */
  maxResults?: number;
  /**
   * The order of the items on the page. `ASCENDING` means oldest first.
   * @default "ASCENDING"
   */
  sortOrder?: "ASCENDING" | "DESCENDING";
  /**
   * Whether to fetch the items after (`FORWARD`) or before (`BACKWARD`) `startPosition`. The service refuses `FORWARD`
   * without a `startPosition`.
   * @default "BACKWARD"
   */
  scanDirection?: "FORWARD" | "BACKWARD";
  /**
   * Where to start: an item's ID, a time (ISO 8601), or a number of newest items. Set only one of the fields.
   * @default the newest item
   */
  startPosition?: { readonly id?: string; readonly absoluteTime?: string; readonly mostRecent?: number };
  /** The `NextToken` of the previous page. */
  nextToken?: string | null;
  /**
   * The ID of another contact of a persistent chat.
   * @default the session's own contact
   */
  contactId?: string;
}

/** The arguments of `history()`. `scanDirection` also decides the order of the items. */
export type HistoryArgs = Omit<GetTranscriptArgs, "sortOrder" | "nextToken" | "metadata">;

/** The arguments of `sendAttachment()`. */
export interface SendAttachmentArgs extends CallArgs {
  /**
   * The file, which must not be empty. The settings of the Amazon Connect instance decide which sizes and extensions
   * are accepted.
   */
  attachment: GlobalFile;
  /** Called with the number of bytes sent so far. */
  onProgress?: (progress: TransferProgress) => void;
}

/** A file as React Native's pickers return it. */
export interface PickedFile {
  /** The file's location on the device. */
  uri: string;
  /** The file's size in bytes. Some pickers return it as `fileSize`. */
  size: number;
  /**
   * The file's name, including its extension.
   * @default "attachment" and the extension of `type`
   */
  name?: string | null | undefined;
  /**
   * The file's content type.
   * @default the type of the extension of `name`, else "application/octet-stream"
   */
  type?: string | null | undefined;
}

/** The arguments of `sendAttachment()` for a Blob or a picker's object. */
export interface SendBlobArgs extends Omit<SendAttachmentArgs, "attachment"> {
  /** The file, which must not be empty. A Blob is named "attachment" plus the extension of its type. */
  attachment: GlobalBlob | PickedFile;
}

/** The arguments of `getAttachmentURL()`. */
export interface GetAttachmentURLArgs extends CallArgs {
  /** The `AttachmentId` of the item's attachment. */
  attachmentId: string;
  /**
   * How long the signed URL stays valid, in seconds: at most 300.
   * @default 300, set by the service
   */
  urlExpiryInSeconds?: number;
}

/** The arguments of `downloadAttachment()`. */
export interface DownloadAttachmentArgs extends GetAttachmentURLArgs {
  /** Called with the number of bytes received so far. */
  onProgress?: (progress: TransferProgress) => void;
}

/** The arguments of `describeView()`. */
export interface DescribeViewArgs extends CallArgs {
  /** The view token from the content of an interactive message. Required, although the type allows undefined. */
  viewToken: string | undefined;
  /** @deprecated Declared in the original library; has no effect. */
  InstanceId?: string | undefined;
}

/** The arguments of `getAuthenticationUrl()`. */
export interface GetAuthenticationUrlArgs extends CallArgs {
  /** The URL where the customer returns after signing in. */
  redirectUri: string;
  /** The `SessionId` from the content of the `authenticationInitiated` event. */
  sessionId: string;
}

/** The arguments of `cancelParticipantAuthentication()`. */
export interface CancelParticipantAuthenticationArgs extends CallArgs {
  /** The `SessionId` from the content of the `authenticationInitiated` event. */
  sessionId: string;
}

/** The arguments of `sendMessageReceipt()`. Either `messageId` or `message.Id` is required. */
export interface SendMessageReceiptArgs extends CallArgs {
  /** The kind of receipt. */
  event: "delivered" | "read";
  /** The ID of the message. */
  messageId?: string;
  /** The message itself, as an alternative to its ID. */
  message?: { Id?: string | undefined };
  /**
   * The idempotency token.
   * @default a new UUID for each call
   */
  clientToken?: string;
}
