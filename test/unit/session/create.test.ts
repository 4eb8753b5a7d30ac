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

/** Calls create() without type checks, like an application in plain JavaScript. */
function create(args: unknown): unknown {
  try {
    return Reflect.apply(chat.library.ChatSession.create, undefined, [args]);
  } catch (error) {
    return error;
  }
}

class CompleteClient extends ChatClient {
  override createParticipantConnection = (): Promise<{ data: object }> => Promise.resolve({ data: {} });
  override disconnectParticipant = (): Promise<{ data: object }> => Promise.resolve({ data: {} });
  override sendMessage = (): Promise<{ data: object }> => Promise.resolve({ data: {} });
  override sendEvent = (): Promise<{ data: object }> => Promise.resolve({ data: {} });
  override getTranscript = (): Promise<{ data: { Transcript: [] } }> =>
    Promise.resolve({ data: { Transcript: [] } });
}

describe("REL-24: create() throws synchronously for bad arguments and names the field", () => {
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
  ])("throws for %s in %j", (field, args) => {
    const error = create(args);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code: "IllegalArgument", type: "IllegalArgument", field });
    expect(error).toHaveProperty("message", expect.stringContaining(field));
  });

  test("starts nothing if it throws", () => {
    create({ type: "CUSTOMER" });
    expect(chat.leftovers).toEqual({ timers: 0, listeners: 0, openSockets: 0 });
    expect(chat.platform.requests).toEqual([]);
  });
});

