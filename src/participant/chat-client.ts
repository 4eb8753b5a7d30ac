import type {
  CreateParticipantConnectionResponse,
  DescribeViewResponse,
  GetAuthenticationUrlResponse,
  SendEventResponse,
  SendMessageResponse,
} from "@aws-sdk/client-connectparticipant";
import type { ConnectionType, GetTranscriptData, GetTranscriptQuery } from "./types";

/** An answer of the service: its PascalCase body as `data`. */
export interface ServiceAnswer<Data> {
  data: Data;
}

/** Upload and download progress. `totalBytes` is null where the other side does not tell it. */
export interface TransferProgress {
  loadedBytes: number;
  totalBytes: number | null;
}

/** What a call may be given beyond its arguments; a client of the application's own may ignore it. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TransferProgress) => void;
  /** The idempotency token of the logical call, where the method has no argument for it. */
  readonly clientToken?: string;
  /** Of `downloadAttachment` and `getAttachmentURL`: how many seconds the signed URL stays valid. */
  readonly urlExpiryInSeconds?: number;
  /** To be told where a step of the call is tried again, for the log. */
  readonly onRetry?: (error: Error, delayMs: number) => void;
}

/**
 * How the library reaches the Participant Service. Extend it to route the calls through a backend of your own, and give
 * an instance as `customChatClient` to `setGlobalConfig` or `create`. Each method resolves `{data}` with the service's
 * PascalCase body, and rejects with an error that carries `statusCode` where there is one.
 */
export abstract class ChatClient {
  /** CreateParticipantConnection. The answer may hold a Websocket alone: then no connection token is needed. */
  abstract createParticipantConnection(
    participantToken: string | null,
    type: ConnectionType[] | null,
    acknowledgeConnection: boolean | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<CreateParticipantConnectionResponse>>;

  /** DisconnectParticipant. */
  abstract disconnectParticipant(
    connectionToken: string | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown>>;

  /** SendMessage. `clientToken` is the idempotency token of the logical call: the same in every attempt. */
  abstract sendMessage(
    connectionToken: string | null,
    content: string,
    contentType: string,
    clientToken?: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<SendMessageResponse>>;

  /** SendEvent: the content type goes first. */
  abstract sendEvent(
    connectionToken: string | null,
    contentType: string,
    content: string | null,
    clientToken?: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<SendEventResponse>>;

  /** GetTranscript. */
  abstract getTranscript(
    connectionToken: string | null,
    query: GetTranscriptQuery,
    options?: CallOptions,
  ): Promise<ServiceAnswer<GetTranscriptData>>;

  /**
   * StartAttachmentUpload, the file itself to the storage, CompleteAttachmentUpload. `attachment` is the object that the
   * application passed: usually a File, but a Blob or a picker's object may lack `name` and `type`.
   */
  sendAttachment?(
    connectionToken: string | null,
    attachment: File,
    metadata?: unknown,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown>>;

  /** GetAttachment, then the file itself from the storage. */
  downloadAttachment?(
    connectionToken: string | null,
    attachmentId: string,
    options?: CallOptions,
  ): Promise<Blob>;

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
