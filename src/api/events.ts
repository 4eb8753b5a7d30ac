/** A session's events, and the ways to subscribe to them. */
import type { GlobalAbortSignal } from "../util/global-types";
import type { ChatDetails } from "./calls";
import type { ConnectionStateChange, MessagesRecovered } from "./connection";
import type { ChatContentType, EventContentType } from "./content-types";
import type { ChatEventData, ChatTranscriptItem } from "./items";

/** Unsubscribes the handler. Further calls have no effect. */
export type Unsubscribe = () => void;

/** Options for a subscription. */
export interface SubscribeOptions {
  /** Unsubscribes the handler when aborted. */
  readonly signal?: GlobalAbortSignal;
}

/** The fields that every event has. */
export interface ChatEvent<Data> {
  /** The session's details at the time of the event; see `getChatDetails()`. */
  chatDetails: ChatDetails;
  /** The item, or other data if the event isn't about an item. */
  data: Data;
  /** Set if the item was missed while the link was down and was fetched afterward. */
  recovered?: true;
}

/**
 * An event that isn't about an item. Handlers always receive `data`, but code that constructs such an event may omit
 * `data`, because the original library doesn't declare it.
 */
interface ItemlessEvent<Data> extends Omit<ChatEvent<Data>, "data"> {
  data?: Data;
}

/** An event as handlers receive it: `data` is always set. */
type WithData<Event extends { data?: unknown }> = Event & { data: Exclude<Event["data"], undefined> };

/** An event that delivers an item with a specific content type. */
type ItemEvent<Type extends ChatContentType> = ChatEvent<ChatEventData & { ContentType: Type }>;

/** A message or any other item, except a typing event. */
export interface ChatMessageEvent extends ItemEvent<Exclude<ChatContentType, EventContentType<"typing">>> {}
/** A participant is typing. Show a typing indicator for about ten seconds. */
export interface ChatTypingEvent extends ItemEvent<EventContentType<"typing">> {}
/** The customer is asked to sign in. `data.Content` is JSON with the `SessionId` for `getAuthenticationUrl()`. */
export interface ChatAuthenticationInitiatedEvent extends ChatEvent<
  ChatEventData & { ContentType: EventContentType<"authentication.initiated">; Content: string }
> {}
/** The customer's display name has changed to `data.DisplayName`. */
export interface ChatParticipantDisplayNameUpdatedEvent extends ChatEvent<
  ChatEventData & { ContentType: EventContentType<"participant.displayname.updated">; DisplayName: string }
> {}

/**
 * The link is open and subscribed. The first of these events after `connect()` also has the fields of the `connect()`
 * result.
 */
export interface ChatConnectionEstablishedEvent extends ItemlessEvent<Record<string, never>> {
  _debug?: { websocketStatus: string };
  connectSuccess?: true;
  connectCalled?: true;
  /** The `metadata` argument of `connect()`. */
  metadata?: unknown;
}
/** The link dropped, and the library is restoring it. */
export interface ChatConnectionLostEvent extends ItemlessEvent<Record<string, never>> {}
/** The library gave up on the link. Calls still work over HTTPS. */
export interface ChatConnectionBrokenEvent extends ItemlessEvent<Record<string, never>> {}
/** The chat has ended. No other event follows. */
export interface ChatEndedEvent extends ItemlessEvent<null> {}
/** The conversation changed. The event has the entire conversation as one list. */
export interface ChatTranscriptUpdatedEvent extends ChatEvent<{
  /** The items, sorted by time and without duplicates. Includes outgoing messages that are still in flight. */
  readonly transcript: ChatTranscriptItem[];
  /** The token for fetching older items with `getTranscript({ nextToken })`; missing if there are no older items. */
  readonly previousTranscriptNextToken?: string;
}> {}

/** Maps each event's name in `session.on(name, handler)` to the type of the handler's first argument. */
// This is a type alias, because an interface isn't assignable to the record type that generic event emitters expect.
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
  ended: WithData<ChatEndedEvent>;
  connectionEstablished: WithData<ChatConnectionEstablishedEvent>;
  connectionLost: WithData<ChatConnectionLostEvent>;
  connectionBroken: WithData<ChatConnectionBrokenEvent>;
  /** The original library declares `data` as an item. At run time, `data` is empty. */
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

/**
 * An event handler. Its second argument is the event's name in `controller.subscribe()`, such as `INCOMING_MESSAGE`.
 */
// This is a method's type, so that a handler may declare a narrower event, as the original library's types allow.
export type ChatEventHandler<Name extends ChatEventName> = {
  handle(event: ChatEventMap[Name], name: string): unknown;
}["handle"];

