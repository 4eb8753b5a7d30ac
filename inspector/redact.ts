/**
 * What must not stay in a record, and what is hidden until somebody asks for it: secrets are taken out before an entry
 * is noted; people's words are kept in the page's memory and masked wherever they would be shown or exported.
 */
import { redactText } from "../src/observability/redact";
import { fieldAt, textAt } from "./entries";

const SECRET = "[redacted]";
const MAX_TEXT = 2_000;
const MAX_ELEMENTS = 60;
const MAX_DEPTH = 8;

/** Keys, in lower case, of what opens a door. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
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

/** Keys, in lower case, of what somebody wrote, or is called. */
const WORD_KEYS: ReadonlySet<string> = new Set([
  "content",
  "message",
  "displayname",
  "attachmentname",
  "inputdata",
]);
const EVENT_TYPE = "application/vnd.amazonaws.connect.event.";

const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** A copy of plain data without secrets, of a bounded size. Never throws. */
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

/** How a text is shown to those who may not read it: its length alone. */
export const mask = (text: string): string => `•••• (${text.length})`;

/** A copy in which what people wrote, and their names, are masked. An event's content is no word of anybody's. */
export function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== "object" || value === null) return value;
  const type: unknown = Reflect.get(value, "ContentType");
  const isEvent = typeof type === "string" && type.startsWith(EVENT_TYPE);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]: [string, unknown]) => {
      const name = key.toLowerCase();
      const isWord = WORD_KEYS.has(name) && !(isEvent && name === "content");
      return [key, isWord && typeof each === "string" ? mask(each) : withoutWords(each)];
    }),
  );
}

/** Text as JSON where it is JSON, so that keys can be looked at; a text of unknown form is somebody's words. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { content: text };
  }
}

/** Where a URL leads, without what proves the right to go there. A socket's path may be a token. */
export function placeOf(url: string): { host: string; path: string } {
  try {
    const here = textAt(fieldAt(globalThis, "location"), "href");
    const { host, pathname, protocol } = new URL(url, here ?? undefined);
    return { host, path: protocol.startsWith("ws") ? "" : pathname.replace(OPAQUE_PART, `/${SECRET}`) };
  } catch {
    return { host: "", path: "[invalid URL]" };
  }
}

/** A part of a path that no person wrote: an id of a view is a token. */
const OPAQUE_PART = /\/[\w+=.~%-]{40,}(?=\/|$)/g;
