import type { StreamedMessageProgress, ChatSnapshot, UnsentMessage } from "../api/snapshot";
import { illegalArgument } from "../errors";
import { isObject, isText, objectOf } from "../util/json";
import { LATEST_TIME_MS } from "./recent-items";

/** Validates an application's snapshot, which may come from any storage. Throws IllegalArgument. */
export function checkSnapshot(value: unknown, contactId: string, participantId: string): ChatSnapshot {
  if (!isObject(value) || value["version"] !== 1) {
    throw illegalArgument("resume", "must be what session.snapshot() returned.");
  }
  if (value["contactId"] !== contactId || value["participantId"] !== participantId) {
    throw illegalArgument("resume", "belongs to another contact or participant. Omit it for this one.");
  }
  const { cursor, intactUntilMs, seen, answers, unsent, answered } = value;
  if (cursor !== null && (typeof cursor !== "string" || Number.isNaN(Date.parse(cursor)))) {
    throw illegalArgument("resume.cursor", "must be an ISO 8601 time or null.");
  }
  return {
    version: 1,
    contactId,
    participantId,
    cursor,
    intactUntilMs: typeof intactUntilMs === "number" ? intactUntilMs : 0,
    answers: validEntriesOf(answers, isStreamedProgress),
    seen: validEntriesOf(seen, isText),
    unsent: validEntriesOf(unsent, isUnsentMessage),
    answered: Array.isArray(answered) ? answered.filter(isText) : [],
  };
}

const isStreamedProgress = (value: unknown): value is StreamedMessageProgress =>
  isObject(value) &&
  isText(value["text"]) &&
  typeof value["chunk"] === "number" &&
  [value["absoluteTime"], value["shown"]].every((each) => each === undefined || isText(each));

const isUnsentMessage = (value: unknown): value is UnsentMessage =>
  isObject(value) &&
  ["content", "contentType", "clientToken"].every((key) => isText(value[key])) &&
  typeof value["sentAtMs"] === "number" &&
  Math.abs(value["sentAtMs"]) <= LATEST_TIME_MS;

/** Returns the valid entries. Dropping an invalid entry causes, at worst, a second delivery of a message. */
function validEntriesOf<Value>(
  value: unknown,
  isValid: (value: unknown) => value is Value,
): Record<string, Value> {
  const entries = Object.entries(objectOf(value));
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => isValid(entry[1])));
}
