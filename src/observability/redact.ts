/** What must not stand in a log line: tokens, signed and socket URLs, the text of messages. */

const MARK = "[redacted]";

/** Keys, in lower case, whose values are secret or somebody's words, whatever object they stand in. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  "participanttoken",
  "connectiontoken",
  "clienttoken",
  "token",
  "viewtoken",
  "nexttoken",
  "x-amz-bearer",
  "authorization",
  "content",
  "serializedcontent",
  "message",
  "url",
  "authenticationurl",
  "headerstoinclude",
  "displayname",
  "attachmentname",
]);

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

/** What a log line says of an error. The service's and the storage's message may quote what was sent: left out. */
function describeError(error: Error): Record<string, unknown> {
  const described: Record<string, unknown> = { name: error.name };
  const code: unknown = Reflect.get(error, "code");
  const quotes = code === "ServiceError" || code === "StorageError" || code === "ClientError";
  if (!quotes) described["message"] = redactText(error.message);
  for (const key of ["code", "type", "statusCode", "stage", "storageCode", "field"]) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === "string" || typeof value === "number") described[key] = value;
  }
  return described;
}

/**
 * A copy of plain data without secrets, ready for JSON: errors become objects, circles and functions their names.
 * Never throws.
 */
export function redact(value: unknown, seen: readonly object[] = []): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (seen.includes(value)) return "[circular]";
  if (value instanceof Error) return describeError(value);
  const path = [...seen, value];
  if (Array.isArray(value)) return value.map((element) => redact(element, path));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[invalid date]" : value.toISOString();
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = redactEntry(value, key, path);
  return copy;
}

function redactEntry(holder: object, key: string, path: readonly object[]): unknown {
  try {
    const value: unknown = Reflect.get(holder, key);
    const secret = SECRET_KEYS.has(key.toLowerCase()) && value !== null && value !== undefined;
    return secret ? MARK : redact(value, path);
  } catch {
    return "[unreadable]";
  }
}
