/** Checks the arguments of a session's calls before anything is sent. Errors name the invalid field. */
import type { CallOptions, GetTranscriptQuery } from "../api/client";
import { illegalArgument, kindOf, wrongArgument } from "../errors";
import { isContentType, isReceiptKind } from "../conversation/content-types";
import { isObject, isText, objectOf, type JsonObject } from "../util/json";

/**
 * Returns the value to use for an argument. Throws if the argument is invalid. `args` contains all of the call's
 * arguments.
 */
type Check<Value> = (value: unknown, field: string, args: JsonObject) => Value;
type Checks = Readonly<Record<string, Check<unknown>>>;

type IsOptional<Of> = undefined extends Of ? true : false;

/** The checked arguments. A field whose check may return undefined is optional. */
type Checked<Of extends Checks> = {
  readonly [Field in keyof Of as IsOptional<ReturnType<Of[Field]>> extends true ? never : Field]: ReturnType<
    Of[Field]
  >;
} & {
  readonly [Field in keyof Of as IsOptional<ReturnType<Of[Field]>> extends true ? Field : never]?: Exclude<
    ReturnType<Of[Field]>,
    undefined
  >;
};

/** Runs each field's check. `path` prefixes the field names in errors. */
function checkFields<Of extends Checks>(args: JsonObject, checks: Of, path = ""): Checked<Of> {
  const checkedEntries = Object.entries(checks)
    .map(([field, check]) => [field, check(args[field], path + field, args)])
    .filter(([, value]) => value !== undefined);
  // Object.fromEntries doesn't preserve which value belongs to which key, hence the cast.
  return Object.fromEntries(checkedEntries) as Checked<Of>;
}

/** Returns a check that throws unless `isValid` accepts the value. The error says "must be" and `expected`. */
const mustBe =
  <Value>(isValid: (value: unknown) => value is Value, expected: string): Check<Value> =>
  (value, field) => {
    if (isValid(value)) return value;
    throw wrongArgument(field, expected, value);
  };

const optional =
  <Value>(check: Check<Value>): Check<Value | undefined> =>
  (value, ...rest) =>
    value === undefined || value === null ? undefined : check(value, ...rest);

/** A string. An empty string is valid here, because the service validates the content. */
const text = mustBe(isText, "a string");

const nonEmptyText: Check<string> = (value, field, args) => {
  if (value) return text(value, field, args);
  throw wrongArgument(field, "a non-empty string", value);
};

/** Throws if one of the named settings is present but isn't a string. `path` prefixes the field name in the error. */
export function checkSettings(settings: JsonObject, path: string, ...names: readonly string[]): void {
  for (const name of names) optional(text)(settings[name], path + name, settings);
}

/** An optional string. Null, false, and "" count as missing, because applications often pass them. */
const optionalText: Check<string | undefined> = (value, ...rest) =>
  value ? text(value, ...rest) : undefined;

/** An optional finite number. JSON would turn NaN or Infinity into null. */
const optionalNumber = optional(
  mustBe((value): value is number => Number.isFinite(value), "a finite number"),
);

/**
 * A string that should be one of a few values. Other strings are also valid, because the service may accept more values
 * than the SDK's types list.
 */
const stringOr =
  <Word extends string>(fallback: Word): Check<Word> =>
  (...args) =>
    (optionalText(...args) as Word | undefined) ?? fallback;

/**
 * Checks only the members that the library uses, because a signal from another frame or a polyfill isn't an instance of
 * this page's AbortSignal.
 */
const isAbortSignal = (value: unknown): value is AbortSignal =>
  isObject(value) && typeof value["aborted"] === "boolean" && typeof value["addEventListener"] === "function";

const isProgressHandler = (value: unknown): value is NonNullable<CallOptions["onProgress"]> =>
  typeof value === "function";

const OPTIONS = {
  signal: optional(mustBe(isAbortSignal, "an AbortSignal")),
  onProgress: optional(mustBe(isProgressHandler, "a function")),
};

/** Returns a call's signal and progress callback. */
export const callOptions = (args: unknown): CallOptions => checkFields(objectOf(args), OPTIONS);

