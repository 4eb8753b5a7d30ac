import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { deferred, errorResponse, HOUR, json, rejection } from "../../support/fake-service";

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
  test("resolves after the service has accepted the connection and before the socket is open", async () => {
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

  test("resolves with null metadata if the caller passes no metadata", async () => {
    expect(await session.connect()).toHaveProperty("metadata", null);
  });

  test("rejects with an error that has the result's fields and the service's error", async () => {
    chat.service.on(CONNECTION, () => errorResponse(403, "AccessDeniedException"));
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

  test("REL-16: connect() returns the same promise while it is pending, and sends one request", async () => {
    const first = session.connect();
    expect(session.connect()).toBe(first);
    expect(session.controller.connect()).toBe(first);
    await first;
    expect(session.connect()).toBe(first);
    expect(chat.service.to(CONNECTION)).toHaveLength(1);
  });

  test("resolves with the same result if it is called again while connected", async () => {
    const first = session.connect();
    await first;
    await chat.platform.settle();
    await chat.open();
    expect(session.connectionState).toBe("connected");
    expect(await session.connect()).toBe(await first);
    expect(chat.service.to(CONNECTION)).toHaveLength(1);
  });

  test("REL-15: connect() tries again after a failure", async () => {
    chat.service.next(CONNECTION, () => errorResponse(403, "AccessDeniedException"));
    await rejection(session.connect());
    expect(await session.connect()).toMatchObject({ connectSuccess: true });
    await chat.platform.settle();
    await chat.open();
    expect(session.connectionState).toBe("connected");
    expect(await session.sendMessage({ message: "hello", contentType: "text/plain" })).toHaveProperty(
      "data.Id",
    );
  });

  test("tries again after the session has given up the link", async () => {
    chat.platform.rejectNextSocket();
    const emitted = record(session, "connectionBroken", "connectionEstablished");
    await session.connect();
    await chat.platform.settle();
    expect(session.connectionState).toBe("broken");
    expect(emitted).toEqual(["connectionBroken"]);
    await session.connect();
    await chat.platform.settle();
    await chat.open();
    expect(emitted).toEqual(["connectionBroken", "connectionEstablished"]);
  });

  test("if the browser rejects a later socket's URL, the session requests another URL and the chat continues", async () => {
    await chat.connected(session);
    const emitted = record(session, "connectionBroken", "connectionLost", "connectionEstablished");
    const causes: unknown[] = [];
    session.onConnectionStateChanged(({ data }) => causes.push(data.code));
    await chat.advance(120_000);
    chat.platform.rejectNextSocket();
    chat.platform.socket.end();
    await chat.nextSocket(10_000);
    await chat.open();
    await chat.advance(5_000);
    expect(emitted).toEqual(["connectionLost", "connectionEstablished"]);
    expect(causes).toEqual(["socket-closed", "link-up"]);
    expect(chat.service.to("/participant/connection")).toHaveLength(3);
  });

  test("rejects if its response arrives after the chat ended, and opens no socket", async () => {
    chat.platform.rejectNextSocket();
    await session.connect();
    await chat.platform.settle();
    expect(session.connectionState).toBe("broken");
    const gate = deferred<undefined>();
    chat.service.next(CONNECTION, async (call) => {
      await gate.promise;
      return chat.service.defaultResponse(call);
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

  test("can be called again after the first link never came up, and live items are then delivered immediately", async () => {
    chat.platform.rejectNextSocket();
    const session = chat.customer();
    await session.connect();
    await chat.platform.settle();
    expect(session.connectionState).toBe("broken");
    await chat.connected(session);
    const emitted = record(session, "message");
    await chat.receive(chat.item());
    expect(emitted).toEqual(["message"]);
    session.dispose();
  });

  test("rejects after dispose() with IllegalState and the caller's metadata", async () => {
    session.dispose();
    expect(await rejection(session.connect({ metadata: "mine" }))).toMatchObject({
      code: "IllegalState",
      metadata: "mine",
      connectSuccess: false,
    });
  });

  test("is aborted by its signal, opens no socket, and can be called again", async () => {
    const response = deferred<Response>();
    chat.service.next(CONNECTION, () => response.promise);
    const aborter = new AbortController();
    const connecting = rejection(session.connect({ signal: aborter.signal, metadata: "mine" }));
    await chat.platform.settle();
    aborter.abort();
    expect(await connecting).toMatchObject({ code: "Aborted", connectSuccess: false, metadata: "mine" });
    response.resolve(json({ Websocket: { Url: "wss://late.test" } }));
    await chat.platform.settle();
    expect(chat.platform.sockets).toEqual([]);
    await chat.connected(session);
    expect(session.connectionState).toBe("connected");
  });

  test("rejects a signal that isn't an AbortSignal, as every call does", async () => {
    const connect: unknown = Reflect.get(session, "connect");
    if (!(connect instanceof Function)) throw new Error("There is no connect().");
    const result: unknown = Reflect.apply(connect, session, [{ signal: "stop" }]);
    expect(await rejection(Promise.resolve(result))).toMatchObject({
      code: "IllegalArgument",
      field: "signal",
      connectSuccess: false,
    });
  });

  test("rejects when dispose() is called, and opens no socket when the response arrives", async () => {
    const response = deferred<Response>();
    chat.service.next(CONNECTION, () => response.promise);
    const connecting = rejection(session.connect());
    await chat.platform.settle();
    session.dispose();
    expect(await connecting).toMatchObject({ code: "Aborted", connectSuccess: false });
    response.resolve(json({ Websocket: { Url: "wss://late.test" } }));
    await chat.platform.settle();
    expect(chat.platform.sockets).toEqual([]);
  });
});

describe("the connection state", () => {
  test("changes together with a connectionStateChanged event that has the old and the new state", async () => {
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

  test("REL-17: onConnectionEstablished fires once for each link, and only after the link is open and subscribed", async () => {
    const emitted = record(session, "connectionEstablished", "connectionLost");
    await session.connect();
    await chat.platform.settle();
    expect(emitted).toEqual([]);
    chat.platform.socket.open();
    await chat.platform.settle();
    expect(emitted).toEqual([]);
    chat.acceptSubscription();
    await chat.platform.settle();
    expect(emitted).toEqual(["connectionEstablished"]);
    chat.acceptSubscription();
    await chat.platform.settle();
    expect(emitted).toHaveLength(1);
    chat.platform.socket.end();
    await chat.platform.settle();
    expect(emitted).toEqual(["connectionEstablished", "connectionLost"]);
    await chat.platform.advance(1_000);
    await chat.open();
    await chat.platform.advance(1_000);
    expect(emitted).toEqual(["connectionEstablished", "connectionLost", "connectionEstablished"]);
  });

  test("the first connectionEstablished carries connect()'s result, but later events don't", async () => {
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

  test("a failed deep heartbeat sets the status to Broken until a deep heartbeat succeeds", async () => {
    await chat.connected(session);
    const emitted = record(session, "deepHeartbeatFailure", "deepHeartbeatSuccess");
    chat.platform.socket.receive({ topic: "aws/ping", statusCode: 500, statusContent: "no" });
    await chat.platform.settle();
    expect(session.getConnectionStatus()).toBe("Broken");
    expect(session.connectionState).toBe("connected");
    chat.platform.socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" });
    await chat.platform.settle();
    expect(session.getConnectionStatus()).toBe("Established");
    expect(emitted).toEqual(["deepHeartbeatFailure", "deepHeartbeatSuccess"]);
  });

  test("calls are sent even while the link is down", async () => {
    await chat.connected(session);
    chat.platform.socket.end();
    await chat.platform.settle();
    expect(await session.sendMessage({ message: "one", contentType: "text/plain" })).toHaveProperty(
      "data.Id",
    );
  });
});

describe("events and the calls that cause them", () => {
  test("a call's own events fire in a later task, never during the call or its microtasks", async () => {
    const emitted = record(session, "connectionStateChanged");
    const connecting = session.connect();
    expect(emitted).toEqual([]);
    // Only microtasks run here, because the platform's task queue doesn't run.
    await connecting;
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect(emitted).toEqual([]);
    await chat.platform.settle();
    expect(emitted).toEqual(["connectionStateChanged"]);
  });

  test("with a manager that is already up, connectionEstablished fires after connect() has resolved", async () => {
    const order: string[] = [];
    const ignoreCallback = (): (() => void) => () => undefined;
    const manager = {
      subscribeTopics: () => undefined,
      onMessage: ignoreCallback,
      onConnectionGain: (callback: (payload: unknown) => unknown) => {
        callback(undefined);
        return () => undefined;
      },
      onConnectionLost: ignoreCallback,
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
  test("is renewed before it expires, and later calls use the new token", async () => {
    chat.service.tokenLifetimeMs = HOUR;
    await chat.connected(session);
    // Only the token is renewed. The socket stays open.
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
  test("opens its own socket and acknowledges the contact in the same request if it has no manager", async () => {
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
  test("share one socket, which closes when the last session is disposed of", async () => {
    await chat.connected(session);
    const second = chat.customer();
    await second.connect();
    await chat.platform.settle();
    expect(chat.platform.sockets).toHaveLength(1);
    expect(second.connectionState).toBe("connected");
    const emitted = [record(session, "message"), record(second, "message")];
    await chat.receive(chat.item());
    expect(emitted).toEqual([["message"], ["message"]]);
    session.dispose();
    expect(chat.platform.socket.closedWith).toBeNull();
    second.dispose();
    expect(chat.platform.socket.closedWith).toMatchObject({ code: 1000 });
  });
});
