/** A bounded record of entries, oldest first. Notifies listeners of each change. */
import type { Entry, NewEntry, RequestEntry, RequestOutcome } from "./entries";
import type { WatchedSession } from "./watched-session";

export const DEFAULT_MAX_ENTRIES = 2_000;
const MAX_SESSIONS = 20;

/** `added` and `changed` contain the entry. `reset` means that listeners must read the complete record again. */
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

  /** How many of the oldest entries were dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many entries weren't recorded because the recorder was paused. */
  get missed(): number {
    return this.#missed;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** Adds an entry. Returns null while paused. */
  note(newEntry: NewEntry): Entry | null {
    if (this.#paused) {
      this.#missed += 1;
      return null;
    }
    const entry: Entry = { ...newEntry, id: this.#nextId };
    this.#nextId += 1;
    this.#entries.push(entry);
    if (this.#entries.length > this.#maxEntries) {
      this.#entries.shift();
      this.#dropped += 1;
    }
    this.#emit({ type: "added", entry });
    return entry;
  }

  /** Records a request's outcome. Does nothing if its entry was dropped. */
  recordOutcome(id: number, outcome: RequestOutcome): void {
    this.#change(id, () => outcome);
  }

  /** Records the size of a response, which the browser reports after the response. */
  recordSize(id: number, bytes: number): void {
    this.#change(id, ({ outcome }) => outcome && { ...outcome, bytes });
  }

  #change(id: number, outcome: (entry: RequestEntry) => RequestOutcome | null): void {
    // IDs are consecutive, so the first one determines every entry's index.
    const index = id - (this.#entries[0]?.id ?? 0);
    const entry = this.#entries[index];
    if (entry?.kind !== "request") return;
    const updated: RequestEntry = { ...entry, outcome: outcome(entry) };
    this.#entries[index] = updated;
    this.#emit({ type: "changed", entry: updated });
  }

  addSession(session: WatchedSession): void {
    this.#sessions.push(session);
    // Drop the oldest session and stop watching it.
    if (this.#sessions.length > MAX_SESSIONS) this.#sessions.shift()?.stop();
    this.#emit({ type: "sessions" });
  }

  setPaused(isPaused: boolean): void {
    if (isPaused && !this.#paused) this.#missed = 0;
    this.#paused = isPaused;
    this.#emit({ type: "sessions" });
  }

  /** Removes all entries and transcripts. Keeps the sessions and their current states. */
  clear(): void {
    this.#entries = [];
    this.#dropped = 0;
    for (const session of this.#sessions) session.clear();
    this.#emit({ type: "reset" });
  }

  onChange(listener: (change: RecorderChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #emit(change: RecorderChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