describe("create() accepts", () => {
  const detailsOf = (args: Parameters<typeof chat.library.ChatSession.create>[0]): unknown =>
    chat.library.ChatSession.create(args).getChatDetails();

  test("chat details in camelCase", () => {
    expect(detailsOf({ type: "CUSTOMER", chatDetails: { ...CUSTOMER, initialContactId: "first" } })).toEqual({
      contactId: "c",
      initialContactId: "first",
      participantId: "p",
      participantToken: "t",
      connectionDetails: null,
    });
  });

  test("StartChatContact's response unchanged", () => {
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

  test("a missing initial contact ID, which defaults to the contact ID", () => {
    expect(detailsOf({ type: "CUSTOMER", chatDetails: CUSTOMER })).toMatchObject({ initialContactId: "c" });
  });

  test("empty values, which count as omitted, as in upstream", () => {
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

  test("a missing type, which defaults to AGENT", () => {
    const chatDetails = { contactId: "c", participantId: "p", getConnectionToken };
    const session = chat.library.ChatSession.create({ chatDetails });
    expect(session).toHaveProperty("cleanUpOnParticipantDisconnect");
    expect(session).not.toHaveProperty("disconnectParticipant");
    expect(session.getChatDetails()).toMatchObject({ participantToken: null });
  });

  test("type CUSTOMER, whose session has disconnectParticipant()", () => {
    const session = chat.library.ChatSession.create({ type: "CUSTOMER", chatDetails: CUSTOMER });
    expect(session).toHaveProperty("disconnectParticipant");
    expect(session).not.toHaveProperty("cleanUpOnParticipantDisconnect");
  });

  test("a missing participant token if the application has a custom client", () => {
    const { contactId, participantId } = CUSTOMER;
    const args = { type: "CUSTOMER" as const, chatDetails: { contactId, participantId } };
    expect(detailsOf({ ...args, options: { customChatClient: new CompleteClient() } })).toMatchObject({
      participantToken: null,
    });
    chat.library.ChatSession.setGlobalConfig({ customChatClient: new CompleteClient() });
    expect(detailsOf({ ...args, options: { customChatClient: null } })).toMatchObject({
      participantToken: null,
    });
    chat.library.ChatSession.setGlobalConfig({ customChatClient: null });
    expect(create(args)).toMatchObject({ field: "chatDetails.participantToken" });
  });

  test("an agent without a token if the application has a custom client", () => {
    const { contactId, participantId } = CUSTOMER;
    const chatDetails = { contactId, participantId };
    const options = { customChatClient: new CompleteClient() };
    const session = chat.library.ChatSession.create({ type: "AGENT", chatDetails, options });
    expect(session.getChatDetails()).toMatchObject({ participantToken: null });
    expect(create({ type: "AGENT", chatDetails })).toMatchObject({ field: "chatDetails.getConnectionToken" });
  });

  test("null for optional arguments", () => {
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

describe("methods that a custom client lacks", () => {
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

  /** Returns the level of each "lacks methods" line that create() logs for these clients, and the methods it names. */
  function logLinesFor(...clients: unknown[]): { level: string; names: string[] }[] {
    const lines: { level: string; names: string[] }[] = [];
    const recordLine = (level: string) => (line: unknown) => {
      if (!String(line).includes("lacks methods")) return;
      lines.push({ level, names: Object.keys(BASE).filter((name) => String(line).includes(`"${name}"`)) });
    };
    const customizedLogger = {
      debug: recordLine("debug"),
      info: recordLine("info"),
      warn: recordLine("warn"),
      error: recordLine("error"),
    };
    chat.library.ChatSession.setGlobalConfig({ loggerConfig: { level: "DEBUG", customizedLogger } });
    for (const customChatClient of clients) {
      create({ type: "CUSTOMER", chatDetails: CUSTOMER, options: { customChatClient } });
    }
    return lines;
  }

  /** Returns a class that extends `base` and lacks these methods. */
  function classWithout(names: readonly string[], base: new () => object = Object): new () => object {
    class Custom extends base {}
    const methods = Object.entries(BASE).filter(([name]) => !names.includes(name));
    Object.assign(Custom.prototype, Object.fromEntries(methods));
    return Custom;
  }

  test("are logged by name, as an error if every chat needs them and as a warning otherwise", () => {
    const Empty = classWithout(Object.keys(BASE));
    expect(logLinesFor(new Empty())).toEqual([
      { level: "error", names: REQUIRED },
      { level: "warn", names: OPTIONAL },
    ]);
    const Incomplete = classWithout(["sendEvent", "describeView"]);
    expect(logLinesFor(new Incomplete())).toEqual([
      { level: "error", names: ["sendEvent"] },
      { level: "warn", names: ["describeView"] },
    ]);
  });

  test("aren't logged for a complete client or for the bundled client", () => {
    const Complete = classWithout([]);
    expect(logLinesFor(new Complete(), BASE, null)).toEqual([]);
  });

  test("are logged once per class, no matter how many instances and sessions the class has", () => {
    const Incomplete = classWithout(["sendEvent"]);
    const instance = new Incomplete();
    expect(logLinesFor(instance, instance, new Incomplete())).toHaveLength(1);
  });

  test("are logged once per plain object", () => {
    const incomplete = { ...BASE, sendEvent: undefined };
    expect(logLinesFor(incomplete, incomplete, { ...incomplete })).toHaveLength(2);
  });

  test("don't include methods that the application's base class implements, even if that class is named ChatClient", () => {
    const Base = classWithout([], CompleteClient);
    Object.defineProperty(Base, "name", { value: "ChatClient" });
    class Special extends Base {
      sendMessage(): Promise<unknown> {
        return Promise.resolve({ data: {} });
      }
    }
    expect(logLinesFor(new Special())).toEqual([]);
  });

  test("include stubs inherited from this library's base class or from another library copy's base class", () => {
    const stubs = classWithout(Object.keys(BASE));
    for (const name of Object.keys(BASE)) Reflect.set(stubs.prototype as object, name, () => undefined);
    Object.defineProperty(stubs, "name", { value: "ChatClient" });
    const FromAnotherCopy = classWithout(
      Object.keys(BASE).filter((name) => name !== "sendMessage"),
      stubs,
    );
    expect(logLinesFor(new FromAnotherCopy())).toEqual([
      { level: "error", names: REQUIRED.filter((name) => name !== "sendMessage") },
      { level: "warn", names: OPTIONAL },
    ]);
    const basePrototype = ChatClient.prototype as object;
    Object.assign(basePrototype, { sendEvent: () => Promise.reject(new Error("not implemented")) });
    try {
      class FromThisCopy extends CompleteClient {}
      Reflect.deleteProperty(FromThisCopy.prototype, "sendEvent");
      const client = new FromThisCopy();
      Reflect.deleteProperty(client, "sendEvent");
      expect(logLinesFor(client)).toContainEqual({ level: "error", names: ["sendEvent"] });
    } finally {
      Reflect.deleteProperty(basePrototype, "sendEvent");
    }
  });

  test("don't include methods inherited from the application's own class", () => {
    const Complete = classWithout([]);
    const Derived = classWithout(Object.keys(BASE), Complete);
    class ChatClient extends Complete {}
    expect(logLinesFor(new Derived(), new ChatClient())).toEqual([]);
  });

  test("reject with IllegalState, without a request, when they are called", async () => {
    const options = {
      customChatClient: Reflect.construct(
        classWithout(["createParticipantConnection"]),
        [],
      ) as CompleteClient,
    };
    const session = chat.library.ChatSession.create({ type: "CUSTOMER", chatDetails: CUSTOMER, options });
    const error = await rejection(session.connect());
    expect(error).toMatchObject({ code: "IllegalState" });
    expect(error).toHaveProperty("message", expect.stringContaining("createParticipantConnection()"));
  });
});

describe("a session", () => {
  test("has no cleanUp() or then(), which Streams and promises would call", () => {
    for (const session of [chat.customer(), chat.agent()]) {
      expect("cleanUp" in session).toBe(false);
      expect("then" in session).toBe(false);
      expect("cleanUp" in session.controller).toBe(false);
      expect("then" in session.controller).toBe(false);
    }
  });

  test("has a controller with the contactId and with every call", () => {
    const session = chat.customer();
    const { controller } = session;
    expect(controller.contactId).toBe(chat.contactId);
    const calls = Object.keys(session).filter((name) => typeof Reflect.get(session, name) === "function");
    const missingCalls = calls.filter((name) => !/^on[A-Z]/.test(name) && !(name in controller));
    expect(missingCalls).toEqual([]);
  });

  test("has the status NeverEstablished before connect()", () => {
    const session = chat.customer();
    expect(session.getConnectionStatus()).toBe("NeverEstablished");
    expect(session.controller.getConnectionStatus()).toBe("NeverEstablished");
    expect(session.connectionState).toBe("idle");
  });
});
