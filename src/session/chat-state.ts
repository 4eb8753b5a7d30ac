import type { ConnectionCause, ConnectionState, ConnectionStatus } from "../api/connection";
import type { LibraryLogger } from "../api/logging";
import { causeOf } from "../connection/causes";
import { capitalize } from "../util/capitalize";
import type { ChatEvents, EmitTiming } from "./chat-events";
import type { ChatSetup } from "./chat-setup";
import type { ChatMetrics } from "./chat-metrics";
import type { ConnectSuccess } from "./connect-result";
import { CONNECTION_STATES, eventOnEntering, nextState, type ConnectionSignal } from "./states";

/**
 * The history of a link that has come up:
 * - `first`: The link opened on the first attempt.
 * - `late`: The link opened for the first time, but after failed attempts.
 * - `reconnected`: The link had been up before.
 */
export type LinkHistory = "first" | "late" | "reconnected";

/** Tracks the state of a chat's connection, and emits the events that report it. */
export class ChatState {
  readonly #logger: LibraryLogger;
  readonly #events: ChatEvents;
  readonly #metrics: ChatMetrics | null;
  readonly #refresh: () => Promise<void>;
  #state: ConnectionState = "idle";
  #deepHeartbeatFailed = false;
  /** The fields to add to the first `connectionEstablished` event after a `connect()`. */
  #connectResult: ConnectSuccess | null = null;
  /** Whether the link has ever been up. If so, items that are sent while the link is down must be recovered. */
  #wasEstablished = false;
  /** Whether an attempt failed before the link first came up. If so, items may have been missed. */
  #firstAttemptFailed = false;
  /**
   * Whether `connectionEstablished` is being held back until missed items are delivered. Until then, the application
   * considers the link lost.
   */
  #isConnectionEstablishedPending = false;

  /** `refresh` fetches the transcript. It's called when the link comes up and nothing has to be recovered. */
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
    // The earlier session was connected, so items may have been missed since then.
    this.#wasEstablished = resume !== null;
  }

  get current(): ConnectionState {
    return this.#state;
  }

  get status(): ConnectionStatus {
    return this.#deepHeartbeatFailed ? "Broken" : CONNECTION_STATES[this.#state].status;
  }

  /** Whether `connect()` makes a new attempt in the current state. */
  get mayConnect(): boolean {
    return CONNECTION_STATES[this.#state].mayConnect;
  }

  onConnectSuccess(result: ConnectSuccess): void {
    this.#connectResult = result;
  }

  /**
   * Handles a link that has come up. Returns the link's history, or null if the current state ignores the signal.
   * If the result is `reconnected`, the caller must call `onRecoverySettled()` later, because `connectionEstablished`
   * is emitted only after missed items have been delivered.
   */
  onLinkUp(timing: EmitTiming): LinkHistory | null {
    // The link was down without being reported as lost. Items are missing, but `connectionEstablished` was already
    // emitted.
    if (this.current === "connected") return "reconnected";
    const isReconnect = this.#wasEstablished;
    const hasChanged = this.signal("linkUp", causeOf("link-up"), timing, isReconnect);
    // A handler may have disposed of the session meanwhile.
    if (!hasChanged || this.#state !== "connected") return null;
    const isLate = this.#firstAttemptFailed;
    this.#firstAttemptFailed = false;
    this.#wasEstablished = true;
    this.#isConnectionEstablishedPending = isReconnect;
    return isReconnect ? "reconnected" : isLate ? "late" : "first";
  }

  /**
   * Emits `connectionEstablished` if it was held back. Called when missed items have been delivered, or when recovery
   * has taken too long.
   */
  onRecoverySettled(): void {
    if (!this.#isConnectionEstablishedPending) return;
    this.#isConnectionEstablishedPending = false;
    this.#events.queue("run", () => this.#emitConnectionEstablished());
  }

  onLinkLost(cause: ConnectionCause, timing: EmitTiming): void {
    if (!this.#wasEstablished) this.#firstAttemptFailed = true;
    // While `connectionEstablished` is held back, the application already considers the link lost.
    this.signal("linkLost", cause, timing, this.#isConnectionEstablishedPending);
    this.#isConnectionEstablishedPending = false;
  }

  onDeepHeartbeat(isHealthy: boolean): void {
    this.#deepHeartbeatFailed = !isHealthy;
    const name = isHealthy ? "deepHeartbeatSuccess" : "deepHeartbeatFailure";
    this.#metrics?.recordLink(`Websocket${capitalize(name)}`);
    this.#events.post("run", name, {});
  }

  /**
   * Changes the state according to the table, and emits the new state's event unless `isSilent` is true. Returns false
   * if the current state ignores the signal.
   */
  signal(signal: ConnectionSignal, cause: ConnectionCause, timing: EmitTiming, isSilent = false): boolean {
    const oldState = this.#state;
    const newState = nextState(oldState, signal);
    if (newState === null) return false;
    this.#state = newState;
    this.#deepHeartbeatFailed = false;
    this.#logger.info("The connection's state changed", { oldState, newState, ...cause });
    this.#metrics?.recordState(newState);
    const events = this.#events;
    events.queue(timing, () => {
      events.emit("connectionStateChanged", { oldState, newState, ...cause });
      const event = isSilent ? null : eventOnEntering(newState, signal);
      if (event === "connectionEstablished") {
        this.#emitConnectionEstablished();
        void this.#refresh();
      } else if (event !== null) events.emit(event, {});
    });
    return true;
  }

  /** Enters the `ended` state without emitting an event, because the session is disposing of the chat. */
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
