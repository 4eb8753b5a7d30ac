/** Keeps secrets out of log lines: tokens, signed URLs, socket URLs, and message text. */

const REDACTED = "[redacted]";
const UNREADABLE = "[unreadable]";

/** Keys whose values are secrets or a person's text in any object, such as `ViewToken` or `serializedContent`. */
const SECRET_KEY =
  // cspell:ignore attachmentname headerstoinclude
  /(token|content|message|url|displayname|attachmentname)$|^(x-amz-bearer|authorization|headerstoinclude|connectiondata)$/i;

/**
 * Errors whose message may quote sent or received text. The SyntaxError of JSON.parse() quotes the text it can't parse.
 */
const QUOTING_ERRORS = ["ServiceError", "StorageError", "ClientError", "SyntaxError"];

const isSecret = (key: string): boolean => SECRET_KEY.test(key);

/** Socket URLs are redacted completely, since their path may contain a token. */
const SOCKET_URL = /\bwss?:\/\/[^\s"'<>]+/gi;
/** Other URLs keep their origin and path; signatures are in the query. */
const URL_QUERY = /\b(https?:\/\/[^\s"'<>?#]+)[?#][^\s"'<>]*/gi;
/** A string that is too long for a word: a token, a signature, or base64. */
const LONG_STRING = /[\w+/=.-]{64,}/g;

export function redactText(text: string): string {
  return text
    .replace(SOCKET_URL, "[socket URL]")
    .replace(URL_QUERY, (_, base: string) => `${base}?${REDACTED}`)
    .replace(LONG_STRING, REDACTED);
}

/** The fields of an error that are logged. */
function loggableFields(error: Error): Record<string, unknown> {
  const described: Record<string, unknown> = { name: redactText(error.name) };
  const code: unknown = Reflect.get(error, "code");
  if (!QUOTING_ERRORS.some((each) => each === code || each === error.name))
    described["message"] = redactText(error.message);
  for (const key of ["code", "type", "statusCode", "stage", "storageCode", "field"]) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === "string" || typeof value === "number") described[key] = redact(value);
  }
  return described;
}

/**
 * Returns a copy of a value's JSON form without secrets. Errors become objects, and circular references are omitted.
 * Never throws.
 */
export function redact(value: unknown, ancestors: readonly object[] = []): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (ancestors.includes(value)) return undefined;
  if (value instanceof Error) return loggableFields(value);
  const path = [...ancestors, value];
  if (Array.isArray(value)) return value.map((element) => redact(element, path));
  try {
    const toJSON: unknown = Reflect.get(value, "toJSON");
    if (typeof toJSON === "function") return redact(Reflect.apply(toJSON, value, []), path);
    return Object.fromEntries(Object.keys(value).map((key) => [key, redactEntry(value, key, path)]));
  } catch {
    return UNREADABLE;
  }
}

function redactEntry(holder: object, key: string, path: readonly object[]): unknown {
  try {
    const value: unknown = Reflect.get(holder, key);
    return isSecret(key) && value !== null && value !== undefined ? REDACTED : redact(value, path);
  } catch {
    return UNREADABLE;
  }
}

/** A stack frame in the format of any engine: a file or its URL, followed by the line and the column. */
const STACK_FRAME = /(?:^ +at |@)(?:.* )?\(?([^\s()@]+):(\d+:\d+)\)?$/m;

/** The part of a stack that is searched, in characters. Only the first frame is needed. */
const MAX_STACK_LENGTH = 4_000;

/**
 * Wraps a value that an application's handler threw. The log shows its class and where it was thrown, but not its
 * message, which may quote the event. The value is inspected only when a line is written, so a filtered line costs
 * nothing.
 */
export const describeThrown = (thrown: unknown): { toJSON(): unknown } => ({
  toJSON() {
    if (!(thrown instanceof Error)) return { name: typeof thrown };
    const { name, message, stack = "" } = thrown;
    const [, file = "", position] =
      STACK_FRAME.exec(stack.replace(message, "").slice(0, MAX_STACK_LENGTH)) ?? [];
    return { name: redactText(name), at: position && `${file.replace(/[?#].*/, "")}:${position}` };
  },
});
