import type { ChatEventMethods, SubscribeOptions } from "../api/events";
import type {
  AgentChatSession,
  ChatController,
  ChatSessionInterface,
  CustomerChatSession,
} from "../api/session";
import { CHAT_EVENT_NAMES, methodOf, publicNameOf } from "../conversation/events";
import { Controller } from "./controller";

/** The calls that only one session type has. */
const CUSTOMER_CALL = "disconnectParticipant";
const AGENT_CALL = "cleanUpOnParticipantDisconnect";

type CommonCall = keyof ChatSessionInterface & keyof ChatController & CallName;
type CallName = Exclude<keyof Controller, "contactId" | "connectionState">;

/**
 * The names of the controller's methods. Sessions get each of them, so a method added to the class needs no entry here.
 */
const CALLS = Object.getOwnPropertyNames(Controller.prototype).filter(
  (name): name is CallName => name !== "constructor",
);

/**
 * Functions that call the target's methods. A method is looked up at each call, so a spy that replaces a method of the
 * controller also sees the session's calls. The functions don't use `this`, so they can be detached from the session.
 */
function forwardCalls<Name extends CallName>(
  target: () => ChatController,
  names: readonly Name[],
): Pick<ChatController, Name> {
  const calls = names.map((name) => [
    name,
    (...args: unknown[]): unknown => Reflect.apply(target()[name], target(), args),
  ]);
  // The type of Object.fromEntries doesn't relate values to names.
  return Object.fromEntries(calls) as Pick<ChatController, Name>;
}

function eventMethods(target: () => ChatController): ChatEventMethods {
  const methods = CHAT_EVENT_NAMES.map((name) => [
    methodOf(name),
    // Passes only the arguments that the caller passed, so that a spy on `subscribe` sees the same as with upstream.
    (...args: [handler: (event: unknown, name: string) => unknown, options?: SubscribeOptions]) =>
      target().subscribe(publicNameOf(name), ...args),
  ]);
  return Object.fromEntries(methods) as ChatEventMethods;
}

/**
 * The controller under its public type. It needs a cast: upstream's declarations (api/calls) promise slightly more than
 * the service's model, and the public type keeps the type of `metadata`.
 */
const withPublicType = (controller: Pick<Controller, keyof ChatController>): ChatController => {
  const calls = controller as unknown as ChatController;
  for (const name of CALLS) {
    // Bound, so that the methods can be called through a proxy, such as a framework's reactive state.
    Object.assign(calls, { [name]: calls[name].bind(calls) });
  }
  return calls;
};

function createSession<Name extends CallName>(
  controller: Controller,
  excludedCall: CallName,
): ChatSessionInterface & Pick<ChatController, Name> {
  // Looked up at each call, since an application may replace the controller.
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
    ...eventMethods(target),
  };
  return session;
}

export const customerSession = (controller: Controller): CustomerChatSession =>
  createSession<typeof CUSTOMER_CALL>(controller, AGENT_CALL);

export const agentSession = (controller: Controller): AgentChatSession =>
  createSession<typeof AGENT_CALL>(controller, CUSTOMER_CALL);
