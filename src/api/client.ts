/** The chat client, which calls the Participant Service. */
import type { GlobalAbortSignal, GlobalBlob, GlobalFile } from "../util/global-types";
import type { WireItem, WireMetadata } from "./items";

/* eslint-disable @typescript-eslint/no-invalid-void-type -- the original library declares a missing response as void */
/** The service's response. `data` is its body, with PascalCase names; an empty response has no `data`. */
export interface ServiceAnswer<Data> {
  data?: Data | void;
}

/** The progress of an upload or a download. */
export interface TransferProgress {
  /** The number of bytes sent or received so far. */
  loadedBytes: number;
  /** The file's size in bytes; null if it's unknown. */
  totalBytes: number | null;
}

/** Options for a client method, in addition to its arguments. A custom client may ignore them. */
export interface CallOptions {
  /** Aborts the attempt. */
  readonly signal?: GlobalAbortSignal;
  /** Called with the progress of an upload or a download. */
  readonly onProgress?: (progress: TransferProgress) => void;
  /** The idempotency token, for a method that has no argument for it. */
  readonly clientToken?: string;
  /** How long the signed URL stays valid, in seconds. Used by `downloadAttachment()` and `getAttachmentURL()`. */
  readonly urlExpiryInSeconds?: number;
  /** Called when the client retries a step of the call. The library logs the retry. */
  readonly onRetry?: (error: Error, delayMs: number) => void;
}

/** The transcript page that a client's `getTranscript()` fetches. */
export interface GetTranscriptQuery {
  /** The maximum number of items, from 1 to 100. */
  readonly maxResults: number;
  /** The order of the items on the page. `ASCENDING` means oldest first. */
  readonly sortOrder: "ASCENDING" | "DESCENDING";
  /** Whether to fetch the items after (`FORWARD`) or before (`BACKWARD`) the start position. */
  readonly scanDirection: "FORWARD" | "BACKWARD";
  /**
   * Where to start: an item's ID, a time (ISO 8601), or how many of the newest items to fetch. An empty object means
   * the newest item.
   */
  readonly startPosition: {
    readonly id?: string;
    readonly absoluteTime?: string;
    readonly mostRecent?: number;
  };
  /** The `NextToken` of the previous page. Missing for the first page. */
  readonly nextToken?: string;
  /** The ID of another contact in a persistent chat. Missing for the session's own contact. */
  readonly contactId?: string;
}

/** The connection types that CreateParticipantConnection accepts. */
export type ConnectionType = "WEBSOCKET" | "CONNECTION_CREDENTIALS" | "WEBRTC_CONNECTION";

/** The CreateParticipantConnection response, as the service sends it. */
export interface CreateParticipantConnectionResponse {
  Websocket?: { Url?: string | undefined; ConnectionExpiry?: string | undefined } | undefined;
  ConnectionCredentials?: { ConnectionToken?: string | undefined; Expiry?: string | undefined } | undefined;
}

/** The SendMessage response, as the service sends it. */
export interface SendMessageResponse {
  Id?: string | undefined;
  AbsoluteTime?: string | undefined;
  MessageMetadata?: Pick<WireMetadata, "MessageProcessingStatus"> | undefined;
}

/** The SendEvent response, as the service sends it. */
export interface SendEventResponse {
  Id?: string | undefined;
  AbsoluteTime?: string | undefined;
}

/** The GetTranscript response, with the items as the service sends them. */
export interface GetTranscriptData {
  InitialContactId?: string | undefined;
  NextToken?: string | undefined;
  Transcript: WireItem[];
}

/** The DescribeView response, as the service sends it. */
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

/** The GetAuthenticationUrl response, as the service sends it. */
export interface GetAuthenticationUrlResponse {
  AuthenticationUrl?: string | undefined;
}

/**
 * The base class for a custom chat client. Extend it to route calls through your own backend, and pass an instance as
 * `customChatClient` to `setGlobalConfig()` or `create()`.
 *
 * Unless stated otherwise, each method resolves with `{ data }`, where `data` is the service's response body with its
 * PascalCase names. If a call fails with an HTTP status, the method rejects with an error whose `statusCode` is that
 * status. `connectionToken` is null if `createParticipantConnection()` resolved without credentials.
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
   * Calls CreateParticipantConnection. If the response has only a `Websocket`, the session has no connection token. The
   * other methods then receive null as the token, and the session doesn't renew a token.
   */
  abstract createParticipantConnection(
    participantToken: string | null,
    type: ConnectionType[] | null,
    acknowledgeConnection: boolean | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<CreateParticipantConnectionResponse>>;

  /**
   * Calls DisconnectParticipant. `session.disconnectParticipant()` succeeds no matter what value this promise resolves
   * with.
   */
  abstract disconnectParticipant(
    connectionToken: string | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown> | void>;

  /** Calls SendMessage. `clientToken` is the idempotency token. It's the same for all attempts. */
  abstract sendMessage(
    connectionToken: string | null,
    content: string,
    contentType: string,
    clientToken?: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<SendMessageResponse>>;

  /**
   * Calls SendEvent. Unlike in `sendMessage()`, the content type comes before the content. `content` is the value that
   * the application passed, which may be an object. It's null if the application passed none.
   */
  abstract sendEvent(
    connectionToken: string | null,
    contentType: string,
    content: string | object | null,
    clientToken?: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<SendEventResponse>>;

  /**
   * Calls GetTranscript. `args` has the same fields as the argument of `session.getTranscript()`, but `startPosition`
   * is always an object.
   */
  abstract getTranscript(
    connectionToken: string | null,
    args: GetTranscriptQuery,
    options?: CallOptions,
  ): Promise<ServiceAnswer<GetTranscriptData>>;

  /**
   * Uploads a file: calls StartAttachmentUpload, sends the file to attachment storage, and calls
   * CompleteAttachmentUpload. `attachment` is the object that the application passed, usually a File. A Blob, or an
   * object from a React Native file picker, may lack `name` and `type`.
   */
  sendAttachment?(
    connectionToken: string | null,
    attachment: GlobalFile,
    metadata?: unknown,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown>>;

  /**
   * Downloads a file: calls GetAttachment, then fetches the file from attachment storage. Resolves with the Blob
   * itself.
   */
  downloadAttachment?(
    connectionToken: string | null,
    attachmentId: string,
    options?: CallOptions,
  ): Promise<GlobalBlob>;

  /** Calls GetAttachment. Resolves with the signed URL as a string. */
  getAttachmentURL?(
    connectionToken: string | null,
    attachmentId: string,
    options?: CallOptions,
  ): Promise<string>;

  /** Calls DescribeView. Unlike in the other methods, the connection token is the second argument. */
  describeView?(
    viewToken: string,
    connectionToken: string | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<DescribeViewResponse>>;

  /** Calls GetAuthenticationUrl. */
  getAuthenticationUrl?(
    connectionToken: string | null,
    redirectUri: string,
    sessionId: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<GetAuthenticationUrlResponse>>;

  /** Calls CancelParticipantAuthentication. */
  cancelParticipantAuthentication?(
    connectionToken: string | null,
    sessionId: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown>>;
}
/* eslint-enable @typescript-eslint/no-invalid-void-type */
