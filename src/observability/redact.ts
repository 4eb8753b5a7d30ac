import { parseObject } from "../util/json";

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

type ShowText = (text: string) => string;

export function redactText(text: string): string {
  return text
    .replace(SOCKET_URL, "[socket URL]")
    .replace(URL_QUERY, (_, base: string) => `${base}?${MARK}`)
    .replace(OPAQUE, MARK);
}

/** What a log line says of an error. */
function describeError(error: Error, shown: ShowText): Record<string, unknown> {
  const described: Record<string, unknown> = { name: error.name };
  const code: unknown = Reflect.get(error, "code");
  if (!QUOTING.some((each) => each === code || each === error.name))
    described["message"] = shown(error.message);
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
export function redact(value: unknown, seen: readonly object[] = [], shown: ShowText = redactText): unknown {
  if (typeof value === "string") return shown(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (seen.includes(value)) return undefined;
  if (value instanceof Error) return describeError(value, shown);
  const path = [...seen, value];
  if (Array.isArray(value)) return value.map((element) => redact(element, path, shown));
  try {
    const toJSON: unknown = Reflect.get(value, "toJSON");
    if (typeof toJSON === "function") return redact(Reflect.apply(toJSON, value, []), path, shown);
    return Object.fromEntries(Object.keys(value).map((key) => [key, redactEntry(value, key, path, shown)]));
  } catch {
    return UNREADABLE;
  }
}

function redactEntry(holder: object, key: string, path: readonly object[], shown: ShowText): unknown {
  try {
    const value: unknown = Reflect.get(holder, key);
    return isSecret(key) && value !== null && value !== undefined ? MARK : redact(value, path, shown);
  } catch {
    return UNREADABLE;
  }
}

/**
 * What a handler threw, whatever it is, without what it quotes of the event it was given. Both are looked at when a line
 * is made of it, so that a line that is filtered costs nothing.
 */
export const redactQuotes = (thrown: unknown, event: unknown): { toJSON(): unknown } => ({
  toJSON() {
    const quotable = new Set<string>();
    collectSecrets(event, false, quotable);
    // The longest first: one may stand within another, as a name within a text.
    const secrets = [...quotable].sort((a, b) => b.length - a.length);
    const shown = redact(thrown, [], (text) =>
      redactText(secrets.reduce((purged, secret) => purged.replaceAll(secret, MARK), text)),
    );
    // An error's message is shown where it is an error's.
    return thrown instanceof Error ? Object.assign(new Error(), shown) : shown;
  },
});

function collectSecrets(value: unknown, secret: boolean, found: Set<string>): void {
  if (typeof value === "string" && secret) {
    if (value.length > 1) found.add(value);
    // A frame's content is an item as JSON.
    collectSecrets(parseObject(value), false, found);
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) collectSecrets(each, secret || isSecret(key), found);
}
