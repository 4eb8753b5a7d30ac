/** @jest-environment node */
import { beforeEach, describe, expect, test } from "@jest/globals";
import { ChatClient } from "../../../src/participant/chat-client";
import { ChatUnderTest } from "../../support/chat-under-test";

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
