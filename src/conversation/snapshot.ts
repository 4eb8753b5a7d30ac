import { illegalArgument } from "../errors";
import { isObject, isText, objectOf } from "../util/json";
import type { AnswerProgress } from "./partial-messages";
import { LATEST_TIME_MS } from "./recent-items";
import type { FailedMessage, OutgoingProgress } from "./outgoing-messages";

/**
 * How far a conversation has come, as plain data that JSON can hold: what `session.snapshot()` gives, for a
 * `create({ …, resume })` after a reload or on the next page. No token is in it and no text but that of messages which
 * are not sent yet.
 */
export interface ChatSnapshot extends OutgoingProgress {
  readonly version: 1;
  readonly contactId: string;
  readonly participantId: string;
  /** Up to where everything was delivered, ISO 8601; null where the session did not learn the service's time. */
  readonly cursor: string | null;
  /** Up to when nothing is missing, by this machine's clock, epoch milliseconds: counts where `cursor` is null. */
  readonly intactUntilMs: number;
  /** Bots' answers that were still streaming, as far as they were delivered, by Id. */
  readonly answers: Readonly<Record<string, AnswerProgress>>;
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
  const { cursor, intactUntilMs, seen, answers, unsent, answered } = value;
  if (cursor !== null && (typeof cursor !== "string" || Number.isNaN(Date.parse(cursor)))) {
    throw illegalArgument("resume.cursor", "must be a time in ISO 8601.");
  }
  return {
    version: 1,
    contactId,
    participantId,
    cursor,
    intactUntilMs: typeof intactUntilMs === "number" ? intactUntilMs : 0,
    answers: entriesOf(answers, isAnswer),
    seen: entriesOf(seen, isText),
    unsent: entriesOf(unsent, isMessage),
    answered: Array.isArray(answered) ? answered.filter(isText) : [],
  };
}

const isAnswer = (value: unknown): value is AnswerProgress =>
  isObject(value) &&
  isText(value["text"]) &&
  typeof value["chunk"] === "number" &&
  (value["absoluteTime"] === undefined || isText(value["absoluteTime"]));

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
  const entries = Object.entries(objectOf(given));
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => isRight(entry[1])));
}
