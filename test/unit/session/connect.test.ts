import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { deferred, HOUR, json, refusal, rejection } from "../../support/fake-service";

const CONNECTION = "/participant/connection";

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

describe("connect()", () => {
  test("resolves once the service has accepted, before the socket is open", async () => {
    const metadata = { my: "own" };
    const result = await session.connect({ metadata });
    expect(result).toMatchObject({ connectSuccess: true, connectCalled: true, metadata });
    expect(result).toHaveProperty("_debug");
    expect(session.connectionState).toBe("connecting");
    expect(session.getConnectionStatus()).toBe("Establishing");
    expect(session.getChatDetails().connectionDetails).toMatchObject({
      connectionToken: "connection-token-1",
      url: "wss://service.test/socket?number=1",
    });
    await chat.platform.settle();
    expect(chat.platform.sockets.map(({ url }) => url)).toEqual(["wss://service.test/socket?number=1"]);
  });

  test("has null for metadata where none is given", async () => {
    expect(await session.connect()).toHaveProperty("metadata", null);
  });

  test("rejects with an error that has the same fields and the service's own error", async () => {
    chat.service.on(CONNECTION, () => refusal(403, "AccessDeniedException"));
    const error = await rejection(session.connect({ metadata: "mine" }));
    expect(error).toBeInstanceOf(Error);
    const fields = {
      type: "AccessDeniedException",
      message: "refused",
      statusCode: 403,
      metadata: "mine",
      connectSuccess: false,
      connectCalled: true,
      _debug: { _debug: { type: "AccessDeniedException", message: "refused", statusCode: 403 } },
    };
    expect(error).toMatchObject(fields);
    expect(error).toHaveProperty("_debug.reason", expect.any(String));
    expect(JSON.parse(JSON.stringify(error))).toMatchObject(fields);
    expect(session.connectionState).toBe("broken");
    expect(session.getConnectionStatus()).toBe("Broken");
    expect(chat.platform.sockets).toEqual([]);
  });

  test("REL-16: connect() while pending returns the same promise and sends one request", async () => {
    const first = session.connect();
    expect(session.connect()).toBe(first);
    expect(session.controller.connect()).toBe(first);
    await first;
    expect(session.connect()).toBe(first);
    expect(chat.service.to(CONNECTION)).toHaveLength(1);
  });

  test("called again while connected is the same outcome", async () => {
    const first = session.connect();
    await first;
    await chat.platform.settle();
    await chat.open();
    expect(session.connectionState).toBe("connected");
    expect(await session.connect()).toBe(await first);
    expect(chat.service.to(CONNECTION)).toHaveLength(1);
  });

  test("REL-15: connect() after a failure tries again", async () => {
    chat.service.next(CONNECTION, () => refusal(403, "AccessDeniedException"));
    await rejection(session.connect());
    expect(await session.connect()).toMatchObject({ connectSuccess: true });
    await chat.platform.settle();
    await chat.open();
    expect(session.connectionState).toBe("connected");
    expect(await session.sendMessage({ message: "hello", contentType: "text/plain" })).toHaveProperty(
      "data.Id",
    );
  });

  test("after the link was given up tries anew", async () => {
    chat.platform.refuseNextSocket();
    const told = record(session, "connectionBroken", "connectionEstablished");
    await session.connect();
    await chat.platform.settle();
    expect(session.connectionState).toBe("broken");
    expect(told).toEqual(["connectionBroken"]);
    await session.connect();
    await chat.platform.settle();
    await chat.open();
    expect(told).toEqual(["connectionBroken", "connectionEstablished"]);
  });

  test("a later socket whose URL the browser refuses is followed by another request, and the chat goes on", async () => {
    await chat.connected(session);
    const emitted = record(session, "connectionBroken", "connectionLost", "connectionEstablished");
    const causes: unknown[] = [];
    session.onConnectionStateChanged(({ data }) => causes.push(data.code));
    await chat.advance(120_000);
    chat.platform.refuseNextSocket();
    chat.platform.socket.end();
    await chat.nextSocket(10_000);
    await chat.open();
    await chat.advance(5_000);
    expect(emitted).toEqual(["connectionLost", "connectionEstablished"]);
    expect(causes).toEqual(["socket-closed", "link-up"]);
    expect(chat.service.to("/participant/connection")).toHaveLength(3);
  });

  test("an answer that comes after the end rejects, and opens no socket", async () => {
    chat.platform.refuseNextSocket();
    await session.connect();
    await chat.platform.settle();
    expect(session.connectionState).toBe("broken");
    const gate = deferred<undefined>();
    chat.service.next(CONNECTION, async (call) => {
      await gate.promise;
      return chat.service.ordinary(call);
    });
    const connecting = rejection(session.connect());
    await chat.platform.settle();
    const end = chat.event("chat.ended", { AbsoluteTime: new Date(chat.platform.time).toISOString() });
    chat.service.next("/participant/transcript", () => json({ Transcript: [end] }));
    chat.library.ChatSession.setGlobalConfig({ features: { messageRecovery: { enabled: false } } });
    const fetching = session.getTranscript();
    gate.resolve(undefined);
    await fetching;
    expect(await connecting).toMatchObject({ code: "IllegalState" });
    expect(session.connectionState).toBe("ended");
  });

  test("after a first link that never came up tells live items at once", async () => {
    chat.platform.refuseNextSocket();
    const session = chat.customer();
    await session.connect();
    await chat.platform.settle();
    expect(session.connectionState).toBe("broken");
    await chat.connected(session);
    const told = record(session, "message");
    await chat.receive(chat.item());
    expect(told).toEqual(["message"]);
    session.dispose();
  });

  test("after dispose() rejects with IllegalState and the caller's metadata", async () => {
    session.dispose();
    expect(await rejection(session.connect({ metadata: "mine" }))).toMatchObject({
      code: "IllegalState",
      metadata: "mine",
      connectSuccess: false,
    });
  });

  test("is aborted by its signal, opens no socket, and may be called again", async () => {
    const late = deferred<Response>();
    chat.service.next(CONNECTION, () => late.promise);
    const leaving = new AbortController();
    const connecting = rejection(session.connect({ signal: leaving.signal, metadata: "mine" }));
    await chat.platform.settle();
    leaving.abort();
    expect(await connecting).toMatchObject({ code: "Aborted", connectSuccess: false, metadata: "mine" });
    late.resolve(json({ Websocket: { Url: "wss://late.test" } }));
    await chat.platform.settle();
    expect(chat.platform.sockets).toEqual([]);
    await chat.connected(session);
    expect(session.connectionState).toBe("connected");
  });

  test("refuses a signal that is none, as every call does", async () => {
    const connect: unknown = Reflect.get(session, "connect");
    if (!(connect instanceof Function)) throw new Error("There is no connect().");
    const refused: unknown = Reflect.apply(connect, session, [{ signal: "stop" }]);
    expect(await rejection(Promise.resolve(refused))).toMatchObject({
      code: "IllegalArgument",
      field: "signal",
      connectSuccess: false,
    });
  });

  test("pending at dispose() rejects, and opens no socket when the answer comes", async () => {
    const late = deferred<Response>();
    chat.service.next(CONNECTION, () => late.promise);
    const connecting = rejection(session.connect());
    await chat.platform.settle();
    session.dispose();
    expect(await connecting).toMatchObject({ code: "Aborted", connectSuccess: false });
    late.resolve(json({ Websocket: { Url: "wss://late.test" } }));
    await chat.platform.settle();
    expect(chat.platform.sockets).toEqual([]);
  });
});

