/**
 * Removes secrets before an entry is recorded. Also masks people's texts and names, which stay in the page's memory,
 * but are masked in the panel and in exported files until the user asks to see them.
 */
import { redactText } from "../src/observability/redact";
import { fieldAt, textAt } from "./entries";

const SECRET = "[redacted]";
const MAX_TEXT = 2_000;
const MAX_ELEMENTS = 60;
const MAX_DEPTH = 8;

/** The lower-case keys of values that grant access, or that contain such values. */
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

/** The lower-case keys of people's texts and names. */
const TEXT_KEYS: ReadonlySet<string> = new Set([
  "content",
  "message",
  "displayname",
  "attachmentname",
  "inputdata",
]);
const EVENT_TYPE = "application/vnd.amazonaws.connect.event.";

const truncate = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** Returns a copy of plain data without secrets and of limited size. Never throws. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return truncate(redactText(value));
  if (typeof value === "function") return "[function]";
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[deeper]";
  if (Array.isArray(value)) {
    const copies = value.slice(0, MAX_ELEMENTS).map((each: unknown) => withoutSecrets(each, depth + 1));
    return value.length > MAX_ELEMENTS ? [...copies, `[${value.length - MAX_ELEMENTS} more]`] : copies;
  }
  const copy: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value).slice(0, MAX_ELEMENTS)) {
    const isSecret = SECRET_KEYS.has(key.toLowerCase()) && each !== null && each !== undefined;
    copy[key] = isSecret ? SECRET : withoutSecrets(each, depth + 1);
  }
  return copy;
}

/** Replaces a text with its length. */
export const mask = (text: string): string => `•••• (${text.length})`;

/** Returns a copy with people's texts and names masked. An event's content isn't masked, because no person wrote it. */
export function maskTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskTexts);
  if (typeof value !== "object" || value === null) return value;
  const type: unknown = Reflect.get(value, "ContentType");
  const isEvent = typeof type === "string" && type.startsWith(EVENT_TYPE);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]: [string, unknown]) => {
      const name = key.toLowerCase();
      const isText = TEXT_KEYS.has(name) && !(isEvent && name === "content");
      return [key, isText && typeof each === "string" ? mask(each) : maskTexts(each)];
    }),
  );
}

/** Parses JSON, so that secrets can be found by key. Treats any other text as a text that a person wrote. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { content: text };
  }
}

/**
 * Returns a URL's host and path, without parts that grant access. Omits a socket's path, because the path may contain a
 * token.
 */
export function locationOf(url: string): { host: string; path: string } {
  try {
    const pageUrl = textAt(fieldAt(globalThis, "location"), "href");
    const { host, pathname, protocol } = new URL(url, pageUrl ?? undefined);
    return { host, path: protocol.startsWith("ws") ? "" : pathname.replace(OPAQUE_PART, `/${SECRET}`) };
  } catch {
    return { host: "", path: "[invalid URL]" };
  }
}

/** A long, opaque path segment, such as a view token. */
const OPAQUE_PART = /\/[\w+=.~%-]{40,}(?=\/|$)/g;
