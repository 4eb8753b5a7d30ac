/** The events of a session, and how an application subscribes to them. */
import type { GlobalAbortSignal } from "../util/global-types";
import type { ChatDetails } from "./calls";
import type { ConnectionStateChange, MessagesRecovered } from "./connection";
import type { ChatContentType, EventContentType } from "./content-types";
import type { ChatEventData, ChatTranscriptItem } from "./items";

/** Unsubscribes the handler; a second call does nothing. */
export type Unsubscribe = () => void;

/** How a handler is subscribed. */
export interface SubscribeOptions {
  /** Unsubscribes the handler when it is aborted. */
  readonly signal?: GlobalAbortSignal;
}

/** What every event has. */
export interface ChatEvent<Data> {
  /** As `getChatDetails()` returns them at that moment. */
  chatDetails: ChatDetails;
  data: Data;
  /** True for an item that was missed while the link was down, and fetched once it was back. */
  recovered?: true;
}

/**
 * An event without an item. The original library declares no `data` for it, so an application that constructs one may
 * leave it out; a handler always receives it.
 */
interface ItemlessEvent<Data> extends Omit<ChatEvent<Data>, "data"> {
  data?: Data;
}

/** Such an event as a handler receives it. */
type Emitted<Event extends { data?: unknown }> = Event & { data: Exclude<Event["data"], undefined> };

/** An item whose content type says which event it is. */
type ItemEvent<Type extends ChatContentType> = ChatEvent<ChatEventData & { ContentType: Type }>;

/** A message, or any other item except typing. */
export interface ChatMessageEvent extends ItemEvent<Exclude<ChatContentType, EventContentType<"typing">>> {}
/** A participant is typing. Show it for about ten seconds. */
export interface ChatTypingEvent extends ItemEvent<EventContentType<"typing">> {}
/** The customer is asked to sign in: `data.Content` is JSON that holds the `SessionId` for `getAuthenticationUrl`. */
export interface ChatAuthenticationInitiatedEvent extends ChatEvent<
  ChatEventData & { ContentType: EventContentType<"authentication.initiated">; Content: string }
> {}
/** The customer's name has changed, to `data.DisplayName`. */
export interface ChatParticipantDisplayNameUpdatedEvent extends ChatEvent<
  ChatEventData & { ContentType: EventContentType<"participant.displayname.updated">; DisplayName: string }
> {}

/** The link is open and subscribed. The first event after `connect()` also carries that call's result. */
export interface ChatConnectionEstablishedEvent extends ItemlessEvent<Record<string, never>> {
  _debug?: { websocketStatus: string };
  connectSuccess?: true;
  connectCalled?: true;
  /** The `metadata` that `connect()` was given. */
  metadata?: unknown;
}
/** The link dropped and is being restored. */
export interface ChatConnectionLostEvent extends ItemlessEvent<Record<string, never>> {}
/** The library gave up on the link. Calls still go over HTTPS. */
export interface ChatConnectionBrokenEvent extends ItemlessEvent<Record<string, never>> {}
/** The chat has ended; no other event follows. */
export interface ChatEndedEvent extends ItemlessEvent<null> {}
/** The whole conversation as one list. */
export interface ChatTranscriptUpdatedEvent extends ChatEvent<{
  /** Sorted by time, without duplicates, and with outgoing messages that are in flight. */
  readonly transcript: ChatTranscriptItem[];
  /** Pass it to `getTranscript({ nextToken })` to fetch the items before these; missing if there are none. */
  readonly previousTranscriptNextToken?: string;
}> {}

/** What a handler of each event receives, by the event's name in `session.on(name, handler)`. */
// A type, since an interface couldn't be passed where an emitter takes a record of events.
export type ChatEventMap = {
  message: ChatMessageEvent;
  typing: ChatTypingEvent;
  readReceipt: ChatMessageEvent;
  deliveredReceipt: ChatMessageEvent;
  participantIdle: ChatMessageEvent;
  participantReturned: ChatMessageEvent;
  participantInvited: ChatMessageEvent;
  autoDisconnection: ChatMessageEvent;
  authenticationInitiated: ChatAuthenticationInitiatedEvent;
  authenticationSuccessful: ChatMessageEvent;
  authenticationFailed: ChatMessageEvent;
  authenticationTimeout: ChatMessageEvent;
  authenticationExpired: ChatMessageEvent;
  authenticationCanceled: ChatMessageEvent;
  participantDisplayNameUpdated: ChatParticipantDisplayNameUpdatedEvent;
  chatRehydrated: ChatMessageEvent;
  ended: Emitted<ChatEndedEvent>;
  connectionEstablished: Emitted<ChatConnectionEstablishedEvent>;
  connectionLost: Emitted<ChatConnectionLostEvent>;
  connectionBroken: Emitted<ChatConnectionBrokenEvent>;
  /** The original library declares an item here; no field of one is set. */
  deepHeartbeatSuccess: ChatEvent<Partial<ChatEventData>>;
  deepHeartbeatFailure: ChatEvent<Partial<ChatEventData>>;
  transcriptUpdated: ChatTranscriptUpdatedEvent;
  connectionStateChanged: ChatEvent<ConnectionStateChange>;
  messagesRecovered: ChatEvent<MessagesRecovered>;
  participantJoined: ChatMessageEvent;
  participantLeft: ChatMessageEvent;
  transferSucceeded: ChatMessageEvent;
  transferFailed: ChatMessageEvent;
};

/** The name of an event, for `session.on(name, handler)`. */
export type ChatEventName = keyof ChatEventMap;

