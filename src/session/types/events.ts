/** What handlers are given, for each event; the list of events is the table in conversation/events. */
import type { ChatContentType, EventContentType } from "../../conversation/content-types";
import type * as events from "../../conversation/events";
import type { SubscribeOptions, Unsubscribe } from "../../util/event-bus";
import type { ChatDetails } from "./calls";
import type { ChatEventData, ChatTranscriptItem } from "./items";

/** What every event has. */
export interface ChatEvent<Data> {
  /** As `getChatDetails()` gives them at that moment. */
  chatDetails: ChatDetails;
  data: Data;
  /** True for an item that was missed while the link was down, and fetched once it was back. */
  recovered?: true;
}

/**
 * An event that is told without an item. Upstream declares no `data` for it, so that an application which makes one may
 * leave it out; a handler always gets it.
 */
interface ItemlessEvent<Data> extends Omit<ChatEvent<Data>, "data"> {
  data?: Data;
}

/** What a handler gets of it. */
type Told<Event extends { data?: unknown }> = Event & { data: Exclude<Event["data"], undefined> };

/** An item whose content type says which event it is. */
type ItemEvent<Type extends ChatContentType> = ChatEvent<ChatEventData & { ContentType: Type }>;

/** A message, or any other item but typing. */
export interface ChatMessageEvent extends ItemEvent<Exclude<ChatContentType, EventContentType<"typing">>> {}
/** Somebody types; a typing event of the service is good for about ten seconds. */
export interface ChatTypingEvent extends ItemEvent<EventContentType<"typing">> {}
/** The customer is asked to sign in: `data.Content` is JSON that holds the `SessionId` for `getAuthenticationUrl`. */
export interface ChatAuthenticationInitiatedEvent extends ChatEvent<
  ChatEventData & { ContentType: EventContentType<"authentication.initiated">; Content: string }
> {}
/** The customer has another name now: `data.DisplayName`. */
export interface ChatParticipantDisplayNameUpdatedEvent extends ChatEvent<
  ChatEventData & { ContentType: EventContentType<"participant.displayname.updated">; DisplayName: string }
> {}

/** The link is open and subscribed. The first one after a `connect()` carries that call's result as well. */
export interface ChatConnectionEstablishedEvent extends ItemlessEvent<Record<string, never>> {
  _debug?: { websocketStatus: string };
  connectSuccess?: true;
  connectCalled?: true;
  /** The `metadata` that `connect()` was given. */
  metadata?: unknown;
}
/** The link dropped and is being restored. */
export interface ChatConnectionLostEvent extends ItemlessEvent<Record<string, never>> {}
/** The link is given up. Calls still go over HTTPS. */
export interface ChatConnectionBrokenEvent extends ItemlessEvent<Record<string, never>> {}
/** The chat has ended; no other event follows. */
export interface ChatEndedEvent extends ItemlessEvent<null> {}
/** The whole conversation as one list. */
export interface ChatTranscriptUpdatedEvent extends ChatEvent<{
  /** Sorted by time, without duplicates, own messages on their way included. */
  readonly transcript: ChatTranscriptItem[];
  /** What `getTranscript({ nextToken })` is given for the items before these; nothing where there are none. */
  readonly previousTranscriptNextToken?: string;
}> {}

/** The events whose `data` has a shape of its own; every other one is an item. */
interface ShapedEvents {
  typing: ChatTypingEvent;
  authenticationInitiated: ChatAuthenticationInitiatedEvent;
  participantDisplayNameUpdated: ChatParticipantDisplayNameUpdatedEvent;
  ended: Told<ChatEndedEvent>;
  connectionEstablished: Told<ChatConnectionEstablishedEvent>;
  connectionLost: Told<ChatConnectionLostEvent>;
  connectionBroken: Told<ChatConnectionBrokenEvent>;
  /** Upstream declares an item here; nothing of one is there. */
  deepHeartbeatSuccess: ChatEvent<Partial<ChatEventData>>;
  deepHeartbeatFailure: ChatEvent<Partial<ChatEventData>>;
  transcriptUpdated: ChatTranscriptUpdatedEvent;
}

/** The name of an event, for `session.on(name, handler)`. */
export type ChatEventName = events.ChatEventName;

/** The typed event map: what a handler of each event is given. */
export type ChatEventMap = {
  [Name in ChatEventName]: Name extends keyof ShapedEvents
    ? ShapedEvents[Name]
    : Name extends events.ItemEventName
      ? ChatMessageEvent
      : ChatEvent<events.ChatEventData<Name>>;
};

/**
 * A handler. Its second argument is the event's name as `controller.subscribe` knows it, such as `INCOMING_MESSAGE`.
 * Declared as a method, so that a handler may take its event for something narrower, as upstream's declarations did.
 */
