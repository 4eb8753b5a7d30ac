/** A message as it is sent, with the idempotency token that all its attempts have. */
export interface OutgoingMessage {
  readonly content: string;
  readonly contentType: string;
  readonly clientToken: string;
}

/** An event as it is sent; its idempotency token is a new UUID by default. */
export interface OutgoingEvent {
  readonly contentType: string;
  readonly content: string | object | null;
  readonly clientToken?: string | undefined;
}

/**
 * Success of a call: the service's answer, and the caller's own `metadata` handed back (null if none). `data` is absent
 * where a custom client answered without it.
 */
export interface CallSuccess<Data, Metadata = unknown> {
  data?: Data;
  metadata: Metadata | null;
}

/** A session's own details and those of its connection, as `getChatDetails()` gives them. */
export interface KnownDetails {
  contactId: string;
  initialContactId: string;
  participantId: string;
  participantToken: string | null;
  /** Null before `connect()` and after `reset()`. */
  connectionDetails: KnownConnection | null;
}

/** What is known of the connection, as CreateParticipantConnection answered. */
export interface KnownConnection {
  /** The socket's URL; null if an external manager (Streams') has the socket. */
  url: string | null;
  /** When the socket's URL expires, ISO 8601. */
  expiry: string | null;
  transportLifeTimeInSeconds: number;
  connectionAcknowledged: boolean;
  connectionToken: string | null;
  /** ISO 8601. */
  connectionTokenExpiry: string | null;
}
