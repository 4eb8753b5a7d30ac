import type { ConnectionCause } from "../api/connection";
import type { Unsubscribe } from "../api/events";
import type { LibraryLogger } from "../api/logging";
import { illegalState } from "../errors";
import type { Platform, PlatformSignal } from "../platform";
import { RequestBudget } from "../waiting";
import { causeOfFailedAttempt } from "./causes";
import type { RawFrame } from "./frames";
import { HandOver } from "./hand-over";
import type { Link, LinkListener, LinkReport, LinkStatus } from "./link";
import { LinkStates, type Connecting, type Open, type Waiting } from "./link-states";
import { LinkTimes } from "./link-times";
import { ManagedSocket, type SocketEnd, type SocketEvent } from "./managed-socket";
import type { GetWebSocketTransport, InitOutcome, WebSocketTransport } from "./manager-events";
import { NetworkMonitor, type LinkSettings } from "./network";
import { NextAttempt, RECONNECT, type PauseEnd } from "./reconnecting";
import { TransportSource } from "./transport-source";

/** What `start()` started and `close()` releases. */
interface Run {
  readonly source: TransportSource;
  readonly unsubscribe: Unsubscribe;
  readonly settle: (outcome: InitOutcome) => void;
}

/** Keeps a socket subscribed and alive, reconnects it, and replaces it when it ages. See link-states.ts. */
export class SocketLink implements Link {
  readonly #platform: Platform;
  readonly #logger: LibraryLogger;
  readonly #network: NetworkMonitor;
  readonly #unencryptedHost: () => string | null;
  readonly #budget: RequestBudget;
  readonly #next: NextAttempt;
  readonly #times: LinkTimes;
  readonly #topics = new Set<string>();
  readonly #listeners = new Set<LinkListener>();
  readonly #states = new LinkStates();
  #status: LinkStatus | null = null;
  #run: Run | null = null;

  /** A session's link shares `budget` with the session's other requests. */
  constructor(
    platform: Platform,
    logger: LibraryLogger,
    { isNetworkOnline, unencryptedHost }: LinkSettings,
    budget = new RequestBudget(platform),
  ) {
    this.#platform = platform;
    this.#logger = logger;
    this.#network = new NetworkMonitor(platform, isNetworkOnline, logger);
    this.#unencryptedHost = unencryptedHost;
    this.#budget = budget;
    this.#next = new NextAttempt(platform, logger, budget, this.#onPauseEnd);
    this.#times = new LinkTimes(platform);
  }

  get status(): LinkStatus | null {
    return this.#status;
  }

  get isOpen(): boolean {
    return this.#states.current.kind === "open" && this.#states.current.socket.isOpen;
  }

