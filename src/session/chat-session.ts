import {
  CHAT_EVENT_NAMES,
  CHAT_EVENTS,
  type ChatEventHandler,
  type ChatEventName,
} from "../conversation/events";
import type { ConnectionState } from "../connection/states";
import type { SubscribeOptions, Unsubscribe } from "../util/event-bus";
import type { ChatController } from "./chat-controller";

/** The `on…` methods, from the table of events: each adds a handler and returns the function that takes it off. */
export type ChatEventMethods = {
  [Name in ChatEventName as (typeof CHAT_EVENTS)[Name]["on"]]: (
    handler: ChatEventHandler<Name>,
    options?: SubscribeOptions,
  ) => Unsubscribe;
};

/** The calls that every session has, as its controller has them. */
const COMMON_CALLS = [
  "connect",
  "sendMessage",
  "resendMessage",
  "sendEvent",
  "getTranscript",
  "history",
  "snapshot",
  "sendAttachment",
  "downloadAttachment",
  "getAttachmentURL",
  "describeView",
  "getAuthenticationUrl",
  "cancelParticipantAuthentication",
  "sendMessageReceipt",
  "reset",
  "getChatDetails",
  "getConnectionStatus",
  "dispose",
  "on",
  "once",
] as const satisfies readonly (keyof ChatController)[];

/** The calls of one type of session alone. */
const CUSTOMER_CALLS = ["disconnectParticipant"] as const satisfies readonly (keyof ChatController)[];
const AGENT_CALLS = ["cleanUpOnParticipantDisconnect"] as const satisfies readonly (keyof ChatController)[];

export interface CommonSession extends ChatEventMethods, Pick<ChatController, (typeof COMMON_CALLS)[number]> {
  readonly controller: ChatController;
  /** The state of the connection at this moment; `onConnectionStateChanged` tells each change. */
  readonly connectionState: ConnectionState;
}

/** A customer's chat. */
export type CustomerChatSession = CommonSession & Pick<ChatController, (typeof CUSTOMER_CALLS)[number]>;
/** An agent's chat. */
export type AgentChatSession = CommonSession & Pick<ChatController, (typeof AGENT_CALLS)[number]>;

/** Methods bound to the controller, so that an application may take them off the session. */
function boundCalls<Name extends keyof ChatController>(
  controller: ChatController,
  names: readonly Name[],
): Pick<ChatController, Name> {
  const bound = names.map((name) => {
    const call: unknown = controller[name];
    return [name, typeof call === "function" ? (call.bind(controller) as unknown) : call];
  });
  // Object.fromEntries forgets which value stands under which name.
  return Object.fromEntries(bound) as Pick<ChatController, Name>;
}

function eventMethods(controller: ChatController): ChatEventMethods {
  const methods = CHAT_EVENT_NAMES.map((name) => [
    CHAT_EVENTS[name].on,
    (handler: ChatEventHandler<typeof name>, options?: SubscribeOptions) =>
      controller.on(name, handler, options),
  ]);
  return Object.fromEntries(methods) as ChatEventMethods;
}

function commonSession(controller: ChatController): CommonSession {
  return {
    controller,
    get connectionState() {
      return controller.connectionState;
    },
    ...boundCalls(controller, COMMON_CALLS),
    ...eventMethods(controller),
  };
}

export function customerSession(controller: ChatController): CustomerChatSession {
  return Object.assign(commonSession(controller), boundCalls(controller, CUSTOMER_CALLS));
}

export function agentSession(controller: ChatController): AgentChatSession {
  return Object.assign(commonSession(controller), boundCalls(controller, AGENT_CALLS));
}
