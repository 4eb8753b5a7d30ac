import type { ConnectionStateChange, MessagesRecovered } from "../api/connection";
import type { EventKind } from "../api/content-types";
import type { ChatEventName } from "../api/events";
import type { WireItem } from "../api/items";
import type { SessionDetails } from "../participant/types";
import { capitalized } from "../util/capitalized";
import { CHAT_ENDED, EVENT } from "./content-types";
import type { TranscriptSnapshot } from "./transcript";

/** An event's properties. */
interface ChatEventRow {
  /**
   * Upstream's name, used by `controller.subscribe`. Defaults to our name in capitals. Null if upstream has no such
   * event: an item is then emitted as this event in addition to upstream's.
   */
  readonly upstream?: string | null;
  /**
   * For an item event: the item's content type without the prefix. True if the event's name yields it:
   * `participant.idle`.
   */
  readonly kind?: EventKind | true;
}

/** A session's events. Handlers added with `onMessage` receive `message`, and so on. */
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

/** The session method that adds a handler for the event. */
export type ChatEventMethod<Name extends ChatEventName> = `on${Capitalize<Name>}`;
export const methodOf = <Name extends ChatEventName>(name: Name): ChatEventMethod<Name> =>
  `on${capitalized(name)}`;

/** Returns the name that `subscribe` accepts and handlers receive: upstream's, or the table's if upstream has none. */
export function publicNameOf(name: ChatEventName): string {
  const { upstream = name.replace(/[A-Z]/g, "_$&").toUpperCase() } = CHAT_EVENTS[name];
  return upstream ?? name;
}
/** Returns the event with this public name, if any. */
export const nameOfPublic = (publicName: string): ChatEventName | undefined =>
  CHAT_EVENT_NAMES.find((name) => publicNameOf(name) === publicName);

/** The type of each event's `data`. For an event that isn't listed here, it is the item as received. */
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

/** An event as emitted. */
export interface EmittedEvent<Data> {
  /** As `getChatDetails()` returned them at that moment. */
  chatDetails: SessionDetails;
  data: Data;
  /** True for an item that was missed while the link was down, and fetched once it was back. */
  recovered?: true;
}

/** The first `connectionEstablished` after a `connect()` also carries that call's result. */
export interface ConnectionEstablishedEvent extends EmittedEvent<EmittedData<"connectionEstablished">> {
  _debug?: { websocketStatus: string };
  connectSuccess?: true;
  connectCalled?: true;
  metadata?: unknown;
}

/** The emitted events, by name. */
export type EmittedEvents = {
  [Name in ChatEventName]: Name extends "connectionEstablished"
    ? ConnectionEstablishedEvent
    : EmittedEvent<EmittedData<Name>>;
};

/** The second argument is the event's public name. */
export type EmittedHandler<Name extends ChatEventName> = (
  event: EmittedEvents[Name],
  name: string,
) => unknown;

/** The table's keys, typed as event names, which `Object.keys` doesn't do. */
export const CHAT_EVENT_NAMES = Object.keys(CHAT_EVENTS) as ChatEventName[];

/** Events that carry an item. */
export type ItemEventName = Exclude<ChatEventName, keyof SpecialData>;

/** Returns the content type of this event's items without the prefix; undefined for other events. */
export function itemKindOf(name: ChatEventName): string | undefined {
  const { kind } = CHAT_EVENTS[name];
  return kind === true ? name.replace(/[A-Z]/g, ".$&").toLowerCase() : kind;
}

const itemEventOf = (type: string | undefined, isUpstreams: boolean): ItemEventName | undefined =>
  CHAT_EVENT_NAMES.find((name): name is ItemEventName => {
    const kind = itemKindOf(name);
    const isOfUpstream = CHAT_EVENTS[name].upstream !== null;
    return kind !== undefined && type === EVENT + kind && isOfUpstream === isUpstreams;
  });

/** Returns the event for an item. An item whose content type isn't in the table is a message. */
export const eventOf = ({ Type, ContentType, MessageMetadata }: WireItem): ItemEventName => {
  if (Type !== "MESSAGEMETADATA") return itemEventOf(ContentType, true) ?? "message";
  // One receipt may hold both times: read wins.
  return MessageMetadata?.Receipts?.[0]?.ReadTimestamp ? "readReceipt" : "deliveredReceipt";
};

/** Returns the event that an item is emitted as in addition, if any. */
export const extraEventOf = ({ ContentType }: WireItem): ItemEventName | undefined =>
  itemEventOf(ContentType, false);

/** The item emitted for a chat that ended while the link was down. It reports the end and nothing else. */
export const ENDED_IN_A_GAP: WireItem = {
  AbsoluteTime: "",
  ContentType: CHAT_ENDED,
  Id: "",
  Type: "EVENT",
  InitialContactId: "",
};
