import type { ConnectionCause } from "../api/connection";
import type { Unsubscribe } from "../api/events";
import type { LibraryLogger } from "../api/logging";
import { illegalState } from "../errors";
import type { Platform, PlatformSignal } from "../platform";
import { RequestBudget } from "../waiting";
import { causeOfFailedAttempt } from "./causes";
import type { RawFrame } from "./frames";
import { Handover } from "./handover";
import type { Link, LinkListener, LinkReport, LinkStatus } from "./link";
import { LinkStates, type Connecting, type Open, type Waiting } from "./link-states";
import { LinkTimes } from "./link-times";
import { ManagedSocket, type SocketEnd, type SocketEvent } from "./managed-socket";
import type { GetWebSocketTransport, InitOutcome, WebSocketTransport } from "./manager-events";
import { NetworkMonitor, type LinkSettings } from "./network";
import { NextAttempt, RECONNECT, type PauseEnd } from "./reconnecting";
import { TransportSource } from "./transport-source";

/** Resources that `start()` acquires and `close()` releases. */
interface Run {
  readonly source: TransportSource;
  readonly unsubscribe: Unsubscribe;
  readonly settle: (outcome: InitOutcome) => void;
}

/** The library's own socket link. Replaces lost and aging sockets. See link-states.ts. */
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
    this.#states.handover?.successor.subscribe();
  }

  send(frame: RawFrame): boolean {
    return this.#states.socket?.send(frame) ?? false;
  }

  /** Makes a pending attempt after `delayMs`, or as soon after that as the interval between attempts allows. */
  reconnectNow(delayMs = 0): void {
    this.#states.transition("wake", { kind: "waiting", next: this.#next, stopWaiting: null });
    if (this.#states.current.kind === "waiting") this.#next.bringForward(delayMs);
  }

  /** Closes the link permanently, with code 1000. If `failure` is set, reports it to the chats on the link. */
  close(failure: ConnectionCause | null = null, signal: "close" | "invalid" = "close"): void {
    const { socket, handover } = this.#states;
    const run = this.#run;
    if (!this.#states.transition(signal, { kind: signal === "close" ? "closed" : "failed", socket })) return;
    this.#status = failure && { kind: "failed", cause: failure };
    this.#network.dispose();
    run?.source.dispose();
    run?.unsubscribe();
    const reason = failure?.reason ?? "closed by the client";
    handover?.drop(reason);
    socket?.close(reason);
    run?.settle({ webSocketConnectionFailed: true });
    if (!failure) return;
    this.#report({ kind: "initFailure", payload: this.#times.initFailureOf(this.#next.failures, reason) });
    this.#report({ kind: "failed", cause: failure });
  }

  readonly #report = (report: LinkReport): void => {
    for (const listener of [...this.#listeners]) listener(report);
  };

  async #connect(signal: "start" | "due"): Promise<void> {
    const source = this.#run?.source;
    const state: Connecting = { kind: "connecting", socket: null, handover: null };
    if (!source || !this.#states.transition(signal, state)) return;
    this.#times.attemptStartedAtMs = this.#platform.monotonicMs();
    try {
      const transport = await source.next();
      if (this.#states.current === state) state.socket = this.#open(transport);
    } catch (error) {
      if (this.#states.current !== state) return;
      source.discard();
      const cause = causeOfFailedAttempt(error, this.#status === null);
      this.#logger.warn("An attempt to connect failed", { ...cause }, error);
      if (cause.code === "configuration-invalid") this.close(cause, "invalid");
      else {
        this.#setStatus({ kind: "lost", cause });
        void this.#pause(error);
      }
    }
  }

  /** Waits before the next attempt. Attempts continue indefinitely, because network failures mustn't end a chat. */
  async #pause(error?: unknown): Promise<void> {
    const delayMs = this.#next.onFailure(error);
    const state: Waiting = { kind: "waiting", next: this.#next, stopWaiting: null };
    if (!this.#states.transition("pause", state)) return;
    // Ignore the device's status, which may be wrong. Only the application's `isNetworkOnline` can delay an attempt.
    const isOnline = await this.#network.isOnline(true);
    if (this.#states.current !== state || this.#next.isScheduled) return;
    if (isOnline) this.#next.schedule(delayMs);
    else {
      this.#logger.info("The next attempt waits for the network");
      state.stopWaiting = this.#network.waitForNetwork(() => this.#next.bringForward(this.#next.delayMs(0)));
    }
  }

  readonly #onPauseEnd = (end: PauseEnd): void => {
    if (end === "due") void this.#connect("due");
    else this.#states.transition("hide", { kind: "hidden" });
  };

  readonly #onSignal = (signal: PlatformSignal): void => {
    if (signal === "hidden" || signal === "leaving") return;
    if (this.#states.current.kind === "open") this.#states.current.socket.check();
    else if (signal !== "offline") {
      this.#next.onSignal();
      // A page that wakes up needs no jitter, because only a network outage makes many pages reconnect at once.
      this.reconnectNow(signal === "online" ? this.#next.delayMs(0) : 0);
    }
  };

  #open(transport: WebSocketTransport): ManagedSocket {
    this.#budget.spend();
    return new ManagedSocket(this.#platform, this.#logger, transport, this.#topics, this.#onSocket);
  }

  readonly #onSocket = (socket: ManagedSocket, event: SocketEvent): void => {
    switch (event.kind) {
      case "frame":
        if (event.frame.kind !== "message" || !this.#states.handover?.hold(socket, event.frame, event.text))
          this.#report(event);
        return;
      case "damaged":
      case "deepHeartbeat":
      case "subscriptionFailure":
        this.#report(event);
        return;
      case "opened":
        this.#onOpened(socket);
        return;
      case "subscribed":
        this.#onSubscribed(socket);
        return;
      case "aged":
        void this.#replaceAging(socket);
        return;
      case "drained":
        this.#states.handover?.release();
        return;
      case "closed":
        this.#onClosed(socket, event);
        return;
      default:
        event satisfies never;
    }
  };

  #onOpened(socket: ManagedSocket): void {
    const payload = this.#times.endAttempt(this.#next.failures);
    if (socket === this.#states.socket) this.#onGain(socket);
    this.#report({ kind: "connectionOpen", payload });
    // Without topics, the new socket takes over now, because no subscription will be confirmed.
    if (this.#topics.size === 0) this.#takeOver(socket);
  }

  #onGain(socket: ManagedSocket): void {
    if (!this.#states.transition("opened", { kind: "open", socket, handover: null, timer: null })) return;
    this.#times.downSinceMs = null;
    this.#next.onOpened();
    this.#run?.settle({ webSocketConnectionFailed: false });
    this.#report({ kind: "connectionGain", payload: undefined });
  }

  #onSubscribed(socket: ManagedSocket): void {
    this.#takeOver(socket);
    const state = this.#states.current;
    if (state.kind !== "open" || state.socket !== socket) return;
    state.timer?.cancel();
    state.timer = this.#next.startStableTimer();
    this.#setStatus({ kind: "up", isSubscribed: true });
  }

  /** Sets the status, and reports it if its kind has changed. A failed first attempt changes the status from null. */
  #setStatus(status: LinkStatus): void {
    if (status.kind === this.#status?.kind) return;
    this.#status = status;
    this.#report(status);
  }

  #onClosed(socket: ManagedSocket, end: SocketEnd): void {
    const payload = this.#times.connectionLostOf(end);
    if (end.openedAt === null) this.#run?.source.discard();
    this.#report({ kind: "connectionClose", payload: { ...payload, wasClean: end.wasClean } });
    const state = this.#states.current;
    if (socket !== this.#states.socket) {
      if (state.kind !== "open") return;
      state.handover?.onClosed(socket, end);
      state.handover = null;
    } else if (state.kind === "open" || state.kind === "connecting") this.#onLost(state, end);
    else if (this.#status?.kind === "failed" && end.openedAt !== null)
      this.#report({ kind: "connectionLost", payload });
  }

  #onLost(previous: Connecting | Open, end: SocketEnd): void {
    const isOpen = previous.kind === "open";
    const isNewLoss = isOpen || this.#status === null;
    const handover = isOpen ? previous.handover : null;
    const hasTakenOver = handover?.successor === previous.socket;
    // A successor that hasn't taken over becomes the link's socket. Otherwise, a new socket is needed.
    const successor = hasTakenOver ? null : (handover?.successor ?? null);
    const state: Connecting = { kind: "connecting", socket: successor, handover };
    this.#states.transition("lost", state);
    this.#setStatus({ kind: "lost", cause: end.cause });
    // A handler of the new status may have closed the link, which drops the held frames.
    if (this.#states.current === state && hasTakenOver) handover.onSuccessorLost();
    else handover?.release();
    state.handover = null;
    if (isOpen) this.#times.downSinceMs = end.closedAt;
    if (isNewLoss) {
      // As in upstream, init() resolves after the first attempt, whether or not the socket opened.
      this.#run?.settle({ webSocketConnectionFailed: false });
      this.#report({ kind: "connectionLost", payload: this.#times.connectionLostOf(end) });
    }
    if (this.#states.current !== state) return;
    if (successor === null) void this.#pause();
    else if (successor.isOpen) this.#onGain(successor);
  }

  /** Starts a handover to a new socket. If no URL can be fetched, tries again later if the old socket still works. */
  async #replaceAging(predecessor: ManagedSocket): Promise<void> {
    const state = this.#states.current;
    if (state.kind !== "open" || state.socket !== predecessor || state.handover || !this.#run) return;
    this.#logger.info("A new socket replaces the aging one");
    this.#times.attemptStartedAtMs = this.#platform.monotonicMs();
    try {
      const transport = await this.#run.source.fetch();
      if (this.#states.current === state && predecessor.isOpen)
        state.handover = new Handover(predecessor, this.#open(transport), this.#report);
    } catch (error) {
      this.#logger.warn("The aging socket could not be replaced", error);
      if (this.#states.current === state && predecessor.isOpen)
        predecessor.startAgeTimer(RECONNECT.capMs + this.#next.delayMs(0, error));
    }
  }

  /** Makes the subscribed successor the link's socket, and drains the predecessor, which then closes. */
  #takeOver(socket: ManagedSocket): void {
    const state = this.#states.current;
    if (state.kind !== "open" || socket === state.socket || socket !== state.handover?.successor) return;
    state.socket = socket;
    state.handover.predecessor.drain();
  }
}
