import type { ConnectionStateChange, MessagesRecovered } from "../api/connection";
import type { EventKind } from "../api/content-types";
import type { ChatEventName } from "../api/events";
import type { WireItem } from "../api/items";
import type { KnownDetails } from "../participant/types";
import { capitalized } from "../util/capitalized";
import { CHAT_ENDED, EVENT } from "./content-types";
import type { TranscriptSnapshot } from "./transcript";

/** What an event has beside its name. */
interface ChatEventRow {
  /**
   * Upstream's name, for `controller.subscribe`: by default ours in capitals. Null where upstream has none; an item is
   * emitted as such an event beside the one that upstream emits for it.
   */
  readonly upstream?: string | null;
  /**
   * For an event that is an item: what the item's content type has after the prefix. True where that is the event's name,
   * word by word: `participant.idle`.
   */
  readonly kind?: EventKind | true;
}

/** A session's events, in one table: `message` is emitted to the handlers of `onMessage`. */
const TABLE = {
  message: { upstream: "INCOMING_MESSAGE" },
  typing: { upstream: "INCOMING_TYPING", kind: true },
  readReceipt: { upstream: "INCOMING_READ_RECEIPT" },
  deliveredReceipt: { upstream: "INCOMING_DELIVERED_RECEIPT" },
  participantIdle: { kind: true },
  participantReturned: { kind: true },
  participantInvited: { kind: true },
  autoDisconnection: {
    upstream: "AUTODISCONNECTION",
    kind: "participant.autodisconnection",
  },
  authenticationInitiated: { kind: true },
  authenticationSuccessful: { kind: "authentication.succeeded" },
  authenticationFailed: { kind: true },
  authenticationTimeout: { kind: true },
  authenticationExpired: { kind: true },
  authenticationCanceled: { kind: "authentication.cancelled" },
  participantDisplayNameUpdated: { kind: "participant.displayname.updated" },
  chatRehydrated: { kind: true },
  ended: { upstream: "CHAT_ENDED" },
  connectionEstablished: {},
  connectionLost: {},
  connectionBroken: {},
  deepHeartbeatSuccess: {},
  deepHeartbeatFailure: {},
  transcriptUpdated: {},
  connectionStateChanged: { upstream: null },
  messagesRecovered: { upstream: null },
  participantJoined: { upstream: null, kind: true },
  participantLeft: { upstream: null, kind: true },
  transferSucceeded: { upstream: null, kind: true },
  transferFailed: { upstream: null, kind: true },
} as const satisfies Readonly<Record<ChatEventName, ChatEventRow>>;

export const CHAT_EVENTS: Readonly<Record<ChatEventName, ChatEventRow>> = TABLE;

/** The session's method that adds a handler of the event. */
export type ChatEventMethod<Name extends ChatEventName> = `on${Capitalize<Name>}`;
export const methodOf = <Name extends ChatEventName>(name: Name): ChatEventMethod<Name> =>
  `on${capitalized(name)}`;

/** The event's name as `subscribe` takes it and as handlers get it: upstream's where it has one, else the table's. */
export function publicNameOf(name: ChatEventName): string {
  const { upstream = name.replace(/[A-Z]/g, "_$&").toUpperCase() } = CHAT_EVENTS[name];
  return upstream ?? name;
}
/** The event that has this public name, if any. */
export const nameOfPublic = (publicName: string): ChatEventName | undefined =>
  CHAT_EVENT_NAMES.find((name) => publicNameOf(name) === publicName);

/** What each event's `data` is; an event that the table has and this does not is an item as received. */
interface SpecialData {
  ended: null;
  connectionEstablished: Record<string, never>;
  connectionLost: Record<string, never>;
  connectionBroken: Record<string, never>;
  deepHeartbeatSuccess: Record<string, never>;
  deepHeartbeatFailure: Record<string, never>;
  transcriptUpdated: TranscriptSnapshot;
  connectionStateChanged: ConnectionStateChange;
  messagesRecovered: MessagesRecovered;
}

export type EmittedData<Name extends ChatEventName> = Name extends keyof SpecialData
  ? SpecialData[Name]
  : WireItem;

/** An event as it is emitted. */
export interface EmittedEvent<Data> {
  /** As `getChatDetails()` gives them at that moment. */
  chatDetails: KnownDetails;
  data: Data;
  /** True for an item that was missed while the link was down, and fetched once it was back. */
  recovered?: true;
}

/** The first establishment after a `connect()` carries its result as well. */
export interface ConnectionEstablishedEvent extends EmittedEvent<EmittedData<"connectionEstablished">> {
  _debug?: { websocketStatus: string };
  connectSuccess?: true;
  connectCalled?: true;
  metadata?: unknown;
}

/** The events as they are emitted, by name. */
export type EmittedEvents = {
  [Name in ChatEventName]: Name extends "connectionEstablished"
    ? ConnectionEstablishedEvent
    : EmittedEvent<EmittedData<Name>>;
};

/** The second argument is the event's name: upstream's where it has one, else the table's. */
export type EmittedHandler<Name extends ChatEventName> = (
  event: EmittedEvents[Name],
  name: string,
) => unknown;

/** The table's keys, with their names as types: what Object.keys does not tell. */
export const CHAT_EVENT_NAMES = Object.keys(CHAT_EVENTS) as ChatEventName[];

/** Events that carry an item. */
export type ItemEventName = Exclude<ChatEventName, keyof SpecialData>;

/** What the content type of an item that is this event has after the prefix; undefined for other events. */
export function itemKindOf(name: ChatEventName): string | undefined {
  const { kind } = CHAT_EVENTS[name];
  return kind === true ? name.replace(/[A-Z]/g, ".$&").toLowerCase() : kind;
}

const find = (type: string | undefined, isUpstreams: boolean): ItemEventName | undefined =>
  CHAT_EVENT_NAMES.find((name): name is ItemEventName => {
    const kind = itemKindOf(name);
    const isOfUpstream = CHAT_EVENTS[name].upstream !== null;
    return kind !== undefined && type === EVENT + kind && isOfUpstream === isUpstreams;
  });

/** The event that an item is emitted as; one whose content type has no row is a message. */
export const eventOf = ({ Type, ContentType, MessageMetadata }: WireItem): ItemEventName => {
  if (Type !== "MESSAGEMETADATA") return find(ContentType, true) ?? "message";
  // One receipt may hold both times: read wins.
  return MessageMetadata?.Receipts?.[0]?.ReadTimestamp ? "readReceipt" : "deliveredReceipt";
};

/** The event that such an item is emitted as beside that. */
export const besideOf = ({ ContentType }: WireItem): ItemEventName | undefined => find(ContentType, false);

/** The item that is emitted for a chat that ended in a gap: it says no more than that. */
export const ENDED_IN_A_GAP: WireItem = {
  AbsoluteTime: "",
  ContentType: CHAT_ENDED,
  Id: "",
  Type: "EVENT",
  InitialContactId: "",
};
