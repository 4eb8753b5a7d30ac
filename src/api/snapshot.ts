/** A session's progress, as data that survives a reload. */

/** A message that might not have been sent. All attempts to send it share one idempotency token. */
export interface UnsentMessage {
  readonly content: string;
  readonly contentType: string;
  readonly clientToken: string;
  /** When the first attempt was made, in epoch milliseconds of the local clock. */
  readonly sentAtMs: number;
}

/** The progress of a session's outgoing messages. */
export interface OutgoingProgress {
  /** The messages that were in flight or had failed, by the ID to pass to `resendMessage()`. */
  readonly unsent: Readonly<Record<string, UnsentMessage>>;
  /** The service's IDs of recently sent messages. They keep a sent message from being mistaken for an unsent one. */
  readonly answered: readonly string[];
}

/** The progress of a bot's streamed message. */
export interface StreamedMessageProgress {
  /** The text so far. */
  readonly text: string;
  /** The number of the last chunk. In memory, Infinity marks a complete message; snapshots have only unfinished ones. */
  readonly chunk: number;
  /**
   * The time of the first chunk. The message keeps this time, and so its position in the transcript, as more chunks
   * arrive.
   */
  readonly absoluteTime: string | undefined;
  /**
   * The text delivered so far, if it is longer than `text` because it came from a transcript page without chunk numbers.
   * The next chunk is still appended to `text`.
   */
  readonly shown?: string | undefined;
}

/**
 * A session's progress, as plain data that can be stored as JSON. `session.snapshot()` returns a snapshot. Pass it to
 * `create({ …, resume })` after a reload or on the next page. A snapshot doesn't contain the connection token. It
 * contains text only from unsent messages and from messages that are still streaming.
 */
export interface ChatSnapshot extends OutgoingProgress {
  /** The format's version. */
  readonly version: 1;
  /** The ID of the session's contact. */
  readonly contactId: string;
  /** The ID of the session's participant. */
  readonly participantId: string;
  /** The time up to which all items were delivered (ISO 8601). Null if the session doesn't know the service's time. */
  readonly cursor: string | null;
  /** The time up to which no item is missing, in epoch milliseconds of the local clock. Used if `cursor` is null. */
  readonly intactUntilMs: number;
  /** The delivered parts of bots' messages that were still streaming, by item ID. */
  readonly answers: Readonly<Record<string, StreamedMessageProgress>>;
  /** The signatures of delivered items that a recovery would fetch again, by item ID. */
  readonly seen: Readonly<Record<string, string>>;
}
