import { beforeEach, describe, expect, test } from "@jest/globals";
import { ChatClient } from "../../../src/api/client";
import { ChatUnderTest } from "../../support/chat-under-test";
import { rejection } from "../../support/fake-service";

let chat: ChatUnderTest;

beforeEach(() => {
  chat = new ChatUnderTest();
});

const CUSTOMER = { contactId: "c", participantId: "p", participantToken: "t" };
const getConnectionToken = (): Promise<unknown> => Promise.resolve({});

/** An application written in plain JavaScript may pass anything: the types are stepped around. */
function create(args: unknown): unknown {
  try {
    return Reflect.apply(chat.library.ChatSession.create, undefined, [args]);
  } catch (error) {
    return error;
  }
}

class OwnClient extends ChatClient {
  override createParticipantConnection = (): Promise<{ data: object }> => Promise.resolve({ data: {} });
  override disconnectParticipant = (): Promise<{ data: object }> => Promise.resolve({ data: {} });
  override sendMessage = (): Promise<{ data: object }> => Promise.resolve({ data: {} });
  override sendEvent = (): Promise<{ data: object }> => Promise.resolve({ data: {} });
  override getTranscript = (): Promise<{ data: { Transcript: [] } }> =>
    Promise.resolve({ data: { Transcript: [] } });
}

describe("REL-24: create() refuses bad arguments at once, and names the field", () => {
  const customer = (more: object): object => ({ type: "CUSTOMER", chatDetails: { ...CUSTOMER, ...more } });
  const agent = (chatDetails: object): object => ({ type: "AGENT", chatDetails });

  test.each<[field: string, args: unknown]>([
    ["arguments", undefined],
    ["arguments", null],
    ["arguments", "CUSTOMER"],
    ["arguments", []],
    ["type", { type: "customer", chatDetails: CUSTOMER }],
    ["type", { type: 5, chatDetails: CUSTOMER }],
    ["chatDetails", { type: "CUSTOMER" }],
    ["chatDetails", { type: "CUSTOMER", chatDetails: null }],
    ["chatDetails", { type: "CUSTOMER", chatDetails: "c" }],
    ["chatDetails", { type: "CUSTOMER", chatDetails: [] }],
    ["chatDetails.contactId", customer({ contactId: undefined })],
    ["chatDetails.contactId", customer({ contactId: "" })],
    ["chatDetails.contactId", customer({ contactId: 5 })],
    ["chatDetails.participantId", customer({ participantId: undefined })],
    ["chatDetails.participantId", customer({ participantId: {} })],
    ["chatDetails.participantToken", customer({ participantToken: undefined })],
    ["chatDetails.participantToken", customer({ participantToken: "" })],
    ["chatDetails.participantToken", customer({ participantToken: 5 })],
    ["chatDetails.initialContactId", customer({ initialContactId: 5 })],
    ["chatDetails.getConnectionToken", agent({ contactId: "c", participantId: "p" })],
    ["chatDetails.getConnectionToken", agent({ ...CUSTOMER, getConnectionToken: "token" })],
    ["options", { ...customer({}), options: "eu-central-1" }],
    ["options.region", { ...customer({}), options: { region: 5 } }],
    ["options.stage", { ...customer({}), options: { stage: {} } }],
    ["options.cell", { ...customer({}), options: { cell: true } }],
    ["options.customChatClient", { ...customer({}), options: { customChatClient: "mine" } }],
    ["websocketManager", { ...customer({}), websocketManager: {} }],
    ["websocketManager", { ...customer({}), websocketManager: "streams" }],
    ["websocketManager", { ...customer({}), websocketManager: { subscribeTopics() {}, onMessage() {} } }],
  ])("%s of %j", (field, args) => {
    const error = create(args);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code: "IllegalArgument", type: "IllegalArgument", field });
    expect(error).toHaveProperty("message", expect.stringContaining(field));
  });

  test("and starts nothing", () => {
    create({ type: "CUSTOMER" });
    expect(chat.leftovers).toEqual({ timers: 0, listeners: 0, openSockets: 0 });
    expect(chat.platform.requests).toEqual([]);
  });
});

