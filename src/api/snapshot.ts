/** A session's progress, as data that survives a reload. */

/** A message that may not have been sent, with the idempotency token that all its attempts share. */
export interface UnsentMessage {
  readonly content: string;
  readonly contentType: string;
  readonly clientToken: string;
  /** When the message was first sent: epoch milliseconds by the local clock. */
  readonly sentAtMs: number;
}

/** The progress of a session's outgoing messages. */
export interface OutgoingProgress {
  /** The messages that were in flight or had failed, by their IDs for `resendMessage()`. */
  readonly unsent: Readonly<Record<string, UnsentMessage>>;
  /** The service's IDs of recently sent messages, so that none of them is mistaken for an unsent one. */
  readonly answered: readonly string[];
}

/** The progress of a streamed answer. */
export interface StreamedMessageProgress {
  /** The text so far. */
  readonly text: string;
  /** The number of the last chunk; Infinity once the answer is complete. */
  readonly chunk: number;
  /** The time of the first chunk. The answer keeps it, and so its place in the transcript, while it grows. */
  readonly absoluteTime: string | undefined;
}

/**
 * A session's progress, as plain data that can be stored as JSON. `session.snapshot()` returns it; pass it to
 * `create({ …, resume })` after a reload or on the next page. It contains no connection token. The only text in it is
 * that of unsent messages and of answers that are still streaming.
 */
export interface ChatSnapshot extends OutgoingProgress {
  /** The version of the format. */
  readonly version: 1;
  /** The ID of the session's contact. */
  readonly contactId: string;
  /** The ID of the session's participant. */
  readonly participantId: string;
  /** The time up to which all items were delivered: ISO 8601. Null if the session never learned the service's time. */
  readonly cursor: string | null;
  /** The time up to which no item is missing: epoch milliseconds by the local clock. Used if `cursor` is null. */
  readonly intactUntilMs: number;
  /** The delivered parts of bots' answers that were still streaming, by item ID. */
  readonly answers: Readonly<Record<string, StreamedMessageProgress>>;
  /** The signatures of items that were delivered around the cursor, by item ID. */
  readonly seen: Readonly<Record<string, string>>;
}
