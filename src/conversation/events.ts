import type { ConnectionStateChange, MessagesRecovered } from "../api/connection";
import type { EventKind } from "../api/content-types";
import type { ChatEventName } from "../api/events";
import type { WireItem } from "../api/items";
import type { SessionDetails } from "../participant/types";
import { capitalize } from "../util/capitalize";
import { CHAT_ENDED, EVENT_PREFIX } from "./content-types";
import type { TranscriptSnapshot } from "./transcript";

/** An event's properties. */
interface ChatEventRow {
  /**
   * Upstream's name for the event, which `controller.subscribe` accepts. Defaults to our name in UPPER_SNAKE_CASE.
   * Null if upstream doesn't have the event. The event's items are then also emitted as the event that upstream emits
   * for them.
   */
  readonly upstream?: string | null;
  /**
   * The content type of the event's items, without the prefix. True if the type is derived from the event's name, such
   * as `participant.idle` from `participantIdle`. Undefined if the event isn't identified by a content type.
   */
  readonly kind?: EventKind | true;
}

/** A session's events. The session method `onMessage` adds a handler for `message`, and so on. */
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
  `on${capitalize(name)}`;

/** Returns the name that `subscribe` accepts and handlers receive: upstream's name, or ours if upstream has none. */
export function publicNameOf(name: ChatEventName): string {
  const { upstream = name.replace(/[A-Z]/g, "_$&").toUpperCase() } = CHAT_EVENTS[name];
  return upstream ?? name;
}
/** Returns the event with this public name, or undefined if there is none. */
export const eventNameOf = (publicName: string): ChatEventName | undefined =>
  CHAT_EVENT_NAMES.find((name) => publicNameOf(name) === publicName);

/** The `data` type of each event that doesn't carry an item. */
interface NonItemData {
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

export type EmittedData<Name extends ChatEventName> = Name extends keyof NonItemData
  ? NonItemData[Name]
  : WireItem;

/** The first argument of a handler. */
export interface EmittedEvent<Data> {
  /** The result of `getChatDetails()` when the event was emitted. */
  chatDetails: SessionDetails;
  data: Data;
  /** True if the item was missed and a recovery fetched it. */
  recovered?: true;
}

/** A `connectionEstablished` event. The first event after a `connect()` also carries the call's result. */
export interface ConnectionEstablishedEvent extends EmittedEvent<EmittedData<"connectionEstablished">> {
  _debug?: { websocketStatus: string };
  connectSuccess?: true;
  connectCalled?: true;
  metadata?: unknown;
}

/** Each event's first handler argument, by event name. */
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

/** The table's keys. The assertion is needed because `Object.keys` returns plain strings. */
export const CHAT_EVENT_NAMES = Object.keys(CHAT_EVENTS) as ChatEventName[];

/** Events that carry an item. */
export type ItemEventName = Exclude<ChatEventName, keyof NonItemData>;

/** Returns the content type of an event's items without the prefix, or undefined if the event has none. */
export function itemKindOf(name: ChatEventName): string | undefined {
  const { kind } = CHAT_EVENTS[name];
  return kind === true ? name.replace(/[A-Z]/g, ".$&").toLowerCase() : kind;
}

const itemEventOf = (type: string | undefined, isUpstreamEvent: boolean): ItemEventName | undefined =>
  CHAT_EVENT_NAMES.find((name): name is ItemEventName => {
    const kind = itemKindOf(name);
    const hasUpstreamName = CHAT_EVENTS[name].upstream !== null;
    return kind !== undefined && type === EVENT_PREFIX + kind && hasUpstreamName === isUpstreamEvent;
  });

/** Returns the event that an item is emitted as. An item whose content type isn't in the table is a `message`. */
export const eventOf = ({ Type, ContentType, MessageMetadata }: WireItem): ItemEventName => {
  if (Type !== "MESSAGEMETADATA") return itemEventOf(ContentType, true) ?? "message";
  // A receipt with both timestamps counts as read.
  return MessageMetadata?.Receipts?.[0]?.ReadTimestamp ? "readReceipt" : "deliveredReceipt";
};

/** Returns the second event that an item is emitted as, if any. */
export const additionalEventOf = ({ ContentType }: WireItem): ItemEventName | undefined =>
  itemEventOf(ContentType, false);

/** The item to emit when a chat has ended but the service's item for the end isn't available. */
export const SYNTHETIC_END: WireItem = {
  AbsoluteTime: "",
  ContentType: CHAT_ENDED,
  Id: "",
  Type: "EVENT",
  InitialContactId: "",
};