describe("create() takes", () => {
  const detailsOf = (args: Parameters<typeof chat.library.ChatSession.create>[0]): unknown =>
    chat.library.ChatSession.create(args).getChatDetails();

  test("the details in camelCase", () => {
    expect(detailsOf({ type: "CUSTOMER", chatDetails: { ...CUSTOMER, initialContactId: "first" } })).toEqual({
      contactId: "c",
      initialContactId: "first",
      participantId: "p",
      participantToken: "t",
      connectionDetails: null,
    });
  });

  test("StartChatContact's answer as it is", () => {
    const chatDetails = {
      ContactId: "c",
      InitialContactId: "first",
      ParticipantId: "p",
      ParticipantToken: "t",
    };
    expect(detailsOf({ type: "CUSTOMER", chatDetails })).toEqual({
      contactId: "c",
      initialContactId: "first",
      participantId: "p",
      participantToken: "t",
      connectionDetails: null,
    });
  });

  test("the contact for the first contact of the chat where none is named", () => {
    expect(detailsOf({ type: "CUSTOMER", chatDetails: CUSTOMER })).toMatchObject({ initialContactId: "c" });
  });

  test("what is empty for nothing, as upstream does", () => {
    const args = {
      type: "CUSTOMER",
      chatDetails: { ...CUSTOMER, initialContactId: "" },
      options: false,
      websocketManager: false,
    };
    expect(create(args)).toHaveProperty("controller");
    const agent = {
      contactId: "c",
      participantId: "p",
      participantToken: "",
      getConnectionToken: () => null,
    };
    expect(create({ chatDetails: agent })).toHaveProperty("controller");
  });

  test("AGENT as the type where none is named", () => {
    const chatDetails = { contactId: "c", participantId: "p", getConnectionToken };
    const session = chat.library.ChatSession.create({ chatDetails });
    expect(session).toHaveProperty("cleanUpOnParticipantDisconnect");
    expect(session).not.toHaveProperty("disconnectParticipant");
    expect(session.getChatDetails()).toMatchObject({ participantToken: null });
  });

  test("a customer, who can disconnect", () => {
    const session = chat.library.ChatSession.create({ type: "CUSTOMER", chatDetails: CUSTOMER });
    expect(session).toHaveProperty("disconnectParticipant");
    expect(session).not.toHaveProperty("cleanUpOnParticipantDisconnect");
  });

  test("no participant token where the application has a client of its own", () => {
    const { contactId, participantId } = CUSTOMER;
    const args = { type: "CUSTOMER" as const, chatDetails: { contactId, participantId } };
    expect(detailsOf({ ...args, options: { customChatClient: new OwnClient() } })).toMatchObject({
      participantToken: null,
    });
    chat.library.ChatSession.setGlobalConfig({ customChatClient: new OwnClient() });
    expect(detailsOf({ ...args, options: { customChatClient: null } })).toMatchObject({
      participantToken: null,
    });
    chat.library.ChatSession.setGlobalConfig({ customChatClient: null });
    expect(create(args)).toMatchObject({ field: "chatDetails.participantToken" });
  });

  test("no token of an agent's where the application has a client of its own", () => {
    const { contactId, participantId } = CUSTOMER;
    const chatDetails = { contactId, participantId };
    const options = { customChatClient: new OwnClient() };
    const session = chat.library.ChatSession.create({ type: "AGENT", chatDetails, options });
    expect(session.getChatDetails()).toMatchObject({ participantToken: null });
    expect(create({ type: "AGENT", chatDetails })).toMatchObject({ field: "chatDetails.getConnectionToken" });
  });

  test("null for what it leaves open", () => {
    expect(
      detailsOf({
        type: "CUSTOMER",
        chatDetails: CUSTOMER,
        options: { region: null, stage: null, cell: null, customChatClient: null },
        websocketManager: null,
      }),
    ).toMatchObject({ contactId: "c" });
    expect(detailsOf({ type: "CUSTOMER", chatDetails: CUSTOMER, options: null })).toMatchObject({
      contactId: "c",
    });
  });
});

