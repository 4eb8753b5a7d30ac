import type { ConnectionCause, ConnectionState, ConnectionStatus } from "../api/connection";
import type { LibraryLogger } from "../api/logging";
import { causeOf } from "../connection/causes";
import { capitalized } from "../util/capitalized";
import type { ChatEvents, When } from "./chat-events";
import type { ChatSetup } from "./chat-setup";
import type { ChatMetrics } from "./chat-metrics";
import type { ConnectSuccess } from "./connect-result";
import { CONNECTION_STATES, emittedOn, nextState, type ConnectionSignal } from "./states";

/**
 * What a link that came up was before: `first` opened at once; `late` is the first one too, after attempts that failed;
 * `reconnected` was up before and lost.
 */
export type LinkHistory = "first" | "late" | "reconnected";

/** Where a chat's connection stands, and what of that was told. */
export class ChatState {
  readonly #logger: LibraryLogger;
  readonly #events: ChatEvents;
  readonly #metrics: ChatMetrics | null;
  readonly #refresh: () => Promise<void>;
  #state: ConnectionState = "idle";
  #deepHeartbeatFailed = false;
  /** Told with the first establishment after a `connect()`. */
  #connectResult: ConnectSuccess | null = null;
  /** The link was up before: what is said while it is not has to be recovered. */
  #wasEstablished = false;
  /** An attempt failed before the link was ever up: what is said until it is may be missed. */
  #firstFailed = false;
  /** An establishment waits for what was missed: until it is told, the application believes the link lost. */
  #untold = false;

  /** `refresh` fetches the transcript after an establishment that no recovery comes before. */
  constructor(
    { metrics, resume }: Pick<ChatSetup, "metrics" | "resume">,
    logger: LibraryLogger,
    events: ChatEvents,
    refresh: () => Promise<void>,
  ) {
    this.#metrics = metrics;
    this.#logger = logger;
    this.#events = events;
    this.#refresh = refresh;
    // The session of another page was, and something may have been missed since.
    this.#wasEstablished = resume !== null;
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

  connectSucceeded(result: ConnectSuccess): void {
    this.#connectResult = result;
  }

  /**
   * What the link was before; null where the state does not heed it. After `reconnected`, `settled` has to follow: missed items
   * are delivered before the establishment is.
   */
  linkUp(when: When): LinkHistory | null {
    // It counted as up, and was not: what was said meanwhile is missing, and the establishment has been emitted.
    if (this.current === "connected") return "reconnected";
    const isBack = this.#wasEstablished;
    const isHeeded = this.signal("linkUp", causeOf("link-up"), when, isBack);
    // A handler may have disposed of the session.
    if (!isHeeded || this.#state !== "connected") return null;
    const isLate = this.#firstFailed;
    this.#firstFailed = false;
    this.#wasEstablished = true;
    this.#untold = isBack;
    return isBack ? "reconnected" : isLate ? "late" : "first";
  }

  /** What was missed is told, or has been waited for long enough. */
  settled(): void {
    if (!this.#untold) return;
    this.#untold = false;
    this.#events.queue("run", () => this.#tellEstablished());
  }

  linkLost(cause: ConnectionCause, when: When): void {
    if (!this.#wasEstablished) this.#firstFailed = true;
    // An establishment that was never told cannot be lost again.
    this.signal("linkLost", cause, when, this.#untold);
    this.#untold = false;
  }

  deepHeartbeat(isHealthy: boolean): void {
    this.#deepHeartbeatFailed = !isHealthy;
    const name = isHealthy ? "deepHeartbeatSuccess" : "deepHeartbeatFailure";
    this.#metrics?.link(`Websocket${capitalized(name)}`);
    this.#events.post("run", name, {});
  }

  /**
   * Moves the state by its table, and tells what the table says, if not `silently`; false for a signal that the state
   * does not heed.
   */
  signal(signal: ConnectionSignal, cause: ConnectionCause, when: When, silently = false): boolean {
    const oldState = this.#state;
    const newState = nextState(oldState, signal);
    if (newState === null) return false;
    this.#state = newState;
    this.#deepHeartbeatFailed = false;
    this.#logger.info("The connection's state changed", { oldState, newState, ...cause });
    this.#metrics?.entered(newState);
    const events = this.#events;
    events.queue(when, () => {
      events.emit("connectionStateChanged", { oldState, newState, ...cause });
      const event = silently ? null : emittedOn(newState, signal);
      if (event === "connectionEstablished") {
        this.#tellEstablished();
        void this.#refresh();
      } else if (event !== null) events.emit(event, {});
    });
    return true;
  }

  /** The session has released the chat: its end is not reported. */
  release(): void {
    this.#state = "ended";
    this.#deepHeartbeatFailed = false;
  }

  #tellEstablished(): void {
    const result = this.#connectResult ?? {};
    this.#connectResult = null;
    this.#events.emit("connectionEstablished", {}, result);
  }
}
