/** The state of a session's connection, and what a session needs of a socket manager. */

/**
 * The state of a session's connection:
 * - `idle`: `connect()` hasn't been called, or `reset()` has.
 * - `connecting`: `connect()` was called; the link isn't up yet.
 * - `connected`: the link is open and subscribed.
 * - `reconnecting`: the link dropped and is being restored.
 * - `broken`: the library gave up on the link. Calls still go over HTTPS, and `connect()` tries again.
 * - `ended`: the chat has ended, or the session has left it: the contact was transferred, or `dispose()` was called.
 */
export type ConnectionState = "idle" | "connecting" | "connected" | "reconnecting" | "broken" | "ended";

/** What `getConnectionStatus()` returns: the original library's names for the states. */
export type ConnectionStatus = "NeverEstablished" | "Establishing" | "Established" | "Broken";

/** The values of `ConnectionStatus`, as the original library declares them. */
export interface NetworkLinkStatus {
  NeverEstablished: "NeverEstablished";
  Establishing: "Establishing";
  Established: "Established";
  Broken: "Broken";
}

/**
 * Why a connection changed its state, as a stable word for programs:
 * - `connect-called`, `connect-failed`: `connect()` was called, or failed.
 * - `link-up`: the socket is open and subscribed.
 * - `socket-closed`: an open socket was closed, by the service or by the network.
 * - `heartbeat-timeout`: the heartbeat got no answer.
 * - `upgrade-failed`: the socket was closed before it opened: the upgrade was refused, or the address can't be reached.
 * - `open-timeout`: the socket didn't open in time.
 * - `subscription-failed`: the socket is open, but the subscription to the chat failed.
 * - `refused`: the service refused to give a socket's address: a 4xx other than 408 and 429.
 * - `network`: the request for a socket's address got no answer, or a 408, 429 or 5xx.
 * - `manager-lost`, `manager-failed`, `manager-replaced`, `manager-terminated`: the socket manager reported a loss,
 *   couldn't be started, was replaced by another one, or was terminated.
 * - `configuration-invalid`: the socket's configuration is invalid.
 * - `disconnect-succeeded`: the link is restored to receive the end of the chat.
 * - `chat-ended`: the chat ended.
 * - `transferred`: the contact was transferred.
 */
export type ConnectionCode =
  | "connect-called"
  | "connect-failed"
  | "link-up"
  | "socket-closed"
  | "heartbeat-timeout"
  | "upgrade-failed"
  | "open-timeout"
  | "subscription-failed"
  | "refused"
  | "network"
  | "manager-lost"
  | "manager-failed"
  | "manager-replaced"
  | "manager-terminated"
  | "configuration-invalid"
  | "disconnect-succeeded"
  | "chat-ended"
  | "transferred";

/** Why a connection changed its state. */
export interface ConnectionCause {
  readonly code: ConnectionCode;
  /** A sentence for people. Its wording may change; programs compare `code`. */
  readonly reason: string;
}

/** A change of the connection's state: `data` of `onConnectionStateChanged`. */
export interface ConnectionStateChange extends ConnectionCause {
  readonly oldState: ConnectionState;
  readonly newState: ConnectionState;
}

/** The outcome of a recovery: `data` of `onMessagesRecovered`. */
export interface MessagesRecovered {
  /** How many missed items were delivered. Receipts aren't counted. */
  readonly count: number;
  /** False if something may still be missing: too much was missed, or it couldn't be fetched in time. */
  readonly complete: boolean;
}

type Callback<Payload> = (payload: Payload) => unknown;

/**
 * What a session needs of a socket manager: Streams' own has it, and so has `connect.WebSocketManager.create()`. Each
 * `on…` returns a function that unsubscribes. Older managers lack some of the optional methods.
 */
export interface ChatWebSocketManager {
  subscribeTopics(topics: string[]): unknown;
  onMessage(topic: string, callback: Callback<Readonly<Record<string, unknown>>>): () => void;
  onConnectionGain(callback: Callback<unknown>): () => void;
  onConnectionLost(callback: Callback<unknown>): () => void;
  onInitFailure?(callback: Callback<unknown>): () => void;
  onSubscriptionUpdate?(callback: Callback<unknown>): () => void;
  onSubscriptionFailure?(callback: Callback<unknown>): () => void;
  onDeepHeartbeatSuccess?(callback: Callback<unknown>): () => void;
  onDeepHeartbeatFailure?(callback: Callback<unknown>): () => void;
}

/**
 * A socket manager as Streams and the original library declare it: what `connect.core.getWebSocketManager()` returns. A
 * session accepts one, although the declaration leaves out what a session needs; see `ChatWebSocketManager` for that.
 */
export interface WebSocketManager {
  onConnectionGain: (callback: (event: unknown) => void) => void;
  onConnectionLost: (callback: (event: unknown) => void) => void;
  /** In fact the topic comes first, then the callback. */
  onMessage: (callback: (event: unknown) => void) => void;
  sendMessage: (message: Record<string, unknown>) => void;
  /** @deprecated The original library declares it, but no manager has it. */
  connect: () => void;
  /** @deprecated The original library declares it, but no manager has it. */
  disconnect: () => void;
}

/** The members that Streams' declaration and the original library's have in common. */
export type DeclaredWebSocketManager = Pick<WebSocketManager, "onMessage" | "connect" | "disconnect">;
