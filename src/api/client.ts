/** The chat client: how the library reaches the Participant Service. */
import type { GlobalAbortSignal, GlobalBlob, GlobalFile } from "../util/global-types";
import type { WireItem, WireMetadata } from "./items";

/* eslint-disable @typescript-eslint/no-invalid-void-type -- the original library's declarations of an answer say void for "none" */
/** An answer of the service: its PascalCase body as `data`. A call whose answer is empty resolves without `data`. */
export interface ServiceAnswer<Data> {
  data?: Data | void;
}

/** The progress of an upload or a download. `totalBytes` is null if the size isn't known. */
export interface TransferProgress {
  loadedBytes: number;
  totalBytes: number | null;
}

/** Options of a client's method, besides its arguments. A custom client may ignore them. */
export interface CallOptions {
  readonly signal?: GlobalAbortSignal;
  readonly onProgress?: (progress: TransferProgress) => void;
  /** The idempotency token of the call, where the method has no argument for it. */
  readonly clientToken?: string;
  /** How many seconds the signed URL stays valid, for `downloadAttachment` and `getAttachmentURL`. */
  readonly urlExpiryInSeconds?: number;
  /** Called when a step of the call is retried, for the log. */
  readonly onRetry?: (error: Error, delayMs: number) => void;
}

/** The page that a client's `getTranscript()` is asked for. */
export interface GetTranscriptQuery {
  /** 1 to 100. */
  readonly maxResults: number;
  readonly sortOrder: "ASCENDING" | "DESCENDING";
  readonly scanDirection: "FORWARD" | "BACKWARD";
  /** Where to start: an item's ID, a time (ISO 8601), or a number of newest items. Empty: at the newest item. */
  readonly startPosition: {
    readonly id?: string;
    readonly absoluteTime?: string;
    readonly mostRecent?: number;
  };
  /** From the previous page; missing for the first page. */
  readonly nextToken?: string;
  /** Another contact of a persistent chat; missing for the session's own. */
  readonly contactId?: string;
}

/** What CreateParticipantConnection is asked for. */
export type ConnectionType = "WEBSOCKET" | "CONNECTION_CREDENTIALS" | "WEBRTC_CONNECTION";

/** CreateParticipantConnection's answer, as the service sends it. */
export interface CreateParticipantConnectionResponse {
  Websocket?: { Url?: string | undefined; ConnectionExpiry?: string | undefined } | undefined;
  ConnectionCredentials?: { ConnectionToken?: string | undefined; Expiry?: string | undefined } | undefined;
}

/** SendMessage's answer, as the service sends it. */
export interface SendMessageResponse {
  Id?: string | undefined;
  AbsoluteTime?: string | undefined;
  MessageMetadata?: Pick<WireMetadata, "MessageProcessingStatus"> | undefined;
}

/** SendEvent's answer, as the service sends it. */
export interface SendEventResponse {
  Id?: string | undefined;
  AbsoluteTime?: string | undefined;
}

/** GetTranscript's answer, with the items as the service sends them. */
export interface GetTranscriptData {
  InitialContactId?: string | undefined;
  NextToken?: string | undefined;
  Transcript: WireItem[];
}

/** DescribeView's answer, as the service sends it. */
export interface DescribeViewResponse {
  View?:
    | {
        Id?: string | undefined;
        Arn?: string | undefined;
        Name?: string | undefined;
        Version?: number | undefined;
        Content?:
          | {
              InputSchema?: string | undefined;
              Template?: string | undefined;
              Actions?: string[] | undefined;
            }
          | undefined;
      }
    | undefined;
}

/** GetAuthenticationUrl's answer, as the service sends it. */
export interface GetAuthenticationUrlResponse {
  AuthenticationUrl?: string | undefined;
}

/**
 * The base class of a custom chat client: extend it to route the calls through your own backend, and pass an instance as
 * `customChatClient` to `setGlobalConfig` or `create`. Each method resolves with `{data}`, the service's PascalCase body,
 * and rejects with an error that carries `statusCode` if there is one. `connectionToken` is null if
 * `createParticipantConnection` answered without credentials.
 * @example
 * import { ChatClient, ChatSession } from "amazon-connect-chatjs";
 *
 * const call = async (operation: string, body: object) => {
 *   const response = await fetch(`/chat/${operation}`, { method: "POST", body: JSON.stringify(body) });
 *   if (!response.ok) throw Object.assign(new Error(operation), { statusCode: response.status });
 *   return { data: await response.json() };
 * };
 *
 * class BackendClient extends ChatClient {
 *   createParticipantConnection() {
 *     return call("connection", {});
 *   }
 *   disconnectParticipant() {
 *     return call("disconnect", {});
 *   }
 *   sendMessage(token: string | null, content: string, contentType: string, clientToken?: string) {
 *     return call("message", { content, contentType, clientToken });
 *   }
 *   sendEvent(token: string | null, contentType: string, content: string | object | null, clientToken?: string) {
 *     return call("event", { content, contentType, clientToken });
 *   }
 *   getTranscript(token: string | null, args: object) {
 *     return call("transcript", args);
 *   }
 * }
 *
 * ChatSession.setGlobalConfig({ customChatClient: new BackendClient() });
 */
export abstract class ChatClient {
  /**
   * CreateParticipantConnection. An answer with only a Websocket makes the session tokenless for good: its calls get null
   * as the connection token, and no token is renewed.
   */
  abstract createParticipantConnection(
    participantToken: string | null,
    type: ConnectionType[] | null,
    acknowledgeConnection: boolean | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<CreateParticipantConnectionResponse>>;

  /** DisconnectParticipant. The call succeeds if this resolves, with any value. */
  abstract disconnectParticipant(
    connectionToken: string | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown> | void>;

  /** SendMessage. `clientToken` is the idempotency token of the call: the same in every attempt. */
  abstract sendMessage(
    connectionToken: string | null,
    content: string,
    contentType: string,
    clientToken?: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<SendMessageResponse>>;

  /** SendEvent: the content type comes first. `content` is the caller's value, an object included; null if none. */
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

  /** GetAttachment: resolves with the signed URL alone. */
  getAttachmentURL?(
    connectionToken: string | null,
    attachmentId: string,
    options?: CallOptions,
  ): Promise<string>;

  /** DescribeView: the view token comes first. */
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
