import { EVENTS_ADDRESS } from "./addresses";
import type { ControlEventName, ControlEvents } from "./types";

export type EventHandlers = {
  readonly [Name in ControlEventName]: (data: ControlEvents[Name]) => void;
};

export interface StreamHandlers {
  /** Called whenever the stream opens. Events may have been missed before that, so load everything. */
  readonly opened: () => void;
  readonly lost: () => void;
}

const RETRY_MS = 2000;

/** Listens to the simulator's events, and reconnects. */
export class LiveEvents {
  readonly #events: EventHandlers;
  readonly #stream: StreamHandlers;
  #source: EventSource | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(events: EventHandlers, stream: StreamHandlers) {
    this.#events = events;
    this.#stream = stream;
  }

  open(): void {
    const source = new EventSource(EVENTS_ADDRESS);
    this.#source = source;
    source.addEventListener("open", () => this.#stream.opened());
    source.addEventListener("error", () => {
      this.#stream.lost();
      // The browser doesn't reconnect if a response isn't an event stream, for example if it is a proxy's error page.
      if (source.readyState === EventSource.CLOSED) this.#retry = setTimeout(() => this.open(), RETRY_MS);
    });
    const listen = <Name extends ControlEventName>(
      name: Name,
      handle: (data: ControlEvents[Name]) => void,
    ): void =>
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        // The simulator's events have the same types.
        handle(JSON.parse(data) as ControlEvents[Name]);
      });
    listen("contact", this.#events.contact);
    listen("item", this.#events.item);
    listen("traffic", this.#events.traffic);
    listen("socket", this.#events.socket);
    listen("fault", this.#events.fault);
    listen("reset", this.#events.reset);
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
  }
}
