/** The results of a session's calls. */
import type { ChatMessageMetadata, ChatTranscriptItem, View } from "./items";

/** The `metadata` that the caller passed. */
export interface ChatMetadata<T> {
  /** The call's `metadata` argument; null if there was none. */
  metadata: T;
}

/** A result that has the caller's `metadata`. */
export type WithMetadata<D, M> = D & ChatMetadata<M>;

/* eslint-disable @typescript-eslint/no-invalid-void-type -- the original library declares void */
/** A response, declared as in the original library. Only `data` is set. */
export interface AWSResponse<D> {
  /** The service's response. */
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

/** A response from the Participant Service. */
export type ParticipantServiceResponse<D> = AWSResponse<D>;

/** The result of a successful call: the service's response and the caller's `metadata`. */
export interface CallResult<D, M = null> extends AWSResponse<D>, ChatMetadata<M> {
  /** The service's response. */
  data: D;
}

/**
 * The fields of the `connect()` result that the original library declares. If `connect()` rejects, the `ChatError` has
 * the same fields.
 */
export interface ConnectChatResult {
  /** Always true. */
  connectCalled: boolean;
  /** True on the result; false on the error if `connect()` rejects. */
  connectSuccess: boolean;
}

/** The result of `connect()`. */
export interface ConnectResult<M = null> extends ConnectChatResult, ChatMetadata<M> {
  _debug: { websocketStatus: string };
}

/** The GetTranscript response. */
export interface GetTranscriptResult {
  /** The ID of the contact that the chat began with. */
  InitialContactId: string;
  /** The token for the next page, to pass as `nextToken`. Missing on the last page. */
  NextToken: string;
  /** The items on the page. */
  Transcript: ChatTranscriptItem[];
}

/** The SendMessage response. */
export interface SendMessageResult {
  /** When the service received the message: ISO 8601, UTC, with milliseconds. */
  AbsoluteTime: string;
  /** The ID of the message's item. */
  Id: string;
  /** Set if the Amazon Connect instance processes messages before delivering them. */
  MessageMetadata?: ChatMessageMetadata;
}

/** The SendEvent response. */
export interface SendEventResult {
  /** When the service received the event: ISO 8601, UTC, with milliseconds. */
  AbsoluteTime: string;
  /** The ID of the event's item. */
  Id: string;
}

/**
 * The result of `sendEvent()`. For a receipt that was already sent, `message` is "Event already fired", and there is no
 * `data`.
 */
export interface SendEventCallResult<M = null> extends AWSResponse<SendEventResult>, ChatMetadata<M> {
  /** "Event already fired" for a receipt that didn't need to be sent. */
  message?: string;
}

/** The CompleteAttachmentUpload response, which is empty. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the original library declares an empty interface
export interface SendAttachmentResult {}

/** The GetAttachment response. `getAttachmentURL()` resolves with just the URL, as a string. */
export interface GetAttachmentURLResult {
  /** The signed URL, which is valid for a few minutes. */
  Url: string;
}

/** The DescribeView response. */
export interface DescribeViewResult {
  View?: View;
}

/** The GetAuthenticationUrl response. */
export interface GetAuthenticationUrlResult {
  /** The URL where the customer signs in. */
  AuthenticationUrl?: string;
}

/** The details of a session and its connection. Returned by `getChatDetails()`. */
export interface ChatDetails {
  /** The ID of the contact. */
  contactId: string;
  /** The ID of the contact that the chat began with. Differs from `contactId` after a transfer. */
  initialContactId: string;
  /** The ID of the participant. */
  participantId: string;
  /** The participant token that was passed to `create()`. At run time, null if there is none. Most agents have none. */
  participantToken?: string;
  /** The connection's details. At run time, null (not undefined) before `connect()` resolves and after `reset()`. */
  connectionDetails?: DeclaredConnectionDetails;
}

/** Only the original library's fields are required, so that existing test data still compiles. */
type DeclaredConnectionDetails = Partial<ConnectionDetails> &
  Pick<ConnectionDetails, "connectionToken" | "ConnectionId" | "PreSignedConnectionUrl">;

/** The details of a connection, from the CreateParticipantConnection response. */
export interface ConnectionDetails {
  /** The token that authorizes calls. The library renews it. At run time, null if a custom client uses none. */
  readonly connectionToken: string;
  /** When the connection token expires (ISO 8601). */
  readonly connectionTokenExpiry: string | null;
  /** The socket's URL; null if an external manager, such as the one in Streams, owns the socket. */
  readonly url: string | null;
  /** When the socket's URL expires (ISO 8601). */
  readonly expiry: string | null;
  /** How long the service keeps a socket open, in seconds. */
  readonly transportLifeTimeInSeconds: number;
  /** Whether the agent's contact has been acknowledged; false for a customer. */
  readonly connectionAcknowledged: boolean;
  /** @deprecated Never set. */
  readonly ConnectionId: string;
  /** @deprecated Never set. Use `url`. */
  readonly PreSignedConnectionUrl: string;
}

/** The CreateParticipantConnection response. A custom client resolves with it as `{ data }`. */
export interface CreateParticipantConnectionResult {
  /** The connection's socket. */
  Websocket?: {
    /** The URL that opens the socket. */
    Url?: string;
    /** When the URL expires (ISO 8601). */
    ConnectionExpiry?: string;
  };
  /** The connection token. If it's missing, the session makes its calls without one. */
  ConnectionCredentials?: {
    /** The token that authorizes calls. */
    ConnectionToken?: string;
    /** When the token expires (ISO 8601). */
    Expiry?: string;
  };
}
