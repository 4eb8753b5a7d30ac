/** The JSON of the control API. No code: the panel imports these types too. */
import type { AttachmentInfo, Item, ParticipantRole } from "../items";

/** A participant of a contact, as the control API shows it. */
export interface ParticipantSummary {
  participantId: string;
  role: ParticipantRole;
  displayName: string;
  /** Whether `participant.joined` has been sent. */
  joined: boolean;
  left: boolean;
  /** Whether the participant has a subscribed socket right now. */
  connected: boolean;
  /** Whether the control API plays the participant, without a page. */
  isPlayed: boolean;
}

/** The last stored item of a contact, in short. */
export interface LastItem {
  /** ISO 8601. */
  at: string;
  role: ParticipantRole | null;
  /** The message's text, the file's name, or the event's name. */
  text: string;
}

/** A contact in a list. */
export interface ContactSummary {
  contactId: string;
  initialContactId: string;
  /** ISO 8601. */
  startedAt: string;
  ended: boolean;
  /** The customer's name. */
  displayName: string;
  participants: ParticipantSummary[];
  /** How many items the transcript has. */
  items: number;
  lastItem: LastItem | null;
}

/** What the emulator does by itself in a contact. */
export interface Behaviors {
  /** `echo` answers each message and attachment of the customer. */
  bot: "echo" | null;
  /** `survey` asks the customer to rate the chat when a DisconnectParticipant call would end it. */
  disconnectFlow: "none" | "survey";
  /** What happens to clients' messages before others receive them. `redact` replaces numbers of four or more digits. */
  processing: "none" | "redact" | "fail" | "reject";
  processingDelayMs: number;
  /** What happens to clients' attachments before they can be downloaded. */
  scanning: "none" | "approve" | "reject";
  scanningDelayMs: number;
}

/** A contact with its transcript. */
export interface ContactDetails extends ContactSummary {
  attributes: Record<string, string>;
  behaviors: Behaviors;
  /** The session ID of the sign-in in progress, or null. */
  authenticationSessionId: string | null;
  /** Oldest item first. */
  transcript: Item[];
}

export interface Status {
  /** The package's version. */
  version: string;
  /** The address for `setGlobalConfig({ endpoint })`, as the caller sees the emulator. */
  endpoint: string;
  /** ISO 8601. */
  startedAt: string;
  contacts: number;
  /** Open sockets. */
  sockets: number;
  /** Active faults. */
  faults: number;
  /** The bot of new chats. */
  bot: "echo" | "script" | null;
  seed: number;
  latencyMs: number;
  transcriptLagMs: number;
}

/** Whom a fault hits, how often, and for how long. */
export interface FaultScopeInput {
  /** Only participants of this contact. */
  contactId?: string;
  /** Only this participant. */
  participantId?: string;
  /** How many times it hits. */
  times?: number;
  /** The probability of each hit, from 0 to 1. */
  chance?: number;
  /** How long it lasts, in milliseconds. */
  forMs?: number;
  /** Whether it lasts until it is removed. */
  untilCleared?: boolean;
}

export interface LatencyFault {
  kind: "latency";
  delayMs: number;
  /** Adds a random time from 0 to this many milliseconds. */
  jitterMs?: number;
  /** Default `*`: all operations, uploads and downloads. */
  operation?: string;
}

export interface ErrorFault {
  kind: "error";
  /** An operation such as `SendMessage`, or `*` for all. */
  operation: string;
  status: number;
  /** Who refuses the call. Default `service`. */
  from?: "service" | "gateway" | "proxy" | "nobody";
  /** Sent as Retry-After. */
  retryAfterSeconds?: number;
  message?: string;
}

export interface CutFault {
  kind: "cut";
  operation: string;
  /** When the connection breaks: before the service acts, after that, or in the middle of the answer. */
  when: "before" | "after" | "midAnswer";
}

export interface GarbleFault {
  kind: "garble";
  operation: string;
  /** What is sent instead of the service's answer. Default: an HTML page. */
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
  /** GetTranscript leaves out items that are newer than this. */
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
  /** How long the emulator is down. */
  downMs: number;
}

/** What a fault does. */
export type FaultEffect =
  | LatencyFault
  | ErrorFault
  | CutFault
  | GarbleFault
  | DropSocketsFault
  | HalfOpenFault
  | RefuseSocketsFault
  | RefuseSubscriptionsFault
  | FramesFault
  | ExpireTokensFault
  | ExpireSocketUrlsFault
  | TranscriptLagFault
  | StorageRefusalFault
  | RestartFault;

export type FaultKind = FaultEffect["kind"];

/** A fault to add. */
export type Fault = FaultEffect & { scope?: FaultScopeInput };

