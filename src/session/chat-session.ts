import { CHAT_EVENT_NAMES, methodOf, publicNameOf } from "../conversation/events";
import type { ConnectionState } from "../conversation/connection-state";
import type { SubscribeOptions } from "../util/event-bus";
import { Controller } from "./controller";
import type { ChatController } from "./types/controller";
import type { ChatEventMethods } from "./types/events";

/** The calls of one type of session alone. */
const CUSTOMER_CALL = "disconnectParticipant";
const AGENT_CALL = "cleanUpOnParticipantDisconnect";

/** What the controller has and no session. */
type ControllerOnly = "contactId" | "connectionState" | "subscribe";
type CommonCall = Exclude<keyof ChatController, ControllerOnly | typeof CUSTOMER_CALL | typeof AGENT_CALL>;
type CallName = Exclude<keyof Controller, "contactId" | "connectionState">;

/** The controller's calls, by its class: each one that is added there is every session's. */
const CALLS = Object.getOwnPropertyNames(Controller.prototype).filter(
  (name): name is CallName => name !== "constructor",
);

/** What customers' and agents' sessions share. */
export interface ChatSessionInterface extends ChatEventMethods, Pick<ChatController, CommonCall> {
  /** The same calls, and `contactId` and `subscribe`: some applications use it in the session's place. */
  readonly controller: ChatController;
  /** The state of the connection at this moment; `onConnectionStateChanged` tells each change. */
  readonly connectionState: ConnectionState;
}

/** A customer's chat. */
export interface CustomerChatSession
  extends ChatSessionInterface, Pick<ChatController, typeof CUSTOMER_CALL> {}

/** An agent's chat. */
export interface AgentChatSession extends ChatSessionInterface, Pick<ChatController, typeof AGENT_CALL> {}

/**
 * Functions that call the target's methods, looked up at each call: what replaces a method of the controller, such as a
 * spy, sees the session's calls as well. They need no `this`, so they can be called without the session.
 */
function forwarded<Name extends CallName>(
  target: () => ChatController,
  names: readonly Name[],
): Pick<ChatController, Name> {
  const calls = names.map((name) => [
    name,
    (...args: unknown[]): unknown => Reflect.apply(target()[name], target(), args),
  ]);
  // Object.fromEntries forgets which value stands under which name.
  return Object.fromEntries(calls) as Pick<ChatController, Name>;
}

function eventMethods(target: () => ChatController): ChatEventMethods {
  const methods = CHAT_EVENT_NAMES.map((name) => [
    methodOf(name),
    // Only the arguments that the caller gave, so that a spy on `subscribe` sees what upstream's would.
    (...args: [handler: (event: unknown, name: string) => unknown, options?: SubscribeOptions]) =>
      target().subscribe(publicNameOf(name), ...args),
  ]);
  return Object.fromEntries(methods) as ChatEventMethods;
}

/**
 * The controller under the types that applications know. The service's answers are what its model says, upstream's
 * declarations promise a little more of them (session/types), and `metadata` comes back as whatever it was given.
 */
const typed = (controller: Pick<Controller, keyof ChatController>): ChatController => {
  const calls = controller as unknown as ChatController;
  for (const name of CALLS) {
    // Bound, so that it can be called through a proxy, such as a framework's reactive state.
    Object.assign(calls, { [name]: calls[name].bind(calls) });
  }
  return calls;
};

function session<Name extends CallName>(
  implemented: Controller,
  ofOtherType: CallName,
): ChatSessionInterface & Pick<ChatController, Name> {
  // An application may replace the controller as a whole, too.
  const target = (): ChatController => made.controller;
  const names = CALLS.filter(
    (name): name is CommonCall | Name => name !== ofOtherType && name !== "subscribe",
  );
  const made: ChatSessionInterface & Pick<ChatController, Name> = {
    controller: typed(implemented),
    get connectionState() {
      return target().connectionState;
    },
    ...forwarded(target, names),
    ...eventMethods(target),
  };
  return made;
}

export const customerSession = (controller: Controller): CustomerChatSession =>
  session<typeof CUSTOMER_CALL>(controller, AGENT_CALL);

export const agentSession = (controller: Controller): AgentChatSession =>
  session<typeof AGENT_CALL>(controller, CUSTOMER_CALL);
