/** The panel's state. */
import type {
  ActiveFault,
  Behaviors,
  ContactSummary,
  Item,
  ParticipantRole,
  Status,
  TrafficEntry,
} from "../api/types";
import type { FaultMark } from "../traffic/timeline";

/** The panel's own connection to the simulator. */
export type Link = "connecting" | "live" | "lost";

/** The contact being shown. */
export interface Conversation {
  readonly contactId: string;
  /** Null until the transcript is loaded. */
  readonly items: readonly Item[] | null;
  readonly behaviors: Behaviors | null;
  /** Who is typing; null if nobody is. `at` distinguishes one typing event from the next. */
  readonly typing: { readonly name: string; readonly role: ParticipantRole; readonly at: number } | null;
}

/** A short message to the user. It has a number, so that a repeated text is shown again. */
export interface Notice {
  readonly number: number;
  readonly tone: "good" | "bad";
  readonly text: string;
}

export interface PanelState {
  readonly link: Link;
  readonly status: Status | null;
  /** Newest first; null until they are loaded. */
  readonly contacts: readonly ContactSummary[] | null;
  /** The number of customer messages since the user last viewed the contact, by contact. */
  readonly unread: Readonly<Record<string, number>>;
  /** The latest customer message in any contact, for screen readers. */
  readonly announcement: string;
  readonly conversation: Conversation | null;
  readonly faults: readonly ActiveFault[];
  /** Oldest first. */
  readonly traffic: readonly TrafficEntry[];
  /** The faults that were added or removed since the panel was opened, oldest first. */
  readonly marks: readonly FaultMark[];
  readonly notice: Notice | null;
}

export const INITIAL_STATE: PanelState = {
  link: "connecting",
  status: null,
  contacts: null,
  unread: {},
  announcement: "",
  conversation: null,
  faults: [],
  traffic: [],
  marks: [],
  notice: null,
};

export const contactOf = (state: PanelState, contactId: string | undefined): ContactSummary | undefined =>
  state.contacts?.find((each) => each.contactId === contactId);
