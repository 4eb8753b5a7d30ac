/** Watches the connection states and the messages of one session, through the session's public events. */
import type { ConnectionState } from "../src/api/connection";
import type { ChatEventName } from "../src/api/events";
import { CHAT_EVENT_NAMES } from "../src/conversation/events";
import { fieldAt, textAt, type NewEntry } from "./entries";
import { withoutSecrets } from "./redact";

/** The members of a session that the inspector needs. All of the library's sessions have these members. */
export interface InspectableSession {
  getChatDetails(): {
    readonly contactId?: string | undefined;
    readonly participantId?: string | undefined;
    readonly participantToken?: string | null | undefined;
    readonly connectionDetails?: object | null | undefined;
  };
  readonly connectionState: ConnectionState;
  on(name: ChatEventName, handler: (event: { data: unknown; recovered?: true }) => unknown): () => void;
}

export interface StateSpan {
  readonly state: ConnectionState;
  readonly from: number;
}

/** A transcript line, with its text unmasked. The text is masked when it is displayed. */
export interface TranscriptLine {
  readonly id: string;
  readonly time: string;
  readonly role: string;
  readonly own: boolean;
  readonly item: unknown;
  readonly status: "sent" | "delivered" | "read" | null;
  readonly recovered: boolean;
}

const MAX_SPANS = 500;
const MAX_ITEMS = 500;

/**
 * The watched events. A `transcriptUpdated` handler would make the session fetch and keep a transcript, but watching a
 * session must not change what the session does. The inspector therefore builds its transcript from the messages.
 */
const EVENT_NAMES = CHAT_EVENT_NAMES.filter((name) => name !== "transcriptUpdated");
const RECEIPTS = { readReceipt: "read", deliveredReceipt: "delivered" } as const;

export class WatchedSession {
  readonly id: string;
  readonly label: string;
  readonly session: InspectableSession;
  readonly #note: (entry: NewEntry) => void;
  readonly #now: () => number;
  #spans: StateSpan[];
  #items = new Map<string, TranscriptLine>();
  #unsubscribers: (() => void)[] = [];

  constructor(
    session: InspectableSession,
    options: { id: string; label: string; note: (entry: NewEntry) => void; now: () => number },
  ) {
    this.id = options.id;
    this.label = options.label;
    this.session = session;
    this.#note = options.note;
    this.#now = options.now;
    this.#spans = [{ state: session.connectionState, from: this.#now() }];
    this.listen();
  }

  get spans(): readonly StateSpan[] {
    return this.#spans;
  }

  /** The transcript, sorted by time. */
  get transcript(): readonly TranscriptLine[] {
    return [...this.#items.values()].sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || 0);
  }

  /**
   * Adds all handlers, and removes earlier handlers first. Must be called again after the session's `reset()`, which
   * removes all handlers.
   */
  listen(): void {
    this.stop();
    this.#unsubscribers = EVENT_NAMES.map((name) =>
      this.session.on(name, (event) => this.#handle(name, event)),
    );
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribers.splice(0)) unsubscribe();
  }

  clear(): void {
    this.#items.clear();
    this.#spans = this.#spans.slice(-1);
  }

  /** Returns whether a token belongs to this session. */
  owns(bearer: string): boolean {
    const { participantToken, connectionDetails } = this.session.getChatDetails();
    return bearer === participantToken || bearer === textAt(connectionDetails, "connectionToken");
  }

  ownsSocket(url: string): boolean {
    return url === textAt(this.session.getChatDetails().connectionDetails, "url");
  }

  #handle(name: ChatEventName, { data, recovered }: { data: unknown; recovered?: true }): void {
    const at = this.#now();
    if (name === "connectionStateChanged") this.#recordState(data, at);
    else {
      this.#updateTranscript(name, data, recovered === true);
      this.#note({
        kind: "event",
        at,
        session: this.id,
        name,
        data: withoutSecrets(data),
        recovered: recovered === true,
      });
    }
  }

  #recordState(change: unknown, at: number): void {
    const { connectionState } = this.session;
    // Another release of the library may emit different data. In that case, use the session's current state.
    const newState = (textAt(change, "newState") as ConnectionState | null) ?? connectionState;
    const oldState = this.#spans.at(-1)?.state ?? null;
    this.#spans.push({ state: newState, from: at });
    if (this.#spans.length > MAX_SPANS) this.#spans.shift();
    const reason = textAt(withoutSecrets(change), "reason") ?? "";
    this.#note({ kind: "link", at, session: this.id, oldState, newState, reason });
  }

  #updateTranscript(name: ChatEventName, data: unknown, recovered: boolean): void {
    if (name === "readReceipt" || name === "deliveredReceipt") {
      const id = textAt(fieldAt(data, "MessageMetadata"), "MessageId");
      this.#receipt(id, RECEIPTS[name]);
      return;
    }
    const id = textAt(data, "Id");
    if (name !== "message" || !id) return;
    const previous = this.#items.get(id);
    const own = textAt(data, "ParticipantId") === this.session.getChatDetails().participantId;
    this.#items.set(id, {
      id,
      time: textAt(data, "AbsoluteTime") ?? "",
      role: textAt(data, "ParticipantRole") ?? "",
      own,
      item: withoutSecrets(data),
      status: previous?.status ?? (own && textAt(data, "Type") !== "EVENT" ? "sent" : null),
      recovered: previous?.recovered ?? recovered,
    });
    if (this.#items.size > MAX_ITEMS) {
      const [oldest] = this.#items.keys();
      if (oldest !== undefined) this.#items.delete(oldest);
    }
  }

  /** Applies a receipt to its message. A message that has been read keeps this status. */
  #receipt(id: string | null, status: "delivered" | "read"): void {
    const item = id === null ? undefined : this.#items.get(id);
    if (!item || item.status === "read") return;
    this.#items.set(item.id, { ...item, status });
  }
}
