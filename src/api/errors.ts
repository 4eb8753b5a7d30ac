/** The one kind of error that the library makes. */
import type { ErrorCause } from "../util/global-types";

/**
 * What went wrong, in one word for programs:
 * - `IllegalArgument`: an argument is missing or of the wrong kind; `field` names it. Nothing was sent.
 * - `IllegalState`: the call doesn't fit the session's state (not connected yet, ended). Nothing was sent.
 * - `NetworkError`: no answer came: the device is offline, the name doesn't resolve, the connection was cut, CORS refused.
 * - `Timeout`: no answer came in time.
 * - `Aborted`: the caller's `signal` was aborted, or the session was reset or disposed of.
 * - `ServiceError`: the Participant Service refused; `type` and `statusCode` say how.
 * - `InvalidResponse`: the answer isn't what the service sends (a proxy's HTML page, truncated JSON).
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

/** The details of a `ChatError`, besides its code and message. */
export interface ChatErrorDetails {
  /**
   * The service's name of the error, such as `AccessDeniedException`.
   * @default the code
   */
  readonly type?: string | undefined;
  /** The HTTP status of the answer, if there was one. */
  readonly statusCode?: number | undefined;
  /** Who refused the call over HTTP, as far as the answer shows. */
  readonly answeredBy?: AnsweredBy | undefined;
  /**
   * Whether the same call may succeed later without a change.
   * @default false
   */
  readonly retryable?: boolean;
  readonly cause?: unknown;
  /** The argument that is wrong, as a path: `chatDetails.contactId`. */
  readonly field?: string;
  /** How long the service asks to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The step of an upload or a download that failed. */
  readonly stage?: string;
  /** The storage's own code, such as `AccessDenied`. */
  readonly storageCode?: string | undefined;
  /** For a message that failed: the Id that the transcript shows it under, and that `resendMessage()` takes. */
  readonly messageId?: string;
}

/** What the errors of all codes have. */
interface ErrorWithCode<Code extends ChatErrorCode> extends Error, ChatErrorDetails {
  /** The code, as the error's name: existing code compares `error.name`. */
  readonly name: Code;
  readonly code: Code;
  readonly type: string;
  readonly statusCode: number | undefined;
  readonly retryable: boolean;
  /** The caller's own value, as a successful call returns it; null if none. */
  metadata: unknown;
  readonly cause?: ErrorCause;
  toJSON(): Record<string, unknown>;
}

/** An argument is missing or of the wrong kind. */
interface IllegalArgumentError extends ErrorWithCode<"IllegalArgument"> {
  /** The argument, as a path: `chatDetails.contactId`. */
  readonly field: string;
}

/** The Participant Service refused. */
interface ServiceError extends ErrorWithCode<"ServiceError"> {
  /** The HTTP status of the answer. */
  readonly statusCode: number;
  /** Who refused, as far as the answer shows. */
  readonly answeredBy: AnsweredBy;
}

/** The storage of attachments refused. */
interface StorageError extends ErrorWithCode<"StorageError"> {
  /** The HTTP status of the storage's answer. */
  readonly statusCode: number;
  /** Whether it was an upload or a download. */
  readonly stage: "UploadToStorage" | "DownloadFromStorage";
}

/** The error of each code, with what the library always sets on it. */
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
 * Every failure of the library. Its fields are own and enumerable, so JSON.stringify and spreading show them. A check of
 * `code` narrows the type: a `ServiceError` has a `statusCode`, an `IllegalArgument` has a `field`. (An error that your
 * own code constructs has the details that you give it.)
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

/** The class of `ChatError`. */
export interface ChatErrorConstructor {
  new <Code extends ChatErrorCode>(
    code: Code,
    message: string,
    details?: ChatErrorDetails,
  ): ErrorsByCode[Code];
  // The compiler doesn't let a class extend one that constructs a union: a subclass gets the fields of all codes.
  new (code: ChatErrorCode, message: string, details?: ChatErrorDetails): ErrorWithCode<ChatErrorCode>;
  /** Every class has it: `error instanceof ChatError` narrows like `isChatError(error)`, which compilers know since 5.3. */
  [Symbol.hasInstance](value: unknown): value is ChatError;
  readonly prototype: ErrorWithCode<ChatErrorCode>;
}

/** Marks our errors across copies of the library on one page, where `instanceof` would not know them. */
const MARK = Symbol.for("amazon-connect-chatjs.error");

class ErrorOfLibrary extends Error implements ErrorWithCode<ChatErrorCode> {
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

// The class's own type has no union; the details that a code promises are set where such an error is constructed.
export const ChatError = ErrorOfLibrary as ChatErrorConstructor;

/** Whether a value is a `ChatError`, of this copy of the library or another, whose errors `instanceof` wouldn't recognize. */
export const isChatError = (value: unknown): value is ChatError => value instanceof Error && MARK in value;
