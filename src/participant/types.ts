/** A message to send, with the idempotency token that all its attempts share. */
export interface OutgoingMessage {
  readonly content: string;
  readonly contentType: string;
  readonly clientToken: string;
}

/** An event to send. Its idempotency token is a new UUID by default. */
export interface OutgoingEvent {
  readonly contentType: string;
  readonly content: string | object | null;
  readonly clientToken?: string | undefined;
}

/**
 * The result of a successful call: the service's answer, and the caller's `metadata` (null if there is none). `data` is
 * missing if a custom client answers without it.
 */
export interface CallSuccess<Data, Metadata = unknown> {
  data?: Data;
  metadata: Metadata | null;
}

/** The details of a session and its connection, as `getChatDetails()` returns them. */
export interface SessionDetails {
  contactId: string;
  initialContactId: string;
  participantId: string;
  participantToken: string | null;
  /** Null before `connect()` and after `reset()`. */
  connectionDetails: SessionConnection | null;
}

/** The details of a connection, from CreateParticipantConnection's answer. */
export interface SessionConnection {
  /** The socket's URL; null if an external manager, such as Streams', has the socket. */
  url: string | null;
  /** When the socket's URL expires: ISO 8601. */
  expiry: string | null;
  transportLifeTimeInSeconds: number;
  connectionAcknowledged: boolean;
  connectionToken: string | null;
  /** When the token expires: ISO 8601. */
  connectionTokenExpiry: string | null;
}