export type ChatEventHandler<Name extends ChatEventName> = {
  handle(event: ChatEventMap[Name], name: string): unknown;
}["handle"];

/** Adds a handler. The function that it returns takes the handler off again, and so does `signal`. */
export type AddHandler<Name extends ChatEventName> = (
  handler: ChatEventHandler<Name>,
  options?: SubscribeOptions,
) => Unsubscribe;

/** The `on…` methods as the table of events has them. */
type EventMethodsOfTheTable = {
  [Name in ChatEventName as events.ChatEventMethod<Name>]: AddHandler<Name>;
};

type On<Method extends keyof EventMethodsOfTheTable> = EventMethodsOfTheTable[Method];

/**
 * The `on…` methods. Each adds a handler and returns the function that takes it off. Handlers run in the order they were
 * added, never inside the call that caused the event; one that throws is logged and harms no other.
 */
export interface ChatEventMethods extends EventMethodsOfTheTable {
  /** Every item without a method of its own: messages, attachments, who joined and left, `chat.ended`, unknown types. */
  onMessage: On<"onMessage">;
  /** Somebody types; the event is good for about ten seconds. */
  onTyping: On<"onTyping">;
  /** The other side has read a message: `data.MessageMetadata` names it. Receipts of this side's own are not told. */
  onReadReceipt: On<"onReadReceipt">;
  /** The other side's device has a message: `data.MessageMetadata` names it. */
  onDeliveredReceipt: On<"onDeliveredReceipt">;
  /** A participant has said nothing for as long as the contact flow allows. */
  onParticipantIdle: On<"onParticipantIdle">;
  /** An idle participant is back. */
  onParticipantReturned: On<"onParticipantReturned">;
  /** Somebody was invited into the chat. */
  onParticipantInvited: On<"onParticipantInvited">;
  /** An idle participant was disconnected. */
  onAutoDisconnection: On<"onAutoDisconnection">;
  /** The customer is asked to sign in: `data.Content` holds the `SessionId` for `getAuthenticationUrl`. */
  onAuthenticationInitiated: On<"onAuthenticationInitiated">;
  /** The customer has signed in. */
  onAuthenticationSuccessful: On<"onAuthenticationSuccessful">;
  /** The sign-in failed. */
  onAuthenticationFailed: On<"onAuthenticationFailed">;
  /** The customer did not sign in in time. */
  onAuthenticationTimeout: On<"onAuthenticationTimeout">;
  /** A sign-in is no longer valid. */
  onAuthenticationExpired: On<"onAuthenticationExpired">;
  /** The customer declined to sign in. */
  onAuthenticationCanceled: On<"onAuthenticationCanceled">;
  /** The customer has another name now: `data.DisplayName`. */
  onParticipantDisplayNameUpdated: On<"onParticipantDisplayNameUpdated">;
  /** A persistent chat goes on: items of earlier contacts can be fetched. */
  onChatRehydrated: On<"onChatRehydrated">;
  /** The chat has ended. Told last: `onMessage` has had the item, and every handler is removed afterwards. */
  onEnded: On<"onEnded">;
  /** The link is open and subscribed: once each time it becomes so. */
  onConnectionEstablished: On<"onConnectionEstablished">;
  /** The link dropped and is being restored; what is missed meanwhile is told when it is back. */
  onConnectionLost: On<"onConnectionLost">;
  /** The link is given up; `connect()` may be called again. */
  onConnectionBroken: On<"onConnectionBroken">;
  /** The service answered a ping of the socket. */
  onDeepHeartbeatSuccess: On<"onDeepHeartbeatSuccess">;
  /** A ping of the socket had no answer, or a bad one. */
  onDeepHeartbeatFailure: On<"onDeepHeartbeatFailure">;
  /** The conversation as one list, whenever it changes. */
  onTranscriptUpdated: On<"onTranscriptUpdated">;
  /** Each change of `connectionState`, with the old state, the new one and the reason. */
  onConnectionStateChanged: On<"onConnectionStateChanged">;
  /** What was missed while the link was down has been told: how much it was, and whether that was all. */
  onMessagesRecovered: On<"onMessagesRecovered">;
  /** Somebody came into the chat; told after `onMessage` with the same item. */
  onParticipantJoined: On<"onParticipantJoined">;
  /** Somebody left the chat; told after `onMessage` with the same item. */
  onParticipantLeft: On<"onParticipantLeft">;
  /** The chat went to another agent or queue; told after `onMessage` with the same item. */
  onTransferSucceeded: On<"onTransferSucceeded">;
  /** The chat could not be handed on; told after `onMessage` with the same item. */
  onTransferFailed: On<"onTransferFailed">;
}
