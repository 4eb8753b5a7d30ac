import { ChatError, isChatError, type ChatErrorCode } from "./api/errors";
import { nonEmptyText, objectOf, type JsonObject } from "./util/json";

export { ChatError, isChatError };

/** Whether the service responded with 429. */
export const isThrottled = (error: unknown): boolean => isChatError(error) && error.statusCode === 429;

/**
 * Whether a call failed because of the network or a temporary problem, not because of the call itself. A custom client
 * may report a network failure with any kind of error, so an error without a status counts as a network failure.
 */
export const isNetworkFailure = (error: unknown): boolean =>
  isChatError(error) && (error.retryable || (error.code === "ClientError" && !error.statusCode));

/** Copies an error. One failure may reject several calls, and each rejection has its own metadata. */
export function copyOf(error: ChatError): ChatError {
  const copy = new ChatError(error.code, error.message, error);
  Object.assign(copy, error, { stack: error.stack });
  return copy;
}

export function illegalArgument(field: string, problem: string): ChatError {
  return new ChatError("IllegalArgument", `${field} ${problem}`, { field });
}

/** Describes a value's kind for an error message, such as "an array". Messages never contain the value itself. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value === "") return "an empty string";
  const kind = Array.isArray(value) ? "array" : typeof value;
  return `${/^[ao]/.test(kind) ? "an" : "a"} ${kind}`;
}

/** Creates an error for an argument of the wrong kind. The message contains the expected and the actual kind. */
export const wrongArgument = (field: string, expected: string, value: unknown): ChatError =>
  illegalArgument(field, `must be ${expected}; got ${kindOf(value)}.`);

export function illegalState(message: string): ChatError {
  return new ChatError("IllegalState", message);
}

/** Whether another attempt may succeed: only 408, 429, and 5xx are temporary. */
export const isRetryableStatus = (status = 0): boolean => status === 408 || status === 429 || status >= 500;

/**
 * Converts a thrown value of any kind to a new ChatError. A ChatError is copied. For any other value, the new error has
 * the code `code` and the value's message, name, and status. If the value has no message, `message` is used.
 */
export function toChatError(thrown: unknown, code: ChatErrorCode, message: string): ChatError {
  if (isChatError(thrown)) return copyOf(thrown);
  const fields: JsonObject = objectOf(thrown);
  const {
    name,
    type,
    message: thrownMessage,
    statusCode: thrownStatus,
    status,
    $metadata: metadata,
  } = fields;
  const statusCode = [thrownStatus, objectOf(metadata)["httpStatusCode"], status].find(
    (value) => typeof value === "number",
  );
  return new ChatError(code, typeof thrown === "string" ? thrown : (nonEmptyText(thrownMessage) ?? message), {
    type: nonEmptyText(type) ?? nonEmptyText(name),
    statusCode,
    retryable: isRetryableStatus(statusCode),
    cause: thrown,
  });
}
