/** Reads fields from request bodies. A missing or invalid field is refused with a ValidationException. */
import { isObject, Refusal, type Body } from "./http";
import type { TranscriptQuery } from "./items";
import { isWellFormed } from "./json";

export function text(body: Body, field: string): string {
  const value = body[field];
  if (typeof value === "string" && value !== "") return value;
  throw new Refusal(400, `${field} must be a non-empty string.`);
}

/** Reads a text that becomes part of a URL. */
export function wellFormedText(body: Body, field: string): string {
  const value = text(body, field);
  if (isWellFormed(value)) return value;
  throw new Refusal(400, `${field} must be well-formed Unicode, without lone surrogates.`);
}

export function textList(body: Body, field: string): string[] {
  const value = body[field];
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw new Refusal(400, `${field} must be a list of strings.`);
}

export function optionalText(body: Body, field: string): string | undefined {
  const value = body[field] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw new Refusal(400, `${field} must be a string.`);
}

export function optionalFlag(body: Body, field: string): boolean {
  const value = body[field] ?? false;
  if (typeof value === "boolean") return value;
  throw new Refusal(400, `${field} must be true or false.`);
}

/** Reads a whole number between `min` and `max`, inclusive. */
export function count(
  body: Body,
  field: string,
  [min, max]: readonly [min: number, max: number],
  fallback?: number,
): number {
  const value = body[field] ?? fallback;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Refusal(400, `${field} must be a whole number from ${min} to ${max}.`);
}

export const optionalCount = (
  body: Body,
  field: string,
  range: readonly [min: number, max: number],
): number | undefined => ((body[field] ?? undefined) === undefined ? undefined : count(body, field, range));

export function choice<const Choice extends string>(
  body: Body,
  field: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const value = body[field] ?? choices[0];
  const found = choices.find((each) => each === value);
  if (found === undefined) throw new Refusal(400, `${field} must be one of ${choices.join(", ")}.`);
  return found;
}

export function messageIdOf(content: string | undefined): string {
  try {
    const parsed: unknown = JSON.parse(content ?? "");
    const messageId = isObject(parsed) ? parsed["messageId"] : undefined;
    if (typeof messageId === "string") return messageId;
  } catch {
    // Falls through to the error below.
  }
  throw new Refusal(400, "A receipt's Content must be a JSON object with a messageId string.");
}

const isUndefined = (value: unknown): boolean => value === undefined;

/** GetTranscript's maximum and default page size. */
const MAX_RESULTS = 100;
const DEFAULT_RESULTS = 15;

export function transcriptQuery(body: Body): TranscriptQuery {
  const start = body["StartPosition"] ?? {};
  if (!isObject(start)) throw new Refusal(400, "StartPosition must be an object.");
  const id = optionalText(start, "Id");
  const absoluteTime = optionalText(start, "AbsoluteTime");
  const mostRecent = optionalCount(start, "MostRecent", [0, MAX_RESULTS]);
  const nextToken = optionalText(body, "NextToken");
  const scanDirection = choice(body, "ScanDirection", ["BACKWARD", "FORWARD"]);
  if (scanDirection === "FORWARD" && [id, absoluteTime, mostRecent, nextToken].every(isUndefined)) {
    // The service's own message, which doesn't name the parameter.
    throw new Refusal(400, "Validation exception due to invalid parameter");
  }
  return {
    maxResults: count(body, "MaxResults", [1, MAX_RESULTS], DEFAULT_RESULTS),
    scanDirection,
    sortOrder: choice(body, "SortOrder", ["ASCENDING", "DESCENDING"]),
    startPosition: {
      ...(id !== undefined && { id }),
      ...(absoluteTime !== undefined && { absoluteTime }),
      ...(mostRecent !== undefined && { mostRecent }),
    },
    ...(nextToken !== undefined && { nextToken }),
  };
}
