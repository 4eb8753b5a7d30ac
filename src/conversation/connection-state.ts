import type { ConnectionCause } from "../connection/causes";

/** The states of a session's connection, as `session.connectionState` has them. */
export type ConnectionState = "idle" | "connecting" | "connected" | "reconnecting" | "broken" | "ended";

/** Upstream's words for `getConnectionStatus()`. */
export type ConnectionStatus = "NeverEstablished" | "Establishing" | "Established" | "Broken";

/** A change of state: from where, to where, and what caused it. */
export interface ConnectionStateChange extends ConnectionCause {
  readonly oldState: ConnectionState;
  readonly newState: ConnectionState;
}
