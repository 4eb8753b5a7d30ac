/** What a session's calls resolve with. */
import type { ChatMessageMetadata, ChatTranscriptItem, View } from "./items";

/** The caller's own `metadata`; null if the call was given none. */
export interface ChatMetadata<T> {
  metadata: T;
}

/** A value with the caller's `metadata` set on it. */
export type WithMetadata<D, M> = D & ChatMetadata<M>;

/* eslint-disable @typescript-eslint/no-invalid-void-type -- the original library's word for "nothing"; another would not compile with it */
/** An answer as the original library declares it. Only `data` is set. */
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

/** An answer of the Participant Service. */
export type ParticipantServiceResponse<D> = AWSResponse<D>;

/** What a successful call resolves with: the service's answer as `data`, and the caller's own `metadata` (null if none). */
export interface CallResult<D, M = null> extends AWSResponse<D>, ChatMetadata<M> {
  data: D;
}

/** What `connect()` resolves with. Its rejection is a `ChatError` with the same fields, where `connectSuccess` is false. */
export interface ConnectChatResult {
  connectCalled: boolean;
  connectSuccess: boolean;
}

/** What `connect()` resolves with, in full. */
export interface ConnectResult<M = null> extends ConnectChatResult, ChatMetadata<M> {
  _debug: { websocketStatus: string };
}

/** GetTranscript's answer. */
export interface GetTranscriptResult {
  InitialContactId: string;
  /** Pass it as `nextToken` to fetch the next page; missing on the last page. */
  NextToken: string;
  Transcript: ChatTranscriptItem[];
}

/** SendMessage's answer. */
export interface SendMessageResult {
  /** When the service received the message: ISO 8601, UTC, milliseconds. */
  AbsoluteTime: string;
  Id: string;
  /** Set if a contact flow processes messages before they are delivered. */
  MessageMetadata?: ChatMessageMetadata;
}

/** SendEvent's answer. */
export interface SendEventResult {
  /** When the service received the event: ISO 8601, UTC, milliseconds. */
  AbsoluteTime: string;
  Id: string;
}

/**
 * What `sendEvent()` resolves with: `data`, or, for a receipt that was sent before, `message: "Event already fired"`
 * without `data`.
 */
export interface SendEventCallResult<M = null> extends AWSResponse<SendEventResult>, ChatMetadata<M> {
  message?: string;
}

/** CompleteAttachmentUpload's answer, which is empty. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- as the original library declares it
export interface SendAttachmentResult {}

/** GetAttachment's answer. `getAttachmentURL()` resolves with the URL alone, as a string. */
export interface GetAttachmentURLResult {
  /** Signed, and valid for a few minutes. */
  Url: string;
}

/** DescribeView's answer. */
export interface DescribeViewResult {
  View?: View;
}

/** GetAuthenticationUrl's answer. */
export interface GetAuthenticationUrlResult {
  AuthenticationUrl?: string;
}

/** The details of a session and its connection: what `getChatDetails()` returns. */
export interface ChatDetails {
  contactId: string;
  /** The contact that the chat began with; after a transfer it differs from `contactId`. */
  initialContactId: string;
  participantId: string;
  /** As `create()` was given it. Null at run time for an agent, or with a custom client that needs none. */
  participantToken?: string;
  /** Null at run time before `connect()` and after `reset()`, so don't compare it with undefined. */
  connectionDetails?: DeclaredConnectionDetails;
}

/** Only the original library's fields are required, so that an application's own test data still compiles. */
type DeclaredConnectionDetails = Partial<ConnectionDetails> &
  Pick<ConnectionDetails, "connectionToken" | "ConnectionId" | "PreSignedConnectionUrl">;

/** CreateParticipantConnection's answer, as the library keeps it. */
export interface ConnectionDetails {
  /** Authorizes the calls; the library renews it. Null at run time with a custom client that uses none. */
  readonly connectionToken: string;
  /** When the connection token expires, ISO 8601. */
  readonly connectionTokenExpiry: string | null;
  /** The socket's URL; null if an external manager (Streams') has the socket. */
  readonly url: string | null;
  /** When the socket's URL expires, ISO 8601. */
  readonly expiry: string | null;
  /** How many seconds the service keeps a socket open. */
  readonly transportLifeTimeInSeconds: number;
  readonly connectionAcknowledged: boolean;
  /** @deprecated Never set. */
  readonly ConnectionId: string;
  /** @deprecated Never set; use `url`. */
  readonly PreSignedConnectionUrl: string;
}

/** CreateParticipantConnection's answer, which a custom client resolves with as `{data}`. */
export interface CreateParticipantConnectionResult {
  Websocket?: {
    /** Opens the socket. */
    Url?: string;
    /** When the URL expires, ISO 8601. */
    ConnectionExpiry?: string;
  };
  /** Without it, the session needs no connection token, and renews none. */
  ConnectionCredentials?: {
    ConnectionToken?: string;
    /** When the token expires, ISO 8601. */
    Expiry?: string;
  };
}
