/** What must not stand in a log line: tokens, signed and socket URLs, the text of messages. */

const MARK = "[redacted]";
const UNREADABLE = "[unreadable]";

/** Keys whose values are secret or somebody's words, whatever object they stand in: `ViewToken`, `serializedContent`… */
const SECRET_KEY =
  /(token|content|message|url|displayname|attachmentname)$|^(x-amz-bearer|authorization|headerstoinclude|connectiondata)$/i;

/** Errors whose message may quote what was sent or received; JSON.parse, with a SyntaxError, quotes what it can't parse. */
const QUOTING = ["ServiceError", "StorageError", "ClientError", "SyntaxError"];

const isSecret = (key: string): boolean => SECRET_KEY.test(key);

/** A URL keeps its origin and path: the query is where signatures stand. A socket's path may be a token, too. */
const SOCKET_URL = /\bwss?:\/\/[^\s"'<>]+/gi;
const URL_QUERY = /\b(https?:\/\/[^\s"'<>?#]+)[?#][^\s"'<>]*/gi;
/** No word of a person is that long: a token, a signature, base64. */
const OPAQUE = /[\w+/=.-]{64,}/g;

export function redactText(text: string): string {
  return text
    .replace(SOCKET_URL, "[socket URL]")
    .replace(URL_QUERY, (_, base: string) => `${base}?${MARK}`)
    .replace(OPAQUE, MARK);
}

/** What a log line says of an error. */
function describeError(error: Error): Record<string, unknown> {
  const described: Record<string, unknown> = { name: redactText(error.name) };
  const code: unknown = Reflect.get(error, "code");
  if (!QUOTING.some((each) => each === code || each === error.name))
    described["message"] = redactText(error.message);
  for (const key of ["code", "type", "statusCode", "stage", "storageCode", "field"]) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === "string" || typeof value === "number") described[key] = redact(value);
  }
  return described;
}

/**
 * A copy without secrets of what JSON would show: errors become objects, and what leads back to itself is left out.
 * Never throws.
 */
export function redact(value: unknown, seen: readonly object[] = []): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (seen.includes(value)) return undefined;
  if (value instanceof Error) return describeError(value);
  const path = [...seen, value];
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
    return isSecret(key) && value !== null && value !== undefined ? MARK : redact(value, path);
  } catch {
    return UNREADABLE;
  }
}

/** A frame of a stack, in the form of any engine: what stands before its line and column is a file, or its URL. */
const STACK_FRAME = /(?:^ +at |@)(?:.* )?\(?([^\s()@]+):(\d+:\d+)\)?$/m;

/** The frame that is looked for is the first: behind this many characters there is none. */
const STACK_LENGTH = 4_000;

/**
 * What a log line says of what an application's handler threw: its class, and where it was thrown. Its words may quote the
 * event in any form, so they are left out. Looked at when a line is made, so that a line that is filtered costs nothing.
 */
export const describeThrown = (thrown: unknown): { toJSON(): unknown } => ({
  toJSON() {
    if (!(thrown instanceof Error)) return { name: typeof thrown };
    const { name, message, stack = "" } = thrown;
    const [, file = "", position] = STACK_FRAME.exec(stack.replace(message, "").slice(0, STACK_LENGTH)) ?? [];
    return { name: redactText(name), at: position && `${file.replace(/[?#].*/, "")}:${position}` };
  },
});