describe("the state of the connection", () => {
  test("is told with old and new state at each change", async () => {
    const changes: string[] = [];
    session.onConnectionStateChanged(({ data }) => {
      expect(data.reason).not.toBe("");
      changes.push(`${data.oldState} > ${data.newState}`);
    });
    await chat.connected(session);
    chat.platform.socket.end();
    await chat.platform.settle();
    expect(session.getConnectionStatus()).toBe("Broken");
    await chat.platform.advance(1_000);
    await chat.open();
    expect(session.getConnectionStatus()).toBe("Established");
    expect(changes).toEqual([
      "idle > connecting",
      "connecting > connected",
      "connected > reconnecting",
      "reconnecting > connected",
    ]);
  });

  test("REL-17: onConnectionEstablished fires once for each link, when it is open and subscribed, not before", async () => {
    const told = record(session, "connectionEstablished", "connectionLost");
    await session.connect();
    await chat.platform.settle();
    expect(told).toEqual([]);
    chat.platform.socket.open();
    await chat.platform.settle();
    expect(told).toEqual([]);
    chat.answerSubscription();
    await chat.platform.settle();
    expect(told).toEqual(["connectionEstablished"]);
    chat.answerSubscription();
    await chat.platform.settle();
    expect(told).toHaveLength(1);
    chat.platform.socket.end();
    await chat.platform.settle();
    expect(told).toEqual(["connectionEstablished", "connectionLost"]);
    await chat.platform.advance(1_000);
    await chat.open();
    await chat.platform.advance(1_000);
    expect(told).toEqual(["connectionEstablished", "connectionLost", "connectionEstablished"]);
  });

  test("the first establishment carries connect()'s result, later ones do not", async () => {
    const events: unknown[] = [];
    session.onConnectionEstablished((event) => events.push(event));
    await session.connect({ metadata: "mine" });
    await chat.platform.settle();
    await chat.open();
    chat.platform.socket.end();
    await chat.platform.advance(1_000);
    await chat.open();
    await chat.platform.advance(1_000);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      connectSuccess: true,
      connectCalled: true,
      metadata: "mine",
      data: {},
      chatDetails: { contactId: chat.contactId },
    });
    expect(events[1]).toEqual({ data: {}, chatDetails: session.getChatDetails() });
  });

  test("a deep heartbeat that fails breaks the status until one succeeds", async () => {
    await chat.connected(session);
    const told = record(session, "deepHeartbeatFailure", "deepHeartbeatSuccess");
    chat.platform.socket.receive({ topic: "aws/ping", statusCode: 500, statusContent: "no" });
    await chat.platform.settle();
    expect(session.getConnectionStatus()).toBe("Broken");
    expect(session.connectionState).toBe("connected");
    chat.platform.socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" });
    await chat.platform.settle();
    expect(session.getConnectionStatus()).toBe("Established");
    expect(told).toEqual(["deepHeartbeatFailure", "deepHeartbeatSuccess"]);
  });

  test("calls still go out while the link is down, and after it was given up", async () => {
    await chat.connected(session);
    chat.platform.socket.end();
    await chat.platform.settle();
    expect(await session.sendMessage({ message: "one", contentType: "text/plain" })).toHaveProperty(
      "data.Id",
    );
  });
});

