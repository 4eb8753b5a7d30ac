import type { ConnectionCause, ConnectionCode } from "../api/connection";
import type { LibraryLogger as ChatLogger } from "../api/logging";
import type { Platform, PlatformSocket, Timer } from "../platform";
import { causeOf } from "./causes";
import { parseFrame, TOPIC, type Frame, type RawFrame } from "./frames";
import { Heartbeat } from "./heartbeat";
import { Subscriptions } from "./subscriptions";

/** An opening that takes longer than this is given up: a browser itself waits for minutes. */
const OPEN_WITHIN_MS = 10_000;

/** `readyState` of an open WebSocket. */
const OPEN = 1;

/** Close codes: 1000 is the ordinary end; 4000 and up are the application's own, for the server's logs. */
export const CLOSE_CODE = { normal: 1000, abandoned: 4000 } as const;

export interface SocketClosed {
  /** On the monotonic clock; null if it never opened. */
  readonly openedAt: number | null;
  readonly closedAt: number;
  readonly code: number | undefined;
  readonly reason: string;
  readonly wasClean: boolean;
  readonly cause: ConnectionCause;
}

/** What a socket reports, the socket itself first. */
export interface ManagedSocketEvents {
  opened(socket: ManagedSocket): void;
  /** All topics are subscribed. */
  subscribed(socket: ManagedSocket): void;
  /** The subscription was given up; the socket closes after this. */
  subscriptionFailed(frame: RawFrame): void;
  /** Every frame that is not about the link itself, and subscription answers; `text` is the frame as it came. */
  frame(socket: ManagedSocket, frame: Frame, text: string): void;
  ping(healthy: boolean, raw: RawFrame | null): void;
  /** Emitted once, also when this side closed it. */
  closed(socket: ManagedSocket, closed: SocketClosed): void;
}

/** One WebSocket, from its opening to its close: subscribes its topics, beats, and notices when the other side is gone. */
export class ManagedSocket {
  readonly #platform: Platform;
  readonly #events: ManagedSocketEvents;
  readonly #logger: ChatLogger;
  readonly #socket: PlatformSocket;
  readonly #heartbeat: Heartbeat;
  readonly #subscriptions: Subscriptions;
  readonly #topics: ReadonlySet<string>;
  #openTimer: Timer | null;
  #openedAt: number | null = null;
  #closing = false;
  #over = false;

  /** `topics` is the manager's own set, read when the socket opens. Throws where the browser refuses the URL. */
  constructor(
    platform: Platform,
    logger: ChatLogger,
    url: string,
    topics: ReadonlySet<string>,
    events: ManagedSocketEvents,
  ) {
    this.#platform = platform;
    this.#events = events;
    this.#logger = logger;
    this.#topics = topics;
    this.#heartbeat = new Heartbeat(platform, {
      beat: () => {
        this.#sendFrame({ topic: TOPIC.ping });
        this.#sendFrame({ topic: TOPIC.heartbeat });
      },
      dead: () => this.abandon("heartbeat-timeout"),
      pingUnanswered: () => events.ping(false, null),
    });
    this.#subscriptions = new Subscriptions(platform, {
      send: (frame) => {
        logger.debug("The topics are subscribed", { topics: [...topics] });
        this.#sendFrame(frame);
      },
      complete: () => events.subscribed(this),
      failed: (frame) => {
        events.subscriptionFailed(frame);
        this.abandon("subscription-failed");
      },
    });
    this.#socket = platform.openSocket(url);
    this.#socket.onopen = () => this.#onOpen();
    this.#socket.onmessage = ({ data }: { data: unknown }) => this.#onData(data);
    // An error has no reason; the close that follows it is what counts.
    this.#socket.onerror = () => undefined;
    this.#socket.onclose = ({ code, reason, wasClean }) =>
      this.#end(
        code,
        reason,
        wasClean,
        causeOf(this.#openedAt === null ? "upgrade-failed" : "socket-closed"),
      );
    this.#openTimer = platform.startTimer(() => this.abandon("open-timeout"), OPEN_WITHIN_MS);
  }

  get isOpen(): boolean {
    return !this.#over && !this.#closing && this.#openedAt !== null;
  }

  subscribe(topics: Iterable<string>): void {
    if (this.isOpen) this.#subscriptions.add(topics);
  }

  /** False when the frame could not be handed to the socket. */
  send(frame: RawFrame): boolean {
    return this.#sendFrame(frame);
  }

  /** Beats at once and judges the answer, after sleep or a change of network. */
  check(): void {
    if (this.isOpen) this.#heartbeat.check();
  }

  /** Calls back when everything that the server has sent up to now has arrived. It may never do so. */
  drain(drained: () => void): void {
    if (this.isOpen) this.#heartbeat.drain(drained);
  }

  /** Closes in the ordinary way, and `closed` follows. From now on the browser drops what still comes. */
  close(reason: string): void {
    this.#closing = true;
    this.#openTimer?.cancel();
    this.#heartbeat.stop();
    this.#subscriptions.stop();
    this.#closeSocket(CLOSE_CODE.normal, reason);
  }

  /** Closes at once, without waiting for an answer: a half-open socket would not give one for minutes. */
  abandon(code: ConnectionCode, because?: string): void {
    if (this.#over) return;
    const cause = causeOf(code, because);
    this.#logger.warn("The socket is given up", { ...cause });
    this.#closeSocket(CLOSE_CODE.abandoned, cause.reason);
    this.#end(undefined, cause.reason, false, cause);
  }

  #onOpen(): void {
    if (this.#over) return;
    this.#openTimer?.cancel();
    this.#openTimer = null;
    this.#openedAt = this.#platform.monotonicMs();
    this.#logger.debug("The socket is open");
    this.#events.opened(this);
    // The subscription first, then the ping and the beat.
    if (this.isOpen) this.#subscriptions.add(this.#topics);
    if (this.isOpen) this.#heartbeat.start();
  }

  #onData(data: unknown): void {
    // Not every platform drops what comes on a socket that is being closed.
    if (this.#over || this.#closing) return;
    const frame = parseFrame(data);
    switch (frame.kind) {
      case "heartbeat":
        this.#heartbeat.beatAnswered();
        return;
      case "ping":
        this.#heartbeat.pingAnswered();
        this.#events.ping(frame.healthy, frame.raw);
        return;
      case "subscription":
        this.#events.frame(this, frame, String(data));
        if (this.isOpen) this.#subscriptions.answered(frame.accepted, frame.topics, frame.raw);
        return;
      case "malformed":
        this.#logger.warn("A damaged frame was dropped", { problem: frame.problem });
        this.#events.frame(this, frame, "");
        return;
      case "message":
      case "topicFailure":
        this.#events.frame(this, frame, String(data));
    }
  }

  #sendFrame(frame: RawFrame): boolean {
    if (!this.isOpen || this.#socket.readyState !== OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #closeSocket(code: number, reason: string): void {
    try {
      this.#socket.close(code, reason);
    } catch {
      // It is closed or broken already.
    }
  }

  #end(code: number | undefined, reason: string, wasClean: boolean, cause: ConnectionCause): void {
    if (this.#over) return;
    this.#over = true;
    this.#openTimer?.cancel();
    this.#heartbeat.stop();
    this.#subscriptions.stop();
    // `onerror` stays set: closing a `ws` socket before it opens emits an error, and an error without a listener ends the process.
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#logger.debug("The socket is closed", { code, wasClean });
    this.#events.closed(this, {
      openedAt: this.#openedAt,
      closedAt: this.#platform.monotonicMs(),
      code,
      reason,
      wasClean,
      cause,
    });
  }
}
