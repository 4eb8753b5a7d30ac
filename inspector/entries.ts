import type { ConnectionState } from "../src/api/connection";
/** What the inspector notes: one entry for each thing that happened, plain data without secrets. */

interface EntryBase {
  /** Counts up from 1; an entry that is brought up to date keeps it. */
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The id of the session that it belongs to; null where nothing tells. */
  readonly session: string | null;
}

/** How a request came out. A null status: no answer, and `failure` says why. */
export interface RequestOutcome {
  readonly durationMs: number;
  readonly status: number | null;
  readonly failure: string | null;
  /** As sent, after compression; null where the browser does not tell. */
  readonly bytes: number | null;
}

/** The connection of a session went from one state to another. */
export interface LinkEntry extends EntryBase {
  readonly kind: "link";
  readonly oldState: ConnectionState | null;
  readonly newState: ConnectionState;
  readonly reason: string;
}

/** A socket of the page opened, failed or closed. */
export interface SocketEntry extends EntryBase {
  readonly kind: "socket";
  readonly change: "opening" | "open" | "failed" | "closed";
  readonly host: string;
  readonly code: number | null;
  /** The socket's number, so that two that overlap are told apart. */
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
  /** The service's operation; null for requests of the page that are none of the chat's. */
  readonly operation: string | null;
  readonly method: string;
  readonly path: string;
  /** 1, and more for a request that is made again. */
  readonly attempt: number;
  readonly bytes: number | null;
  readonly body: unknown;
  /** Null until it is answered or has failed. */
  readonly outcome: RequestOutcome | null;
}

/** An event that a session told. */
export interface EventEntry extends EntryBase {
  readonly kind: "event";
  readonly name: string;
  readonly data: unknown;
  readonly recovered: boolean;
}

export type Entry = LinkEntry | SocketEntry | FrameEntry | RequestEntry | EventEntry;
type WithoutId<Any> = Any extends Entry ? Omit<Any, "id"> : never;
/** An entry before it is noted. */
export type NewEntry = WithoutId<Entry>;

/** What a reader filters by, in the order of the panel's buttons, and whether it is shown from the start. */
export const CATEGORIES = {
  link: { label: "Link", shown: true },
  request: { label: "Requests", shown: true },
  frame: { label: "Frames", shown: true },
  event: { label: "Events", shown: true },
  receipt: { label: "Receipts", shown: true },
  recovery: { label: "Recovery", shown: true },
  beat: { label: "Beats", shown: false },
  other: { label: "Page’s own requests", shown: false },
} as const;

export type Category = keyof typeof CATEGORIES;
/** The table's keys, with their names as types: what Object.keys does not tell. */
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

/** A text field of plain data. */
export function textAt(value: unknown, key: string): string | null {
  const found = fieldAt(value, key);
  return typeof found === "string" ? found : null;
}

export function fieldAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (Reflect.get(value, key) as unknown) : undefined;
}
