/** How far a session has come, as data that outlives the page. */

/** A message that isn't known to be sent, with the idempotency token that all its attempts have. */
export interface UnsentMessage {
  readonly content: string;
  readonly contentType: string;
  readonly clientToken: string;
  /** When it was sent first, epoch milliseconds by this machine's clock. */
  readonly sentAtMs: number;
}

/** The state of a session's outgoing messages. */
export interface OutgoingProgress {
  /** Messages that were in flight, or had failed, by the IDs that `resendMessage()` takes. */
  readonly unsent: Readonly<Record<string, UnsentMessage>>;
  /** The service's IDs of the messages that were sent last: none of them is mistaken for an unsent one. */
  readonly answered: readonly string[];
}

/** How far a streamed answer has come. */
export interface AnswerProgress {
  /** The text so far. */
  readonly text: string;
  /** The number of its last chunk; Infinity once the answer is complete. */
  readonly chunk: number;
  /** The first chunk's time: the answer keeps its place while it grows. */
  readonly absoluteTime: string | undefined;
}

/**
 * How far a session has come, as plain data that JSON can hold: `session.snapshot()` returns it, for
 * `create({ …, resume })` after a reload or on the next page. It holds no token, and no text except that of messages that
 * aren't sent yet and of answers that are still streaming.
 */
export interface ChatSnapshot extends OutgoingProgress {
  readonly version: 1;
  readonly contactId: string;
  readonly participantId: string;
  /** Everything up to here was delivered, ISO 8601; null if the session never learned the service's time. */
  readonly cursor: string | null;
  /** Nothing before this time is missing, epoch milliseconds by this machine's clock. Used if `cursor` is null. */
  readonly intactUntilMs: number;
  /** Bots' answers that were still streaming, as far as they were delivered, by Id. */
  readonly answers: Readonly<Record<string, AnswerProgress>>;
  /** Signatures of the items that were delivered around the cursor, by Id. */
  readonly seen: Readonly<Record<string, string>>;
}
