/** What a session's calls resolve with. What they take is in session/arguments, beside the checks. */
import type { ConnectArgs } from "../arguments";
import type { ChatTranscriptItem, ChatMessageMetadata, View } from "./items";

/** What a caller gave as `metadata`, handed back; null where nothing was given. */
export interface ChatMetadata<T> {
  metadata: T;
}

/** Something with the caller's `metadata` on it. */
export type WithMetadata<D, M> = D & ChatMetadata<M>;

/* eslint-disable @typescript-eslint/no-invalid-void-type -- upstream's word for "nothing"; another would not compile with it */
/** An answer as upstream declares it. The library fills `data` alone. */
export interface AWSResponse<D> {
  /** The service's answer. */
  data: void | D;
  /** @deprecated Declared by upstream and never there: a failure is a rejection. */
  error: void | Error;
  /** @deprecated Declared by upstream and never there. */
  requestId: string;
  /** @deprecated Declared by upstream and never there. */
  redirectCount: number;
  /** @deprecated Declared by upstream and never there. */
  retryCount: number;
}
/* eslint-enable @typescript-eslint/no-invalid-void-type */

/** An answer of the Participant Service. */
export type ParticipantServiceResponse<D> = AWSResponse<D>;

/** Success of a call: the service's answer as `data`, and the caller's own `metadata` handed back (null if none). */
export interface CallResult<D, M = null> extends AWSResponse<D>, ChatMetadata<M> {
  data: D;
}

/** `metadata`, with its type kept for the result. */
export interface OptionalMetadata<M> {
  /** The caller's own value; handed back with the result. */
  metadata?: M;
}

/** What `connect()` resolves with. Its rejection is a `ChatError` with the same fields and `connectSuccess` false. */
export interface ConnectChatResult {
  connectCalled: boolean;
  connectSuccess: boolean;
}

/** `connect()`'s result in whole. */
export interface ConnectResult<M = null> extends ConnectChatResult, ChatMetadata<M> {
  _debug: { websocketStatus: string };
}

/** GetTranscript's answer. */
export interface GetTranscriptResult {
  InitialContactId: string;
  /** Leads to the next page; not there on the last. */
  NextToken: string;
  Transcript: ChatTranscriptItem[];
}

/** SendMessage's answer. */
export interface SendMessageResult {
  /** When the service took the message: ISO 8601, UTC, milliseconds. */
  AbsoluteTime: string;
  Id: string;
  /** Where a contact flow processes messages before they are delivered. */
  MessageMetadata?: ChatMessageMetadata;
}

/** SendEvent's answer. */
export interface SendEventResult {
  /** When the service took the event: ISO 8601, UTC, milliseconds. */
  AbsoluteTime: string;
  Id: string;
}

/** What `sendEvent()` resolves with: `data`, or for a receipt that was sent before `message: "Event already fired"`. */
export interface SendEventCallResult<M = null> extends AWSResponse<SendEventResult>, ChatMetadata<M> {
  message?: string;
}

/** CompleteAttachmentUpload's answer: it holds nothing. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- as upstream declares it
export interface SendAttachmentResult {}

/** GetAttachment's answer. `getAttachmentURL()` resolves the URL alone, as a string. */
export interface GetAttachmentURLResult {
  /** Signed, and good for some minutes. */
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

/** A session's own details and those of its connection, as `getChatDetails()` gives them. */
export interface ChatDetails {
  contactId: string;
  /** The contact that the chat began with: another one after a transfer. */
  initialContactId: string;
  participantId: string;
  /** As it was given; nothing for an agent, or with a transport that goes without (null at run time). */
  participantToken?: string;
  /** Nothing before `connect()` and after `reset()` (null at run time, so do not compare it with undefined). */
  connectionDetails?: DeclaredConnectionDetails;
}

/** Of upstream's fields alone, so that an application that makes such details for a test of its own goes on to compile. */
type DeclaredConnectionDetails = Partial<ConnectionDetails> &
  Pick<ConnectionDetails, "connectionToken" | "ConnectionId" | "PreSignedConnectionUrl">;

/** CreateParticipantConnection's answer, as the library keeps it. */
export interface ConnectionDetails {
  /** Authorises the calls; renewed by the library. Null at run time with a transport of the application's own that has none. */
  readonly connectionToken: string;
  /** Until when the connection token is good, ISO 8601. */
  readonly connectionTokenExpiry: string | null;
  /** The socket's URL; null where a manager of somebody else's (Streams) has the socket. */
  readonly url: string | null;
  /** Until when the socket's URL may be used, ISO 8601. */
  readonly expiry: string | null;
  /** How long the service keeps a socket open. */
  readonly transportLifeTimeInSeconds: number;
  readonly connectionAcknowledged: boolean;
  /** @deprecated Declared by upstream and never there. */
  readonly ConnectionId: string;
  /** @deprecated Declared by upstream and never there: it is `url`. */
  readonly PreSignedConnectionUrl: string;
}

/** CreateParticipantConnection's answer, which a transport of the application's own resolves as `{data}`. */
export interface CreateParticipantConnectionResult {
  Websocket?: {
    /** Opens the socket. */
    Url?: string;
    /** Until when the URL may be used, ISO 8601. */
    ConnectionExpiry?: string;
  };
  /** Left out, the connection token is neither renewed nor needed. */
  ConnectionCredentials?: {
    ConnectionToken?: string;
    /** Until when the token is good, ISO 8601. */
    Expiry?: string;
  };
}

/** The states of `getConnectionStatus()`. */
export interface NetworkLinkStatus {
  NeverEstablished: "NeverEstablished";
  Establishing: "Establishing";
  Established: "Established";
  Broken: "Broken";
}

export type { ConnectArgs };
