import type { ConnectionState, ConnectionStatus } from "../api/connection";

/** The state machine of a session's connection. */

/** The events that are emitted when the connection enters a state. The Chat class emits the end of the chat. */
export type StateEvent = "connectionEstablished" | "connectionLost" | "connectionBroken";

interface StateDefinition {
  /** The state's name in the original library. */
  readonly status: ConnectionStatus;
  /** The event to emit when the connection enters the state. */
  readonly emits: StateEvent | null;
  /** A signal that enters the state without emitting `emits`, because the caller's promise already rejects. */
  readonly silentOn?: string;
  /** Whether `connect()` makes a new attempt in this state, instead of returning the earlier attempt's promise. */
  readonly mayConnect: boolean;
  /** The next state for each signal. Signals that aren't listed are ignored. */
  readonly on: Readonly<Partial<Record<string, string>>>;
}

/**
 * The states, and the signals that change the state:
 * - `connectCalled`: The application called `connect()`.
 * - `connectFailed`: `connect()` failed.
 * - `linkUp`: The socket is open and subscribed.
 * - `linkLost`: The socket was lost, or the first socket didn't open.
 * - `gaveUp`: The socket's configuration is invalid, or its manager was terminated.
 * - `chatEnded`: The service ended the chat.
 * - `left`: The session left the link, because an agent's contact was transferred or its manager was replaced.
 */
export const CONNECTION_STATES = {
  idle: {
    status: "NeverEstablished",
    emits: null,
    mayConnect: true,
    on: { connectCalled: "connecting", left: "ended" },
  },
  connecting: {
    status: "Establishing",
    emits: null,
    mayConnect: false,
    on: {
      linkUp: "connected",
      linkLost: "reconnecting",
      connectFailed: "broken",
      gaveUp: "broken",
      chatEnded: "ended",
      left: "ended",
    },
  },
  connected: {
    status: "Established",
    emits: "connectionEstablished",
    mayConnect: false,
    on: { linkLost: "reconnecting", gaveUp: "broken", chatEnded: "ended", left: "ended" },
  },
  reconnecting: {
    status: "Broken",
    emits: "connectionLost",
    mayConnect: false,
    on: { linkUp: "connected", gaveUp: "broken", chatEnded: "ended", left: "ended" },
  },
  broken: {
    status: "Broken",
    emits: "connectionBroken",
    silentOn: "connectFailed",
    mayConnect: true,
    on: { connectCalled: "connecting", chatEnded: "ended", left: "ended" },
  },
  ended: {
    status: "Broken",
    emits: null,
    mayConnect: false,
    on: {},
  },
} as const satisfies Record<ConnectionState, StateDefinition>;

type Rows = (typeof CONNECTION_STATES)[ConnectionState]["on"];
export type ConnectionSignal = Rows extends infer Row ? (Row extends object ? keyof Row : never) : never;

/** Returns the next state; null if the current state ignores the signal. */
export function nextState(state: ConnectionState, signal: ConnectionSignal): ConnectionState | null {
  const row: Readonly<Partial<Record<ConnectionSignal, ConnectionState>>> = CONNECTION_STATES[state].on;
  return row[signal] ?? null;
}

/** Returns the event to emit when a signal enters a state; null if there is none. */
export function eventOnEntering(state: ConnectionState, signal: ConnectionSignal): StateEvent | null {
  const row: StateDefinition = CONNECTION_STATES[state];
  return row.silentOn === signal ? null : row.emits;
}
