/** The arguments of a session's calls, checked before anything is sent: each failure names the field. */
import type { CallOptions, GetTranscriptQuery } from "../api/client";
import { illegalArgument, wrongArgument } from "../errors";
import { isContentType, isReceiptKind } from "../conversation/content-types";
import { isObject, isText, objectOf, type JsonObject } from "../util/json";

/** Returns an argument as the call uses it; throws if it is of the wrong kind. `given` are all arguments. */
type Check<Value> = (value: unknown, field: string, given: JsonObject) => Value;
type Checks = Readonly<Record<string, Check<unknown>>>;

type IsOptional<Of> = undefined extends Of ? true : false;

/** What the checks return, without the fields that are undefined. */
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

/** `path` is what stands before the fields' names in an error. */
function checkFields<Of extends Checks>(given: JsonObject, checks: Of, path = ""): Checked<Of> {
  const checked = Object.entries(checks)
    .map(([field, check]) => [field, check(given[field], path + field, given)])
    .filter(([, value]) => value !== undefined);
  // Object.fromEntries forgets which value stands under which name.
  return Object.fromEntries(checked) as Checked<Of>;
}

/** `expected` is the end of the error's sentence: the argument must be that. */
const must =
  <Value>(isRight: (value: unknown) => value is Value, expected: string): Check<Value> =>
  (value, field) => {
    if (isRight(value)) return value;
    throw wrongArgument(field, expected, value);
  };

const optional =
  <Value>(check: Check<Value>): Check<Value | undefined> =>
  (value, ...where) =>
    value === undefined || value === null ? undefined : check(value, ...where);

/** Empty strings are sent: the service judges them. */
const text = must(isText, "a string");

const textWithContent: Check<string> = (value, field, given) => {
  if (value) return text(value, field, given);
  throw wrongArgument(field, "a string that is not empty", value);
};

/** Settings of these names are texts, or nothing; `path` is what stands before the name in the error's field. */
export function checkSettings(settings: JsonObject, path: string, ...names: readonly string[]): void {
  for (const name of names) optional(text)(settings[name], path + name, settings);
}

/** Null, false and "" are absent, too: applications pass on what they have. */
const optionalText: Check<string | undefined> = (value, ...where) =>
  value ? text(value, ...where) : undefined;

/** JSON has no other numbers: they would be sent as null. */
const optionalNumber = optional(must((value): value is number => Number.isFinite(value), "a finite number"));

/** One of a few words. The service may know more of them than the SDK's types do, so any string is sent. */
const word =
  <Word extends string>(fallback: Word): Check<Word> =>
  (...given) =>
    (optionalText(...given) as Word | undefined) ?? fallback;

/** By what it can do: one of another frame, or of a polyfill, is none of this page's class. */
const isAbortSignal = (value: unknown): value is AbortSignal =>
  isObject(value) && typeof value["aborted"] === "boolean" && typeof value["addEventListener"] === "function";

const isProgressHandler = (value: unknown): value is NonNullable<CallOptions["onProgress"]> =>
  typeof value === "function";

const OPTIONS = {
  signal: optional(must(isAbortSignal, "an AbortSignal")),
  onProgress: optional(must(isProgressHandler, "a function")),
};

/** The signal and progress callback that a call was given. */
export const callOptions = (args: unknown): CallOptions => checkFields(objectOf(args), OPTIONS);

/** The options of the calls that ask for an attachment's URL. */
export const attachmentOptions = (args: { readonly urlExpiryInSeconds?: unknown }): CallOptions =>
  checkFields(args, { urlExpiryInSeconds: optionalNumber, ...OPTIONS });

const contentType = must(
  isContentType,
  'one that the service knows, such as "text/plain", or begin with "application/vnd.amazonaws.connect."',
);

const isContent = (value: unknown): value is string | object => isText(value) || typeof value === "object";

const DEFAULT_MAX_RESULTS = 15;

const startPosition: Check<GetTranscriptQuery["startPosition"]> = (value, ...where) =>
  checkFields(
    optional(must(isObject, "an object with id, absoluteTime or mostRecent"))(value, ...where) ?? {},
    { id: optionalText, absoluteTime: optionalText, mostRecent: optionalNumber },
    "startPosition.",
  );

/** A File by its size alone, as clients declare what they send: name and type are filled in where they are missing. */
const isFile = (value: unknown): value is File & JsonObject =>
  isObject(value) && Number.isFinite(value["size"]);

const file: Check<File> = (attachment, field) => {
  if (!isFile(attachment)) {
    const got = isObject(attachment)
      ? "an object without one. Pass the picker's `fileSize` as `size`."
      : `${attachment === null ? "null" : typeof attachment}.`;
    throw illegalArgument(field, `must be a File or Blob with a numeric \`size\`; got ${got}`);
  }
  if (attachment.size === 0) throw illegalArgument(field, "is empty; choose a file with content.");
  checkFields(attachment, { name: optionalText, type: optionalText }, "attachment.");
  return attachment;
};

/** The arguments of each call, in the order in which they are checked. */
const CALLS = {
  sendMessage: { message: text, contentType, clientToken: optionalText },
  sendEvent: {
    /** As the caller gave it; null if nothing. */
    content: (...given: Parameters<Check<unknown>>) =>
      optional(must(isContent, "a string or an object, which is sent as JSON"))(...given) || null,
    contentType,
    clientToken: optionalText,
  },
  getTranscript: {
    nextToken: optionalText,
    contactId: optionalText,
    maxResults: (value: unknown, ...where: [string, JsonObject]) =>
      optionalNumber(value || undefined, ...where) ?? DEFAULT_MAX_RESULTS,
    sortOrder: word("ASCENDING"),
    scanDirection: word("BACKWARD"),
    startPosition,
  },
  sendAttachment: { attachment: file },
  downloadAttachment: { attachmentId: text },
  getAttachmentURL: { attachmentId: text },
  /** The view token is part of the path: an empty one cannot be sent. */
  describeView: { viewToken: textWithContent },
  getAuthenticationUrl: { redirectUri: text, sessionId: text },
  cancelParticipantAuthentication: { sessionId: text },
  sendMessageReceipt: {
    event: must(isReceiptKind, '"delivered" or "read"'),
    messageId: (id: unknown, field: string, given: JsonObject) =>
      textWithContent(id || objectOf(given["message"])["Id"], field, given),
    clientToken: optionalText,
  },
} satisfies Readonly<Record<string, Checks>>;

type Arguments = typeof CALLS;

/** A call's arguments as they are used. Throws IllegalArgument, which names the field, for one of the wrong kind. */
export function checked<Call extends keyof Arguments>(call: Call, args: unknown): Checked<Arguments[Call]> {
  if (isObject(args)) return checkFields<Arguments[Call]>(args, CALLS[call]);
  throw wrongArgument("arguments", `an object: ${call}({ … })`, args);
}

/** `sendEvent()`'s arguments. */
export type CheckedEvent = Checked<Arguments["sendEvent"]>;

/** `sendMessageReceipt()`'s arguments. */
export type CheckedReceipt = Checked<Arguments["sendMessageReceipt"]>;
