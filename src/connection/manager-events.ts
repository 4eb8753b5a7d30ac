import type { RawFrame } from "./frames";

/**
 * Events of a socket manager, by the name of their `on…` method. Times are epoch milliseconds; durations, milliseconds.
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
  /** Since when no socket had been open; null if none ever was. */
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

/** The parameters for opening a socket. */
export interface WebSocketTransport {
  url: string;
  /** When the URL expires, in ISO 8601. */
  expiry?: string | null;
  /** How long the service keeps the socket open, in seconds; at least 300. */
  transportLifeTimeInSeconds: number;
}

/** The value that `init()` resolves with. */
export interface InitOutcome {
  webSocketConnectionFailed: boolean;
}

export type GetWebSocketTransport = () => Promise<{ webSocketTransport: WebSocketTransport }>;
