/** The results of a session's calls. */
import type { ChatMessageMetadata, ChatTranscriptItem, View } from "./items";

/** The `metadata` that the caller passed. */
export interface ChatMetadata<T> {
  /** The `metadata` argument of the call; null if there was none. */
  metadata: T;
}

/** A result with the caller's `metadata` set on it. */
export type WithMetadata<D, M> = D & ChatMetadata<M>;

/* eslint-disable @typescript-eslint/no-invalid-void-type -- void, as the original library declares it */
/** An answer, declared as in the original library. Only `data` is set. */
export interface AWSResponse<D> {
  /** The service's answer. */
  data: void | D;
  /** @deprecated Never set: a failed call rejects. */
  error: void | Error;
  /** @deprecated Never set. */
  requestId: string;
  /** @deprecated Never set. */
  redirectCount: number;
  /** @deprecated Never set. */
  retryCount: number;
}
/* eslint-enable @typescript-eslint/no-invalid-void-type */

/** An answer from the Participant Service. */
export type ParticipantServiceResponse<D> = AWSResponse<D>;

/** The result of a successful call: the service's answer, and the caller's `metadata`. */
export interface CallResult<D, M = null> extends AWSResponse<D>, ChatMetadata<M> {
  /** The service's answer. */
  data: D;
}

/**
 * The result of `connect()`, as far as the original library declares it. A rejection's `ChatError` has the same fields.
 */
export interface ConnectChatResult {
  /** Always true. */
  connectCalled: boolean;
  /** True if `connect()` resolves; false on the error of a rejection. */
  connectSuccess: boolean;
}

/** The result of `connect()`. */
export interface ConnectResult<M = null> extends ConnectChatResult, ChatMetadata<M> {
  _debug: { websocketStatus: string };
}

/** GetTranscript's answer. */
export interface GetTranscriptResult {
  /** The ID of the contact that the chat began with. */
  InitialContactId: string;
  /** The token to pass as `nextToken` to fetch the next page; missing on the last page. */
  NextToken: string;
  /** The items of the page. */
  Transcript: ChatTranscriptItem[];
}

/** SendMessage's answer. */
export interface SendMessageResult {
  /** When the service received the message: ISO 8601, UTC, with milliseconds. */
  AbsoluteTime: string;
  /** The ID of the message's item. */
  Id: string;
  /** Set if the instance processes messages before it delivers them. */
  MessageMetadata?: ChatMessageMetadata;
}

/** SendEvent's answer. */
export interface SendEventResult {
  /** When the service received the event: ISO 8601, UTC, with milliseconds. */
  AbsoluteTime: string;
  /** The ID of the event's item. */
  Id: string;
}

/**
 * The result of `sendEvent()`. A receipt that was already sent has `message: "Event already fired"` and no `data`.
 */
export interface SendEventCallResult<M = null> extends AWSResponse<SendEventResult>, ChatMetadata<M> {
  /** "Event already fired" for a receipt that didn't need to be sent. */
  message?: string;
}

/** CompleteAttachmentUpload's empty answer. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- as the original library declares it
export interface SendAttachmentResult {}

/** GetAttachment's answer. `getAttachmentURL()` itself resolves with the URL as a string. */
export interface GetAttachmentURLResult {
  /** The signed URL, which is valid for a few minutes. */
  Url: string;
}

/** DescribeView's answer. */
export interface DescribeViewResult {
  View?: View;
}

/** GetAuthenticationUrl's answer. */
export interface GetAuthenticationUrlResult {
  /** The URL where the customer signs in. */
  AuthenticationUrl?: string;
}

/** The details of a session and its connection, as `getChatDetails()` returns them. */
export interface ChatDetails {
  /** The ID of the contact. */
  contactId: string;
  /** The ID of the contact that the chat began with. After a transfer, it differs from `contactId`. */
  initialContactId: string;
  /** The ID of the participant. */
  participantId: string;
  /** The participant token passed to `create()`. At run time, null if there is none, as for most agents. */
  participantToken?: string;
  /** The connection. At run time, null (not undefined) before `connect()` resolves and after `reset()`. */
  connectionDetails?: DeclaredConnectionDetails;
}

/** Requires only the original library's fields, so that an application's test data still compiles. */
type DeclaredConnectionDetails = Partial<ConnectionDetails> &
  Pick<ConnectionDetails, "connectionToken" | "ConnectionId" | "PreSignedConnectionUrl">;

/** The details of a connection, from CreateParticipantConnection's answer. */
export interface ConnectionDetails {
  /**
   * The token that authorizes the calls. The library renews it. At run time, null with a custom client that uses none.
   */
  readonly connectionToken: string;
  /** When the connection token expires: ISO 8601. */
  readonly connectionTokenExpiry: string | null;
  /** The socket's URL; null if an external manager, such as Streams', has the socket. */
  readonly url: string | null;
  /** When the socket's URL expires: ISO 8601. */
  readonly expiry: string | null;
  /** How long the service keeps a socket open, in seconds. */
  readonly transportLifeTimeInSeconds: number;
  /** Whether an agent's connection has been acknowledged to the service; false for a customer. */
  readonly connectionAcknowledged: boolean;
  /** @deprecated Never set. */
  readonly ConnectionId: string;
  /** @deprecated Never set; use `url`. */
  readonly PreSignedConnectionUrl: string;
}

/** CreateParticipantConnection's answer. A custom client resolves with it as `{ data }`. */
export interface CreateParticipantConnectionResult {
  /** The socket of the connection. */
  Websocket?: {
    /** The URL that opens the socket. */
    Url?: string;
    /** When the URL expires: ISO 8601. */
    ConnectionExpiry?: string;
  };
  /** The connection token. If it is missing, the session uses no token. */
  ConnectionCredentials?: {
    /** The token that authorizes calls. */
    ConnectionToken?: string;
    /** When the token expires: ISO 8601. */
    Expiry?: string;
  };
}
