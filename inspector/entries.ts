/** The inspector's entries: plain data without secrets. */
import type { ConnectionState } from "../src/api/connection";

interface EntryBase {
  /** Counts up from 1. An entry keeps its ID when it is updated. */
  readonly id: number;
  /** When the entry was recorded, in epoch milliseconds. */
  readonly at: number;
  /** The ID of the entry's session; null if unknown. */
  readonly session: string | null;
}

/** A request's outcome. If there was no response, `status` is null, and `failure` is the reason. */
export interface RequestOutcome {
  readonly durationMs: number;
  readonly status: number | null;
  readonly failure: string | null;
  /** The size as transferred, after compression; null if the browser doesn't report it. */
  readonly bytes: number | null;
}

/** A change of a session's connection state. */
export interface LinkEntry extends EntryBase {
  readonly kind: "link";
  readonly oldState: ConnectionState | null;
  readonly newState: ConnectionState;
  readonly reason: string;
}

/** A change of one of the page's sockets: it is opening, has opened, has failed or was closed. */
export interface SocketEntry extends EntryBase {
  readonly kind: "socket";
  readonly change: "opening" | "open" | "failed" | "closed";
  readonly host: string;
  readonly code: number | null;
  /** The socket's number, to distinguish sockets that are open at the same time. */
  readonly socket: number;
}

export interface FrameEntry extends EntryBase {
  readonly kind: "frame";
  readonly direction: "in" | "out";
  readonly topic: string | null;
  readonly bytes: number;
  readonly content: unknown;
  readonly socket: number;
}

export interface RequestEntry extends EntryBase {
  readonly kind: "request";
  /** The service operation; null for requests that don't belong to a chat. */
  readonly operation: string | null;
  readonly method: string;
  readonly path: string;
  /** 1 for the first attempt, 2 for the first retry, and so on. */
  readonly attempt: number;
  readonly bytes: number | null;
  readonly body: unknown;
  /** Null until the request has received a response or has failed. */
  readonly outcome: RequestOutcome | null;
}

/** An event that a session emitted. */
export interface EventEntry extends EntryBase {
  readonly kind: "event";
  readonly name: string;
  readonly data: unknown;
  readonly recovered: boolean;
}

export type Entry = LinkEntry | SocketEntry | FrameEntry | RequestEntry | EventEntry;
type WithoutId<Any> = Any extends Entry ? Omit<Any, "id"> : never;
/** An entry before it is recorded. */
export type NewEntry = WithoutId<Entry>;

/** The filter's categories, in the order of the panel's buttons. */
export const CATEGORIES = {
  link: { label: "Connection", isShownByDefault: true },
  request: { label: "Requests", isShownByDefault: true },
  frame: { label: "Frames", isShownByDefault: true },
  event: { label: "Events", isShownByDefault: true },
  receipt: { label: "Receipts", isShownByDefault: true },
  recovery: { label: "Recovery", isShownByDefault: true },
  beat: { label: "Heartbeats", isShownByDefault: false },
  other: { label: "Other requests", isShownByDefault: false },
} as const;

export type Category = keyof typeof CATEGORIES;
/** The keys of `CATEGORIES`, with the literal types that Object.keys loses. */
export const CATEGORY_NAMES = Object.keys(CATEGORIES) as Category[];

const BEAT_TOPICS: ReadonlySet<string | null> = new Set(["aws/heartbeat", "aws/ping"]);
const BEAT_EVENTS: ReadonlySet<string> = new Set(["deepHeartbeatSuccess", "deepHeartbeatFailure"]);
const RECEIPT_EVENTS: ReadonlySet<string> = new Set(["readReceipt", "deliveredReceipt"]);
const LINK_EVENTS: ReadonlySet<string> = new Set([
  "connectionEstablished",
  "connectionLost",
  "connectionBroken",
]);

export function categoryOf(entry: Entry): Category {
  switch (entry.kind) {
    case "link":
    case "socket":
      return "link";
    case "frame":
      return BEAT_TOPICS.has(entry.topic) ? "beat" : "frame";
    case "request":
      return entry.operation === null ? "other" : isReceiptRequest(entry) ? "receipt" : "request";
    case "event":
      if (BEAT_EVENTS.has(entry.name)) return "beat";
      if (RECEIPT_EVENTS.has(entry.name)) return "receipt";
      if (LINK_EVENTS.has(entry.name)) return "link";
      return entry.recovered || entry.name === "messagesRecovered" ? "recovery" : "event";
  }
}

const isReceiptRequest = ({ operation, body }: RequestEntry): boolean =>
  operation === "SendEvent" && /\.message\.(read|delivered)$/.test(textAt(body, "ContentType") ?? "");

/** Reads a string field of plain data. */
export function textAt(value: unknown, key: string): string | null {
  const field = fieldAt(value, key);
  return typeof field === "string" ? field : null;
}

export function fieldAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (Reflect.get(value, key) as unknown) : undefined;
}
