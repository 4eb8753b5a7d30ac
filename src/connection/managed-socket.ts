import type { ConnectionCause, ConnectionCode } from "../api/connection";
import type { LibraryLogger } from "../api/logging";
import type { Platform, PlatformSocket, Timer } from "../platform";
import { causeOf } from "./causes";
import { parseFrame, TOPIC, type ReportedFrame, type RawFrame } from "./frames";
import { Heartbeat, type HeartbeatEvent } from "./heartbeat";
import type { WebSocketTransport } from "./manager-events";
import { Subscriptions, type SubscriptionEvent } from "./subscriptions";

/** An opening that takes longer than this is given up: a browser itself waits for minutes. */
const OPEN_WITHIN_MS = 10_000;

/** A socket that is not drained and closed within this long is abandoned. */
const DRAIN_WITHIN_MS = 2_000;

/** `readyState` of an open WebSocket. */
const OPEN = 1;

/** Close codes: 1000 is the ordinary end; 4000 and up are the application's own, for the server's logs. */
const NORMAL = 1000;
const ABANDONED = 4000;

/** A socket's end. */
export interface SocketEnd {
  readonly kind: "closed";
  /** On the monotonic clock; null if it never opened. */
  readonly openedAt: number | null;
  readonly closedAt: number;
  readonly code: number | undefined;
  readonly reason: string;
  readonly wasClean: boolean;
  readonly cause: ConnectionCause;
}

/** What a socket reports. */
export type SocketEvent =
  | { readonly kind: "opened" }
  /** All topics are subscribed. */
  | { readonly kind: "subscribed" }
  /** The subscription was given up; the socket closes after this. */
  | { readonly kind: "subscriptionFailure"; readonly payload: RawFrame }
  /** Every frame that is not about the link itself, and subscription answers; `text` is the frame as it came. */
  | { readonly kind: "frame"; readonly frame: ReportedFrame; readonly text: string }
  | { readonly kind: "deepHeartbeat"; readonly isHealthy: boolean; readonly answer: RawFrame | null }
  /** A frame could not be read. */
  | { readonly kind: "damaged" }
  /** It has been open for as long as it may be. */
  | { readonly kind: "aged" }
  /** All that the server had sent when `drain()` was called has arrived; the socket closes after this. */
  | { readonly kind: "drained" }
  /** Emitted once, also when this side closed it. */
  | SocketEnd;

export type SocketListener = (socket: ManagedSocket, event: SocketEvent) => void;

/** One WebSocket, from its opening to its close: subscribes its topics, beats, and notices when the other side is gone. */
export class ManagedSocket {
  readonly #platform: Platform;
  readonly #logger: LibraryLogger;
  readonly #listener: SocketListener;
  readonly #socket: PlatformSocket;
  readonly #heartbeat: Heartbeat;
  readonly #subscriptions: Subscriptions;
  readonly #topics: ReadonlySet<string>;
  readonly #lifetimeMs: number;
  /** For one thing at a time: its opening, its age, or that it is drained and closed. */
  #timer: Timer | null = null;
  #openedAt: number | null = null;
  #isClosing = false;
  #isOver = false;

  /** `topics` is the link's own set, read when the socket opens. Throws where the browser refuses the URL. */
  constructor(
    platform: Platform,
    logger: LibraryLogger,
    { url, transportLifeTimeInSeconds }: WebSocketTransport,
    topics: ReadonlySet<string>,
    listener: SocketListener,
  ) {
    this.#platform = platform;
    this.#logger = logger;
    this.#listener = listener;
    this.#topics = topics;
    this.#lifetimeMs = transportLifeTimeInSeconds * 1000;
    this.#heartbeat = new Heartbeat(platform, this.#onPart);
    this.#subscriptions = new Subscriptions(platform, this.#onPart);
    this.#socket = platform.openSocket(url);
    this.#socket.onopen = this.#onOpen;
    this.#socket.onmessage = this.#onMessage;
    // An error has no reason; the close that follows it is what counts.
    this.#socket.onerror = () => undefined;
    this.#socket.onclose = this.#onClose;
    this.#startTimer(OPEN_WITHIN_MS, () => this.abandon("open-timeout"));
  }

  get isOpen(): boolean {
    return !this.#isOver && !this.#isClosing && this.#openedAt !== null;
  }

  /** Subscribes the topics that are not subscribed yet. */
  subscribe(): void {
    if (this.isOpen) this.#subscriptions.add(this.#topics);
  }

