/** The arguments of a session's calls. */
import type { GlobalAbortSignal, GlobalBlob, GlobalFile } from "../util/global-types";
import type { TransferProgress } from "./client";
import type { SendableContentType } from "./content-types";

/** The arguments that all calls have in common. */
export interface CallArgs {
  /** Any value. It's set unchanged on the call's result, or on the error if the call rejects. */
  metadata?: unknown;
  /**
   * Aborts the call, which then rejects with `Aborted`. A request that has already reached the service can't be undone.
   */
  signal?: GlobalAbortSignal;
}

/** The `metadata` argument. The result's `metadata` has the same type. */
export interface OptionalMetadata<M> {
  /** Any value. It's set unchanged on the call's result, or on the error if the call rejects. */
  metadata?: M;
}

/** The arguments of `connect()`. */
export interface ConnectArgs extends CallArgs {}

/** The arguments of `sendMessage()`. */
export interface SendMessageArgs extends CallArgs {
  /** The message: text or JSON, depending on the content type. The service limits its length. */
  message: string;
  /**
   * A known content type, or any content type that starts with `application/vnd.amazonaws.connect.`. For text that
   * people read, use `text/plain` or `text/markdown`.
   */
  contentType: SendableContentType;
  /**
   * The idempotency token. The service accepts only one message per token.
   * @default a new UUID for each call
   */
  clientToken?: string;
}

/** The arguments of `sendEvent()`. */
export interface SendEventArgs extends CallArgs {
  /** A known content type, or any content type that starts with `application/vnd.amazonaws.connect.`. */
  contentType: SendableContentType;
  /** The event's content. An object is sent as JSON. A receipt's content must have a `messageId`. */
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
   * Where to start: an item's ID, a time (ISO 8601), or the number of newest items to fetch. Set only one of these
   * fields.
   * @default the newest item
   */
  startPosition?: { readonly id?: string; readonly absoluteTime?: string; readonly mostRecent?: number };
  /** The `NextToken` of the previous page. */
  nextToken?: string | null;
  /**
   * The ID of another contact in a persistent chat.
   * @default the session's own contact
   */
  contactId?: string;
}

/**
 * The arguments of `history()`. `scanDirection` also determines the order of the items. `maxResults` is the number of
 * items per page, 100 by default.
 */
export type HistoryArgs = Omit<GetTranscriptArgs, "sortOrder" | "nextToken" | "metadata">;

/** The arguments of `sendAttachment()`. */
export interface SendAttachmentArgs extends CallArgs {
  /**
   * The file, which must not be empty. The Amazon Connect instance's settings determine which sizes and extensions are
   * accepted.
   */
  attachment: GlobalFile;
  /** Called with the number of bytes sent so far. */
  onProgress?: (progress: TransferProgress) => void;
}

/** A file, as React Native's file pickers return it. */
export interface PickedFile {
  /** The file's location on the device. */
  uri: string;
  /** The file's size in bytes. Some pickers call this field `fileSize`. */
  size: number;
  /**
   * The file's name, including its extension.
   * @default "attachment" plus the extension for `type`
   */
  name?: string | null | undefined;
  /**
   * The file's content type.
   * @default the type for the extension of `name`, or "application/octet-stream" if it's unknown
   */
  type?: string | null | undefined;
}

/** The arguments of `sendAttachment()` for a Blob or a picker's object. */
export interface SendBlobArgs extends Omit<SendAttachmentArgs, "attachment"> {
  /** The file, which must not be empty. A Blob is named "attachment" plus the extension for its type. */
  attachment: GlobalBlob | PickedFile;
}

/** The arguments of `getAttachmentURL()`. */
export interface GetAttachmentURLArgs extends CallArgs {
  /** The `AttachmentId` of one of the item's attachments. */
  attachmentId: string;
  /**
   * How long the signed URL stays valid, in seconds. The maximum is 300.
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
  /** The view token from an interactive message's content. Required, although the type allows undefined. */
  viewToken: string | undefined;
  /** @deprecated Has no effect. Declared for compatibility with the original library. */
  InstanceId?: string | undefined;
}

/** The arguments of `getAuthenticationUrl()`. */
export interface GetAuthenticationUrlArgs extends CallArgs {
  /** The URL to which the customer returns after signing in. */
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
  /** The message, as an alternative to `messageId`. */
  message?: { Id?: string | undefined };
  /**
   * The idempotency token.
   * @default a new UUID for each call
   */
  clientToken?: string;
}
