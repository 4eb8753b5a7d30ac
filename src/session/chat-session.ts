import type { ChatEventMethods, SubscribeOptions } from "../api/events";
import type {
  AgentChatSession,
  ChatController,
  ChatSessionInterface,
  CustomerChatSession,
} from "../api/session";
import { CHAT_EVENT_NAMES, methodOf, publicNameOf } from "../conversation/events";
import { Controller } from "./controller";

/** The calls of one type of session alone. */
const CUSTOMER_CALL = "disconnectParticipant";
const AGENT_CALL = "cleanUpOnParticipantDisconnect";

type CommonCall = keyof ChatSessionInterface & keyof ChatController & CallName;
type CallName = Exclude<keyof Controller, "contactId" | "connectionState">;

/** The controller's calls, by its class: each one that is added there is every session's. */
const CALLS = Object.getOwnPropertyNames(Controller.prototype).filter(
  (name): name is CallName => name !== "constructor",
);

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
 * declarations promise a little more of them (api/calls), and `metadata` is returned with the type that it was given.
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