/** Subscribes a handler. To unsubscribe, call the returned function or abort `signal`. */
export type AddHandler<Name extends ChatEventName> = (
  handler: ChatEventHandler<Name>,
  options?: SubscribeOptions,
) => Unsubscribe;

/** One `on…` method for each event in the map. */
type MethodsOfEvents = {
  [Name in ChatEventName as `on${Capitalize<Name>}`]: AddHandler<Name>;
};

type On<Method extends keyof MethodsOfEvents> = MethodsOfEvents[Method];

/**
 * The `on…` methods. Each method subscribes a handler and returns a function that unsubscribes it. Handlers are called
 * in the order in which they were added. They're never called synchronously during the call that caused the event. If a
 * handler throws, the error is logged, and the other handlers are still called.
 */
export interface ChatEventMethods extends MethodsOfEvents {
  /**
   * An item arrived: a message, an attachment, a participant who joined or left, a transfer, `chat.ended`, or an item
   * of an unknown type. If the service changes an item, the item is emitted again with the same `Id`.
   * @example
   * const unsubscribe = session.onMessage(({ data }) => {
   *   if (data.ContentType === "text/plain") show(data.DisplayName, data.Content);
   * });
   */
  onMessage: On<"onMessage">;
  /** A participant is typing. Show a typing indicator for about ten seconds. */
  onTyping: On<"onTyping">;
  /**
   * Another participant has read a message. The message's ID is `data.MessageMetadata.MessageId`. Not emitted for the
   * session's own receipts.
   */
  onReadReceipt: On<"onReadReceipt">;
  /** A message was delivered to another participant. The message's ID is `data.MessageMetadata.MessageId`. */
  onDeliveredReceipt: On<"onDeliveredReceipt">;
  /** A participant has been silent for as long as the contact's chat timeouts allow. */
  onParticipantIdle: On<"onParticipantIdle">;
  /** An idle participant is active again. */
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
   *   const response = await session.getAuthenticationUrl({ redirectUri, sessionId });
   *   window.location.assign(response.data.AuthenticationUrl ?? redirectUri);
   * });
   */
  onAuthenticationInitiated: On<"onAuthenticationInitiated">;
  /** The customer has signed in. */
  onAuthenticationSuccessful: On<"onAuthenticationSuccessful">;
  /** The sign-in failed. */
  onAuthenticationFailed: On<"onAuthenticationFailed">;
  /** The customer didn't sign in before the timeout. */
  onAuthenticationTimeout: On<"onAuthenticationTimeout">;
  /** The customer's sign-in has expired. */
  onAuthenticationExpired: On<"onAuthenticationExpired">;
  /** The customer declined to sign in. */
  onAuthenticationCanceled: On<"onAuthenticationCanceled">;
  /** The customer's display name has changed to `data.DisplayName`. */
  onParticipantDisplayNameUpdated: On<"onParticipantDisplayNameUpdated">;
  /** A persistent chat was resumed. `getTranscript()` can fetch the items of its earlier contacts. */
  onChatRehydrated: On<"onChatRehydrated">;
  /**
   * The chat has ended. This is the last event: `onMessage` receives the `chat.ended` item first, and all handlers are
   * removed afterward.
   */
  onEnded: On<"onEnded">;
  /** The link is open and subscribed. Emitted after each connection and reconnection. */
  onConnectionEstablished: On<"onConnectionEstablished">;
  /**
   * The link dropped, and the library is restoring it. Missed items are delivered after the link is up again.
   */
  onConnectionLost: On<"onConnectionLost">;
  /** The library gave up on the link. Call `connect()` to try again. */
  onConnectionBroken: On<"onConnectionBroken">;
  /** The service responded to a deep heartbeat, a ping over the socket. */
  onDeepHeartbeatSuccess: On<"onDeepHeartbeatSuccess">;
  /** The service didn't respond to a deep heartbeat, or its response was invalid. */
  onDeepHeartbeatFailure: On<"onDeepHeartbeatFailure">;
  /** The conversation changed. `data.transcript` is the entire conversation as one list. */
  onTranscriptUpdated: On<"onTranscriptUpdated">;
  /** `connectionState` has changed. `data` has the old state, the new state, and the cause. */
  onConnectionStateChanged: On<"onConnectionStateChanged">;
  /**
   * The recovery of items that were missed while the link was down has finished. `data` has the number of items that
   * were delivered, and whether the recovery was complete.
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
  /** The transfer of the chat failed. Emitted after `onMessage` with the same item. */
  onTransferFailed: On<"onTransferFailed">;
}
