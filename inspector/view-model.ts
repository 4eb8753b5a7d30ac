/** Turns the record into rows, lanes on a time axis, transcript rows and the exported file. */
import {
  CATEGORIES,
  CATEGORY_NAMES,
  categoryOf,
  fieldAt,
  textAt,
  type Category,
  type Entry,
  type EventEntry,
  type FrameEntry,
  type RequestEntry,
} from "./entries";
import type { Recorder } from "./recorder";
import { mask, maskTexts } from "./redact";
import type { TranscriptLine, StateSpan, WatchedSession } from "./watched-session";

export type Tone = "plain" | "good" | "warn" | "bad";

export interface Row {
  readonly id: number;
  readonly at: number;
  readonly session: string | null;
  readonly category: Category;
  readonly title: string;
  readonly detail: string;
  readonly result: string;
  readonly size: string;
  readonly tone: Tone;
}

const TONES: Readonly<Record<string, Tone>> = {
  connected: "good",
  connectionEstablished: "good",
  open: "good",
  connecting: "warn",
  reconnecting: "warn",
  connectionLost: "warn",
  broken: "bad",
  connectionBroken: "bad",
  failed: "bad",
  deepHeartbeatFailure: "bad",
};

/** Returns the distinctive end of a content type, or an empty text for plain text, which is the usual case. */
const shortType = (type: string | null): string =>
  (type ?? "").replace("application/vnd.amazonaws.connect.event.", "").replace("text/plain", "");

const join = (...parts: (string | null)[]): string => parts.filter(Boolean).join(" · ");

