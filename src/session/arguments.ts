/** Checks the arguments of a session's calls before anything is sent. An error names the invalid field. */
import type { CallOptions, GetTranscriptQuery } from "../api/client";
import { illegalArgument, kindOf, wrongArgument } from "../errors";
import { isContentType, isReceiptKind } from "../conversation/content-types";
import { isObject, isText, objectOf, type JsonObject } from "../util/json";

/** Returns an argument as the call uses it. Throws if it is invalid. `given` has all arguments of the call. */
type Check<Value> = (value: unknown, field: string, given: JsonObject) => Value;
type Checks = Readonly<Record<string, Check<unknown>>>;

type IsOptional<Of> = undefined extends Of ? true : false;

/** The results of the checks, without undefined fields. */
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

/** Checks each field. `path` is the prefix of the fields' names in errors. */
function checkFields<Of extends Checks>(given: JsonObject, checks: Of, path = ""): Checked<Of> {
  const checked = Object.entries(checks)
    .map(([field, check]) => [field, check(given[field], path + field, given)])
    .filter(([, value]) => value !== undefined);
  // The type of Object.fromEntries doesn't relate values to names.
  return Object.fromEntries(checked) as Checked<Of>;
}

/** A check that an argument is valid. `expected` completes the error's sentence "… must be …". */
const mustBe =
  <Value>(isValid: (value: unknown) => value is Value, expected: string): Check<Value> =>
  (value, field) => {
    if (isValid(value)) return value;
    throw wrongArgument(field, expected, value);
  };

const optional =
  <Value>(check: Check<Value>): Check<Value | undefined> =>
  (value, ...where) =>
    value === undefined || value === null ? undefined : check(value, ...where);

/** A string. Empty strings are sent, since the service validates them. */
const text = mustBe(isText, "a string");

const nonEmptyText: Check<string> = (value, field, given) => {
  if (value) return text(value, field, given);
  throw wrongArgument(field, "a non-empty string", value);
};

/** Throws if one of these settings is neither a string nor missing. `path` is the prefix of the error's field. */
export function checkSettings(settings: JsonObject, path: string, ...names: readonly string[]): void {
  for (const name of names) optional(text)(settings[name], path + name, settings);
}

/** A string, if it is set. Null, false, and "" count as missing, since applications often pass them. */
const optionalText: Check<string | undefined> = (value, ...where) =>
  value ? text(value, ...where) : undefined;

/** A finite number, if it is set. JSON would turn any other number into null. */
const optionalNumber = optional(
  mustBe((value): value is number => Number.isFinite(value), "a finite number"),
);

/** One of several words. Any string is sent, since the service may accept more words than the SDK's types list. */
const stringOr =
  <Word extends string>(fallback: Word): Check<Word> =>
  (...given) =>
    (optionalText(...given) as Word | undefined) ?? fallback;

/**
 * Checks the members that are used, since a signal from another frame or a polyfill isn't an instance of AbortSignal.
 */
const isAbortSignal = (value: unknown): value is AbortSignal =>
  isObject(value) && typeof value["aborted"] === "boolean" && typeof value["addEventListener"] === "function";

const isProgressHandler = (value: unknown): value is NonNullable<CallOptions["onProgress"]> =>
  typeof value === "function";

const OPTIONS = {
  signal: optional(mustBe(isAbortSignal, "an AbortSignal")),
  onProgress: optional(mustBe(isProgressHandler, "a function")),
};

/** The signal and the progress callback of a call. */
export const callOptions = (args: unknown): CallOptions => checkFields(objectOf(args), OPTIONS);

/** The options of calls that request an attachment's URL. */
export const attachmentOptions = (args: { readonly urlExpiryInSeconds?: unknown }): CallOptions =>
  checkFields(args, { urlExpiryInSeconds: optionalNumber, ...OPTIONS });

const contentType = mustBe(
  isContentType,
  'a known content type, such as "text/plain", or start with "application/vnd.amazonaws.connect."',
);

const isContent = (value: unknown): value is string | object => isText(value) || typeof value === "object";

const DEFAULT_MAX_RESULTS = 15;

const startPosition: Check<GetTranscriptQuery["startPosition"]> = (value, ...where) =>
  checkFields(
    optional(mustBe(isObject, "an object with id, absoluteTime, or mostRecent"))(value, ...where) ?? {},
    { id: optionalText, absoluteTime: optionalText, mostRecent: optionalNumber },
    "startPosition.",
  );

/** Whether a value can be sent as a File. Only its size is required; a missing name or type is filled in. */
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

/** The checks of each call's arguments, in order. */
const CALL_CHECKS = {
  sendMessage: { message: text, contentType, clientToken: optionalText },
  sendEvent: {
    /** The caller's value; null if it is missing or empty. */
    content: (...given: Parameters<Check<unknown>>) =>
      optional(mustBe(isContent, "a string or an object, which is sent as JSON"))(...given) || null,
    contentType,
    clientToken: optionalText,
  },
  getTranscript: {
    nextToken: optionalText,
    contactId: optionalText,
    maxResults: (value: unknown, ...where: [string, JsonObject]) =>
      optionalNumber(value || undefined, ...where) ?? DEFAULT_MAX_RESULTS,
    sortOrder: stringOr("ASCENDING"),
    scanDirection: stringOr("BACKWARD"),
    startPosition,
  },
  sendAttachment: { attachment: file },
  downloadAttachment: { attachmentId: text },
  getAttachmentURL: { attachmentId: text },
  /** The view token is part of the path, so it can't be empty. */
  describeView: { viewToken: nonEmptyText },
  getAuthenticationUrl: { redirectUri: text, sessionId: text },
  cancelParticipantAuthentication: { sessionId: text },
  sendMessageReceipt: {
    event: mustBe(isReceiptKind, '"delivered" or "read"'),
    messageId: (id: unknown, field: string, given: JsonObject) =>
      nonEmptyText(id || objectOf(given["message"])["Id"], field, given),
    clientToken: optionalText,
  },
} satisfies Readonly<Record<string, Checks>>;

type Arguments = typeof CALL_CHECKS;

/** Returns a call's arguments as the call uses them. Throws IllegalArgument if one is invalid. */
export function checkArguments<Call extends keyof Arguments>(call: Call, args: unknown): Checked<Arguments[Call]> {
  if (isObject(args)) return checkFields<Arguments[Call]>(args, CALL_CHECKS[call]);
  throw wrongArgument("arguments", `an object, as in ${call}({ … })`, args);
}

/** The checked arguments of `sendEvent()`. */
export type CheckedEvent = Checked<Arguments["sendEvent"]>;

/** The checked arguments of `sendMessageReceipt()`. */
export type CheckedReceipt = Checked<Arguments["sendMessageReceipt"]>;
