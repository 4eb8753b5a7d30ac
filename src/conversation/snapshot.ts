import { illegalArgument } from "../errors";
import { isObject, isText } from "../util/json";
import { LATEST_TIME_MS } from "./recent-items";
import type { FailedMessage, OwnMessagesProgress } from "./own-messages";

/**
 * How far a conversation has come, as plain data that JSON can hold: what `session.snapshot()` gives, for a
 * `create({ …, resume })` after a reload or on the next page. No token is in it and no text but that of messages which
 * are not sent yet.
 */
export interface ChatSnapshot extends OwnMessagesProgress {
  readonly version: 1;
  readonly contactId: string;
  readonly participantId: string;
  /** Up to where everything was handed over, ISO 8601. */
  readonly cursor: string;
  /** Signatures of the items handed over around the cursor, by Id. */
  readonly seen: Readonly<Record<string, string>>;
}

/** A snapshot as an application hands it back: from wherever it was kept. */
export function checkSnapshot(value: unknown, contactId: string, participantId: string): ChatSnapshot {
  if (!isObject(value) || value["version"] !== 1) {
    throw illegalArgument("resume", "must be what session.snapshot() gave.");
  }
  if (value["contactId"] !== contactId || value["participantId"] !== participantId) {
    throw illegalArgument("resume", "is of another contact or participant: leave it out for this one.");
  }
  const { cursor, seen, unsent, answered } = value;
  if (typeof cursor !== "string" || Number.isNaN(Date.parse(cursor))) {
    throw illegalArgument("resume.cursor", "must be a time in ISO 8601.");
  }
  return {
    version: 1,
    contactId,
    participantId,
    cursor,
    seen: entriesOf(seen, isText),
    unsent: entriesOf(unsent, isMessage),
    answered: Array.isArray(answered) ? answered.filter(isText) : [],
  };
}

const isMessage = (value: unknown): value is FailedMessage =>
  isObject(value) &&
  ["content", "contentType", "clientToken"].every((key) => isText(value[key])) &&
  typeof value["sentAtMs"] === "number" &&
  Math.abs(value["sentAtMs"]) <= LATEST_TIME_MS;

/** What is not as it should be is left out: it can only cost that a message is told twice. */
function entriesOf<Value>(
  given: unknown,
  isRight: (value: unknown) => value is Value,
): Record<string, Value> {
  const entries = Object.entries(isObject(given) ? given : {});
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => isRight(entry[1])));
}
