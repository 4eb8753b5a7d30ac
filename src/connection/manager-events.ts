import type { RawFrame } from "./frames";

/** What a socket's manager tells, under the names of its `on…` methods; times are epoch milliseconds, durations too. */
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
  /** Since when no socket was open; null if none ever was. */
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

/** What a socket is opened with. */
export interface WebSocketTransport {
  url: string;
  /** Until when the URL may be used, ISO 8601. */
  expiry?: string | null;
  /** How long the service keeps the socket open; at least 300. */
  transportLifeTimeInSeconds: number;
}

/** What `init()` resolves. */
export interface InitOutcome {
  webSocketConnectionFailed: boolean;
}

export type GetWebSocketTransport = () => Promise<{ webSocketTransport: WebSocketTransport }>;