describe("events and the calls that cause them", () => {
  test("a call's own events come in a later task, never in the call nor in its microtasks", async () => {
    const told = record(session, "connectionStateChanged");
    const connecting = session.connect();
    expect(told).toEqual([]);
    // Microtasks only: the platform's queue of tasks does not run here.
    await connecting;
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect(told).toEqual([]);
    await chat.platform.settle();
    expect(told).toEqual(["connectionStateChanged"]);
  });

  test("with a manager that is up already, the establishment comes after connect() has resolved", async () => {
    const order: string[] = [];
    const nothing = (): (() => void) => () => undefined;
    const manager = {
      subscribeTopics: () => undefined,
      onMessage: nothing,
      onConnectionGain: (callback: (payload: unknown) => unknown) => {
        callback(undefined);
        return () => undefined;
      },
      onConnectionLost: nothing,
    };
    const agent = chat.library.ChatSession.create({
      chatDetails: { contactId: chat.contactId, participantId: "me", participantToken: "participant-token" },
      websocketManager: manager,
    });
    agent.onConnectionEstablished(() => order.push("established"));
    await agent.connect().then(() => order.push("connected"));
    expect(order).toEqual(["connected"]);
    await chat.platform.settle();
    expect(order).toEqual(["connected", "established"]);
    agent.dispose();
  });
});

describe("the connection token", () => {
  test("is renewed while the chat goes on, and used by the calls after that", async () => {
    chat.service.tokenLifeMs = HOUR;
    await chat.connected(session);
    // A token alone: the socket stays.
    await chat.advance(59 * 60_000 - 100_000);
    const before = chat.service.to(CONNECTION).length;
    await chat.advance(100_000);
    expect(chat.service.to(CONNECTION).length).toBeGreaterThan(before);
    await session.sendMessage({ message: "one", contentType: "text/plain" });
    const token = session.getChatDetails().connectionDetails?.connectionToken;
    expect(chat.service.to("/participant/message")[0]?.bearer).toBe(token);
    expect(token).not.toBe("connection-token-1");
  });
});

describe("an agent's session", () => {
  test("without a manager makes its own socket, and acknowledges the contact on the way", async () => {
    const agent = chat.agent();
    await chat.connected(agent);
    expect(agent.getConnectionStatus()).toBe("Established");
    expect(chat.service.to(CONNECTION).map(({ body }) => body)).toEqual([
      { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], ConnectParticipant: true },
    ]);
    agent.dispose();
  });
});

describe("two sessions of one participant", () => {
  test("share one socket, which closes with the last of them", async () => {
    await chat.connected(session);
    const second = chat.customer();
    await second.connect();
    await chat.platform.settle();
    expect(chat.platform.sockets).toHaveLength(1);
    expect(second.connectionState).toBe("connected");
    const told = [record(session, "message"), record(second, "message")];
    await chat.receive(chat.item());
    expect(told).toEqual([["message"], ["message"]]);
    session.dispose();
    expect(chat.platform.socket.closedWith).toBeNull();
    second.dispose();
    expect(chat.platform.socket.closedWith).toMatchObject({ code: 1000 });
  });
});
