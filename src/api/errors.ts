/** The errors that the library throws and rejects with. */
import type { ErrorCause } from "../util/global-types";

/**
 * Why a call failed, as a stable code for programs:
 * - `IllegalArgument`: An argument is missing or invalid; `field` names it. Nothing was sent.
 * - `IllegalState`: The session's state doesn't allow the call, because the session isn't connected yet or the chat has
 *   ended. Nothing was sent.
 * - `NetworkError`: No response arrived: the device is offline, DNS resolution failed, the connection was interrupted,
 *   or the browser blocked the response because of CORS.
 * - `Timeout`: No response arrived in time.
 * - `Aborted`: The caller's `signal` was aborted, or the session was reset or disposed of.
 * - `ServiceError`: The Participant Service, or a proxy in front of it, responded with an error; see `type` and
 *   `statusCode`.
 * - `InvalidResponse`: The service can't have sent the response. For example, the response is a proxy's HTML page or
 *   truncated JSON.
 * - `StorageError`: Attachment storage responded to the upload or download with an error; see `stage` and
 *   `storageCode`.
 * - `ClientError`: The application's `customChatClient` or `getConnectionToken` failed.
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
 * Who refused a call:
 * - `service`: The Participant Service. The response names the error in its `x-amzn-errortype` header or `__type`
 *   field.
 * - `unknown`: The service or an API gateway. The response is JSON that doesn't name an error. The service's responses
 *   look like this if CORS hides the header.
 * - `proxy`: A proxy. The response isn't JSON; it may be an HTML page or an empty body.
 */
export type AnsweredBy = "service" | "unknown" | "proxy";

/** The details of a `ChatError`, in addition to its code and message. */
export interface ChatErrorDetails {
  /**
   * The service's name for the error, such as `AccessDeniedException`.
   * @default the code
   */
  readonly type?: string | undefined;
  /** The HTTP status, if there was a response. */
  readonly statusCode?: number | undefined;
  /** Who probably refused the call. */
  readonly answeredBy?: AnsweredBy | undefined;
  /**
   * Whether repeating the same call may succeed.
   * @default false
   */
  readonly retryable?: boolean;
  /** The underlying error. */
  readonly cause?: unknown;
  /** The path of the invalid argument, such as `chatDetails.contactId`. */
  readonly field?: string;
  /** How long the service asks clients to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The step of the upload or download that failed. */
  readonly stage?: string;
  /** Attachment storage's error code, such as `AccessDenied`. */
  readonly storageCode?: string | undefined;
  /** The ID of the failed message, for `resendMessage()`. It's also the message's `Id` in the transcript. */
  readonly messageId?: string;
}

/** The fields of every error. */
interface ErrorWithCode<Code extends ChatErrorCode> extends Error, ChatErrorDetails {
  /** The same as `code`, for existing code that compares `error.name`. */
  readonly name: Code;
  /** Why the call failed, as a stable code. */
  readonly code: Code;
  readonly type: string;
  readonly statusCode: number | undefined;
  readonly retryable: boolean;
  /** The failed call's `metadata` argument; null if there was none. */
  metadata: unknown;
  readonly cause?: ErrorCause;
  /** Returns the error's enumerable fields, including the message. */
  toJSON(): Record<string, unknown>;
}

/** An argument is missing or invalid. */
interface IllegalArgumentError extends ErrorWithCode<"IllegalArgument"> {
  /** The path of the invalid argument, such as `chatDetails.contactId`. */
  readonly field: string;
}

/** The Participant Service, or a proxy in front of it, responded with an error. */
interface ServiceError extends ErrorWithCode<"ServiceError"> {
  /** The HTTP status of the response. */
  readonly statusCode: number;
  /** Who probably refused the call. */
  readonly answeredBy: AnsweredBy;
}

/** Attachment storage responded to the upload or download with an error. */
interface StorageError extends ErrorWithCode<"StorageError"> {
  /** The HTTP status of the response. */
  readonly statusCode: number;
  /** The step that failed: the upload or the download. */
  readonly stage: "UploadToStorage" | "DownloadFromStorage";
}

