/** The most recent events, with increasing IDs, so that a listener that reconnects can catch up. */
import type { ControlEventName, ControlEvents } from "./types";

export interface LoggedEvent {
  readonly id: number;
  readonly name: ControlEventName;
  /** JSON text. */
  readonly data: string;
  /** The contacts that the event is about; null for an event that concerns all contacts, such as a reset. */
  readonly contactIds: readonly string[] | null;
}

export type EventListener = (event: LoggedEvent) => void;

const MAX_EVENTS = 2_000;

export class EventLog {
  readonly #listeners = new Set<EventListener>();
  #events: LoggedEvent[] = [];
  #last: number;

  /** IDs count up from `firstId`. If that is the current time, IDs keep increasing in the program's next run. */
  constructor(firstId: number) {
    this.#last = firstId;
  }

  emit<Name extends ControlEventName>(
    name: Name,
    data: ControlEvents[Name],
    contactIds: readonly string[] | null,
  ): void {
    const event = { id: (this.#last += 1), name, data: JSON.stringify(data), contactIds };
    this.#events.push(event);
    if (this.#events.length > MAX_EVENTS) this.#events = this.#events.slice(-MAX_EVENTS / 2);
    for (const listener of this.#listeners) listener(event);
  }

  /** Returns the function that removes the listener. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Returns the events after the event with this ID; null if some of them were dropped, or if the ID is from another
   * run.
   */
  since(id: number): readonly LoggedEvent[] | null {
    const oldest = this.#events[0]?.id ?? this.#last + 1;
    const isKept = id >= oldest - 1 && id <= this.#last;
    if (!isKept) return null;
    return this.#events.filter((event) => event.id > id);
  }

  get lastId(): number {
    return this.#last;
  }
}