/** Returns the options of a call that requests an attachment's URL. */
export const attachmentOptions = (args: { readonly urlExpiryInSeconds?: unknown }): CallOptions =>
  checkFields(args, { urlExpiryInSeconds: optionalNumber, ...OPTIONS });

const contentType = mustBe(
  isContentType,
  'a known content type, such as "text/plain", or start with "application/vnd.amazonaws.connect."',
);

const isContent = (value: unknown): value is string | object => isText(value) || typeof value === "object";

const DEFAULT_MAX_RESULTS = 15;

const startPosition: Check<GetTranscriptQuery["startPosition"]> = (value, ...rest) =>
  checkFields(
    optional(mustBe(isObject, "an object with id, absoluteTime, or mostRecent"))(value, ...rest) ?? {},
    { id: optionalText, absoluteTime: optionalText, mostRecent: optionalNumber },
    "startPosition.",
  );

/**
 * Returns whether a value can be uploaded. Only the size is required, because a missing name or type is filled in
 * later.
 */
const isFile = (value: unknown): value is File & JsonObject =>
  isObject(value) && Number.isFinite(value["size"]);

const file: Check<File> = (attachment, field) => {
  if (!isFile(attachment)) {
    const got = isObject(attachment)
      ? "an object without one. Pass the picker's `fileSize` as `size`."
      : `${kindOf(attachment)}.`;
    throw illegalArgument(field, `must be a File or Blob with a numeric \`size\`; got ${got}`);
  }
  if (attachment.size === 0) throw illegalArgument(field, "is empty. Choose a file that isn't empty.");
  checkFields(attachment, { name: optionalText, type: optionalText }, "attachment.");
  return attachment;
};

/** The checks for each call's arguments, in the order in which they run. */
const CALL_CHECKS = {
  sendMessage: { message: text, contentType, clientToken: optionalText },
  sendEvent: {
    /** The caller's value; null if it's missing or empty. */
    content: (...args: Parameters<Check<unknown>>) =>
      optional(mustBe(isContent, "a string or an object, which is sent as JSON"))(...args) || null,
    contentType,
    clientToken: optionalText,
  },
  getTranscript: {
    nextToken: optionalText,
    contactId: optionalText,
    maxResults: (value: unknown, ...rest: [string, JsonObject]) =>
      optionalNumber(value || undefined, ...rest) ?? DEFAULT_MAX_RESULTS,
    sortOrder: stringOr("ASCENDING"),
    scanDirection: stringOr("BACKWARD"),
    startPosition,
  },
  sendAttachment: { attachment: file },
  downloadAttachment: { attachmentId: text },
  getAttachmentURL: { attachmentId: text },
  /** The view token is part of the request's path, so it can't be empty. */
  describeView: { viewToken: nonEmptyText },
  getAuthenticationUrl: { redirectUri: text, sessionId: text },
  cancelParticipantAuthentication: { sessionId: text },
  sendMessageReceipt: {
    event: mustBe(isReceiptKind, '"delivered" or "read"'),
    messageId: (id: unknown, field: string, args: JsonObject) =>
      nonEmptyText(id || objectOf(args["message"])["Id"], field, args),
    clientToken: optionalText,
  },
} satisfies Readonly<Record<string, Checks>>;

type Arguments = typeof CALL_CHECKS;

/** Returns a call's arguments with defaults applied. Throws IllegalArgument if an argument is invalid. */
export function checkArguments<Call extends keyof Arguments>(
  call: Call,
  args: unknown,
): Checked<Arguments[Call]> {
  if (isObject(args)) return checkFields<Arguments[Call]>(args, CALL_CHECKS[call]);
  throw wrongArgument("arguments", `an object, as in ${call}({ … })`, args);
}

/** The checked arguments of `sendEvent()`. */
export type CheckedEvent = Checked<Arguments["sendEvent"]>;

/** The checked arguments of `sendMessageReceipt()`. */
export type CheckedReceipt = Checked<Arguments["sendMessageReceipt"]>;