export function formatBytes(bytes: number | null): string {
  if (bytes === null) return "";
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const formatMs = (ms: number): string =>
  ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/** Returns an item's text, masked unless `showsText` is true. Null if the item has no text. */
function itemText(data: unknown, showsText: boolean): string | null {
  const type = textAt(data, "ContentType");
  const content = textAt(data, "Content");
  if (content === null || content === "" || type?.includes(".event.")) return null;
  return showsText ? content : mask(content);
}

function requestRow(
  entry: RequestEntry,
  showsText: boolean,
): Omit<Row, "id" | "at" | "session" | "category"> {
  const { operation, outcome, attempt, method, path, body, bytes } = entry;
  const failed = outcome !== null && (outcome.status === null || outcome.status >= 400);
  const sizes = [
    bytes ? `↑ ${formatBytes(bytes)}` : "",
    outcome?.bytes ? `↓ ${formatBytes(outcome.bytes)}` : "",
  ];
  return {
    title: operation ?? `${method} ${path}`,
    detail: join(
      attempt > 1 ? `attempt ${attempt}` : null,
      shortType(textAt(body, "ContentType")),
      operation === "SendMessage" ? itemText(body, showsText) : null,
    ),
    result: outcome ? join(String(outcome.status ?? outcome.failure), formatMs(outcome.durationMs)) : "…",
    size: sizes.filter(Boolean).join(" "),
    tone: failed ? "bad" : attempt > 1 ? "warn" : "plain",
  };
}

function frameRow(entry: FrameEntry, showsText: boolean): Omit<Row, "id" | "at" | "session" | "category"> {
  const { topic, content, direction, bytes, socket } = entry;
  const status = fieldAt(content, "status") ?? fieldAt(content, "statusCode");
  return {
    title: `${direction === "in" ? "←" : "→"} ${topic ?? "frame without a topic"}`,
    detail: join(
      shortType(textAt(content, "ContentType")),
      textAt(content, "Type") === "MESSAGEMETADATA" ? "receipt" : null,
      itemText(content, showsText),
      typeof status === "string" || typeof status === "number" ? String(status) : null,
    ),
    result: `socket ${socket}`,
    size: formatBytes(bytes),
    tone: topic === null || status === "failure" ? "bad" : "plain",
  };
}

function eventRow(entry: EventEntry, showsText: boolean): Omit<Row, "id" | "at" | "session" | "category"> {
  const { name, data, recovered } = entry;
  const count = fieldAt(data, "count");
  const isIncomplete = name === "messagesRecovered" && fieldAt(data, "complete") === false;
  const type = textAt(data, "ContentType");
  return {
    title: name,
    detail: join(
      recovered ? "recovered" : null,
      typeof count === "number" ? `${count} missed${isIncomplete ? ", maybe more" : ""}` : null,
      name === "message" ? shortType(type) : null,
      textAt(data, "ParticipantRole")?.toLowerCase() ?? null,
      itemText(data, showsText),
    ),
    result: "",
    size: "",
    tone: isIncomplete
      ? "bad"
      : recovered || name === "messagesRecovered"
        ? "good"
        : (TONES[name] ?? "plain"),
  };
}

export function rowOf(entry: Entry, { showsText }: { showsText: boolean }): Row {
  const { id, at, session } = entry;
  const base = { id, at, session, category: categoryOf(entry) };
  switch (entry.kind) {
    case "request":
      return { ...base, ...requestRow(entry, showsText) };
    case "frame":
      return { ...base, ...frameRow(entry, showsText) };
    case "event":
      return { ...base, ...eventRow(entry, showsText) };
    case "link": {
      const { newState, oldState, reason } = entry;
      const title = oldState ? `${oldState} → ${newState}` : newState;
      return { ...base, title, detail: reason, result: "", size: "", tone: TONES[newState] ?? "plain" };
    }
    case "socket": {
      const { change, code, host, socket } = entry;
      return {
        ...base,
        title: `Socket ${change}`,
        detail: host,
        result: join(`socket ${socket}`, code === null ? null : `code ${code}`),
        size: "",
        tone: TONES[change] ?? "plain",
      };
    }
  }
}

export interface Filter {
  readonly categories: ReadonlySet<Category>;
  readonly session: string | null;
  readonly text: string;
}

export const DEFAULT_FILTER: Filter = {
  categories: new Set(CATEGORY_NAMES.filter((name) => CATEGORIES[name].isShownByDefault)),
  session: null,
  text: "",
};

export function passes(row: Row, { categories, session, text }: Filter): boolean {
  if (!categories.has(row.category)) return false;
  if (session !== null && row.session !== session) return false;
  // Masked texts don't match, because a search must not reveal texts that aren't shown.
  return `${row.title} ${row.detail} ${row.result}`.toLowerCase().includes(text.trim().toLowerCase());
}

/** Returns an entry as formatted JSON, for the details view. */
export function detailOf(entry: Entry, { showsText }: { showsText: boolean }): string {
  return JSON.stringify(showsText ? entry : maskTexts(entry), null, 2);
}

export interface Mark {
  readonly at: number;
  readonly kind: "request" | "retry" | "frame" | "beat" | "recovery" | "failed";
}

export interface Lane {
  readonly id: string;
  readonly label: string;
  readonly contactId: string;
  readonly state: string;
  readonly spans: readonly (StateSpan & { readonly to: number })[];
  readonly marks: readonly Mark[];
}

function markOf(entry: Entry): Mark | null {
  const { at } = entry;
  switch (entry.kind) {
    case "request": {
      if (entry.operation === null) return null;
      const status = entry.outcome?.status;
      if (entry.outcome && (status === null || status === undefined || status >= 400))
        return { at, kind: "failed" };
      return { at, kind: entry.attempt > 1 ? "retry" : "request" };
    }
    case "frame":
      return { at, kind: categoryOf(entry) === "beat" ? "beat" : "frame" };
    case "event":
      return entry.name === "messagesRecovered" ? { at, kind: "recovery" } : null;
    case "socket":
      return entry.change === "failed" ? { at, kind: "failed" } : null;
    case "link":
      return null;
  }
}

/** Returns a lane for each session, with the states between two times as spans, and other entries as marks. */
export function lanesOf(recorder: Recorder, { from, to }: { from: number; to: number }): Lane[] {
  return recorder.sessions.map((session) => laneOf(session, recorder.entries, from, to));
}

function laneOf(session: WatchedSession, entries: readonly Entry[], from: number, to: number): Lane {
  const { spans, id, label } = session;
  return {
    id,
    label,
    contactId: session.session.getChatDetails().contactId ?? "",
    state: spans.at(-1)?.state ?? "idle",
    spans: spans
      .map((span, index) => ({ ...span, to: spans[index + 1]?.from ?? to }))
      .filter((span) => span.to >= from && span.from <= to)
      .map((span) => ({ ...span, from: Math.max(span.from, from) })),
    marks: entries
      .filter((entry) => entry.session === id && entry.at >= from && entry.at <= to)
      .map(markOf)
      .filter((mark) => mark !== null),
  };
}

export interface TranscriptRow {
  readonly id: string;
  readonly time: string;
  readonly who: string;
  readonly text: string;
  readonly own: boolean;
  readonly note: string;
}

export function transcriptRowOf(line: TranscriptLine, { showsText }: { showsText: boolean }): TranscriptRow {
  const { id, time, item, role, own, status, recovered } = line;
  const attachments = fieldAt(item, "Attachments");
  const name = textAt(Array.isArray(attachments) ? attachments[0] : undefined, "AttachmentName");
  const text =
    name !== null
      ? `📎 ${showsText ? name : mask(name)}`
      : (itemText(item, showsText) ?? shortType(textAt(item, "ContentType")));
  return { id, time, who: role.toLowerCase(), text, own, note: join(status, recovered ? "recovered" : null) };
}

export interface Export {
  readonly tool: "amazon-connect-chatjs/inspector";
  readonly exportedAt: string;
  readonly userAgent: string;
  readonly textIncluded: boolean;
  readonly droppedEntries: number;
  readonly sessions: readonly {
    readonly id: string;
    readonly label: string;
    readonly contactId: string;
    readonly states: readonly StateSpan[];
    readonly transcript: readonly unknown[];
  }[];
  readonly entries: readonly unknown[];
}

/** Returns the complete record as plain data for JSON. Masks texts unless `showsText` is true. */
export function exportOf(
  recorder: Recorder,
  { showsText, now }: { showsText: boolean; now: number },
): Export {
  const plain = (value: unknown): unknown => (showsText ? value : maskTexts(value));
  return {
    tool: "amazon-connect-chatjs/inspector",
    exportedAt: new Date(now).toISOString(),
    userAgent: globalThis.navigator.userAgent,
    textIncluded: showsText,
    droppedEntries: recorder.dropped,
    sessions: recorder.sessions.map(({ id, label, session, spans, transcript }) => ({
      id,
      label,
      contactId: session.getChatDetails().contactId ?? "",
      states: spans,
      transcript: transcript.map(plain),
    })),
    entries: recorder.entries.map(plain),
  };
}
