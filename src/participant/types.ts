import type {
  ConnectionType,
  GetTranscriptResponse,
  ScanDirection,
  SortKey,
  StartPosition,
} from "@aws-sdk/client-connectparticipant";
import type { ChatTranscriptItem } from "../item";

/** On which side of the chat a session's participant is. */
export type SessionType = "AGENT" | "CUSTOMER";

/** GetTranscript's answer, with the items as the wire carries them. */
export interface GetTranscriptData extends Omit<GetTranscriptResponse, "Transcript"> {
  Transcript: ChatTranscriptItem[];
}

/** What GetTranscript is asked, in the service's own words; the connection token goes beside it. */
export interface GetTranscriptQuery {
  MaxResults?: number;
  SortOrder?: SortKey;
  ScanDirection?: ScanDirection;
  StartPosition?: StartPosition;
  NextToken?: string;
  ContactId?: string;
}

/** The newest items, as many as a page holds. */
export const NEWEST_PAGE = {
  MaxResults: 100,
  SortOrder: "ASCENDING",
  ScanDirection: "BACKWARD",
  StartPosition: {},
} as const satisfies GetTranscriptQuery;

/** Success of a call: the service's answer, and the caller's own `metadata` handed back (null if none). */
export interface CallResult<Data, Metadata = unknown> {
  data: Data;
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