  /** False when the frame could not be handed to the socket. */
  send(frame: RawFrame): boolean {
    if (!this.isOpen || this.#socket.readyState !== OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Beats at once and judges the answer, after sleep or a change of network. */
  check(): void {
    if (this.isOpen) this.#heartbeat.check();
  }

  /** Reports `aged` after this time. */
  ageAfter(delayMs: number): void {
    this.#startTimer(delayMs, () => this.#listener(this, { kind: "aged" }));
  }

  /** Closes after everything that the server has sent up to now. Once a socket is being closed, the browser drops the rest. */
  drain(): void {
    if (!this.isOpen) return;
    this.#startTimer(DRAIN_WITHIN_MS, () =>
      this.abandon("socket-closed", "it was not drained and closed in time"),
    );
    this.#heartbeat.drain();
  }

  /** Closes in the ordinary way, and `closed` follows. From now on the browser drops what still comes. */
  close(reason: string): void {
    this.#timer?.cancel();
    this.#shut(reason);
  }

  /** Closes at once, without waiting for an answer: a half-open socket would not give one for minutes. */
  abandon(code: ConnectionCode, because?: string): void {
    if (this.#isOver) return;
    const cause = causeOf(code, because);
    this.#logger.warn("The socket is given up", { ...cause });
    this.#closeSocket(ABANDONED, cause.reason);
    this.#end(undefined, cause.reason, false, cause);
  }

  readonly #onOpen = (): void => {
    if (this.#isOver) return;
    this.ageAfter(this.#lifetimeMs);
    this.#openedAt = this.#platform.monotonicMs();
    this.#logger.debug("The socket is open");
    this.#listener(this, { kind: "opened" });
    // The subscription first, then the ping and the beat.
    this.subscribe();
    if (this.isOpen) this.#heartbeat.start();
  };

  readonly #onMessage = ({ data }: { readonly data: unknown }): void => {
    // Not every platform drops what comes on a socket that is being closed.
    if (this.#isOver || this.#isClosing) return;
    const frame = parseFrame(data);
    if (frame.kind === "heartbeat") this.#heartbeat.beatAnswered();
    else if (frame.kind === "ping") {
      this.#heartbeat.pingAnswered();
      this.#listener(this, { kind: "deepHeartbeat", isHealthy: frame.healthy, answer: frame.raw });
    } else if (frame.kind === "malformed") {
      this.#logger.warn("A damaged frame was dropped", { problem: frame.problem });
      this.#listener(this, { kind: "damaged" });
    } else {
      this.#listener(this, { kind: "frame", frame, text: String(data) });
      if (frame.kind === "subscription" && this.isOpen)
        this.#subscriptions.answered(frame.accepted, frame.topics, frame.raw);
    }
  };

  readonly #onClose: NonNullable<PlatformSocket["onclose"]> = ({ code, reason, wasClean }) =>
    this.#end(code, reason, wasClean, causeOf(this.#openedAt === null ? "upgrade-failed" : "socket-closed"));

  readonly #onPart = (event: HeartbeatEvent | SubscriptionEvent): void => {
    switch (event.kind) {
      case "send":
        if (event.frame["topic"] === TOPIC.subscribe)
          this.#logger.debug("The topics are subscribed", { topics: [...this.#topics] });
        this.send(event.frame);
        return;
      case "dead":
        this.abandon("heartbeat-timeout");
        return;
      default:
        this.#listener(this, event);
    }
    if (event.kind === "drained") this.#shut("replaced by a new socket");
    if (event.kind === "subscriptionFailure") this.abandon("subscription-failed");
  };

  #startTimer(delayMs: number, callback: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#platform.startTimer(callback, delayMs);
  }

  #shut(reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#heartbeat.stop();
    this.#subscriptions.stop();
    this.#closeSocket(NORMAL, reason);
  }

  #closeSocket(code: number, reason: string): void {
    try {
      this.#socket.close(code, reason);
    } catch {
      // It is closed or broken already.
    }
  }

  #end(code: number | undefined, reason: string, wasClean: boolean, cause: ConnectionCause): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#heartbeat.stop();
    this.#subscriptions.stop();
    // `onerror` stays set: closing a `ws` socket before it opens emits an error, and an error without a listener ends the process.
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#logger.debug("The socket is closed", { code, wasClean });
    this.#listener(this, {
      kind: "closed",
      openedAt: this.#openedAt,
      closedAt: this.#platform.monotonicMs(),
      code,
      reason,
      wasClean,
      cause,
    });
  }
}
