import {
  CONNECTION_STATES,
  eventOf,
  nextState,
  type ConnectionSignal,
  type ConnectionState,
  type ConnectionStatus,
} from "../connection/states";
import type { ChatLogger } from "../observability/logger";
import type { ChatEvents, When } from "./chat-events";
import type { ChatMetrics } from "./chat-metrics";
import type { ConnectResult } from "./connect-result";

/** Where a chat's connection stands, and what of that was told. */
export class ChatState {
  readonly #logger: ChatLogger;
  readonly #events: ChatEvents;
  readonly #metrics: ChatMetrics | null;
  readonly #onEstablished: () => void;
  #state: ConnectionState = "idle";
  #deepHeartbeatFailed = false;
  /** Told with the first establishment after a `connect()`. */
  #connectResult: ConnectResult | null = null;
  /** The link was up before: what is said while it is not has to be recovered. */
  #wasEstablished = false;
  /** An establishment waits for what was missed: until it is told, the application believes the link lost. */
  #untold = false;

  /**
   * `onEstablished` is called after each establishment that was told. `isResumed`: another page's session had been
   * established, so that something may have been missed since.
   */
  constructor(
    logger: ChatLogger,
    events: ChatEvents,
    metrics: ChatMetrics | null,
    onEstablished: () => void,
    isResumed: boolean,
  ) {
    this.#logger = logger;
    this.#events = events;
    this.#metrics = metrics;
    this.#onEstablished = onEstablished;
    this.#wasEstablished = isResumed;
  }

  get current(): ConnectionState {
    return this.#state;
  }

  get status(): ConnectionStatus {
    return this.#deepHeartbeatFailed ? "Broken" : CONNECTION_STATES[this.#state].status;
  }

  /** Whether a call of `connect()` starts anew. */
  get mayConnect(): boolean {
    return CONNECTION_STATES[this.#state].mayConnect;
  }

  connectSucceeded(result: ConnectResult): void {
    this.#connectResult = result;
  }

  /** True where it came back, so that `settled` has to follow: what was missed is told before the establishment. */
  linkUp(when: When): boolean {
    const isBack = this.#wasEstablished;
    const isHeeded = this.signal("linkUp", "the socket is open and subscribed", when, isBack);
    // A handler may have let go of the session.
    if (!isHeeded || this.#state !== "connected") return false;
    this.#wasEstablished = true;
    this.#untold = isBack;
    return isBack;
  }

  /** What was missed is told, or has been waited for long enough. */
  settled(): void {
    if (!this.#untold) return;
    this.#untold = false;
    this.#events.queue("run", () => this.#tellEstablished());
  }

  linkLost(): void {
    // An establishment that was never told cannot be lost again.
    this.signal("linkLost", "the socket was lost", "run", this.#untold);
    this.#untold = false;
  }

  deepHeartbeat(healthy: boolean): void {
    this.#deepHeartbeatFailed = !healthy;
  }

  /**
   * Moves the state by its table, and tells what the table says, if not `silently`; false for a signal that the state
   * does not heed.
   */
  signal(signal: ConnectionSignal, reason: string, when: When, silently = false): boolean {
    const oldState = this.#state;
    const newState = nextState(oldState, signal);
    if (newState === null) return false;
    this.#state = newState;
    this.#deepHeartbeatFailed = false;
    this.#logger.info("The connection's state changed", { oldState, newState, reason });
    this.#metrics?.entered(newState);
    const events = this.#events;
    events.queue(when, () => {
      events.emit("connectionStateChanged", { oldState, newState, reason });
      const event = silently ? null : eventOf(newState, signal);
      if (event === "connectionEstablished") this.#tellEstablished();
      else if (event !== null) events.emit(event, {});
    });
    return true;
  }

  /** Back to where it began, or (`ended`) to the end, without a word. */
  forget(state: "idle" | "ended"): void {
    this.#state = state;
    this.#connectResult = null;
    this.#deepHeartbeatFailed = this.#wasEstablished = this.#untold = false;
  }

  #tellEstablished(): void {
    const result = this.#connectResult ?? {};
    this.#connectResult = null;
    this.#events.emit("connectionEstablished", {}, result);
    this.#onEstablished();
  }
}
