/**
 * Removes secrets before an entry is recorded, and masks what people wrote. Their texts and names stay in the page's
 * memory, and are masked in the panel and the export until the user asks to see them.
 */
import { redactText } from "../src/observability/redact";
import { fieldAt, textAt } from "./entries";

const SECRET = "[redacted]";
const MAX_TEXT = 2_000;
const MAX_ELEMENTS = 60;
const MAX_DEPTH = 8;

/** Keys, in lower case, of values that grant access or contain something that does. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  // cspell:ignore participanttoken connectiontoken connectionauthenticationtoken viewtoken previoustranscriptnexttoken redirecturi
  // cspell:ignore authenticationurl headerstoinclude serializedcontent attachmentname inputdata
  "participanttoken",
  "connectiontoken",
  "connectionauthenticationtoken",
  "clienttoken",
  "token",
  "viewtoken",
  "nexttoken",
  "previoustranscriptnexttoken",
  "x-amz-bearer",
  "authorization",
  "cookie",
  "url",
  "redirecturi",
  "authenticationurl",
  "headerstoinclude",
  "serializedcontent",
]);

/** Keys, in lower case, of people's texts and names. */
const TEXT_KEYS: ReadonlySet<string> = new Set([
  "content",
  "message",
  "displayname",
  "attachmentname",
  "inputdata",
]);
const EVENT_TYPE = "application/vnd.amazonaws.connect.event.";

const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** Copies plain data without secrets, bounded in size. Never throws. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return cut(redactText(value));
  if (typeof value === "function") return "[function]";
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[deeper]";
  if (Array.isArray(value)) {
    const kept = value.slice(0, MAX_ELEMENTS).map((each: unknown) => withoutSecrets(each, depth + 1));
    return value.length > MAX_ELEMENTS ? [...kept, `[${value.length - MAX_ELEMENTS} more]`] : kept;
  }
  const copy: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value).slice(0, MAX_ELEMENTS)) {
    const isSecret = SECRET_KEYS.has(key.toLowerCase()) && each !== null && each !== undefined;
    copy[key] = isSecret ? SECRET : withoutSecrets(each, depth + 1);
  }
  return copy;
}

/** Replaces a text by its length. */
export const mask = (text: string): string => `•••• (${text.length})`;

/** Copies a value with people's texts and names masked. An event's content isn't masked: nobody wrote it. */
export function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== "object" || value === null) return value;
  const type: unknown = Reflect.get(value, "ContentType");
  const isEvent = typeof type === "string" && type.startsWith(EVENT_TYPE);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]: [string, unknown]) => {
      const name = key.toLowerCase();
      const isText = TEXT_KEYS.has(name) && !(isEvent && name === "content");
      return [key, isText && typeof each === "string" ? mask(each) : withoutWords(each)];
    }),
  );
}

/** Parses JSON, so that its keys can be redacted. Treats any other text as something a person wrote. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { content: text };
  }
}

/**
 * A URL's host and path, without parts that grant access. A socket's path is omitted because it may contain a token.
 */
export function placeOf(url: string): { host: string; path: string } {
  try {
    const here = textAt(fieldAt(globalThis, "location"), "href");
    const { host, pathname, protocol } = new URL(url, here ?? undefined);
    return { host, path: protocol.startsWith("ws") ? "" : pathname.replace(OPAQUE_PART, `/${SECRET}`) };
  } catch {
    return { host: "", path: "[invalid URL]" };
  }
}

/** A long, opaque path segment, such as a view token. */
const OPAQUE_PART = /\/[\w+=.~%-]{40,}(?=\/|$)/g;
