import type {
  CreateParticipantConnectionResponse,
  DescribeViewResponse,
  GetAuthenticationUrlResponse,
  SendEventResponse,
  SendMessageResponse,
} from "@aws-sdk/client-connectparticipant";
import type { GlobalAbortSignal, GlobalBlob, GlobalFile } from "../util/global-types";
import type { ConnectionType, GetTranscriptData, GetTranscriptQuery } from "./types";

/* eslint-disable @typescript-eslint/no-invalid-void-type -- upstream's declarations of an answer say void for "none" */
/** An answer of the service: its PascalCase body as `data`. A call whose answer has none resolves without `data`. */
export interface ServiceAnswer<Data> {
  data?: Data | void;
}

/** Upload and download progress. `totalBytes` is null where the other side does not tell it. */
export interface TransferProgress {
  loadedBytes: number;
  totalBytes: number | null;
}

/** What a call may be given beyond its arguments; a custom client may ignore it. */
export interface CallOptions {
  readonly signal?: GlobalAbortSignal;
  readonly onProgress?: (progress: TransferProgress) => void;
  /** The idempotency token of the logical call, where the method has no argument for it. */
  readonly clientToken?: string;
  /** Of `downloadAttachment` and `getAttachmentURL`: how many seconds the signed URL stays valid. */
  readonly urlExpiryInSeconds?: number;
  /** To be told where a step of the call is tried again, for the log. */
  readonly onRetry?: (error: Error, delayMs: number) => void;
}

/**
 * How the library reaches the Participant Service. Extend it to route the calls through your own backend, and pass an
 * instance as `customChatClient` to `setGlobalConfig` or `create`. Each method resolves `{data}` with the service's
 * PascalCase body, and rejects with an error that carries `statusCode` where there is one. `connectionToken` is null if
 * `createParticipantConnection` answered without credentials.
 */
export abstract class ChatClient {
  /**
   * CreateParticipantConnection. An answer with a Websocket alone makes the session tokenless for good: its calls get null
   * in place of the connection token, and no token is renewed.
   */
  abstract createParticipantConnection(
    participantToken: string | null,
    type: ConnectionType[] | null,
    acknowledgeConnection: boolean | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<CreateParticipantConnectionResponse>>;

  /** DisconnectParticipant. It has succeeded when this resolves, with any value. */
  abstract disconnectParticipant(
    connectionToken: string | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown> | void>;

  /** SendMessage. `clientToken` is the idempotency token of the logical call: the same in every attempt. */
  abstract sendMessage(
    connectionToken: string | null,
    content: string,
    contentType: string,
    clientToken?: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<SendMessageResponse>>;

  /** SendEvent: the content type goes first. `content` is what the caller gave, an object included; null if nothing. */
  abstract sendEvent(
    connectionToken: string | null,
    contentType: string,
    content: string | object | null,
    clientToken?: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<SendEventResponse>>;

  /** GetTranscript. `args` has the names of `session.getTranscript()`; `startPosition` is always an object. */
  abstract getTranscript(
    connectionToken: string | null,
    args: GetTranscriptQuery,
    options?: CallOptions,
  ): Promise<ServiceAnswer<GetTranscriptData>>;

  /**
   * StartAttachmentUpload, the file itself to the storage, CompleteAttachmentUpload. `attachment` is the object that the
   * application passed: usually a File, but a Blob or a picker's object may lack `name` and `type`.
   */
  sendAttachment?(
    connectionToken: string | null,
    attachment: GlobalFile,
    metadata?: unknown,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown>>;

  /** GetAttachment, then the file itself from the storage. */
  downloadAttachment?(
    connectionToken: string | null,
    attachmentId: string,
    options?: CallOptions,
  ): Promise<GlobalBlob>;

  /** GetAttachment: the signed URL alone. */
  getAttachmentURL?(
    connectionToken: string | null,
    attachmentId: string,
    options?: CallOptions,
  ): Promise<string>;

  /** DescribeView: the view token goes first. */
  describeView?(
    viewToken: string,
    connectionToken: string | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<DescribeViewResponse>>;

  /** GetAuthenticationUrl. */
  getAuthenticationUrl?(
    connectionToken: string | null,
    redirectUri: string,
    sessionId: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<GetAuthenticationUrlResponse>>;

  /** CancelParticipantAuthentication. */
  cancelParticipantAuthentication?(
    connectionToken: string | null,
    sessionId: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown>>;
}
/* eslint-enable @typescript-eslint/no-invalid-void-type */
