import type { RawFrame } from "./frames";

/**
 * The payloads of a socket manager's events. Each key is the name of an `on…` method without the prefix. Times are in
 * epoch milliseconds, and durations are in milliseconds.
 */
export interface ManagerEvents {
  initFailure: InitFailure | undefined;
  connectionOpen: ConnectionOpened;
  connectionClose: ConnectionClosed;
  connectionGain: undefined;
  connectionLost: ConnectionLost | undefined;
  subscriptionUpdate: RawFrame;
  subscriptionFailure: RawFrame;
  deepHeartbeatSuccess: { timestamp: number };
  deepHeartbeatFailure:
    { timestamp: number; error: string } | { timestamp: number; statusCode: unknown; statusContent: unknown };
  topicFailure: { timestamp: number; errorMessage: unknown; connectionId: unknown; requestId: unknown };
  allMessage: RawFrame;
}

export interface InitFailure {
  connectWebSocketRetryCount: number;
  connectionAttemptStartTime: number | null;
  reason: string;
}

export interface ConnectionOpened {
  connectWebSocketRetryCount: number;
  connectionAttemptStartTime: number | null;
  /** When the last open socket was lost; null if no socket was open before. */
  noOpenConnectionsTimestamp: number | null;
  connectionEstablishedTime: number;
  timeToConnect: number | null;
  timeWithoutConnection: number | null;
}

export interface ConnectionLost {
  openTimestamp: number | null;
  closeTimestamp: number;
  connectionDuration: number;
  code: number | undefined;
  reason: string;
}

export interface ConnectionClosed extends ConnectionLost {
  wasClean: boolean;
}

/** The details needed to open a socket. */
export interface WebSocketTransport {
  url: string;
  /** The time when the URL expires, in ISO 8601. */
  expiry?: string | null;
  /** How long the service keeps the socket open, in seconds; at least 300. */
  transportLifeTimeInSeconds: number;
}

/** The value that `init()` resolves with. */
export interface InitOutcome {
  webSocketConnectionFailed: boolean;
}

export type GetWebSocketTransport = () => Promise<{ webSocketTransport: WebSocketTransport }>;
