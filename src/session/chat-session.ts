import { CHAT_EVENT_NAMES, methodOf } from "../conversation/events";
import type { ConnectionState } from "../connection/states";
import type { SubscribeOptions } from "../util/event-bus";
import type * as implementation from "./chat-controller";
import type { ChatController } from "./types/controller";
import type { ChatEventHandler, ChatEventMethods } from "./types/events";

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

/** What customers' and agents' sessions share. */
export interface ChatSessionInterface
  extends ChatEventMethods, Pick<ChatController, (typeof COMMON_CALLS)[number]> {
  /** The same calls, and `contactId` and `subscribe`: some applications use it in the session's place. */
  readonly controller: ChatController;
  /** The state of the connection at this moment; `onConnectionStateChanged` tells each change. */
  readonly connectionState: ConnectionState;
}

/** A customer's chat. */
export interface CustomerChatSession
  extends ChatSessionInterface, Pick<ChatController, (typeof CUSTOMER_CALLS)[number]> {}

/** An agent's chat. */
export interface AgentChatSession
  extends ChatSessionInterface, Pick<ChatController, (typeof AGENT_CALLS)[number]> {}

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
    methodOf(name),
    (handler: ChatEventHandler<typeof name>, options?: SubscribeOptions) =>
      controller.on(name, handler, options),
  ]);
  return Object.fromEntries(methods) as ChatEventMethods;
}

/**
 * The controller under the types that applications know. The service's answers are what its model says, upstream's
 * declarations promise a little more of them (session/types), and `metadata` comes back as whatever it was given.
 */
const typed = (controller: Pick<implementation.ChatController, keyof ChatController>): ChatController => {
  const calls = controller as unknown as ChatController;
  // Bound, so that it can be called through a proxy, such as a framework's reactive state.
  return Object.assign(
    calls,
    boundCalls(calls, [...COMMON_CALLS, ...CUSTOMER_CALLS, ...AGENT_CALLS, "subscribe"]),
  );
};

function commonSession(controller: ChatController): ChatSessionInterface {
  return {
    controller,
    get connectionState() {
      return controller.connectionState;
    },
    ...boundCalls(controller, COMMON_CALLS),
    ...eventMethods(controller),
  };
}

export function customerSession(controller: implementation.ChatController): CustomerChatSession {
  const calls = typed(controller);
  return Object.assign(commonSession(calls), boundCalls(calls, CUSTOMER_CALLS));
}

export function agentSession(controller: implementation.ChatController): AgentChatSession {
  const calls = typed(controller);
  return Object.assign(commonSession(calls), boundCalls(calls, AGENT_CALLS));
}
