/** The errors that the library throws and rejects with. */
import type { ErrorCause } from "../util/global-types";

/**
 * The cause of a failure, as a stable code for programs:
 * - `IllegalArgument`: An argument is missing or invalid; `field` names it. Nothing was sent.
 * - `IllegalState`: The session's state doesn't allow the call: it isn't connected yet, or the chat has ended. Nothing
 *   was sent.
 * - `NetworkError`: No answer arrived: the device is offline, DNS resolution failed, the connection was interrupted, or
 *   the browser blocked the answer because of CORS.
 * - `Timeout`: No answer arrived in time.
 * - `Aborted`: The caller's `signal` was aborted, or the session was reset or disposed of.
 * - `ServiceError`: The Participant Service refused the call; see `type` and `statusCode`.
 * - `InvalidResponse`: The answer isn't a valid answer from the service, for example a proxy's HTML page or truncated
 *   JSON.
 * - `StorageError`: Attachment storage refused the upload or the download; see `stage` and `storageCode`.
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
 * The source of an answer that refused a call:
 * - `service`: The Participant Service. The answer names its error in the `x-amzn-errortype` header or the `__type`
 *   field.
 * - `unknown`: Either an API gateway or the service. The answer is JSON that doesn't name an error; the service's
 *   answers look like this where CORS hides the header.
 * - `proxy`: A proxy. The answer isn't JSON, for example an HTML page or an empty body.
 */
export type AnsweredBy = "service" | "unknown" | "proxy";

/** The details of a `ChatError`, in addition to its code and message. */
export interface ChatErrorDetails {
  /**
   * The service's name for the error, such as `AccessDeniedException`.
   * @default the code
   */
  readonly type?: string | undefined;
  /** The HTTP status of the answer, if there was one. */
  readonly statusCode?: number | undefined;
  /** The likely source of an answer that refused the call. */
  readonly answeredBy?: AnsweredBy | undefined;
  /**
   * Whether the same call, unchanged, may succeed later.
   * @default false
   */
  readonly retryable?: boolean;
  /** The underlying error. */
  readonly cause?: unknown;
  /** The path of the invalid argument, such as `chatDetails.contactId`. */
  readonly field?: string;
  /** How long the service asks to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The step of an upload or a download that failed. */
  readonly stage?: string;
  /** The error code of attachment storage, such as `AccessDenied`. */
  readonly storageCode?: string | undefined;
  /** The ID of a failed message: the argument for `resendMessage()`, and the `Id` in the transcript. */
  readonly messageId?: string;
}

/** The fields that errors of every code have. */
interface ErrorWithCode<Code extends ChatErrorCode> extends Error, ChatErrorDetails {
  /** The same as `code`, for existing code that compares `error.name`. */
  readonly name: Code;
  /** The cause of the failure, as a stable code. */
  readonly code: Code;
  readonly type: string;
  readonly statusCode: number | undefined;
  readonly retryable: boolean;
  /** The `metadata` argument of the failed call; null if there was none. */
  metadata: unknown;
  readonly cause?: ErrorCause;
  /** Returns the error's enumerable fields, the message included. */
  toJSON(): Record<string, unknown>;
}

/** An argument is missing or invalid. */
interface IllegalArgumentError extends ErrorWithCode<"IllegalArgument"> {
  /** The path of the invalid argument, such as `chatDetails.contactId`. */
  readonly field: string;
}

/** The Participant Service refused the call. */
interface ServiceError extends ErrorWithCode<"ServiceError"> {
  /** The HTTP status of the answer. */
  readonly statusCode: number;
  /** The likely source of the answer. */
  readonly answeredBy: AnsweredBy;
}

/** Attachment storage refused the upload or the download. */
interface StorageError extends ErrorWithCode<"StorageError"> {
  /** The HTTP status of the answer. */
  readonly statusCode: number;
  /** The step that failed: the upload or the download. */
  readonly stage: "UploadToStorage" | "DownloadFromStorage";
}

/** The error type of each code, with the fields that the library always sets. */
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
 * The error that the library throws or rejects with. Checking `code` narrows the type: a `ServiceError` has a
 * `statusCode`, an `IllegalArgument` has a `field`. Except for `cause`, its fields are own and enumerable, so
 * `JSON.stringify()` and spreading include them. An error that your own code constructs has only the details that you
 * pass.
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
  // TypeScript doesn't allow a class to extend a constructor that returns a union, so a subclass gets the common
  // fields.
  new (code: ChatErrorCode, message: string, details?: ChatErrorDetails): ErrorWithCode<ChatErrorCode>;
  /** Lets `error instanceof ChatError` narrow the type as `isChatError(error)` does, with TypeScript 5.3 or later. */
  [Symbol.hasInstance](value: unknown): value is ChatError;
  readonly prototype: ErrorWithCode<ChatErrorCode>;
}

/**
 * Marks the library's errors, since `instanceof` doesn't recognize those of another copy of the library on the page.
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
    // Not enumerable, since a cause can be any value, such as a circular object.
    if (details.cause !== undefined) {
      Object.defineProperty(this, "cause", { value: details.cause, configurable: true, writable: true });
    }
  }

  toJSON(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this));
  }
}

// LibraryError isn't a union type. The code that constructs an error sets the fields that its code requires.
export const ChatError = LibraryError as ChatErrorConstructor;

/**
 * Whether a value is a `ChatError`. Unlike `instanceof`, recognizes errors from other copies of the library on the
 * page.
 */
export const isChatError = (value: unknown): value is ChatError => value instanceof Error && ERROR_MARK in value;
