/** The state of a session's connection, and the socket managers that a session accepts. */

/**
 * The state of a session's connection:
 * - `idle`: `connect()` hasn't been called, or `reset()` was called.
 * - `connecting`: `connect()` was called, but the link isn't up yet.
 * - `connected`: The link is open and subscribed.
 * - `reconnecting`: The link dropped or failed to open, and the library is restoring it.
 * - `broken`: The library gave up on the link, or `connect()` failed. Call `connect()` to try again. If the library
 *   gave up on the link, calls still work over HTTPS.
 * - `ended`: The chat has ended, or the session has left the chat, because the agent's contact was transferred, the
 *   agent's socket manager was replaced, or `dispose()` was called.
 */
export type ConnectionState = "idle" | "connecting" | "connected" | "reconnecting" | "broken" | "ended";

/** The state of a session's connection, under the original library's names. Returned by `getConnectionStatus()`. */
export type ConnectionStatus = "NeverEstablished" | "Establishing" | "Established" | "Broken";

/** The values of `ConnectionStatus`, as the original library declares them. */
export interface NetworkLinkStatus {
  NeverEstablished: "NeverEstablished";
  Establishing: "Establishing";
  Established: "Established";
  Broken: "Broken";
}

/**
 * Why the connection's state changed, as a stable code for programs:
 * - `connect-called`: `connect()` was called.
 * - `connect-failed`: `connect()` failed.
 * - `link-up`: The socket is open and subscribed.
 * - `socket-closed`: The service or the network closed an open socket.
 * - `heartbeat-timeout`: The service didn't respond to a heartbeat.
 * - `upgrade-failed`: The socket didn't open, because the upgrade was refused or the host can't be reached.
 * - `open-timeout`: The socket didn't open in time.
 * - `subscription-failed`: The socket is open, but subscribing to the chat failed.
 * - `refused`: The service refused the request for a socket URL, with a 4xx status other than 408 and 429.
 * - `network`: The request for a socket URL received no response, or received a 408, 429, or 5xx status.
 * - `manager-lost`: The external socket manager reported a lost connection.
 * - `manager-failed`: The external socket manager couldn't be started.
 * - `manager-replaced`: Another socket manager replaced the external manager.
 * - `manager-terminated`: The socket manager was terminated.
 * - `configuration-invalid`: The socket's configuration is invalid.
 * - `disconnect-succeeded`: `disconnectParticipant()` succeeded, and the library is restoring the link to receive
 *   `chat.ended`.
 * - `chat-ended`: The chat ended.
 * - `transferred`: The contact was transferred.
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

/** The cause of a connection state change. */
export interface ConnectionCause {
  /** The cause as a stable code. */
  readonly code: ConnectionCode;
  /** The cause in words, for people. The wording may change, so compare `code` instead. */
  readonly reason: string;
}

/** A connection state change: the `data` of `onConnectionStateChanged`. */
export interface ConnectionStateChange extends ConnectionCause {
  /** The state before the change. */
  readonly oldState: ConnectionState;
  /** The state after the change. */
  readonly newState: ConnectionState;
}

/** The outcome of a recovery: the `data` of `onMessagesRecovered`. */
export interface MessagesRecovered {
  /** The number of missed items that were delivered, not counting receipts. */
  readonly count: number;
  /** False if some items may be missing, because there were too many or they couldn't be fetched in time. */
  readonly complete: boolean;
}

type Callback<Payload> = (payload: Payload) => unknown;

/**
 * The methods that a session calls on an external socket manager. Streams' manager and the result of
 * `connect.WebSocketManager.create()` have these methods. Each `on…` method returns a function that unsubscribes the
 * callback. Older managers lack some of the optional methods.
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
 * A socket manager, as Streams and the original library declare it. Returned by `connect.core.getWebSocketManager()`.
 * Sessions accept this type, although it omits most of the methods that a session calls; see `ChatWebSocketManager`.
 */
export interface WebSocketManager {
  onConnectionGain: (callback: (event: unknown) => void) => void;
  onConnectionLost: (callback: (event: unknown) => void) => void;
  /** At run time, the first argument is the topic and the second is the callback. */
  onMessage: (callback: (event: unknown) => void) => void;
  sendMessage: (message: Record<string, unknown>) => void;
  /** @deprecated No manager has this method. Declared for compatibility with the original library. */
  connect: () => void;
  /** @deprecated No manager has this method. Declared for compatibility with the original library. */
  disconnect: () => void;
}

/** The members that both Streams and the original library declare. */
export type DeclaredWebSocketManager = Pick<WebSocketManager, "onMessage" | "connect" | "disconnect">;
