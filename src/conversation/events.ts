import type { ConnectionStateChange } from "../connection/states";
import type { ChatTranscriptItem } from "../item";
import type { ChatDetails } from "../participant/types";
import { EVENT_CONTENT_TYPES as TYPE } from "./content-types";
import type { TranscriptSnapshot } from "./transcript";
import type { MessagesRecovered } from "./recovery";

/**
 * A session's events, in one table: the name, the session's method, upstream's name for `controller.subscribe`, and,
 * for events that are items, the content type that makes an item this event. `beside`: an event that upstream does not
 * have, told after the one that it has for such an item. All else derives from it.
 */
export const CHAT_EVENTS = {
  message: { on: "onMessage", upstream: "INCOMING_MESSAGE", contentType: null },
  typing: { on: "onTyping", upstream: "INCOMING_TYPING", contentType: TYPE.TYPING },
  readReceipt: { on: "onReadReceipt", upstream: "INCOMING_READ_RECEIPT", contentType: null },
  deliveredReceipt: { on: "onDeliveredReceipt", upstream: "INCOMING_DELIVERED_RECEIPT", contentType: null },
  participantIdle: {
    on: "onParticipantIdle",
    upstream: "PARTICIPANT_IDLE",
    contentType: TYPE.PARTICIPANT_IDLE,
  },
  participantReturned: {
    on: "onParticipantReturned",
    upstream: "PARTICIPANT_RETURNED",
    contentType: TYPE.PARTICIPANT_RETURNED,
  },
  participantInvited: {
    on: "onParticipantInvited",
    upstream: "PARTICIPANT_INVITED",
    contentType: TYPE.PARTICIPANT_INVITED,
  },
  autoDisconnection: {
    on: "onAutoDisconnection",
    upstream: "AUTODISCONNECTION",
    contentType: TYPE.AUTODISCONNECTION,
  },
  authenticationInitiated: {
    on: "onAuthenticationInitiated",
    upstream: "AUTHENTICATION_INITIATED",
    contentType: TYPE.AUTHENTICATION_INITIATED,
  },
  authenticationSuccessful: {
    on: "onAuthenticationSuccessful",
    upstream: "AUTHENTICATION_SUCCESSFUL",
    contentType: TYPE.AUTHENTICATION_SUCCESSFUL,
  },
  authenticationFailed: {
    on: "onAuthenticationFailed",
    upstream: "AUTHENTICATION_FAILED",
    contentType: TYPE.AUTHENTICATION_FAILED,
  },
  authenticationTimeout: {
    on: "onAuthenticationTimeout",
    upstream: "AUTHENTICATION_TIMEOUT",
    contentType: TYPE.AUTHENTICATION_TIMEOUT,
  },
  authenticationExpired: {
    on: "onAuthenticationExpired",
    upstream: "AUTHENTICATION_EXPIRED",
    contentType: TYPE.AUTHENTICATION_EXPIRED,
  },
  authenticationCanceled: {
    on: "onAuthenticationCanceled",
    upstream: "AUTHENTICATION_CANCELED",
    contentType: TYPE.AUTHENTICATION_CANCELED,
  },
  participantDisplayNameUpdated: {
    on: "onParticipantDisplayNameUpdated",
    upstream: "PARTICIPANT_DISPLAY_NAME_UPDATED",
    contentType: TYPE.DISPLAY_NAME_UPDATED,
  },
  chatRehydrated: { on: "onChatRehydrated", upstream: "CHAT_REHYDRATED", contentType: TYPE.CHAT_REHYDRATED },
  ended: { on: "onEnded", upstream: "CHAT_ENDED", contentType: null },
  connectionEstablished: {
    on: "onConnectionEstablished",
    upstream: "CONNECTION_ESTABLISHED",
    contentType: null,
  },
  connectionLost: { on: "onConnectionLost", upstream: "CONNECTION_LOST", contentType: null },
  connectionBroken: { on: "onConnectionBroken", upstream: "CONNECTION_BROKEN", contentType: null },
  deepHeartbeatSuccess: {
    on: "onDeepHeartbeatSuccess",
    upstream: "DEEP_HEARTBEAT_SUCCESS",
    contentType: null,
  },
  deepHeartbeatFailure: {
    on: "onDeepHeartbeatFailure",
    upstream: "DEEP_HEARTBEAT_FAILURE",
    contentType: null,
  },
  transcriptUpdated: { on: "onTranscriptUpdated", upstream: "TRANSCRIPT_UPDATED", contentType: null },
  connectionStateChanged: { on: "onConnectionStateChanged", upstream: null, contentType: null },
  messagesRecovered: { on: "onMessagesRecovered", upstream: null, contentType: null },
  participantJoined: {
    on: "onParticipantJoined",
    upstream: null,
    contentType: TYPE.PARTICIPANT_JOINED,
    beside: "message",
  },
  participantLeft: {
    on: "onParticipantLeft",
    upstream: null,
    contentType: TYPE.PARTICIPANT_LEFT,
    beside: "message",
  },
  transferSucceeded: {
    on: "onTransferSucceeded",
    upstream: null,
    contentType: TYPE.TRANSFER_SUCCEEDED,
    beside: "message",
  },
  transferFailed: {
    on: "onTransferFailed",
    upstream: null,
    contentType: TYPE.TRANSFER_FAILED,
    beside: "message",
  },
} as const;

