import type { ConnectionState, ConnectionStatus } from "../api/connection";

/** A session's connection: one table of its states, what each is called, what entering it emits, and where it goes. */

/** The events that entering a state emits. The end has its own sequence. */
export type StateEvent = "connectionEstablished" | "connectionLost" | "connectionBroken";

interface StateRow {
  readonly status: ConnectionStatus;
  readonly emits: StateEvent | null;
  /** The signal that enters the state without emitting `emits`: its caller gets a rejection already. */
  readonly silentOn?: string;
  /** Whether a call of `connect()` starts anew here, rather than answering with the outcome that there is. */
  readonly mayConnect: boolean;
  readonly on: Readonly<Partial<Record<string, string>>>;
}

/**
 * Signals:
 * - `connectCalled`: the application asked for the connection; `connectFailed`: the service refused it.
 * - `linkUp`, `linkLost`: the socket is open and subscribed; or it was lost, or the first one did not open.
 * - `gaveUp`: the socket's configuration is invalid, or its manager was terminated.
 * - `chatEnded`: the service said so; `left`: this side left the link (transfer, dispose).
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
} as const satisfies Record<ConnectionState, StateRow>;

type Rows = (typeof CONNECTION_STATES)[ConnectionState]["on"];
export type ConnectionSignal = Rows extends infer Row ? (Row extends object ? keyof Row : never) : never;

/** Where a signal leads from a state; null where the state does not heed it. */
export function nextState(state: ConnectionState, signal: ConnectionSignal): ConnectionState | null {
  const row: Readonly<Partial<Record<ConnectionSignal, ConnectionState>>> = CONNECTION_STATES[state].on;
  return row[signal] ?? null;
}

/** The event that entering a state by a signal emits. */
export function emittedOn(state: ConnectionState, signal: ConnectionSignal): StateEvent | null {
  const row: StateRow = CONNECTION_STATES[state];
  return row.silentOn === signal ? null : row.emits;
}