/** A handler. Its second argument is the event's name as `controller.subscribe` takes it, such as `INCOMING_MESSAGE`. */
// Declared as a method, so that a handler may declare a narrower event, as it may by the original library's declarations.
export type ChatEventHandler<Name extends ChatEventName> = {
  handle(event: ChatEventMap[Name], name: string): unknown;
}["handle"];

/** Subscribes a handler. Call the function that it returns, or abort `signal`, to unsubscribe. */
export type AddHandler<Name extends ChatEventName> = (
  handler: ChatEventHandler<Name>,
  options?: SubscribeOptions,
) => Unsubscribe;

/** One method for each event of the map. */
type MethodsOfTheMap = {
  [Name in ChatEventName as `on${Capitalize<Name>}`]: AddHandler<Name>;
};

type On<Method extends keyof MethodsOfTheMap> = MethodsOfTheMap[Method];

/**
 * The `on…` methods. Each subscribes a handler and returns a function that unsubscribes. Handlers are called in the order
 * they were added, never inside the call that caused the event. An error that a handler throws is logged, and the other
 * handlers are still called.
 */
export interface ChatEventMethods extends MethodsOfTheMap {
  /**
   * Every item without its own method: messages, attachments, participants who joined or left, `chat.ended`, unknown types.
   * @example
   * const unsubscribe = session.onMessage(({ data }) => {
   *   if (data.ContentType === "text/plain") show(data.DisplayName, data.Content);
   * });
   */
  onMessage: On<"onMessage">;
  /** A participant is typing. Show it for about ten seconds. */
  onTyping: On<"onTyping">;
  /** Another participant has read a message; `data.MessageMetadata` names it. This participant's own receipts aren't emitted. */
  onReadReceipt: On<"onReadReceipt">;
  /** A message has reached another participant; `data.MessageMetadata` names it. */
  onDeliveredReceipt: On<"onDeliveredReceipt">;
  /** A participant has been silent for as long as the contact flow allows. */
  onParticipantIdle: On<"onParticipantIdle">;
  /** An idle participant is back. */
  onParticipantReturned: On<"onParticipantReturned">;
  /** A participant was invited to the chat. */
  onParticipantInvited: On<"onParticipantInvited">;
  /** An idle participant was disconnected. */
  onAutoDisconnection: On<"onAutoDisconnection">;
  /**
   * The customer is asked to sign in.
   * @example
   * session.onAuthenticationInitiated(async ({ data }) => {
   *   const { SessionId: sessionId } = JSON.parse(data.Content);
   *   const redirectUri = "https://example.com/signed-in";
   *   const answer = await session.getAuthenticationUrl({ redirectUri, sessionId });
   *   window.location.assign(answer.data.AuthenticationUrl ?? redirectUri);
   * });
   */
  onAuthenticationInitiated: On<"onAuthenticationInitiated">;
  /** The customer has signed in. */
  onAuthenticationSuccessful: On<"onAuthenticationSuccessful">;
  /** The sign-in failed. */
  onAuthenticationFailed: On<"onAuthenticationFailed">;
  /** The customer didn't sign in in time. */
  onAuthenticationTimeout: On<"onAuthenticationTimeout">;
  /** A sign-in is no longer valid. */
  onAuthenticationExpired: On<"onAuthenticationExpired">;
  /** The customer declined to sign in. */
  onAuthenticationCanceled: On<"onAuthenticationCanceled">;
  /** The customer's name has changed, to `data.DisplayName`. */
  onParticipantDisplayNameUpdated: On<"onParticipantDisplayNameUpdated">;
  /** A persistent chat was resumed: items of earlier contacts can be fetched. */
  onChatRehydrated: On<"onChatRehydrated">;
  /** The chat has ended. Emitted last: `onMessage` has received the item, and every handler is removed afterward. */
  onEnded: On<"onEnded">;
  /** The link is open and subscribed. Emitted each time that happens. */
  onConnectionEstablished: On<"onConnectionEstablished">;
  /** The link dropped and is being restored; items that are missed meanwhile are delivered when it is back. */
  onConnectionLost: On<"onConnectionLost">;
  /** The library gave up on the link; `connect()` tries again. */
  onConnectionBroken: On<"onConnectionBroken">;
  /** The service answered a ping of the socket. */
  onDeepHeartbeatSuccess: On<"onDeepHeartbeatSuccess">;
  /** A ping of the socket got no answer, or a bad one. */
  onDeepHeartbeatFailure: On<"onDeepHeartbeatFailure">;
  /** The conversation as one list, whenever it changes. */
  onTranscriptUpdated: On<"onTranscriptUpdated">;
  /** `connectionState` has changed: `data` has the old state, the new one and the cause. */
  onConnectionStateChanged: On<"onConnectionStateChanged">;
  /**
   * Items that were missed while the link was down have been delivered: `data` says how many, and whether that was all.
   * @example
   * session.onMessagesRecovered(({ data }) => {
   *   if (!data.complete) showBanner("Some messages could not be loaded.");
   * });
   */
  onMessagesRecovered: On<"onMessagesRecovered">;
  /** A participant joined the chat. Emitted after `onMessage` with the same item. */
  onParticipantJoined: On<"onParticipantJoined">;
  /** A participant left the chat. Emitted after `onMessage` with the same item. */
  onParticipantLeft: On<"onParticipantLeft">;
  /** The chat was transferred to another agent or queue. Emitted after `onMessage` with the same item. */
  onTransferSucceeded: On<"onTransferSucceeded">;
  /** The chat could not be transferred. Emitted after `onMessage` with the same item. */
  onTransferFailed: On<"onTransferFailed">;
}
