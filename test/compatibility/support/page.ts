import type { CustomerChatSessionArgs } from "../../../src/api/create";
import type { AgentChatSession, CustomerChatSession } from "../../../src/api/session";
import { createLibrary, type ChatLibrary } from "../../../src/session/library";
import type { PublicManager } from "../../../src/connection/public-manager";
import { ChatUnderTest } from "../../support/chat-under-test";
import { NO_STREAMS } from "../../support/no-streams";
import { without, withoutKey } from "./without";

type Session = CustomerChatSession | AgentChatSession;

/**
 * A page with the library on it, of which one public name may be missing: `connect.ChatSession.create`,
 * `session.onTyping`, `controller.subscribe("INCOMING_TYPING")`, `setGlobalConfig.region`, `create.chatDetails.contactId`,
 * `manager.init`, `logger.warn`, `client.sendMessage`.
 */
export class Page {
  readonly chat = new ChatUnderTest();
  /** Whole, for the test to look at; the service answers it at any address. */
  readonly library = createLibrary(this.chat.platform, NO_STREAMS);
  readonly connect: ChatLibrary;
  /** How often what is missing was taken away: at least once, or nothing was tried. */
  removals = 0;
  readonly #root: string;
  readonly #path: readonly string[];

  constructor(missing = "") {
    const [, root = "", path = ""] = /^(\w+)\.(.*)$/.exec(missing) ?? [];
    this.#root = root;
    this.#path = path.split(".");
    this.connect = this.#lacking("connect", this.#observed(this.library));
  }

  get ChatSession(): ChatLibrary["ChatSession"] {
    return this.connect.ChatSession;
  }

  /** A customer's session, not connected. */
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

  /** A customer's session whose socket is open and subscribed. */
  connected(): Promise<CustomerChatSession> {
    return this.chat.connected(this.customer());
  }

  /** The object without the member that is to be missing of this kind of object. */
  #lacking<Target extends object>(root: string, target: Target): Target {
    if (root !== this.#root) return target;
    this.removals += 1;
    return without(target, this.#path);
  }

  /** What the library makes and takes, on its way through the page. */
  #observed(library: ChatLibrary): ChatLibrary {
    const { ChatSession, WebSocketManager: managers, LogManager } = library;
    const create = (args: object): unknown => {
      const session = ChatSession.create(this.#given("create", args) as CustomerChatSessionArgs);
      return this.#session(session);
    };
    const setGlobalConfig = (config: object): void =>
      ChatSession.setGlobalConfig(this.#given("setGlobalConfig", config));
    const getLogger: typeof LogManager.getLogger = (options) =>
      this.#lacking("logger", LogManager.getLogger(options));
    const createManager = (data?: object): PublicManager => this.#lacking("manager", managers.create(data));
    return {
      ...library,
      ChatSession: Object.assign({ ...ChatSession }, { create, setGlobalConfig }),
      WebSocketManager: { ...managers, create: createManager },
      // Its methods reach for its own state: they stay on it.
      LogManager: over(LogManager, { getLogger }),
    };
  }

  #session(session: Session): Session {
    const { controller } = session;
    const subscribe = (name: string, handler: (event: unknown, name: string) => unknown): (() => void) => {
      if (this.#root === "subscribe" && name === this.#path[0]) {
        this.removals += 1;
        throw new Error(`${name} is missing.`);
      }
      return controller.subscribe(name, handler);
    };
    const own = over(controller, { subscribe });
    const whole = Object.defineProperty(withoutKey(session, ""), "controller", {
      value: this.#lacking("controller", own),
      configurable: true,
    });
    return this.#lacking("session", whole);
  }

  /** Arguments without the one that is to be missing. */
  #given(root: string, given: object): object {
    const client: unknown = Reflect.get(given, "customChatClient") ?? Reflect.get(given, "options");
    const args = this.#root === "client" && client ? this.#withLesserClient(given) : given;
    if (root !== this.#root || !reaches(args, this.#path)) return args;
    return this.#lacking(root, args);
  }

  #withLesserClient(given: object): object {
    const options: unknown = Reflect.get(given, "options");
    if (typeof options === "object" && options !== null) {
      return { ...given, options: this.#withLesserClient(options) };
    }
    const client: unknown = Reflect.get(given, "customChatClient");
    if (typeof client !== "object" || client === null) return given;
    return { ...given, customChatClient: this.#lacking("client", client) };
  }
}

const reaches = (target: object, [key = "", ...rest]: readonly string[]): boolean => {
  const value: unknown = Reflect.get(target, key);
  if (rest.length === 0) return key in target;
  return typeof value === "object" && value !== null && reaches(value, rest);
};

/** An object with some members of another. */
const over = <Target extends object>(target: Target, members: Partial<Target>): Target =>
  Object.defineProperties(
    Object.create(without(target, [])) as Target,
    Object.getOwnPropertyDescriptors(members),
  );
