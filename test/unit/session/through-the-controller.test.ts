import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { AgentChatSession, CustomerChatSession } from "../../../src/api/session";
import { CHAT_EVENT_NAMES, methodOf, publicNameOf } from "../../../src/conversation/events";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
import { StoredTranscript } from "../../support/stored-transcript";

let chat: ChatUnderTest;
let session: CustomerChatSession;

beforeEach(() => {
  chat = new ChatUnderTest();
  session = chat.customer();
});

afterEach(() => {
  session.dispose();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

const CALLS = [
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
] as const;

type AnyFunction = (...args: unknown[]) => unknown;

/** Calls a method by name, like code that instruments every method. */
const call = (of: object, name: string, ...args: unknown[]): unknown =>
  Reflect.apply(Reflect.get(of, name) as AnyFunction, of, args);

/** Replaces a method of the session's controller after the session's own functions were created. */
function replace(
  of: CustomerChatSession | AgentChatSession,
  name: string,
  by: AnyFunction,
): jest.Mock<AnyFunction> {
  const spy = jest.fn<AnyFunction>(by);
  Object.assign(of.controller, { [name]: spy });
  return spy;
}

describe("a session's call", () => {
  test.each([...CALLS, "disconnectParticipant"])(
    "%s() calls the controller's current method and returns its result",
    (name) => {
      const before = Reflect.get(session.controller, name) as AnyFunction;
      const spy = replace(session, name, () => "from the spy");
      const args = [{ one: 1 }, { two: 2 }];
      expect(call(session, name, ...args)).toBe("from the spy");
      expect(spy.mock.calls).toEqual([args]);
      expect(spy.mock.contexts).toEqual([session.controller]);
      Object.assign(session.controller, { [name]: before });
      if (name === "getConnectionStatus") expect(session.getConnectionStatus()).toBe("NeverEstablished");
    },
  );

  test("cleanUpOnParticipantDisconnect() also calls the controller's current method", () => {
    const agent = chat.agent();
    const spy = replace(agent, "cleanUpOnParticipantDisconnect", () => undefined);
    agent.cleanUpOnParticipantDisconnect();
    expect(spy.mock.calls).toEqual([[]]);
  });

  test("reaches the service once through a spy that calls the original", async () => {
    const spy = jest.spyOn(session.controller, "sendMessage");
    await chat.connected(session);
    const args = { message: "hello", contentType: "text/plain" } as const;
    const { data } = await session.sendMessage(args);
    expect(data.Id).toBe("sent-1");
    expect(spy.mock.calls).toEqual([[args]]);
    expect(chat.service.to("/participant/message")).toHaveLength(1);
    spy.mockRestore();
    await session.sendMessage(args);
    expect(chat.service.to("/participant/message")).toHaveLength(2);
  });

  test("works if its function is detached from the session, and reaches a spy that is installed later", async () => {
    await chat.connected(session);
    const { sendMessage, onMessage } = session;
    const args = { message: "hello", contentType: "text/plain" } as const;
    await sendMessage(args);
    expect(chat.service.to("/participant/message")).toHaveLength(1);
    const send = replace(session, "sendMessage", () => Promise.resolve("from the spy"));
    const subscribe = replace(session, "subscribe", () => undefined);
    await sendMessage(args);
    onMessage(() => undefined);
    expect([send.mock.calls.length, subscribe.mock.calls.length]).toEqual([1, 1]);
  });

  test("works through a proxy that imitates a framework's reactive state, as does the controller", async () => {
    const texts: unknown[] = [];
    const makeReactive = (target: CustomerChatSession): CustomerChatSession =>
      new Proxy(target, {
        get: (of, name, receiver) => {
          const value: unknown = Reflect.get(of, name, receiver);
          return typeof value === "object" && value !== null ? new Proxy(value, {}) : value;
        },
      });
    const sessionProxy = makeReactive(session);
    sessionProxy.onMessage(({ data }) => texts.push(data.Content));
    sessionProxy.controller.subscribe("INCOMING_MESSAGE", () => texts.push("controller"));
    await chat.connected(sessionProxy);
    await sessionProxy.controller.sendMessage({ message: "hello", contentType: "text/plain" });
    await chat.receive(chat.item());
    expect(texts).toEqual(["hello", "controller"]);
    expect(sessionProxy.connectionState).toBe("connected");
    const spy = jest.fn(() => "from the spy");
    Object.assign(sessionProxy.controller, { getConnectionStatus: spy });
    expect(session.getConnectionStatus()).toBe("from the spy");
  });

  test("calls the application's controller if the application has replaced the session's controller", () => {
    const sendMessage = jest.fn();
    const subscribe = jest.fn();
    const { controller } = session;
    const onMessage = (): void => undefined;
    Object.assign(session, {
      controller: { sendMessage, subscribe, connectionState: "from the replacement" },
    });
    void session.sendMessage({ message: "hello", contentType: "text/plain" });
    session.onMessage(onMessage);
    expect(sendMessage).toHaveBeenCalledTimes(1);
    expect(subscribe.mock.calls).toEqual([["INCOMING_MESSAGE", onMessage]]);
    expect(session.connectionState).toBe("from the replacement");
    Object.assign(session, { controller });
  });
});

describe("the session's on… methods", () => {
  test.each(CHAT_EVENT_NAMES)(
    "call controller.subscribe for %s with the event's public name and the caller's function, and return the result of subscribe",
    (name) => {
      const unsubscribe = (): void => undefined;
      const spy = replace(session, "subscribe", () => unsubscribe);
      const handler = (): void => undefined;
      const { signal } = new AbortController();
      expect(call(session, methodOf(name), handler)).toBe(unsubscribe);
      call(session, methodOf(name), handler, { signal });
      expect(spy.mock.calls).toEqual([
        [publicNameOf(name), handler],
        [publicNameOf(name), handler, { signal }],
      ]);
      expect(spy.mock.calls[0]?.[1]).toBe(handler);
    },
  );

  test.each([
    ["onMessage", "INCOMING_MESSAGE"],
    ["onAuthenticationCanceled", "AUTHENTICATION_CANCELED"],
    ["onConnectionStateChanged", "connectionStateChanged"],
  ])("%s subscribes to the public name %s", (method, publicName) => {
    expect(CHAT_EVENT_NAMES.filter((name) => methodOf(name) === method).map(publicNameOf)[0]).toBe(
      publicName,
    );
  });

  test("subscribe through a spy that calls the original, and the handler is called once per event until it is unsubscribed", async () => {
    jest.spyOn(session.controller, "subscribe");
    const handler = jest.fn();
    const unsubscribe = session.onMessage(handler);
    await chat.connected(session);
    await chat.receive(chat.item());
    expect(handler.mock.calls.map(([, name]) => name)).toEqual(["INCOMING_MESSAGE"]);
    unsubscribe();
    await chat.receive(chat.item({ Id: "item-2" }));
    expect(handler).toHaveBeenCalledTimes(1);
  });
});

describe("controller.subscribe", () => {
  test("accepts the names of events that upstream lacks, and a signal", async () => {
    const aborter = new AbortController();
    const handler = jest.fn();
    session.controller.subscribe("connectionStateChanged", handler, aborter);
    await session.connect();
    await chat.platform.settle();
    expect(handler.mock.calls).toEqual([[expect.anything(), "connectionStateChanged"]]);
    aborter.abort();
    await chat.open();
    expect(handler).toHaveBeenCalledTimes(1);
  });

  test.each(["", "message", "TYPING", "constructor"])('ignores "%s", which isn\'t an event name', (name) => {
    expect(() => session.controller.subscribe(name, () => undefined)()).not.toThrow();
  });
});

describe("a spy on controller.getTranscript", () => {
  test("sees each page of history()", async () => {
    await chat.connected(session);
    const spy = jest.spyOn(session.controller, "getTranscript");
    const items: unknown[] = [];
    for await (const item of session.history({ maxResults: 5 })) items.push(item);
    expect(spy.mock.calls).toEqual([[{ maxResults: 5, sortOrder: "DESCENDING", nextToken: null }]]);
  });

  test("sees the library's transcript fetch once each time the link comes up", async () => {
    const spy = jest.spyOn(session.controller, "getTranscript");
    session.onTranscriptUpdated(() => undefined);
    await chat.connected(session);
    expect(spy.mock.calls).toEqual([[{ maxResults: 100 }]]);
    expect(chat.service.to("/participant/transcript")).toHaveLength(1);
    chat.platform.socket.end();
    await chat.nextSocket(5_000);
    await chat.open();
    // After a recovery, the fetch is also the second look for missed messages.
    await chat.advance(16_000);
    expect(spy.mock.calls).toEqual([[{ maxResults: 100 }], [{ maxResults: 100 }]]);
  });

  test("sees no fetch by the library while nobody is subscribed to the transcript", async () => {
    const spy = jest.spyOn(session.controller, "getTranscript");
    await chat.connected(session);
    expect(spy).not.toHaveBeenCalled();
  });

  test.each<[string, () => unknown]>([
    ["returns junk", () => ({ data: { Transcript: "nothing" } })],
    ["returns nothing", () => undefined],
    ["resolves with another transcript", () => Promise.resolve({ data: { Transcript: [{ Id: "junk" }] } })],
    ["rejects", () => Promise.reject(new TypeError("no"))],
    ["never settles", () => new Promise(() => undefined)],
    [
      "throws",
      () => {
        throw new TypeError("no");
      },
    ],
  ])("doesn't keep live items out of the transcript if it %s", async (_what, respond) => {
    const spy = replace(session, "getTranscript", respond);
    const transcripts: unknown[] = [];
    session.onTranscriptUpdated(({ data }) => transcripts.push(data.transcript.map(({ Id }) => Id)));
    await chat.connected(session);
    await chat.receive(chat.item());
    expect(spy).toHaveBeenCalledTimes(1);
    expect(transcripts).toEqual([["item-1"]]);
    expect(session.connectionState).toBe("connected");
  });

  test.each<[how: string, spyOn: (original: CustomerChatSession["getTranscript"]) => unknown]>([
    ["passes its arguments on", (original) => (args: object) => original(args)],
    ["passes on a copy of its arguments", (original) => (args: object) => original({ ...args })],
    [
      "passes its arguments on later",
      (original) => (args: object) => Promise.resolve().then(() => original(args)),
    ],
  ])(
    "doesn't prevent the recovery of an item that only the library has fetched if it %s",
    async (_, spyOn) => {
      const stored = new StoredTranscript(chat);
      Object.assign(session.controller, {
        getTranscript: spyOn(session.controller.getTranscript.bind(session.controller)),
      });
      const texts: unknown[] = [];
      session.onMessage(({ data }) => texts.push(data.Content));
      session.onTranscriptUpdated(() => undefined);
      await session.connect();
      await chat.platform.advance(500);
      // The item is in the page that the library fetches when the link comes up. Its frame never arrives.
      stored.store({ Content: "missed" });
      await chat.open();
      await chat.advance(1_000);
      expect([stored.calls.length, texts]).toEqual([1, []]);
      chat.platform.socket.end();
      await chat.nextSocket(5_000);
      await chat.open();
      await chat.advance(4_000);
      expect(texts).toEqual(["missed"]);
    },
  );
});