export type ChatEventName = keyof typeof CHAT_EVENTS;

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

export type ChatEventData<Name extends ChatEventName> = Name extends keyof SpecialData
  ? SpecialData[Name]
  : ChatTranscriptItem;

/** What a handler is given. */
export interface ChatEvent<Data> {
  /** As `getChatDetails()` gives them at that moment. */
  chatDetails: ChatDetails;
  data: Data;
  /** True for an item that was missed while the link was down, and fetched once it was back. */
  recovered?: true;
}

/** The first establishment after a `connect()` carries its result as well. */
export interface ConnectionEstablishedEvent extends ChatEvent<ChatEventData<"connectionEstablished">> {
  _debug?: { websocketStatus: string };
  connectSuccess?: true;
  connectCalled?: true;
  metadata?: unknown;
}

/** The typed event map. */
export type ChatEventMap = {
  [Name in ChatEventName]: Name extends "connectionEstablished"
    ? ConnectionEstablishedEvent
    : ChatEvent<ChatEventData<Name>>;
};

/** The second argument is the event's name: upstream's where it has one, else the table's. */
export type ChatEventHandler<Name extends ChatEventName> = (
  event: ChatEventMap[Name],
  name: string,
) => unknown;

/** The table's keys, with their names as types: what Object.keys does not tell. */
export const CHAT_EVENT_NAMES = Object.keys(CHAT_EVENTS) as ChatEventName[];

/** Events that carry an item. */
export type ItemEventName = Exclude<ChatEventName, keyof SpecialData>;

const byContentType = new Map<string, ItemEventName>();
const besideByContentType = new Map<string, ItemEventName>();
for (const name of CHAT_EVENT_NAMES) {
  const row = CHAT_EVENTS[name];
  if (row.contentType === null || !isItemEvent(name)) continue;
  ("beside" in row ? besideByContentType : byContentType).set(row.contentType, name);
}

function isItemEvent(name: ChatEventName): name is ItemEventName {
  return CHAT_EVENTS[name].contentType !== null;
}

/** The event that an item is by its content type; everything unnamed is a message. */
export const eventOfContentType = (contentType: string | undefined): ItemEventName =>
  byContentType.get(contentType ?? "") ?? "message";

/** The event that such an item is told as beside that. */
export const besideOf = (contentType: string | undefined): ItemEventName | null =>
  besideByContentType.get(contentType ?? "") ?? null;
