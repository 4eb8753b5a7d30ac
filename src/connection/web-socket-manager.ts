import type { ChatWebSocketManager, ConnectionCause } from "../api/connection";
import type { LibraryLogger as ChatLogger } from "../api/logging";
import { illegalState, isChatError, wrongArgument } from "../errors";
import type { Platform, Timer } from "../platform";
import { objectOf } from "../util/json";
import { RequestBudget } from "../waiting";
import { causeOf, causeOfFailedRequest } from "./causes";
import { RESERVED_TOPICS, type Frame, type RawFrame } from "./frames";
import { HandOver } from "./hand-over";
import { ManagedSocket, type SocketClosed } from "./managed-socket";
import {
  connectionLost,
  connectionOpened,
  type ConnectionLost,
  type GetWebSocketTransport,
  type WebSocketTransport,
} from "./manager-events";
import { ObservableManager, type LinkStatus, type Replayed } from "./observable-manager";
import { NetworkMonitor, type LinkSettings } from "./network";
import { NextAttempt, RECONNECT } from "./reconnecting";
import { TransportSource } from "./transport-source";

type Phase = "idle" | "connecting" | "open" | "waiting" | "failed" | "closed";

/** A socket that stays: it subscribes, beats, reconnects with full jitter and replaces itself before it is too old. */
export class WebSocketManager extends ObservableManager implements ChatWebSocketManager {
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #network: NetworkMonitor;
  readonly #plainHost: () => string | null;
  readonly #budget: RequestBudget;
  readonly #next: NextAttempt;
  readonly #topics = new Set<string>();
  #phase: Phase = "idle";
  #source: TransportSource | null = null;
  #socket: ManagedSocket | null = null;
  #handOver: HandOver | null = null;
  /** Null until the first attempt has succeeded or failed. */
  #link: LinkStatus | null = null;
  #lost = false;
  #failure: ConnectionCause | null = null;
  /** On the monotonic clock, as all moments here. */
  #attemptStartedAt: number | null = null;
  #noOpenSince: number | null = null;
  #stableTimer: Timer | null = null;
  #lifetimeTimer: Timer | null = null;
  #stopWaiting: (() => void) | null = null;
  #takeOffSignals: (() => void) | null = null;
  #settleInit: ((outcome: { webSocketConnectionFailed: boolean }) => void) | null = null;

