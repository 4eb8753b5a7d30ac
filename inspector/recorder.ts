/** The entries, oldest first, bounded; whoever shows them is told of each. */
import type { Entry, NewEntry, RequestEntry, RequestOutcome } from "./entries";
import type { WatchedSession } from "./watched-session";

export const DEFAULT_MAX_ENTRIES = 2_000;
const MAX_SESSIONS = 20;

/** `added` and `changed` come with the entry; `reset`: look at everything anew. */
export type RecorderChange =
  { readonly type: "added" | "changed"; readonly entry: Entry } | { readonly type: "reset" | "sessions" };

export class Recorder {
  readonly #maxEntries: number;
  readonly #listeners = new Set<(change: RecorderChange) => void>();
  #entries: Entry[] = [];
  #sessions: WatchedSession[] = [];
  #nextId = 1;
  #dropped = 0;
  #missed = 0;
  #paused = false;

  constructor(maxEntries = DEFAULT_MAX_ENTRIES) {
    this.#maxEntries = Math.max(1, Math.floor(maxEntries));
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get sessions(): readonly WatchedSession[] {
    return this.#sessions;
  }

  /** How many of the oldest had to go. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many came while the record was paused, and were not noted. */
  get missed(): number {
    return this.#missed;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** Adds an entry; null while paused. */
  note(given: NewEntry): Entry | null {
    if (this.#paused) {
      this.#missed += 1;
      return null;
    }
    const entry: Entry = { ...given, id: this.#nextId };
    this.#nextId += 1;
    this.#entries.push(entry);
    if (this.#entries.length > this.#maxEntries) {
      this.#entries.shift();
      this.#dropped += 1;
    }
    this.#tell({ type: "added", entry });
    return entry;
  }

  /** How a request came out; one that is no longer kept is let go. */
  answer(id: number, outcome: RequestOutcome): void {
    this.#change(id, () => outcome);
  }

  /** How large an answer was, which the browser tells later. */
  size(id: number, bytes: number): void {
    this.#change(id, ({ outcome }) => outcome && { ...outcome, bytes });
  }

  #change(id: number, outcome: (entry: RequestEntry) => RequestOutcome | null): void {
    // Ids count up without a gap, so that the first one tells where each stands.
    const index = id - (this.#entries[0]?.id ?? 0);
    const entry = this.#entries[index];
    if (entry?.kind !== "request") return;
    const answered: RequestEntry = { ...entry, outcome: outcome(entry) };
    this.#entries[index] = answered;
    this.#tell({ type: "changed", entry: answered });
  }

  addSession(session: WatchedSession): void {
    this.#sessions.push(session);
    // The oldest goes, and is no longer listened to.
    if (this.#sessions.length > MAX_SESSIONS) this.#sessions.shift()?.stop();
    this.#tell({ type: "sessions" });
  }

  setPaused(isPaused: boolean): void {
    if (isPaused && !this.#paused) this.#missed = 0;
    this.#paused = isPaused;
    this.#tell({ type: "sessions" });
  }

  /** Forgets the entries and the conversations; the sessions and their states stay. */
  clear(): void {
    this.#entries = [];
    this.#dropped = 0;
    for (const session of this.#sessions) session.clear();
    this.#tell({ type: "reset" });
  }

  onChange(listener: (change: RecorderChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(change: RecorderChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
