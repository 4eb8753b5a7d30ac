/** Faults as data, as the control API adds and lists them. */
import type { FaultOperation } from "./service-operations";

export interface LatencyFault {
  kind: "latency";
  delayMs: number;
  /** Adds a random time from 0 to this many milliseconds. */
  jitterMs?: number;
  /** Default `*`: all operations, uploads and downloads. */
  operation?: FaultOperation;
}

export interface ErrorFault {
  kind: "error";
  /** An operation such as `SendMessage`, or `*` for all. */
  operation: FaultOperation;
  status: number;
  /** Who refuses the call. Default `service`. */
  from?: "service" | "gateway" | "proxy" | "nobody";
  /** Sent as Retry-After. */
  retryAfterSeconds?: number;
  message?: string;
}

export interface CutFault {
  kind: "cut";
  operation: FaultOperation;
  /** When the connection breaks: before the service acts, after that, or in the middle of the response. */
  when: "before" | "after" | "midAnswer";
}

export interface GarbleFault {
  kind: "garble";
  operation: FaultOperation;
  /** The body to send instead of the service's response. Default: an HTML page. */
  body?: string;
}

export interface DropSocketsFault {
  kind: "dropSockets";
  /** The close code. Without one, sockets break without a close frame. */
  code?: number;
}

export interface HalfOpenFault {
  kind: "halfOpen";
  /** Whether frames are lost, or held back until the fault ends. */
  frames: "lose" | "hold";
}

export interface RefuseSocketsFault {
  kind: "refuseSockets";
  /** The HTTP status of the refusal. Default 403. */
  status?: number;
}

export interface RefuseSubscriptionsFault {
  kind: "refuseSubscriptions";
}

export interface FramesFault {
  kind: "frames";
  transform: "drop" | "duplicate" | "reorder" | "truncate" | "corrupt" | "corruptContent" | "delay";
  /** For `delay`. Default 1,000. */
  delayMs?: number;
}

export interface ExpireTokensFault {
  kind: "expireTokens";
}

export interface ExpireSocketUrlsFault {
  kind: "expireSocketUrls";
}

export interface TranscriptLagFault {
  kind: "transcriptLag";
  /** GetTranscript omits items that are newer than this. */
  lagMs: number;
}

export interface StorageRefusalFault {
  kind: "storage";
  action: "put" | "get";
  /** Without a status or a delay, the connection breaks. */
  status?: number;
  /** The code in the XML error. Default `AccessDenied`. */
  code?: string;
  /** Delays the upload or download instead. */
  delayMs?: number;
}

export interface RestartFault {
  kind: "restart";
  /** How long the simulator is down. */
  downMs: number;
}

/** Faults that act once, when they are added, on sockets, tokens or URLs. */
export type TargetedFault = DropSocketsFault | ExpireTokensFault | ExpireSocketUrlsFault;

/** Faults that act once, when they are added. */
export type InstantFault = TargetedFault | RestartFault;

/** Faults that take effect when a call, socket or frame matches. */
export type PlannedFault =
  | LatencyFault
  | ErrorFault
  | CutFault
  | GarbleFault
  | HalfOpenFault
  | RefuseSocketsFault
  | RefuseSubscriptionsFault
  | FramesFault
  | TranscriptLagFault
  | StorageRefusalFault;

/** What a fault does. */
export type FaultEffect = InstantFault | PlannedFault;

export type FaultKind = FaultEffect["kind"];

/** A fault that a test's code added and that data can't express. */
export interface CustomFault {
  kind: "custom";
  /** What the fault does. */
  text: string;
}

/** Whom a fault hits. Without either field, everybody. */
export interface FaultTargetInput {
  /** Only participants of this contact. */
  contactId?: string;
  /** Only this participant. */
  participantId?: string;
}

/** Whom a fault hits, how often, and for how long. */
export interface FaultScopeInput extends FaultTargetInput {
  /** How many times the fault hits. */
  times?: number;
  /** The probability of each hit, from 0 to 1. */
  chance?: number;
  /** How long the fault lasts, in milliseconds, up to 24 hours. */
  forMs?: number;
  /** Whether the fault lasts until it is removed. Excludes `times` and `forMs`. */
  untilCleared?: boolean;
}

/** A fault to add. A fault that acts once can only have a target, and a restart hits everybody. */
export type Fault =
  | (PlannedFault & { scope?: FaultScopeInput })
  | (TargetedFault & { scope?: FaultTargetInput })
  | RestartFault;

/** A planned fault as the simulator describes it. */
export type DescribedFault = (PlannedFault | CustomFault) & { scope?: FaultScopeInput };

/** A fault that is planned or active. */
export interface ActiveFault {
  id: string;
  /** ISO 8601. */
  addedAt: string;
  /** The fault as it was added. For a fault that a test's code added, this is the closest description. */
  fault: DescribedFault;
  /** The number of hits so far. */
  hits: number;
  /**
   * The number of remaining hits; null if unlimited. 0 for a half-open fault whose stalled sockets are still open.
   */
  hitsLeft: number | null;
  /** When it ends, ISO 8601; null if it isn't limited in time. */
  endsAt: string | null;
}