  /** `budget`: what a session's link shares with its other requests. */
  constructor(
    platform: Platform,
    logger: ChatLogger,
    { isNetworkOnline, plainHost }: LinkSettings,
    budget = new RequestBudget(platform),
  ) {
    super(platform, logger);
    this.#platform = platform;
    this.#logger = logger;
    this.#network = new NetworkMonitor(platform, isNetworkOnline, logger);
    this.#plainHost = plainHost;
    this.#budget = budget;
    this.#next = new NextAttempt(platform, logger, budget, () => {
      // Else the page was hidden meanwhile: the "visible" signal goes on from here.
      if (this.#mayConnectHidden()) void this.#attempt();
    });
  }

  /**
   * Starts the link. `getTransport` is asked for a socket's URL now and at each reconnection that needs a new one.
   * Resolves when the first socket is open, or has become impossible.
   */
  async init(getTransport: GetWebSocketTransport): Promise<{ webSocketConnectionFailed: boolean }> {
    if (this.#phase !== "idle") throw illegalState("init() was called before; create another manager.");
    if (typeof getTransport !== "function") {
      throw wrongArgument("getTransport", "a function that resolves { webSocketTransport }", getTransport);
    }
    this.#source = new TransportSource(this.#platform, getTransport, this.#plainHost);
    this.#takeOffSignals = this.#platform.onSignal((signal) => {
      if (signal === "hidden" || signal === "leaving") return;
      this.#socket?.check();
      if (signal === "offline" || this.#phase === "open") return;
      this.#next.signaled();
      // A single page that wakes need not wait; after a network's return many come at once.
      this.reconnectNow(signal === "online" ? this.#next.delayMs(0) : 0);
    });
    const started = new Promise<{ webSocketConnectionFailed: boolean }>((resolve) => {
      this.#settleInit = resolve;
    });
    void this.#attempt();
    return started;
  }

  subscribeTopics(topics: string[]): void {
    topics.forEach((topic) => this.#topics.add(topic));
    this.#socket?.subscribe(this.#topics);
    this.#handOver?.successor.subscribe(this.#topics);
  }

  /** Sends a frame of the application's own. One without a topic, or with a reserved one, is refused with a warning. */
  sendMessage(frame: { topic: string } & RawFrame): void {
    const { topic } = objectOf(frame);
    if (typeof topic !== "string" || topic === "" || RESERVED_TOPICS.has(topic)) {
      this.#logger.warn("A frame was refused: its topic is missing or reserved", { topic });
    } else if (!this.#socket?.send(frame)) {
      this.#logger.warn("A frame was not sent: the socket is not open", { topic });
    }
  }

  /** Closes the socket for good, with code 1000. */
  closeWebSocket(): void {
    this.#end("closed", "closed by this side");
  }

  /** Closes for good and tells those who share the link that it was given up. */
  terminateWebSocketManager(reason = "terminated"): void {
    if (this.#isOver()) return;
    // Known before the socket is closed: those who are told of its close are told that the link is lost, too.
    this.#failure = causeOf("manager-terminated", reason);
    this.#end("closed", reason);
    this.#reportFailure(this.#failure);
  }

  /** If an attempt is being waited for, makes it after `delayMs`, or as soon as two may follow each other. */
  reconnectNow(delayMs = 0): void {
    if (this.#isWaiting() && this.#mayConnectHidden()) this.#next.hurry(delayMs);
  }

  protected replays(name: Replayed): boolean {
    if (name === "initFailure") return this.#failure !== null;
    if (name === "connectionLost") return this.#lost;
    // A socket may be open before its gain is told: who subscribes in between hears of it then, once.
    return this.#phase === "open" && (this.#socket?.isOpen ?? false);
  }

  /** Whether the link is up; null until the first attempt has succeeded or failed. */
  get link(): LinkStatus | null {
    return this.#link;
  }

  /** Why the link will not come back; null while it may, and after an ordinary end. */
  get failure(): ConnectionCause | null {
    return this.#failure;
  }

  // --- connecting and reconnecting -------------------------------------------------------------------------------

  async #attempt(): Promise<void> {
    const source = this.#source;
    if (!source || this.#isOver()) return;
    this.#stopWaiting?.();
    this.#stopWaiting = null;
    this.#phase = "connecting";
    this.#attemptStartedAt = this.#platform.monotonicMs();
    let transport: WebSocketTransport;
    try {
      transport = await source.next();
    } catch (error) {
      this.#transportFailed(error);
      return;
    }
    if (this.#isOver()) return;
    try {
      this.#socket = this.#open(transport);
    } catch (error) {
      // Where the source has given better ones before, it may again.
      const code = this.#link === null ? "configuration-invalid" : "upgrade-failed";
      source.forget();
      this.#attemptFailed(causeOf(code, "the browser refused the socket's URL"), error);
    }
  }

  /** How far the page's date is ahead of the monotonic clock. */
  get #aheadMs(): number {
    return this.#platform.now() - this.#platform.monotonicMs();
  }

  // Methods, so that the compiler does not believe that the phase stays what it was across an await or a callback.
  #isOver(): boolean {
    return this.#phase === "closed" || this.#phase === "failed";
  }
  #isCurrent(socket: ManagedSocket): boolean {
    return !this.#isOver() && this.#socket === socket && socket.isOpen;
  }
  #isWaiting(): boolean {
    return this.#phase === "waiting";
  }

  #transportFailed(error: unknown): void {
    if (this.#isOver()) return;
    const isInvalid = isChatError(error) && error.code === "IllegalArgument";
    const cause = isInvalid ? causeOf("configuration-invalid", error.message) : causeOfFailedRequest(error);
    this.#attemptFailed(cause, error);
  }

  #attemptFailed(cause: ConnectionCause, error: unknown): void {
    this.#logger.warn("An attempt to connect failed", { ...cause }, error);
    if (cause.code === "configuration-invalid") this.#fail(cause);
    else {
      this.#setLink({ up: false, cause });
      void this.#reconnect(error);
    }
  }

  /** Network failures, 429 and 5xx are never a reason to give a chat up: this goes on for as long as it takes. */
  async #reconnect(error?: unknown): Promise<void> {
    const delayMs = this.#next.failed(error);
    this.#phase = "waiting";
    // Only the application's own word is worth waiting for: an attempt that the device's is wrong about costs nothing.
    const online = await this.#network.isOnline(true);
    if (!this.#isWaiting() || this.#next.isPlanned || this.#stopWaiting) return;
    if (!this.#mayConnectHidden()) {
      this.#logger.info("Waiting for the page to be seen again");
    } else if (online) {
      this.#next.plan(delayMs);
    } else {
      this.#logger.info("Waiting for the network");
      this.#stopWaiting = this.#network.whenWorthTrying(() => this.reconnectNow(this.#next.delayMs(0)));
    }
  }

  /** A phone freezes hidden pages: what is started there would not be finished. Woken by the "visible" signal. */
  #mayConnectHidden(): boolean {
    return this.#platform.isVisible() || !this.#platform.isMobile();
  }

  // --- sockets ---------------------------------------------------------------------------------------------------

  #open(transport: WebSocketTransport): ManagedSocket {
    this.#budget.take();
    return new ManagedSocket(this.#platform, this.#logger, transport.url, this.#topics, {
      opened: (socket) => this.#opened(socket, transport.transportLifeTimeInSeconds * 1000),
      subscribed: (socket) => this.#subscribed(socket),
      subscriptionFailed: (frame) => this.events.emit("subscriptionFailure", frame),
      frame: (socket, frame, text) => this.#frame(socket, frame, text),
      ping: (healthy, raw) => this.pinged(healthy, raw),
      closed: (socket, closed) => this.#closed(socket, closed),
    });
  }

  #opened(socket: ManagedSocket, lifetimeMs: number): void {
    this.#startLifetime(lifetimeMs);
    const opened = connectionOpened(
      this.#next.failures,
      this.#attemptStartedAt,
      this.#noOpenSince,
      this.#platform.monotonicMs(),
      this.#aheadMs,
    );
    this.#attemptStartedAt = null;
    if (socket === this.#socket) this.#gained();
    this.events.emit("connectionOpen", opened);
    if (this.#isOver()) return;
    // Without topics no subscription will tell that the new socket may take over.
    if (this.#topics.size === 0) this.#takeOver(socket);
  }

  #gained(): void {
    this.#phase = "open";
    this.#noOpenSince = null;
    this.#lost = false;
    this.#next.opened();
    this.#settle(false);
    this.events.emit("connectionGain", undefined);
  }

  #subscribed(socket: ManagedSocket): void {
    this.#takeOver(socket);
    if (socket === this.#socket) this.#setLink({ up: true });
  }

  #takeOver(socket: ManagedSocket): void {
    if (socket !== this.#handOver?.successor) return;
    this.#socket = socket;
    this.#handOver.begin();
  }

  #closed(socket: ManagedSocket, closed: SocketClosed): void {
    const lost = connectionLost(closed, this.#aheadMs);
    if (closed.openedAt === null) this.#source?.forget();
    this.events.emit("connectionClose", { ...lost, wasClean: closed.wasClean });
    if (socket === this.#handOver?.predecessor && this.#handOver.begun) {
      // It may have been dead for a while: what it should have brought is fetched, before what the new one holds.
      const isCut = closed.code !== 1000 && !closed.wasClean;
      if (isCut && !this.#handOver.isOver) this.internal.emit("damagedFrame", undefined);
      this.#handOver.end();
      this.#handOver = null;
      return;
    }
    if (socket === this.#handOver?.successor && socket !== this.#socket) {
      // The ageing socket still works: try again a little later.
      this.#handOver = null;
      this.#startLifetime(RECONNECT.capMs);
      return;
    }
    if (socket !== this.#socket) return;
    if (!this.#isOver()) this.#socketLost(lost, closed.cause);
    else if (this.#failure !== null && closed.openedAt !== null) this.events.emit("connectionLost", lost);
  }

  #socketLost(lost: ConnectionLost, cause: ConnectionCause): void {
    const wasOpen = this.#phase === "open";
    const isFirstAttempt = this.#link === null;
    this.#phase = "connecting";
    this.#setLink({ up: false, cause });
    // A successor on its way to take over goes on from where it is; else a new socket is needed.
    const successor = this.#handOver && !this.#handOver.begun ? this.#handOver.successor : null;
    // One that is being drained is abandoned: what it would still deliver counts as missing.
    if (this.#handOver?.begun) this.#handOver.predecessor.abandon("socket-closed", "its successor was lost");
    this.#handOver?.end();
    this.#handOver = null;
    this.#socket = successor;
    // A successor that is open counts its own life already.
    if (!successor?.isOpen) this.#lifetimeTimer?.cancel();
    if (wasOpen) this.#noOpenSince = this.#platform.monotonicMs();
    if (wasOpen || isFirstAttempt) {
      this.#lost = true;
      // As upstream: init() has done its part once a socket was tried, whether it opened or not.
      this.#settle(false);
      this.events.emit("connectionLost", lost);
    }
    if (this.#isOver()) return;
    if (successor === null) void this.#reconnect();
    else if (successor.isOpen) this.#gained();
  }

  /** Reports a change; a first attempt that fails is one, since it makes a link that may come up one that is down. */
  #setLink(status: LinkStatus): void {
    this.#stableTimer?.cancel();
    this.#stableTimer = null;
    if (status.up) {
      this.#stableTimer = this.#platform.startTimer(() => (this.#next.failures = 0), RECONNECT.stableAfterMs);
    }
    if (status.up === this.#link?.up) return;
    this.#link = status;
    this.internal.emit("link", status);
  }

  // --- an ageing socket ------------------------------------------------------------------------------------------

  #startLifetime(delayMs: number): void {
    this.#lifetimeTimer?.cancel();
    this.#lifetimeTimer = this.#platform.startTimer(() => void this.#replace(), delayMs);
  }

  /** Opens and subscribes a second socket before the first is closed. A failure is tried again while the first lives. */
  async #replace(): Promise<void> {
    const predecessor = this.#socket;
    if (!predecessor?.isOpen || this.#handOver || !this.#source) return;
    this.#logger.info("The ageing socket is replaced");
    this.#attemptStartedAt = this.#platform.monotonicMs();
    try {
      const transport = await this.#source.fetch();
      if (!this.#isCurrent(predecessor)) return;
      const successor = this.#open(transport);
      this.#handOver = new HandOver(this.#platform, predecessor, successor, (frame) => this.deliver(frame));
    } catch (error) {
      this.#logger.warn("The ageing socket could not be replaced", error);
      if (this.#isCurrent(predecessor)) this.#startLifetime(RECONNECT.capMs + this.#next.delayMs(0, error));
    }
  }

  // --- frames ----------------------------------------------------------------------------------------------------

  #frame(socket: ManagedSocket, frame: Frame, text: string): void {
    if (frame.kind === "message" && this.#handOver?.holds(socket, frame, text)) return;
    this.deliver(frame);
  }

  // --- ends ------------------------------------------------------------------------------------------------------

  #fail(cause: ConnectionCause): void {
    this.#end("failed", cause.reason);
    this.#reportFailure(cause);
  }

  #reportFailure(cause: ConnectionCause): void {
    this.#failure = cause;
    this.events.emit("initFailure", {
      connectWebSocketRetryCount: this.#next.failures,
      connectionAttemptStartTime: this.#attemptStartedAt && this.#attemptStartedAt + this.#aheadMs,
      reason: cause.reason,
    });
    this.internal.emit("failed", cause);
  }

  #end(phase: "failed" | "closed", reason: string): void {
    if (this.#isOver()) return;
    this.#phase = phase;
    for (const timer of [this.#next, this.#stableTimer, this.#lifetimeTimer]) timer?.cancel();
    this.#stableTimer = this.#lifetimeTimer = null;
    this.#stopWaiting?.();
    this.#network.dispose();
    this.#source?.dispose();
    this.#takeOffSignals?.();
    this.#handOver?.drop(reason);
    this.#handOver = null;
    this.#socket?.close(reason);
    this.#link = null;
    this.#settle(true);
  }

  #settle(webSocketConnectionFailed: boolean): void {
    this.#settleInit?.({ webSocketConnectionFailed });
    this.#settleInit = null;
  }
}