/** The error type for each code, with the fields that the library always sets. */
interface ErrorsByCode {
  IllegalArgument: IllegalArgumentError;
  IllegalState: ErrorWithCode<"IllegalState">;
  NetworkError: ErrorWithCode<"NetworkError">;
  Timeout: ErrorWithCode<"Timeout">;
  Aborted: ErrorWithCode<"Aborted">;
  ServiceError: ServiceError;
  InvalidResponse: ErrorWithCode<"InvalidResponse">;
  StorageError: StorageError;
  ClientError: ErrorWithCode<"ClientError">;
}

/**
 * The error that the library throws or rejects with. Checking `code` narrows the type. For example, a `ServiceError`
 * has a `statusCode`, and an `IllegalArgument` has a `field`. `JSON.stringify()` and spreading include all fields
 * except `cause`. If you construct an error yourself, it has only the details that you pass.
 * @example
 * import { isChatError } from "amazon-connect-chatjs";
 *
 * try {
 *   await session.sendMessage({ message: "Hello", contentType: "text/plain" });
 * } catch (error) {
 *   if (!isChatError(error)) throw error;
 *   if (error.code === "ServiceError") report(error.type, error.statusCode.toFixed());
 *   else if (error.code === "IllegalArgument") report(error.field.toUpperCase());
 *   else if (error.retryable) showBanner("Not sent. Try again.");
 * }
 */
export type ChatError = ErrorsByCode[ChatErrorCode];

/** The type of the `ChatError` class. */
export interface ChatErrorConstructor {
  new <Code extends ChatErrorCode>(
    code: Code,
    message: string,
    details?: ChatErrorDetails,
  ): ErrorsByCode[Code];
  // A class can't extend a constructor that returns a union. This overload lets subclasses inherit the common fields.
  new (code: ChatErrorCode, message: string, details?: ChatErrorDetails): ErrorWithCode<ChatErrorCode>;
  /**
   * Makes `error instanceof ChatError` narrow the type as `isChatError(error)` does. Requires TypeScript 5.3 or later.
   */
  [Symbol.hasInstance](value: unknown): value is ChatError;
  readonly prototype: ErrorWithCode<ChatErrorCode>;
}

/**
 * Marks the library's errors, because `instanceof` doesn't recognize errors from another copy of the library on the
 * page.
 */
const ERROR_MARK = Symbol.for("amazon-connect-chatjs.error");

class LibraryError extends Error implements ErrorWithCode<ChatErrorCode> {
  declare static readonly [Symbol.hasInstance]: ChatErrorConstructor[typeof Symbol.hasInstance];
  override readonly name: ChatErrorCode;
  readonly code: ChatErrorCode;
  readonly type: string;
  readonly statusCode: number | undefined;
  readonly retryable: boolean;
  metadata: unknown = null;
  declare readonly cause?: ErrorCause;

  constructor(code: ChatErrorCode, message: string, details: ChatErrorDetails = {}) {
    super(message);
    Object.defineProperty(this, "message", {
      value: message,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    Object.defineProperty(this, ERROR_MARK, { value: true });
    this.name = this.code = code;
    this.type = details.type ?? code;
    this.statusCode = details.statusCode;
    this.retryable = details.retryable ?? false;
    for (const key of ["answeredBy", "field", "retryAfterMs", "stage", "storageCode", "messageId"] as const) {
      if (details[key] !== undefined) Object.assign(this, { [key]: details[key] });
    }
    // `cause` isn't enumerable, because it may be anything, including an object with circular references.
    if (details.cause !== undefined) {
      Object.defineProperty(this, "cause", { value: details.cause, configurable: true, writable: true });
    }
  }

  toJSON(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this));
  }
}

// A class can't implement a union, hence the cast. Code that constructs an error must set the fields that its `code`
// requires.
export const ChatError = LibraryError as ChatErrorConstructor;

/**
 * Returns whether a value is a `ChatError`. Unlike `instanceof`, this function also recognizes errors from other copies
 * of the library on the page.
 */
export const isChatError = (value: unknown): value is ChatError =>
  value instanceof Error && ERROR_MARK in value;
