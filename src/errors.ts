import type { ErrorCause } from "./util/global-types";
import { nonEmptyText, objectOf, type JsonObject } from "./util/json";

/**
 * What went wrong, in one word for programs:
 * - `IllegalArgument`: an argument is missing or of the wrong kind; `field` names it. Nothing was sent.
 * - `IllegalState`: the call does not fit the session's state (not connected yet, ended). Nothing was sent.
 * - `NetworkError`: no answer came: the device is offline, the name does not resolve, the connection was cut, CORS refused.
 * - `Timeout`: no answer came in time.
 * - `Aborted`: the caller's `signal` was aborted.
 * - `ServiceError`: the Participant Service refused; `type` and `statusCode` say how.
 * - `InvalidResponse`: the answer is not what the service sends (a proxy's HTML page, truncated JSON).
 * - `StorageError`: the storage of attachments refused; `stage` says which step, `storageCode` is its own code.
 * - `ClientError`: a `customChatClient` or `getConnectionToken` of the application failed.
 */
export type ChatErrorCode =
  | "IllegalArgument"
  | "IllegalState"
  | "NetworkError"
  | "Timeout"
  | "Aborted"
  | "ServiceError"
  | "InvalidResponse"
  | "StorageError"
  | "ClientError";

/**
 * Who answered a call:
 * - `service`: the answer names its error, in `x-amzn-errortype` or `__type`.
 * - `unknown`: JSON that names no error. An API gateway answers so, and so does the service where cross-origin rules hide
 *   the header.
 * - `proxy`: anything but JSON, such as an HTML page or nothing at all.
 */
export type AnsweredBy = "service" | "unknown" | "proxy";

/** What a `ChatError` tells beside its code and message. */
export interface ChatErrorDetails {
  /** The service's name of the error, such as `AccessDeniedException`; by default the code. */
  readonly type?: string | undefined;
  /** The HTTP status of the service's answer, where there was one. */
  readonly statusCode?: number | undefined;
  /** Of a refusal over HTTP: who answered, as far as the answer shows. */
  readonly answeredBy?: AnsweredBy | undefined;
  /** Whether the same call may succeed later without a change. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
  /** The argument that is wrong, as a path: `chatDetails.contactId`. */
  readonly field?: string;
  /** How long the service asks to wait before the next attempt. */
  readonly retryAfterMs?: number | undefined;
  /** The step of an upload or download that failed. */
  readonly stage?: string;
  /** The storage's own code, such as `AccessDenied`. */
  readonly storageCode?: string | undefined;
  /** Of a message that failed: what `resendMessage()` takes, the Id that the transcript shows it under. */
  readonly messageId?: string;
}

/** Marks our errors across copies of the library on one page, where `instanceof` would not know them. */
const MARK = Symbol.for("amazon-connect-chatjs.error");

/** The only error that the library makes. Its fields are own and enumerable: JSON.stringify and spreading show them. */
export class ChatError extends Error implements ChatErrorDetails {
  /** The code, as the error's name: existing code asks for `error.name === "IllegalArgument"`. */
  override readonly name: ChatErrorCode;
  readonly code: ChatErrorCode;
  readonly type: string;
  readonly statusCode: number | undefined;
  readonly retryable: boolean;
  /** The caller's own value, handed back as in a success. */
  metadata: unknown = null;
  declare readonly cause?: ErrorCause;
  declare readonly answeredBy?: AnsweredBy | undefined;
  declare readonly field?: string;
  declare readonly retryAfterMs?: number | undefined;
  declare readonly stage?: string;
  declare readonly storageCode?: string | undefined;
  declare readonly messageId?: string;

  constructor(code: ChatErrorCode, message: string, details: ChatErrorDetails = {}) {
    super(message);
    Object.defineProperty(this, "message", {
      value: message,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    Object.defineProperty(this, MARK, { value: true });
    this.name = this.code = code;
    this.type = details.type ?? code;
    this.statusCode = details.statusCode;
    this.retryable = details.retryable ?? false;
    for (const key of ["answeredBy", "field", "retryAfterMs", "stage", "storageCode", "messageId"] as const) {
      if (details[key] !== undefined) Object.assign(this, { [key]: details[key] });
    }
    // Not enumerable: a cause may be anything, circular objects of the application among them.
    if (details.cause !== undefined) {
      Object.defineProperty(this, "cause", { value: details.cause, configurable: true, writable: true });
    }
  }

  toJSON(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this));
  }
}

/** Whether something is a `ChatError`, of this copy of the library or another, where `instanceof` would not know it. */
export const isChatError = (value: unknown): value is ChatError => value instanceof Error && MARK in value;

/** Whether the service said that there are too many calls. */
export const isThrottled = (error: unknown): boolean => isChatError(error) && error.statusCode === 429;

/** A failure that says nothing of the call itself; a custom client's network fails with an error of any kind. */
export const isOfNetwork = (error: unknown): boolean =>
  isChatError(error) && (error.retryable || (error.code === "ClientError" && !error.statusCode));

/** One failure may be that of several calls, and each of their rejections carries its own metadata. */
export const copyOf = (error: ChatError): ChatError =>
  Object.assign(new ChatError(error.code, error.message, error), error, { stack: error.stack });

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
