import type { ConnectionCause, ConnectionCode } from "../api/connection";
import type { LibraryLogger } from "../api/logging";
import type { Platform, PlatformSocket, Timer } from "../platform";
import { causeOf } from "./causes";
import { parseFrame, TOPIC, type ReportedFrame, type RawFrame } from "./frames";
import { Heartbeat, type HeartbeatEvent } from "./heartbeat";
import type { WebSocketTransport } from "./manager-events";
import { Subscriptions, type SubscriptionEvent } from "./subscriptions";

/** A socket that doesn't open within this time is abandoned. The browser itself waits for minutes. */
const OPEN_TIMEOUT_MS = 10_000;

/** A socket that isn't drained and closed within this time is abandoned. */
const DRAIN_TIMEOUT_MS = 2_000;

/** The `readyState` of an open WebSocket. */
const OPEN_STATE = 1;

/** Close codes. 1000 is a normal close, and 4000 to 4999 are for applications. */
const NORMAL_CODE = 1000;
const ABANDONED_CODE = 4000;

/** How and when a socket closed. */
export interface SocketEnd {
  readonly kind: "closed";
  /** When the socket opened, on the monotonic clock; null if it never opened. */
  readonly openedAt: number | null;
  readonly closedAt: number;
  readonly code: number | undefined;
  readonly reason: string;
  readonly wasClean: boolean;
  readonly cause: ConnectionCause;
}

/** An event that a socket reports. */
export type SocketEvent =
  | { readonly kind: "opened" }
  /** All topics are subscribed. */
  | { readonly kind: "subscribed" }
  /** The subscription has failed permanently. The socket closes next. */
  | { readonly kind: "subscriptionFailure"; readonly payload: RawFrame }
  /** A frame arrived that isn't part of the heartbeat. `text` is the frame as received. */
  | { readonly kind: "frame"; readonly frame: ReportedFrame; readonly text: string }
  | { readonly kind: "deepHeartbeat"; readonly isHealthy: boolean; readonly response: RawFrame | null }
  /** A frame couldn't be parsed. */
  | { readonly kind: "damaged" }
  /** The socket has reached its maximum age. */
  | { readonly kind: "aged" }
  /** All frames that the server sent before `drain()` was called have arrived. The socket closes next. */
  | { readonly kind: "drained" }
  /** The socket is closed. Emitted once, even if the library closed the socket. */
  | SocketEnd;

export type SocketListener = (socket: ManagedSocket, event: SocketEvent) => void;

/** One WebSocket. Subscribes to topics, sends heartbeats, and detects a half-open connection. */
export class ManagedSocket {
  readonly #platform: Platform;
  readonly #logger: LibraryLogger;
  readonly #listener: SocketListener;
  readonly #socket: PlatformSocket;
  readonly #heartbeat: Heartbeat;
  readonly #subscriptions: Subscriptions;
  readonly #topics: ReadonlySet<string>;
  readonly #lifetimeMs: number;
  /** Limits the current phase: opening, being open, or draining and closing. */
  #timer: Timer | null = null;
  #openedAt: number | null = null;
  #isClosing = false;
  #isClosed = false;

