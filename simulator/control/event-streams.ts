/** Streams events to listeners, as server-sent events. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { headerOf } from "../http";
import { clearTimeout, setTimeout } from "../node-timers";
import type { EventLog, LoggedEvent } from "./event-log";
import type { ControlEvents } from "./types";

const COMMENT_EVERY_MS = 15_000;
/** How long a listener waits before it connects again. */
const RETRY_MS = 1_000;
/** A listener with more unread bytes than this is disconnected. It reconnects and catches up. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

interface Stream {
  readonly response: ServerResponse;
  readonly stop: () => void;
}

const textOf = ({ id, name, data }: Pick<LoggedEvent, "id" | "name" | "data">): string =>
  `id: ${id}\nevent: ${name}\ndata: ${data}\n\n`;

export class EventStreams {
  readonly #log: EventLog;
  readonly #streams = new Set<Stream>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Starts a stream. If the request has a Last-Event-ID, the stream begins with the events since then. */
  open(request: IncomingMessage, response: ServerResponse, contactId?: string): void {
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // Otherwise nginx would buffer events.
      "x-accel-buffering": "no",
    });
    response.write(`retry: ${RETRY_MS}\n: connected\n\n`);
    this.#replay(response, headerOf(request, "last-event-id"), contactId);
    let timer = setTimeout(comment, COMMENT_EVERY_MS);
    function comment(): void {
      response.write(": still here\n\n");
      timer = setTimeout(comment, COMMENT_EVERY_MS);
    }
    const removeListener = this.#log.listen((event) => {
      if (isFor(event, contactId)) send(response, event);
    });
    const stream: Stream = {
      response,
      stop: () => {
        clearTimeout(timer);
        removeListener();
        this.#streams.delete(stream);
      },
    };
    this.#streams.add(stream);
    response.once("close", stream.stop);
  }

  /** Ends all streams. */
  close(): void {
    for (const { response, stop } of this.#streams) {
      stop();
      response.end();
    }
  }

  #replay(response: ServerResponse, lastEventId: string | undefined, contactId: string | undefined): void {
    if (lastEventId === undefined) return;
    const missed = this.#log.since(Number(lastEventId));
    if (missed) {
      for (const event of missed) if (isFor(event, contactId)) send(response, event);
      return;
    }
    const data: ControlEvents["reset"] = { reason: "missedEvents" };
    response.write(textOf({ id: this.#log.lastId, name: "reset", data: JSON.stringify(data) }));
  }
}

const isFor = ({ contactIds }: LoggedEvent, contactId: string | undefined): boolean =>
  contactId === undefined || contactIds === null || contactIds.includes(contactId);

function send(response: ServerResponse, event: LoggedEvent): void {
  if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  else response.write(textOf(event));
}