/** A fault that a test's code added and that the control API can't express. */
export interface CustomFault {
  kind: "custom";
  /** What it does. */
  text: string;
}

/** A fault that is planned or active. */
export interface ActiveFault {
  id: string;
  /** ISO 8601. */
  addedAt: string;
  /** The fault as it was added. For a fault that a test's code added, the closest description. */
  fault: (FaultEffect | CustomFault) & { scope?: FaultScopeInput };
  /** How often it has hit. */
  hits: number;
  /** How often it can still hit; null if unlimited. */
  hitsLeft: number | null;
  /** When it ends, ISO 8601; null if it isn't limited in time. */
  endsAt: string | null;
}

/** One call, upload, download, socket event or frame. */
export interface TrafficEntry {
  /** Counts up from 1. */
  number: number;
  /** When it began, ISO 8601. */
  at: string;
  contactId: string | null;
  participantId: string | null;
  role: ParticipantRole | null;
  kind: "call" | "storage" | "socket" | "frame";
  /** As the emulator sees it: calls and clients' frames are `in`. */
  direction: "in" | "out" | null;
  /** The operation; `put` or `get`; `opened`, `subscribed`, `closed` or `refused`; a frame's topic or content type. */
  name: string;
  /** The HTTP status, or a socket's close code; 0 if a connection broke. */
  status?: number;
  durationMs?: number;
  /** The ID of the fault that changed it. */
  fault?: string;
  /** Tokens and signed URLs are redacted. */
  request?: unknown;
  response?: unknown;
}

/** The event stream's events, by their names. */
export interface ControlEvents {
  contact: { what: "started" | "changed" | "ended"; contact: ContactSummary };
  /** A new item, or the new state of one with the same Id. `viewer` names the only participant who sees it. */
  item: { contactId: string; item: Item; viewer?: string | null };
  traffic: TrafficEntry;
  socket: {
    what: "opened" | "subscribed" | "closed";
    /** Counts up from 1. */
    socket: number;
    contactIds: string[];
    participantIds: string[];
    /** The close code. */
    code?: number;
  };
  fault: { what: "added" | "removed"; id: string; fault: ActiveFault | null };
  /** Everything may have changed: fetch all state again. */
  reset: { reason: "reset" | "restored" | "missedEvents" };
}

export type ControlEventName = keyof ControlEvents;

/** What to wait for. */
export interface WaitCondition {
  for: "message" | "event" | "attachment" | "receipt" | "end" | "connected";
  /** A substring: of a message's content, an event's content, a file's name, or the ID of a receipt's message. */
  matches?: string;
  /** A JavaScript regular expression for the same text. */
  pattern?: string;
  contentType?: string;
  /** The end of an event's content type, such as `typing`. */
  name?: string;
  /** Whose. Default CUSTOMER, except for events: there, anybody's. */
  role?: ParticipantRole;
  /** Only items after this one. */
  sinceId?: string;
}

/** An attachment in a snapshot. */
export interface SnapshotAttachment {
  attachmentId: string;
  contactId: string;
  uploaderId: string | null;
  name: string;
  contentType: string;
  sizeInBytes: number;
  completed: boolean;
  /** Null if it hasn't been uploaded. */
  base64: string | null;
}

export interface SnapshotParticipant {
  participantId: string;
  role: ParticipantRole;
  displayName: string;
  participantToken: string;
  joined: boolean;
  left: boolean;
  isPlayed: boolean;
}

export interface SnapshotContact {
  contactId: string;
  initialContactId: string;
  startedAt: string;
  ended: boolean;
  attributes: Record<string, string>;
  authenticationSessionId: string | null;
  behaviors: Behaviors;
  participants: SnapshotParticipant[];
  /** Part of GetTranscript's tokens, which stay valid. */
  transcriptId: string;
  transcript: Item[];
  /** By item ID, for items that not everybody sees: the participant who does, or null for nobody. */
  viewers: Record<string, string | null>;
}

export interface SnapshotToken {
  token: string;
  participantId: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface SnapshotAnswer {
  /** The operation, the participant and the client token of the call. */
  key: string;
  answer: unknown;
}

/** The state of the emulator, without sockets and faults. */
export interface Snapshot {
  version: 1;
  /** ISO 8601. */
  takenAt: string;
  /** Oldest first. */
  contacts: SnapshotContact[];
  connectionTokens: SnapshotToken[];
  /** The answers to repeat when a call is repeated with its client token. */
  answers: SnapshotAnswer[];
  attachments: SnapshotAttachment[];
  views: Record<string, unknown>;
}

export type { AttachmentInfo, Item, ParticipantRole };
