/** The types of the control API's JSON. This file has no code, because the panel imports it too. */
import type { Behaviors } from "../behaviors";
import type { ActiveFault } from "../fault-effects";
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
  /** Whether the control API plays the participant, so that no page is needed. */
  isPlayed: boolean;
}

/** A summary of a contact's last stored item. */
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
  /** The address for `setGlobalConfig({ endpoint })`, as the caller sees the simulator. */
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

/** One call, upload, download, socket event or frame. */
export interface TrafficEntry {
  /** Counts up from 1. */
  number: number;
  /** When the call, transfer, event or frame began, ISO 8601. */
  at: string;
  contactId: string | null;
  participantId: string | null;
  role: ParticipantRole | null;
  kind: "call" | "storage" | "socket" | "frame";
  /** From the simulator's point of view: calls and clients' frames are `in`. */
  direction: "in" | "out" | null;
  /** The operation; `put` or `get`; `opened`, `subscribed`, `closed` or `refused`; a frame's topic or content type. */
  name: string;
  /** The HTTP status, or a socket's close code; 0 if a connection broke. */
  status?: number;
  durationMs?: number;
  /** The origin of the page that made a call. */
  origin?: string;
  /** The ID of the fault that affected this entry. */
  fault?: string;
  /** Tokens and signed URLs are redacted. */
  request?: unknown;
  response?: unknown;
}

/** The event stream's events, by name. */
export interface ControlEvents {
  contact: { what: "started" | "changed" | "ended"; contact: ContactSummary };
  /** A new item, or the new state of an item with the same Id. `viewer` is the only participant who sees the item. */
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
  /** Any state may have changed, so fetch all state again. */
  reset: { reason: "reset" | "restored" | "missedEvents" };
}

export type ControlEventName = keyof ControlEvents;

export type * from "../fault-effects";
export type {
  Snapshot,
  SnapshotAnswer,
  SnapshotAttachment,
  SnapshotContact,
  SnapshotParticipant,
  SnapshotToken,
} from "../snapshot";
export type { WaitCondition } from "../waiting";
export type { AttachmentInfo, Behaviors, Item, ParticipantRole };
