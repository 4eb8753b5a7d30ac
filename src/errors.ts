import { ChatError, isChatError, type ChatErrorCode } from "./api/errors";
import { nonEmptyText, objectOf, type JsonObject } from "./util/json";

export { ChatError, isChatError };

/** Whether the service said that there are too many calls. */
export const isThrottled = (error: unknown): boolean => isChatError(error) && error.statusCode === 429;

/** A failure that says nothing of the call itself; a custom client's network fails with an error of any kind. */
export const isOfNetwork = (error: unknown): boolean =>
  isChatError(error) && (error.retryable || (error.code === "ClientError" && !error.statusCode));

/** One failure may be that of several calls, and each of their rejections carries its own metadata. */
export function copyOf(error: ChatError): ChatError {
  const copy = new ChatError(error.code, error.message, error);
  Object.assign(copy, error, { stack: error.stack });
  return copy;
}

export function illegalArgument(field: string, problem: string): ChatError {
  return new ChatError("IllegalArgument", `${field} ${problem}`, { field });
}

/** What a message says of a value of the wrong kind: its kind, never the value itself. */
export const kindOf = (value: unknown): string =>
  value === null ? "null" : value === "" ? "an empty string" : Array.isArray(value) ? "array" : typeof value;

/** An argument of the wrong kind: the message says what it must be, and of what kind it is instead. */
export const wrongArgument = (field: string, expected: string, got: unknown): ChatError =>
  illegalArgument(field, `must be ${expected}; got ${kindOf(got)}.`);

export function illegalState(message: string): ChatError {
  return new ChatError("IllegalState", message);
}

/** 408, 429 and 5xx pass; another attempt gives the same answer for all the rest. */
export const isRetryableStatus = (status = 0): boolean => status === 408 || status === 429 || status >= 500;

/** A thrown value of any kind as a ChatError of its own: a copy of ours; an application's keep their name and status. */
export function toChatError(thrown: unknown, code: ChatErrorCode, message: string): ChatError {
  if (isChatError(thrown)) return copyOf(thrown);
  const fields: JsonObject = objectOf(thrown);
  const { name, type, message: own, statusCode: ownStatus, status, $metadata: metadata } = fields;
  const statusCode = [ownStatus, objectOf(metadata)["httpStatusCode"], status].find(
    (value) => typeof value === "number",
  );
  return new ChatError(code, typeof thrown === "string" ? thrown : (nonEmptyText(own) ?? message), {
    type: nonEmptyText(type) ?? nonEmptyText(name),
    statusCode,
    retryable: isRetryableStatus(statusCode),
    cause: thrown,
  });
}
