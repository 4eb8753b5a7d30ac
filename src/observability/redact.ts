/** Keeps secrets out of log lines: tokens, signed URLs, socket URLs, and message text. */

const REDACTED = "[redacted]";
const UNREADABLE = "[unreadable]";

/**
 * Matches object keys whose values are secrets or text that people wrote, such as `ViewToken` and `serializedContent`.
 */
const SECRET_KEY =
  // cspell:ignore attachmentname headerstoinclude
  /(token|content|message|url|displayname|attachmentname)$|^(x-amz-bearer|authorization|headerstoinclude|connectiondata)$/i;

/** Errors whose messages may quote text that was sent or received. JSON.parse()'s SyntaxError quotes its input. */
const QUOTING_ERRORS = ["ServiceError", "StorageError", "ClientError", "SyntaxError"];

const isSecret = (key: string): boolean => SECRET_KEY.test(key);

/** Socket URLs are redacted entirely, because their path may contain a token. */
const SOCKET_URL = /\bwss?:\/\/[^\s"'<>]+/gi;
/** The query of any other URL is redacted, because it may contain a signature. */
const URL_QUERY = /\b(https?:\/\/[^\s"'<>?#]+)[?#][^\s"'<>]*/gi;
/** A string that is too long to be a word, and so may be a token, a signature, or base64. */
const LONG_STRING = /[\w+/=.-]{64,}/g;

export function redactText(text: string): string {
  return text
    .replace(SOCKET_URL, "[socket URL]")
    .replace(URL_QUERY, (_, base: string) => `${base}?${REDACTED}`)
    .replace(LONG_STRING, REDACTED);
}

/** Returns the fields of an error that can be logged. */
function logFieldsOf(error: Error): Record<string, unknown> {
  const fields: Record<string, unknown> = { name: redactText(error.name) };
  const code: unknown = Reflect.get(error, "code");
  if (!QUOTING_ERRORS.some((each) => each === code || each === error.name))
    fields["message"] = redactText(error.message);
  for (const key of ["code", "type", "statusCode", "stage", "storageCode", "field"]) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === "string" || typeof value === "number") fields[key] = redact(value);
  }
  return fields;
}

/**
 * Returns a copy of a value as JSON would represent it, without secrets. Errors become objects, and circular references
 * are omitted. Never throws.
 */
export function redact(value: unknown, ancestors: readonly object[] = []): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (ancestors.includes(value)) return undefined;
  if (value instanceof Error) return logFieldsOf(value);
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

/** A stack frame in any engine's format: a file or URL, followed by the line and the column. */
const STACK_FRAME = /(?:^ +at |@)(?:.* )?\(?([^\s()@]+):(\d+:\d+)\)?$/m;

/** The maximum number of a stack's characters to search. Only the first frame is needed. */
const MAX_STACK_LENGTH = 4_000;

/**
 * Wraps a value that an application's handler threw, so that it can be logged. Only the error's name and position are
 * logged, because the message may quote the event. The value is inspected only if the line is written.
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