describe("the methods that a custom client lacks", () => {
  const BASE = {
    createParticipantConnection: () => Promise.resolve({ data: {} }),
    disconnectParticipant: () => Promise.resolve({ data: {} }),
    sendMessage: () => Promise.resolve({ data: {} }),
    sendEvent: () => Promise.resolve({ data: {} }),
    getTranscript: () => Promise.resolve({ data: { Transcript: [] } }),
    sendAttachment: () => Promise.resolve({ data: {} }),
    downloadAttachment: () => Promise.resolve(new Blob()),
    getAttachmentURL: () => Promise.resolve(""),
    describeView: () => Promise.resolve({ data: {} }),
    getAuthenticationUrl: () => Promise.resolve({ data: {} }),
    cancelParticipantAuthentication: () => Promise.resolve({ data: {} }),
  };
  const REQUIRED = Object.keys(BASE).slice(0, 5);
  const OPTIONAL = Object.keys(BASE).slice(5);

  /** What create() logged of each client: at which level, and which methods it named. */
  function logged(...clients: unknown[]): { level: string; names: string[] }[] {
    const lines: { level: string; names: string[] }[] = [];
    const note = (level: string) => (line: unknown) => {
      if (!String(line).includes("lacks methods")) return;
      lines.push({ level, names: Object.keys(BASE).filter((name) => String(line).includes(`"${name}"`)) });
    };
    const customizedLogger = {
      debug: note("debug"),
      info: note("info"),
      warn: note("warn"),
      error: note("error"),
    };
    chat.library.ChatSession.setGlobalConfig({ loggerConfig: { level: "DEBUG", customizedLogger } });
    for (const customChatClient of clients) {
      create({ type: "CUSTOMER", chatDetails: CUSTOMER, options: { customChatClient } });
    }
    return lines;
  }

  /** A class without these methods, made from that base. */
  function classWithout(names: readonly string[], base: new () => object = Object): new () => object {
    class Custom extends base {}
    const kept = Object.entries(BASE).filter(([name]) => !names.includes(name));
    Object.assign(Custom.prototype, Object.fromEntries(kept));
    return Custom;
  }

  test("are logged by name: an error for those that every chat needs, a warning for the rest", () => {
    const Empty = classWithout(Object.keys(BASE));
    expect(logged(new Empty())).toEqual([
      { level: "error", names: REQUIRED },
      { level: "warn", names: OPTIONAL },
    ]);
    const Partly = classWithout(["sendEvent", "describeView"]);
    expect(logged(new Partly())).toEqual([
      { level: "error", names: ["sendEvent"] },
      { level: "warn", names: ["describeView"] },
    ]);
  });

  test("are not logged where there are none, nor for the bundled client", () => {
    const Whole = classWithout([]);
    expect(logged(new Whole(), BASE, null)).toEqual([]);
  });

  test("are logged once for a class, however many of its instances and sessions there are", () => {
    const Partly = classWithout(["sendEvent"]);
    const one = new Partly();
    expect(logged(one, one, new Partly())).toHaveLength(1);
  });

  test("are logged once for each plain object", () => {
    const partly = { ...BASE, sendEvent: undefined };
    expect(logged(partly, partly, { ...partly })).toHaveLength(2);
  });

  test("are none that a base class of the application implements, even one that is called ChatClient", () => {
    const Base = classWithout([], OwnClient);
    Object.defineProperty(Base, "name", { value: "ChatClient" });
    class Special extends Base {
      sendMessage(): Promise<unknown> {
        return Promise.resolve({ data: {} });
      }
    }
    expect(logged(new Special())).toEqual([]);
  });

  test("include a stub that the client only inherits: from this library's base class, or from another copy's", () => {
    const stubs = classWithout(Object.keys(BASE));
    for (const name of Object.keys(BASE)) Reflect.set(stubs.prototype as object, name, () => undefined);
    Object.defineProperty(stubs, "name", { value: "ChatClient" });
    const OfAnother = classWithout(
      Object.keys(BASE).filter((name) => name !== "sendMessage"),
      stubs,
    );
    expect(logged(new OfAnother())).toEqual([
      { level: "error", names: REQUIRED.filter((name) => name !== "sendMessage") },
      { level: "warn", names: OPTIONAL },
    ]);
    const ours = ChatClient.prototype as object;
    Object.assign(ours, { sendEvent: () => Promise.reject(new Error("not implemented")) });
    try {
      class OfOurs extends OwnClient {}
      Reflect.deleteProperty(OfOurs.prototype, "sendEvent");
      const client = new OfOurs();
      Reflect.deleteProperty(client, "sendEvent");
      expect(logged(client)).toContainEqual({ level: "error", names: ["sendEvent"] });
    } finally {
      Reflect.deleteProperty(ours, "sendEvent");
    }
  });

  test("do not include what a class inherits from a class of the application's", () => {
    const Whole = classWithout([]);
    const Derived = classWithout(Object.keys(BASE), Whole);
    class ChatClient extends Whole {}
    expect(logged(new Derived(), new ChatClient())).toEqual([]);
  });

  test("are IllegalState when they are called, without a request", async () => {
    const options = {
      customChatClient: Reflect.construct(classWithout(["createParticipantConnection"]), []) as OwnClient,
    };
    const session = chat.library.ChatSession.create({ type: "CUSTOMER", chatDetails: CUSTOMER, options });
    const error = await rejection(session.connect());
    expect(error).toMatchObject({ code: "IllegalState" });
    expect(error).toHaveProperty("message", expect.stringContaining("createParticipantConnection()"));
  });
});

describe("a session", () => {
  test("has neither cleanUp nor then, which Streams and promises would call", () => {
    for (const session of [chat.customer(), chat.agent()]) {
      expect("cleanUp" in session).toBe(false);
      expect("then" in session).toBe(false);
      expect("cleanUp" in session.controller).toBe(false);
      expect("then" in session.controller).toBe(false);
    }
  });

  test("has its contact and every call on its controller as well", () => {
    const session = chat.customer();
    const { controller } = session;
    expect(controller.contactId).toBe(chat.contactId);
    const calls = Object.keys(session).filter((name) => typeof Reflect.get(session, name) === "function");
    const missing = calls.filter((name) => !/^on[A-Z]/.test(name) && !(name in controller));
    expect(missing).toEqual([]);
  });

  test("has never been established before connect()", () => {
    const session = chat.customer();
    expect(session.getConnectionStatus()).toBe("NeverEstablished");
    expect(session.controller.getConnectionStatus()).toBe("NeverEstablished");
    expect(session.connectionState).toBe("idle");
  });
});
