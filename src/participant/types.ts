/** A message to send. All its attempts share one idempotency token. */
export interface OutgoingMessage {
  readonly content: string;
  readonly contentType: string;
  readonly clientToken: string;
}

/** An event to send. Without a `clientToken`, a new UUID is the idempotency token. */
export interface OutgoingEvent {
  readonly contentType: string;
  readonly content: string | object | null;
  readonly clientToken?: string | undefined;
}

/**
 * The result of a successful call. `data` is the service's response, or undefined if a custom client resolves without
 * `data`. `metadata` is the caller's value, or null.
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

/** The details of a connection, from the CreateParticipantConnection response. */
export interface SessionConnection {
  /** The socket's URL; null if an external manager, such as the one in Streams, owns the socket. */
  url: string | null;
  /** When the socket's URL expires (ISO 8601). */
  expiry: string | null;
  transportLifeTimeInSeconds: number;
  connectionAcknowledged: boolean;
  connectionToken: string | null;
  /** When the token expires (ISO 8601). */
  connectionTokenExpiry: string | null;
}
