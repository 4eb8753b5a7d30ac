import type {
  ConnectionType,
  GetTranscriptResponse,
  ScanDirection,
  SortKey,
} from "@aws-sdk/client-connectparticipant";
import type { ChatTranscriptItem } from "../item";

/** On which side of the chat a session's participant is. */
export type SessionType = "AGENT" | "CUSTOMER";

/** GetTranscript's answer, with the items as the wire carries them. */
export interface GetTranscriptData extends Omit<GetTranscriptResponse, "Transcript"> {
  Transcript: ChatTranscriptItem[];
}

/** The page that a chat client's `getTranscript()` is asked for. */
export interface GetTranscriptQuery {
  /** 1 to 100. */
  readonly maxResults: number;
  readonly sortOrder: SortKey;
  readonly scanDirection: ScanDirection;
  /** Where to start: an item's id, a time (ISO 8601), or a number of newest items. Empty: at the newest item. */
  readonly startPosition: {
    readonly id?: string;
    readonly absoluteTime?: string;
    readonly mostRecent?: number;
  };
  /** From the page before; absent for the first page. */
  readonly nextToken?: string;
  /** Another contact of a persistent chat; absent for the session's own. */
  readonly contactId?: string;
}

/** A message as it is sent, with the idempotency token that all its attempts have. */
export interface OutgoingMessage {
  readonly content: string;
  readonly contentType: string;
  readonly clientToken: string;
}

/** An event as it is sent; its idempotency token is a new UUID by default. */
export interface OutgoingEvent {
  readonly contentType: string;
  readonly content: string | object | null;
  readonly clientToken?: string | undefined;
}

/** The newest items, as many as a page holds. */
export const NEWEST_PAGE = {
  maxResults: 100,
  sortOrder: "ASCENDING",
  scanDirection: "BACKWARD",
  startPosition: {},
} as const satisfies GetTranscriptQuery;

/** The newest item alone. */
export const NEWEST_ITEM: GetTranscriptQuery = { ...NEWEST_PAGE, maxResults: 1 };

/**
 * Success of a call: the service's answer, and the caller's own `metadata` handed back (null if none). `data` is absent
 * where a custom client answered without it.
 */
export interface CallResult<Data, Metadata = unknown> {
  data?: Data;
  metadata: Metadata | null;
}

/** A session's own details and those of its connection, as `getChatDetails()` gives them. */
export interface ChatDetails {
  contactId: string;
  initialContactId: string;
  participantId: string;
  participantToken: string | null;
  /** Null before `connect()` and after `reset()`. */
  connectionDetails: ConnectionDetails | null;
}

export interface ConnectionDetails {
  /** The socket's URL; null where a manager of somebody else's (Streams) has the socket. */
  url: string | null;
  /** Until when the socket's URL may be used, ISO 8601. */
  expiry: string | null;
  transportLifeTimeInSeconds: number;
  connectionAcknowledged: boolean;
  connectionToken: string | null;
  /** ISO 8601. */
  connectionTokenExpiry: string | null;
}

export type { ConnectionType };