  listen(listener: LinkListener): Unsubscribe {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async start(getTransport: GetWebSocketTransport): Promise<InitOutcome> {
    if (this.#states.current.kind !== "idle")
      throw illegalState("init() was already called. Create another manager.");
    const source = new TransportSource(this.#platform, getTransport, this.#unencryptedHost);
    return new Promise((settle) => {
      this.#run = { source, settle, unsubscribe: this.#platform.onSignal(this.#onSignal) };
      void this.#connect("start");
    });
  }

  subscribeTopics(topics: readonly string[]): void {
    topics.forEach((topic) => this.#topics.add(topic));
    this.#states.socket?.subscribe();
    this.#states.handOver?.successor.subscribe();
  }

  send(frame: RawFrame): boolean {
    return this.#states.socket?.send(frame) ?? false;
  }

  /** Makes a pending attempt after `delayMs`, or as soon as the interval between attempts allows. */
  reconnectNow(delayMs = 0): void {
    this.#states.go("wake", { kind: "waiting", next: this.#next, stop: null });
    if (this.#states.current.kind === "waiting") this.#next.hurry(delayMs);
  }

  /** Closes the link permanently, with code 1000. A `failure` is reported to the chats on the link. */
  close(failure: ConnectionCause | null = null, signal: "close" | "invalid" = "close"): void {
    const { socket, handOver } = this.#states;
    const run = this.#run;
    if (!this.#states.go(signal, { kind: signal === "close" ? "closed" : "failed", socket })) return;
    this.#status = failure && { kind: "failed", cause: failure };
    this.#network.dispose();
    run?.source.dispose();
    run?.unsubscribe();
    const reason = failure?.reason ?? "closed by the client";
    handOver?.drop(reason);
    socket?.close(reason);
    run?.settle({ webSocketConnectionFailed: true });
    if (!failure) return;
    this.#report({ kind: "initFailure", payload: this.#times.failed(this.#next.failures, reason) });
    this.#report({ kind: "failed", cause: failure });
  }

  readonly #report = (report: LinkReport): void => {
    for (const listener of [...this.#listeners]) listener(report);
  };

  async #connect(signal: "start" | "due"): Promise<void> {
    const source = this.#run?.source;
    const state: Connecting = { kind: "connecting", socket: null, handOver: null };
    if (!source || !this.#states.go(signal, state)) return;
    this.#times.attemptStartedAt = this.#platform.monotonicMs();
    try {
      const transport = await source.next();
      if (this.#states.current === state) state.socket = this.#open(transport);
    } catch (error) {
      if (this.#states.current !== state) return;
      source.forget();
      const cause = causeOfFailedAttempt(error, this.#status === null);
      this.#logger.warn("An attempt to connect failed", { ...cause }, error);
      if (cause.code === "configuration-invalid") this.close(cause, "invalid");
      else {
        this.#setStatus({ kind: "lost", cause });
        void this.#pause(error);
      }
    }
  }

  /** Waits before the next attempt. Network failures, 429 and 5xx never end a chat: attempts continue indefinitely. */
  async #pause(error?: unknown): Promise<void> {
    const delayMs = this.#next.failed(error);
    const state: Waiting = { kind: "waiting", next: this.#next, stop: null };
    if (!this.#states.go("pause", state)) return;
    // Only the application's answer can delay an attempt. The device may be wrong, and a futile attempt costs nothing.
    const isOnline = await this.#network.isOnline(true);
    if (this.#states.current !== state || this.#next.isPlanned) return;
    if (isOnline) this.#next.plan(delayMs);
    else {
      this.#logger.info("The next attempt waits for the network");
      state.stop = this.#network.whenWorthTrying(() => this.#next.hurry(this.#next.delayMs(0)));
    }
  }

  readonly #onPauseEnd = (end: PauseEnd): void => {
    if (end === "due") void this.#connect("due");
    else this.#states.go("hide", { kind: "hidden" });
  };

  readonly #onSignal = (signal: PlatformSignal): void => {
    if (signal === "hidden" || signal === "leaving") return;
    if (this.#states.current.kind === "open") this.#states.current.socket.check();
    else if (signal !== "offline") {
      this.#next.signaled();
      // A page that wakes is alone; after a network outage, many pages reconnect at once.
      this.reconnectNow(signal === "online" ? this.#next.delayMs(0) : 0);
    }
  };

  #open(transport: WebSocketTransport): ManagedSocket {
    this.#budget.take();
    return new ManagedSocket(this.#platform, this.#logger, transport, this.#topics, this.#onSocket);
  }

  readonly #onSocket = (socket: ManagedSocket, event: SocketEvent): void => {
    switch (event.kind) {
      case "frame":
        if (event.frame.kind !== "message" || !this.#states.handOver?.hold(socket, event.frame, event.text))
          this.#report(event);
        return;
      case "damaged":
      case "deepHeartbeat":
      case "subscriptionFailure":
        this.#report(event);
        return;
      case "opened":
        this.#opened(socket);
        return;
      case "subscribed":
        this.#subscribed(socket);
        return;
      case "aged":
        void this.#replace(socket);
        return;
      case "drained":
        this.#states.handOver?.release();
        return;
      case "closed":
        this.#closed(socket, event);
        return;
      default:
        event satisfies never;
    }
  };

  #opened(socket: ManagedSocket): void {
    const payload = this.#times.opened(this.#next.failures);
    if (socket === this.#states.socket) this.#gained(socket);
    this.#report({ kind: "connectionOpen", payload });
    // Without topics, no subscription will confirm that the new socket can take over.
    if (this.#topics.size === 0) this.#takeOver(socket);
  }

  #gained(socket: ManagedSocket): void {
    if (!this.#states.go("opened", { kind: "open", socket, handOver: null, timer: null })) return;
    this.#times.downSince = null;
    this.#next.opened();
    this.#run?.settle({ webSocketConnectionFailed: false });
    this.#report({ kind: "connectionGain", payload: undefined });
  }

  #subscribed(socket: ManagedSocket): void {
    this.#takeOver(socket);
    const state = this.#states.current;
    if (state.kind !== "open" || state.socket !== socket) return;
    state.timer?.cancel();
    state.timer = this.#next.startStableTimer();
    this.#setStatus({ kind: "up", isSubscribed: true });
  }

  /** Reports a changed status. A failed first attempt counts as a change: the link is known to be down. */
  #setStatus(status: LinkStatus): void {
    if (status.kind === this.#status?.kind) return;
    this.#status = status;
    this.#report(status);
  }

  #closed(socket: ManagedSocket, end: SocketEnd): void {
    const payload = this.#times.closed(end);
    if (end.openedAt === null) this.#run?.source.forget();
    this.#report({ kind: "connectionClose", payload: { ...payload, wasClean: end.wasClean } });
    const state = this.#states.current;
    if (socket !== this.#states.socket) {
      if (state.kind !== "open") return;
      state.handOver?.closed(socket, end);
      state.handOver = null;
    } else if (state.kind === "open" || state.kind === "connecting") this.#lost(state, end);
    else if (this.#status?.kind === "failed" && end.openedAt !== null)
      this.#report({ kind: "connectionLost", payload });
  }

  #lost(previous: Connecting | Open, end: SocketEnd): void {
    const isOpen = previous.kind === "open";
    const isNewLoss = isOpen || this.#status === null;
    const handOver = isOpen ? previous.handOver : null;
    const hasTakenOver = handOver?.successor === previous.socket;
    // A successor that hasn't taken over yet becomes the link's socket; otherwise, a new one is needed.
    const successor = hasTakenOver ? null : (handOver?.successor ?? null);
    const state: Connecting = { kind: "connecting", socket: successor, handOver };
    this.#states.go("lost", state);
    this.#setStatus({ kind: "lost", cause: end.cause });
    // Both call handlers, which may close the link and so drop the handover.
    if (this.#states.current === state && hasTakenOver) handOver.lost();
    else handOver?.release();
    state.handOver = null;
    if (isOpen) this.#times.downSince = end.closedAt;
    if (isNewLoss) {
      // As in upstream, init() resolves once a socket was tried, whether it opened or not.
      this.#run?.settle({ webSocketConnectionFailed: false });
      this.#report({ kind: "connectionLost", payload: this.#times.closed(end) });
    }
    if (this.#states.current !== state) return;
    if (successor === null) void this.#pause();
    else if (successor.isOpen) this.#gained(successor);
  }

  /** Opens and subscribes a second socket before closing the first. Retries a failure while the first one lives. */
  async #replace(predecessor: ManagedSocket): Promise<void> {
    const state = this.#states.current;
    if (state.kind !== "open" || state.socket !== predecessor || state.handOver || !this.#run) return;
    this.#logger.info("A new socket replaces the aging one");
    this.#times.attemptStartedAt = this.#platform.monotonicMs();
    try {
      const transport = await this.#run.source.fetch();
      if (this.#states.current === state && predecessor.isOpen)
        state.handOver = new HandOver(predecessor, this.#open(transport), this.#report);
    } catch (error) {
      this.#logger.warn("The aging socket could not be replaced", error);
      if (this.#states.current === state && predecessor.isOpen)
        predecessor.ageAfter(RECONNECT.capMs + this.#next.delayMs(0, error));
    }
  }

  /** Switches to the subscribed successor. The predecessor closes once everything sent on it has arrived. */
  #takeOver(socket: ManagedSocket): void {
    const state = this.#states.current;
    if (state.kind !== "open" || socket === state.socket || socket !== state.handOver?.successor) return;
    state.socket = socket;
    state.handOver.predecessor.drain();
  }
}
