import type { CustomerChatSessionArgs } from "../../../src/api/create";
import type { AgentChatSession, CustomerChatSession } from "../../../src/api/session";
import { createLibrary, type ChatLibrary } from "../../../src/session/library";
import type { PublicManager } from "../../../src/connection/public-manager";
import { ChatUnderTest } from "../../support/chat-under-test";
import { NO_STREAMS } from "../../support/no-streams";
import { without, withoutKey } from "./without";

type Session = CustomerChatSession | AgentChatSession;

/**
 * A page with a library from which one public name can be removed, such as `connect.ChatSession.create`,
 * `session.onTyping`, `controller.subscribe("INCOMING_TYPING")`, `setGlobalConfig.region`,
 * `create.chatDetails.contactId`, `manager.init`, `logger.warn` or `client.sendMessage`.
 */
export class Page {
  readonly chat = new ChatUnderTest();
  /** The complete library, for inspection by tests. The service responds at any address. */
  readonly library = createLibrary(this.chat.platform, NO_STREAMS);
  readonly connect: ChatLibrary;
  /** How often the name was removed. 0 means that the test never used the object that has the name. */
  removals = 0;
  readonly #root: string;
  readonly #path: readonly string[];

  constructor(missing = "") {
    const [, root = "", path = ""] = /^(\w+)\.(.*)$/.exec(missing) ?? [];
    this.#root = root;
    this.#path = path.split(".");
    this.connect = this.#removeFrom("connect", this.#wrap(this.library));
  }

  get ChatSession(): ChatLibrary["ChatSession"] {
    return this.connect.ChatSession;
  }

  /** Creates a customer's session without connecting it. */
  customer(): CustomerChatSession {
    return this.connect.ChatSession.create({
      type: "CUSTOMER",
      chatDetails: {
        contactId: this.chat.contactId,
        participantId: this.chat.participantId,
        participantToken: "participant-token",
      },
      disableCSM: true,
    });
  }

  agent(): AgentChatSession {
    return this.connect.ChatSession.create({
      chatDetails: {
        contactId: this.chat.contactId,
        participantId: this.chat.participantId,
        getConnectionToken: () =>
          Promise.resolve({ chatTokenTransport: { participantToken: "agent-token", expiry: null } }),
      },
    });
  }

  /** Creates a customer's session whose socket is open and subscribed. */
  connectedCustomer(): Promise<CustomerChatSession> {
    return this.chat.connected(this.customer());
  }

  /** Removes the member from the object if the member belongs to this kind of object. */
  #removeFrom<Target extends object>(root: string, target: Target): Target {
    if (root !== this.#root) return target;
    this.removals += 1;
    return without(target, this.#path);
  }

  /** Wraps the library, so that members can be removed from objects that it returns and accepts. */
  #wrap(library: ChatLibrary): ChatLibrary {
    const { ChatSession, WebSocketManager: managers, LogManager } = library;
    const create = (args: object): unknown => {
      const session = ChatSession.create(this.#arguments("create", args) as CustomerChatSessionArgs);
      return this.#wrapSession(session);
    };
    const setGlobalConfig = (config: object): void =>
      ChatSession.setGlobalConfig(this.#arguments("setGlobalConfig", config));
    const getLogger: typeof LogManager.getLogger = (options) =>
      this.#removeFrom("logger", LogManager.getLogger(options));
    const createManager = (data?: object): PublicManager =>
      this.#removeFrom("manager", managers.create(data));
    return {
      ...library,
      ChatSession: Object.assign({ ...ChatSession }, { create, setGlobalConfig }),
      WebSocketManager: { ...managers, create: createManager },
      // LogManager's methods use its private state, so they must run on the original object.
      LogManager: override(LogManager, { getLogger }),
    };
  }

  #wrapSession(session: Session): Session {
    const { controller } = session;
    const subscribe = (name: string, handler: (event: unknown, name: string) => unknown): (() => void) => {
      if (this.#root === "subscribe" && name === this.#path[0]) {
        this.removals += 1;
        throw new Error(`${name} is missing.`);
      }
      return controller.subscribe(name, handler);
    };
    const wrappedController = override(controller, { subscribe });
    const wrappedSession = Object.defineProperty(withoutKey(session, ""), "controller", {
      value: this.#removeFrom("controller", wrappedController),
      configurable: true,
    });
    return this.#removeFrom("session", wrappedSession);
  }

  /** Removes the member from the arguments if the arguments contain it. */
  #arguments(root: string, args: object): object {
    const client: unknown = Reflect.get(args, "customChatClient") ?? Reflect.get(args, "options");
    const rest = this.#root === "client" && client ? this.#removeFromClient(args) : args;
    if (root !== this.#root || !hasPath(rest, this.#path)) return rest;
    return this.#removeFrom(root, rest);
  }

  #removeFromClient(args: object): object {
    const options: unknown = Reflect.get(args, "options");
    if (typeof options === "object" && options !== null) {
      return { ...args, options: this.#removeFromClient(options) };
    }
    const client: unknown = Reflect.get(args, "customChatClient");
    if (typeof client !== "object" || client === null) return args;
    return { ...args, customChatClient: this.#removeFrom("client", client) };
  }
}

const hasPath = (target: object, [key = "", ...rest]: readonly string[]): boolean => {
  const value: unknown = Reflect.get(target, key);
  if (rest.length === 0) return key in target;
  return typeof value === "object" && value !== null && hasPath(value, rest);
};

/** Returns the object with some members overridden. */
const override = <Target extends object>(target: Target, members: Partial<Target>): Target =>
  Object.defineProperties(
    Object.create(without(target, [])) as Target,
    Object.getOwnPropertyDescriptors(members),
  );
