import type { ConnectionCause, ConnectionState, ConnectionStatus } from "../api/connection";
import type { LibraryLogger } from "../api/logging";
import { causeOf } from "../connection/causes";
import { capitalized } from "../util/capitalized";
import type { ChatEvents, EmitTiming } from "./chat-events";
import type { ChatSetup } from "./chat-setup";
import type { ChatMetrics } from "./chat-metrics";
import type { ConnectSuccess } from "./connect-result";
import { CONNECTION_STATES, eventOnEntering, nextState, type ConnectionSignal } from "./states";

/**
 * The history of a link that is up: `first` opened in its first attempt, `late` opened for the first time after failed
 * attempts, and `reconnected` was up before and lost.
 */
export type LinkHistory = "first" | "late" | "reconnected";

/** The state of a chat's connection, and the events that report it. */
export class ChatState {
  readonly #logger: LibraryLogger;
  readonly #events: ChatEvents;
  readonly #metrics: ChatMetrics | null;
  readonly #refresh: () => Promise<void>;
  #state: ConnectionState = "idle";
  #deepHeartbeatFailed = false;
  /** Emitted with the first `connectionEstablished` after a `connect()`. */
  #connectResult: ConnectSuccess | null = null;
  /** Whether the link was up before, so that items sent while it is down have to be recovered. */
  #wasEstablished = false;
  /** Whether an attempt failed before the link was first up, so that items may have been missed. */
  #firstAttemptFailed = false;
  /** Whether `connectionEstablished` waits for missed items. Until then, the application considers the link lost. */
  #isConnectionEstablishedPending = false;

  /** `refresh` fetches the transcript when the link is established without a recovery. */
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
    // The session on the earlier page was connected, and items may have been missed since.
    this.#wasEstablished = resume !== null;
  }

  get current(): ConnectionState {
    return this.#state;
  }

  get status(): ConnectionStatus {
    return this.#deepHeartbeatFailed ? "Broken" : CONNECTION_STATES[this.#state].status;
  }

  /** Whether `connect()` makes a new attempt. */
  get mayConnect(): boolean {
    return CONNECTION_STATES[this.#state].mayConnect;
  }

  onConnectSuccess(result: ConnectSuccess): void {
    this.#connectResult = result;
  }

  /**
   * Handles a link that is up. Returns its history; null if the state ignores it. After `reconnected`, `settled()` has
   * to follow, since missed items are delivered before `connectionEstablished` is emitted.
   */
  onLinkUp(when: EmitTiming): LinkHistory | null {
    // The link was down without notice: items are missing, but `connectionEstablished` has already been emitted.
    if (this.current === "connected") return "reconnected";
    const isReconnect = this.#wasEstablished;
    const hasChanged = this.signal("linkUp", causeOf("link-up"), when, isReconnect);
    // A handler may have disposed of the session.
    if (!hasChanged || this.#state !== "connected") return null;
    const isLate = this.#firstAttemptFailed;
    this.#firstAttemptFailed = false;
    this.#wasEstablished = true;
    this.#isConnectionEstablishedPending = isReconnect;
    return isReconnect ? "reconnected" : isLate ? "late" : "first";
  }

  /** Emits a pending `connectionEstablished`: missed items have been delivered, or have taken too long. */
  onRecoverySettled(): void {
    if (!this.#isConnectionEstablishedPending) return;
    this.#isConnectionEstablishedPending = false;
    this.#events.queue("run", () => this.#emitConnectionEstablished());
  }

  onLinkLost(cause: ConnectionCause, when: EmitTiming): void {
    if (!this.#wasEstablished) this.#firstAttemptFailed = true;
    // If `connectionEstablished` is still pending, the application already considers the link lost.
    this.signal("linkLost", cause, when, this.#isConnectionEstablishedPending);
    this.#isConnectionEstablishedPending = false;
  }

  onDeepHeartbeat(isHealthy: boolean): void {
    this.#deepHeartbeatFailed = !isHealthy;
    const name = isHealthy ? "deepHeartbeatSuccess" : "deepHeartbeatFailure";
    this.#metrics?.recordLink(`Websocket${capitalized(name)}`);
    this.#events.post("run", name, {});
  }

  /**
   * Changes the state according to the table, and emits the state's event unless `silently` is set. Returns false if
   * the state ignores the signal.
   */
  signal(signal: ConnectionSignal, cause: ConnectionCause, when: EmitTiming, silently = false): boolean {
    const oldState = this.#state;
    const newState = nextState(oldState, signal);
    if (newState === null) return false;
    this.#state = newState;
    this.#deepHeartbeatFailed = false;
    this.#logger.info("The connection's state changed", { oldState, newState, ...cause });
    this.#metrics?.recordState(newState);
    const events = this.#events;
    events.queue(when, () => {
      events.emit("connectionStateChanged", { oldState, newState, ...cause });
      const event = silently ? null : eventOnEntering(newState, signal);
      if (event === "connectionEstablished") {
        this.#emitConnectionEstablished();
        void this.#refresh();
      } else if (event !== null) events.emit(event, {});
    });
    return true;
  }

  /** Ends the chat without an event, since the session has released it. */
  release(): void {
    this.#state = "ended";
    this.#deepHeartbeatFailed = false;
  }

  #emitConnectionEstablished(): void {
    const result = this.#connectResult ?? {};
    this.#connectResult = null;
    this.#events.emit("connectionEstablished", {}, result);
  }
}