  /** `topics` is the link's set, which may grow later. Throws if the browser refuses the URL. */
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
    this.#heartbeat = new Heartbeat(platform, this.#onComponentEvent);
    this.#subscriptions = new Subscriptions(platform, this.#onComponentEvent);
    this.#socket = platform.openSocket(url);
    this.#socket.onopen = this.#onOpen;
    this.#socket.onmessage = this.#onMessage;
    // Error events contain no reason. The close event that follows is handled instead.
    this.#socket.onerror = () => undefined;
    this.#socket.onclose = this.#onClose;
    this.#startTimer(OPEN_TIMEOUT_MS, () => this.abandon("open-timeout"));
  }

  get isOpen(): boolean {
    return !this.#isClosed && !this.#isClosing && this.#openedAt !== null;
  }

  /** Subscribes to the topics that aren't subscribed yet. */
  subscribe(): void {
    if (this.isOpen) this.#subscriptions.add(this.#topics);
  }

  /** Sends a frame. Returns false if the socket isn't open. */
  send(frame: RawFrame): boolean {
    if (!this.isOpen || this.#socket.readyState !== OPEN_STATE) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Sends a heartbeat now to check the connection, after sleep or a network change. */
  check(): void {
    if (this.isOpen) this.#heartbeat.check();
  }

  /** Reports `aged` after this delay. */
  startAgeTimer(delayMs: number): void {
    this.#startTimer(delayMs, () => this.#listener(this, { kind: "aged" }));
  }

  /** Closes after all frames that the server has sent so far have arrived. An immediate close could lose some. */
  drain(): void {
    if (!this.isOpen) return;
    this.#startTimer(DRAIN_TIMEOUT_MS, () =>
      this.abandon("socket-closed", "the old socket wasn't drained in time"),
    );
    this.#heartbeat.drain();
  }

  /** Closes normally. Frames that arrive after this call are dropped. `closed` is reported later. */
  close(reason: string): void {
    this.#timer?.cancel();
    this.#closeNormally(reason);
  }

  /** Closes without waiting for the server, because a half-open socket might not report its close for minutes. */
  abandon(code: ConnectionCode, reason?: string): void {
    if (this.#isClosed) return;
    const cause = causeOf(code, reason);
    this.#logger.warn("The socket was abandoned", { ...cause });
    this.#closeSocket(ABANDONED_CODE, cause.reason);
    this.#reportClosed(undefined, cause.reason, false, cause);
  }

  readonly #onOpen = (): void => {
    if (this.#isClosed) return;
    this.startAgeTimer(this.#lifetimeMs);
    this.#openedAt = this.#platform.monotonicMs();
    this.#logger.debug("The socket is open");
    this.#listener(this, { kind: "opened" });
    // Send the subscription before the ping and the beat.
    this.subscribe();
    if (this.isOpen) this.#heartbeat.start();
  };

  readonly #onMessage = ({ data }: { readonly data: unknown }): void => {
    // Some platforms still deliver frames on a closing socket.
    if (this.#isClosed || this.#isClosing) return;
    const frame = parseFrame(data);
    if (frame.kind === "heartbeat") this.#heartbeat.onBeatResponse();
    else if (frame.kind === "ping") {
      this.#heartbeat.onPingResponse();
      this.#listener(this, { kind: "deepHeartbeat", isHealthy: frame.healthy, response: frame.raw });
    } else if (frame.kind === "malformed") {
      this.#logger.warn("A damaged frame was dropped", { problem: frame.problem });
      this.#listener(this, { kind: "damaged" });
    } else {
      this.#listener(this, { kind: "frame", frame, text: String(data) });
      if (frame.kind === "subscription" && this.isOpen)
        this.#subscriptions.onResponse(frame.accepted, frame.topics, frame.raw);
    }
  };

  readonly #onClose: NonNullable<PlatformSocket["onclose"]> = ({ code, reason, wasClean }) =>
    this.#reportClosed(
      code,
      reason,
      wasClean,
      causeOf(this.#openedAt === null ? "upgrade-failed" : "socket-closed"),
    );

  readonly #onComponentEvent = (event: HeartbeatEvent | SubscriptionEvent): void => {
    switch (event.kind) {
      case "send":
        if (event.frame["topic"] === TOPIC.subscribe)
          this.#logger.debug("A subscription was sent", { topics: [...this.#topics] });
        this.send(event.frame);
        return;
      case "dead":
        this.abandon("heartbeat-timeout");
        return;
      default:
        this.#listener(this, event);
    }
    if (event.kind === "drained") this.#closeNormally("replaced by a new socket");
    if (event.kind === "subscriptionFailure") this.abandon("subscription-failed");
  };

  #startTimer(delayMs: number, callback: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#platform.startTimer(callback, delayMs);
  }

  #closeNormally(reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#heartbeat.stop();
    this.#subscriptions.stop();
    this.#closeSocket(NORMAL_CODE, reason);
  }

  #closeSocket(code: number, reason: string): void {
    try {
      this.#socket.close(code, reason);
    } catch {
      // The socket is already closed or broken.
    }
  }

  #reportClosed(code: number | undefined, reason: string, wasClean: boolean, cause: ConnectionCause): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#heartbeat.stop();
    this.#subscriptions.stop();
    // Keep `onerror`, because closing an unopened `ws` socket emits an error, which ends the process if unhandled.
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
