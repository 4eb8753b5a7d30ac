import { parseObject } from "../util/json";

/** What must not stand in a log line: tokens, signed and socket URLs, the text of messages. */

const MARK = "[redacted]";
const UNREADABLE = "[unreadable]";

/** Keys whose values are secret or somebody's words, whatever object they stand in: `ViewToken`, `serializedContent`… */
const SECRET_KEY =
  /(token|content|message|url|displayname|attachmentname)$|^(x-amz-bearer|authorization|headerstoinclude|connectiondata)$/i;

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

/** What a log line says of an error. One whose message may quote what was sent or received is shown without it. */
function describeError(error: Error): Record<string, unknown> {
  const described: Record<string, unknown> = { name: error.name };
  const code: unknown = Reflect.get(error, "code");
  const quotes =
    code === "ServiceError" ||
    code === "StorageError" ||
    code === "ClientError" ||
    // Of JSON.parse: it quotes what could not be parsed.
    error.name === "SyntaxError";
  if (!quotes) described["message"] = redactText(error.message);
  for (const key of ["code", "type", "statusCode", "stage", "storageCode", "field"]) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === "string" || typeof value === "number") described[key] = value;
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

/** What a handler threw, without what it quotes of the event it was given. */
export function redactQuotes(thrown: unknown, event: unknown): unknown {
  const quotable = new Set<string>();
  collectSecrets(event, false, quotable);
  const purge = (text: string): string =>
    [...quotable].reduce((purged, secret) => purged.replaceAll(secret, MARK), text);
  if (!(thrown instanceof Error)) return typeof thrown === "string" ? purge(thrown) : thrown;
  return Object.assign(new Error(), describeError(thrown), { message: purge(thrown.message) });
}

function collectSecrets(value: unknown, secret: boolean, found: Set<string>): void {
  if (typeof value === "string" && secret) {
    if (value.length > 1) found.add(value);
    // A frame's content is an item as JSON.
    collectSecrets(parseObject(value), false, found);
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) collectSecrets(each, secret || isSecret(key), found);
}
