import type { ChatEventMethods, SubscribeOptions } from "../api/events";
import type {
  AgentChatSession,
  ChatController,
  ChatSessionInterface,
  CustomerChatSession,
} from "../api/session";
import { CHAT_EVENT_NAMES, methodOf, publicNameOf } from "../conversation/events";
import { Controller } from "./controller";

/** The calls that only one of the session types has. */
const CUSTOMER_CALL = "disconnectParticipant";
const AGENT_CALL = "cleanUpOnParticipantDisconnect";

type CommonCall = keyof ChatSessionInterface & keyof ChatController & CallName;
type CallName = Exclude<keyof Controller, "contactId" | "connectionState">;

/**
 * The names of the controller's methods. They're read from the class, so a new method is added to sessions
 * automatically.
 */
const CALLS = Object.getOwnPropertyNames(Controller.prototype).filter(
  (name): name is CallName => name !== "constructor",
);

/**
 * Returns functions that call the target's methods. Each call looks up the method again, so a spy that replaces a
 * controller's method also sees the session's calls. The functions don't use `this`, so applications can detach them
 * from the session.
 */
function forwardCalls<Name extends CallName>(
  target: () => ChatController,
  names: readonly Name[],
): Pick<ChatController, Name> {
  const calls = names.map((name) => [
    name,
    (...args: unknown[]): unknown => Reflect.apply(target()[name], target(), args),
  ]);
  // Object.fromEntries doesn't preserve which value belongs to which key, hence the cast.
  return Object.fromEntries(calls) as Pick<ChatController, Name>;
}

function createEventMethods(target: () => ChatController): ChatEventMethods {
  const methods = CHAT_EVENT_NAMES.map((name) => [
    methodOf(name),
    // Passes on exactly the caller's arguments, so that a spy on `subscribe` sees the same arguments as in upstream.
    (...args: [handler: (event: unknown, name: string) => unknown, options?: SubscribeOptions]) =>
      target().subscribe(publicNameOf(name), ...args),
  ]);
  return Object.fromEntries(methods) as ChatEventMethods;
}

/**
 * Returns the controller under its public type. This needs a cast for two reasons. Upstream's declarations (api/calls)
 * guarantee slightly more than the service's model, and the public type preserves the type of `metadata`.
 */
const withPublicType = (controller: Pick<Controller, keyof ChatController>): ChatController => {
  const calls = controller as unknown as ChatController;
  for (const name of CALLS) {
    // The methods are bound so that they can be called through a proxy, such as a framework's reactive state.
    Object.assign(calls, { [name]: calls[name].bind(calls) });
  }
  return calls;
};

function createSession<Name extends CallName>(
  controller: Controller,
  excludedCall: CallName,
): ChatSessionInterface & Pick<ChatController, Name> {
  // Each call reads the controller again, because an application may replace it.
  const target = (): ChatController => session.controller;
  const names = CALLS.filter(
    (name): name is CommonCall | Name => name !== excludedCall && name !== "subscribe",
  );
  const session: ChatSessionInterface & Pick<ChatController, Name> = {
    controller: withPublicType(controller),
    get connectionState() {
      return target().connectionState;
    },
    ...forwardCalls(target, names),
    ...createEventMethods(target),
  };
  return session;
}

export const createCustomerSession = (controller: Controller): CustomerChatSession =>
  createSession<typeof CUSTOMER_CALL>(controller, AGENT_CALL);

export const createAgentSession = (controller: Controller): AgentChatSession =>
  createSession<typeof AGENT_CALL>(controller, CUSTOMER_CALL);
