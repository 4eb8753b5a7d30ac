/** The arguments of a session's calls. */
import type { GlobalAbortSignal, GlobalBlob, GlobalFile } from "../util/global-types";
import type { TransferProgress } from "./client";
import type { SendableContentType } from "./content-types";

/** Arguments that every call takes, besides its own. */
export interface CallArgs {
  /** The caller's own value; returned with the result, and on a rejection's error. */
  metadata?: unknown;
  /** Aborts the call: it rejects with `Aborted`. What has reached the service isn't undone. */
  signal?: GlobalAbortSignal;
}

/** `metadata`, with its type kept for the result. */
export interface OptionalMetadata<M> {
  /** The caller's own value; returned with the result, and on a rejection's error. */
  metadata?: M;
}

/** Arguments of `connect()`. */
export interface ConnectArgs extends CallArgs {}

/** Arguments of `sendMessage()`. */
export interface SendMessageArgs extends CallArgs {
  /** The text, or JSON where the content type says so. The service limits its length. */
  message: string;
  /**
   * A known content type, or any under `application/vnd.amazonaws.connect.`; "text/plain" and "text/markdown" are for
   * people.
   */
  contentType: SendableContentType;
  /**
   * The idempotency token: the service accepts a message with the same token once.
   * @default a new UUID for each call
   */
  clientToken?: string;
}

/** Arguments of `sendEvent()`. */
export interface SendEventArgs extends CallArgs {
  contentType: SendableContentType;
  /** An object is sent as JSON. */
  content?: string | object | null;
  /**
   * The idempotency token.
   * @default a new UUID for each call
   */
  clientToken?: string;
}

/** Arguments of `getTranscript()`. */
export interface GetTranscriptArgs extends CallArgs {
  /**
   * 1 to 100.
   * @default 15
   */
  maxResults?: number;
  /**
   * The order of the items in the answer; ASCENDING means the oldest first.
   * @default "ASCENDING"
   */
  sortOrder?: "ASCENDING" | "DESCENDING";
  /**
   * Whether the items after or before `startPosition` are fetched. The service refuses FORWARD without a
   * `startPosition`.
   * @default "BACKWARD"
   */
  scanDirection?: "FORWARD" | "BACKWARD";
  /**
   * Where to start: an item's ID, a time (ISO 8601), or a number of newest items. Set one of them.
   * @default the newest item
   */
  startPosition?: { readonly id?: string; readonly absoluteTime?: string; readonly mostRecent?: number };
  /** `NextToken` of the previous page. */
  nextToken?: string | null;
  /**
   * Another contact of a persistent chat.
   * @default the session's own contact
   */
  contactId?: string;
}

/** Arguments of `history()`. The direction sets the order, and each page leads to the next. */
export type HistoryArgs = Omit<GetTranscriptArgs, "sortOrder" | "nextToken" | "metadata">;

/** Arguments of `sendAttachment()`. */
export interface SendAttachmentArgs extends CallArgs {
  /** Any file that isn't empty. The instance's settings decide which sizes and extensions it accepts. */
  attachment: GlobalFile;
  /** Called with how much of the file has been sent. */
  onProgress?: (progress: TransferProgress) => void;
}

/** A file as the pickers of React Native return it. */
export interface PickedFile {
  /** Where it is on the device. */
  uri: string;
  /** Bytes. Some pickers call it `fileSize`. */
  size: number;
  /** @default "attachment" and the extension of `type` */
  name?: string | null | undefined;
  /**
   * The content type.
   * @default by the extension of `name`, else "application/octet-stream"
   */
  type?: string | null | undefined;
}

/** As `SendAttachmentArgs`, with a Blob, which is sent as `attachment` and the extension of its type, or a picker's object. */
export interface SendBlobArgs extends Omit<SendAttachmentArgs, "attachment"> {
  attachment: GlobalBlob | PickedFile;
}

/** Arguments of `getAttachmentURL()`. */
export interface GetAttachmentURLArgs extends CallArgs {
  /** `AttachmentId` of the item's attachment. */
  attachmentId: string;
  /**
   * How many seconds the signed URL stays valid; at most 300.
   * @default 300, by the service
   */
  urlExpiryInSeconds?: number;
}

/** Arguments of `downloadAttachment()`. */
export interface DownloadAttachmentArgs extends GetAttachmentURLArgs {
  /** Called with how much of the file has arrived. */
  onProgress?: (progress: TransferProgress) => void;
}

/** Arguments of `describeView()`. */
export interface DescribeViewArgs extends CallArgs {
  /** From the content of an interactive message. Without one the call rejects with `IllegalArgument`. */
  viewToken: string | undefined;
  /** @deprecated The original library declares it; it has no effect. */
  InstanceId?: string | undefined;
}

/** Arguments of `getAuthenticationUrl()`. */
export interface GetAuthenticationUrlArgs extends CallArgs {
  /** Where the customer returns after signing in. */
  redirectUri: string;
  /** `SessionId` from the content of the event that asks the customer to sign in. */
  sessionId: string;
}

/** Arguments of `cancelParticipantAuthentication()`. */
export interface CancelParticipantAuthenticationArgs extends CallArgs {
  /** `SessionId` from the content of the event that asks the customer to sign in. */
  sessionId: string;
}

/** Arguments of `sendMessageReceipt()`. One of `messageId` and `message.Id` is required. */
export interface SendMessageReceiptArgs extends CallArgs {
  event: "delivered" | "read";
  messageId?: string;
  /** The message itself, instead of its ID. */
  message?: { Id?: string | undefined };
  /**
   * The idempotency token.
   * @default a new UUID for each call
   */
  clientToken?: string;
}
