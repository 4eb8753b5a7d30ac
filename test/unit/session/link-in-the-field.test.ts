import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ChatWebSocketManager } from "../../../src/api/connection";
import type { AgentChatSession, CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest, EVENT, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { CustomClient } from "../../support/custom-client";
import { cutNetwork, errorResponse, json, type Responder } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

const CONNECTION = "/participant/connection";
const TRANSCRIPT = "/participant/transcript";
const EVENTS = "/participant/event";
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const named403: Responder = () => errorResponse(403, "AccessDeniedException");
const nameless403: Responder = () => json({ message: "Forbidden" }, 403);
const html403: Responder = () =>
  new Response("<html>", { status: 403, headers: { "content-type": "text/html" } });

let chat: ChatUnderTest;
let stored: StoredTranscript;

beforeEach(() => {
  chat = new ChatUnderTest();
  stored = new StoredTranscript(chat);
});

const CHAT_SUBSCRIBED = { topic: "aws/subscribe", content: { status: "success", topics: ["aws/chat"] } };

type Callback = (payload: { topic: string }) => unknown;

/** Imitates Streams' manager, which doesn't replay events to late subscribers. */
class StreamsManager implements ChatWebSocketManager {
  readonly #callbacks = new Map<string, Set<Callback>>();

  report(name: string, payload: { topic: string; content?: unknown } = { topic: "" }): void {
    for (const callback of this.#callbacks.get(name) ?? []) callback(payload);
  }
  emitItem(item: unknown): void {
    this.report("message", { topic: "aws/chat", content: JSON.stringify(item) });
  }
  subscribeTopics(): void {
    // Streams' manager subscribes by itself when its connection opens.
  }
  onMessage = (_: string, callback: Callback): (() => void) => this.#add("message", callback);
  onConnectionGain = (callback: Callback): (() => void) => this.#add("gain", callback);
  onConnectionLost = (callback: Callback): (() => void) => this.#add("lost", callback);
  onSubscriptionUpdate = (callback: Callback): (() => void) => this.#add("subscription", callback);
  onDeepHeartbeatSuccess = (callback: Callback): (() => void) => this.#add("heartbeat", callback);

  #add(name: string, callback: Callback): () => void {
    const callbacks = this.#callbacks.get(name) ?? new Set();
    this.#callbacks.set(name, callbacks.add(callback));
    return () => void callbacks.delete(callback);
  }
}

/** Creates a session for an agent with a participant token and no getConnectionToken. */
const agent = (websocketManager?: ChatWebSocketManager): AgentChatSession =>
  chat.library.ChatSession.create({
    type: "AGENT",
    chatDetails: { contactId: chat.contactId, participantId: "me", participantToken: "participant-token" },
    ...(websocketManager && { websocketManager }),
  });

describe("B5: with a Streams-like manager whose first connectionGain fires after connect(),", () => {
  let manager: StreamsManager;
  let session: AgentChatSession;
  let emitted: string[];

  beforeEach(async () => {
    manager = new StreamsManager();
    session = agent(manager);
    emitted = record(session, "connectionEstablished", "connectionLost", "message", "messagesRecovered");
    await session.connect();
    await chat.platform.settle();
  });

  test("messages that were sent before connectionGain are recovered before live items, and connectionEstablished fires only once", async () => {
    expect(emitted).toEqual(["connectionEstablished"]);
    const ids: unknown[] = [];
    session.onMessage(({ data, recovered }) => void ids.push([data.Id, recovered]));
    await chat.platform.advance(5 * SECOND);
    stored.store();
    stored.store();
    await chat.platform.advance(5 * SECOND);
    manager.report("gain");
    manager.emitItem(stored.store({ Id: "live" }));
    manager.report("subscription", CHAT_SUBSCRIBED);
    await chat.platform.advance(10 * SECOND);
    expect(ids).toEqual([
      ["stored-1", true],
      ["stored-2", true],
      ["live", true],
    ]);
    expect(emitted.filter((name) => name === "connectionEstablished")).toHaveLength(1);
    expect(emitted).toContain("messagesRecovered");
    expect(session.connectionState).toBe("connected");
    session.dispose();
  });

  test("a second connectionGain without a loss starts no recovery", async () => {
    manager.report("gain");
    // Long enough for the recovery and its second look.
    await chat.platform.advance(20 * SECOND);
    const requests = stored.calls.length;
    manager.report("gain");
    await chat.platform.advance(30 * SECOND);
    expect(requests).toBeGreaterThan(0);
    expect(stored.calls.slice(requests).filter(({ body }) => body["ScanDirection"] === "FORWARD")).toEqual(
      [],
    );
    session.dispose();
  });
});

describe("B11: 403s after a chat ended in a gap", () => {
  test.each([
    ["with", named403],
    ["without", nameless403],
  ])(
    "403s %s an error name make an agent's session on its own socket fire ended once, and no request follows",
    async (_, responder) => {
      const session = await chat.connected(agent());
      const emitted = record(session, "ended", "connectionBroken");
      await chat.advance(2 * MINUTE);
      chat.service.on(CONNECTION, responder);
      chat.service.on(TRANSCRIPT, responder);
      chat.platform.socket.end();
      await chat.platform.advance(2 * MINUTE);
      expect(emitted).toEqual(["ended"]);
      const requestCount = chat.service.calls.length;
      await chat.platform.advance(24 * HOUR);
      expect(chat.service.calls).toHaveLength(requestCount);
      expect(chat.leftovers).toEqual(NOTHING_LEFT);
    },
  );

  test.each([
    ["with", named403],
    ["without", nameless403],
  ])(
    "403s %s an error name make an agent's session on Streams' manager fire ended once when the link is restored, and no request follows",
    async (_, responder) => {
      const manager = new StreamsManager();
      const session = agent(manager);
      const emitted = record(session, "ended", "connectionBroken");
      await session.connect();
      await chat.platform.advance(2 * MINUTE);
      manager.report("lost");
      chat.service.on(CONNECTION, responder);
      chat.service.on(TRANSCRIPT, responder);
      await chat.platform.advance(2 * MINUTE);
      manager.report("gain");
      await chat.platform.advance(5 * MINUTE);
      expect(emitted).toEqual(["ended"]);
      const requestCount = chat.service.calls.length;
      await chat.platform.advance(24 * HOUR);
      expect(chat.service.calls).toHaveLength(requestCount);
      expect(chat.leftovers).toEqual(NOTHING_LEFT);
    },
  );

  test("a 403 with an error name from GetTranscript doesn't end the session if CreateParticipantConnection still succeeds", async () => {
    const manager = new StreamsManager();
    const session = agent(manager);
    const emitted = record(session, "ended");
    await session.connect();
    manager.report("lost");
    chat.service.on(TRANSCRIPT, named403);
    manager.report("gain");
    await chat.platform.advance(5 * MINUTE);
    expect(emitted).toEqual([]);
    session.dispose();
  });

  test("a 403 with HTML comes from a proxy, so the request for missed messages is retried", async () => {
    const session = await chat.connected(chat.customer());
    const ids: unknown[] = [];
    session.onMessage(({ data }) => void ids.push(data.Id));
    chat.platform.socket.end();
    stored.store();
    chat.service.next(TRANSCRIPT, html403, html403);
    await chat.nextSocket(5 * SECOND);
    await chat.open();
    await chat.advance(30 * SECOND);
    expect(ids).toEqual(["stored-1"]);
    session.dispose();
  });

  test("a 403 never ends the session of an agent with getConnectionToken, and the request isn't repeated", async () => {
    const session = await chat.connected(chat.agent());
    const emitted = record(session, "ended");
    chat.platform.socket.end();
    chat.service.on(TRANSCRIPT, nameless403);
    await chat.nextSocket(5 * SECOND);
    await chat.open();
    await chat.advance(10 * SECOND);
    const requestCount = stored.calls.length;
    await chat.advance(10 * MINUTE);
    expect(stored.calls).toHaveLength(requestCount);
    expect(emitted).toEqual([]);
    session.dispose();
  });
});

describe("B12: if CreateParticipantConnection returns an unusable Websocket.Url once during a reconnection,", () => {
  const responseWith = (url: unknown): unknown => ({
    Websocket: { Url: url, ConnectionExpiry: null },
    ConnectionCredentials: { ConnectionToken: "another-token", Expiry: null },
  });

  test.each(["", "not a URL", "http://service.test/", null])(
    "a session with the bundled client requests another URL: %j",
    async (url) => {
      const session = await chat.connected(chat.customer());
      const emitted = record(session, "connectionBroken");
      await chat.advance(2 * MINUTE);
      chat.service.next(CONNECTION, () => json(responseWith(url)));
      chat.platform.socket.end();
      await chat.nextSocket(30 * SECOND);
      await chat.open();
      expect(session.connectionState).toBe("connected");
      expect(emitted).toEqual([]);
      session.dispose();
    },
  );

  test("a session with a custom client also requests another URL", async () => {
    let isUnusable = false;
    const { client } = new CustomClient(chat.platform, {
      createParticipantConnection: () =>
        Promise.resolve({ data: responseWith(isUnusable ? "" : "wss://service.test/socket") }),
    });
    chat.library.ChatSession.setGlobalConfig({ customChatClient: client });
    const session = await chat.connected(chat.customer());
    await chat.advance(2 * MINUTE);
    isUnusable = true;
    chat.platform.socket.end();
    await chat.platform.advance(5 * SECOND);
    isUnusable = false;
    await chat.nextSocket(30 * SECOND);
    await chat.open();
    expect(session.connectionState).toBe("connected");
    session.dispose();
  });
});

test.each([-HOUR, HOUR])(
  "B16: typing events are sent every ten seconds even if the clock is changed by %d ms",
  async (byMs) => {
    const session = await chat.connected(chat.customer());
    const type = (): Promise<unknown> => session.sendEvent({ contentType: `${EVENT}typing` });
    await type();
    chat.platform.clockErrorMs = byMs;
    await chat.advance(9 * SECOND);
    await type();
    expect(chat.service.to(EVENTS)).toHaveLength(1);
    await chat.advance(SECOND);
    await type();
    expect(chat.service.to(EVENTS)).toHaveLength(2);
    session.dispose();
  },
);

describe("B17: a read receipt that is sent while the network is down", () => {
  let session: CustomerChatSession;
  const receipts = (): unknown[] => chat.service.to(EVENTS).map(({ body }) => body["Content"]);
  const read = (messageId: string): Promise<unknown> =>
    session.sendEvent({ contentType: `${EVENT}message.read`, content: { messageId } }).then(
      () => "resolved",
      (error: unknown) => error,
    );

  beforeEach(async () => {
    session = await chat.connected(chat.customer());
    chat.service.on(EVENTS, cutNetwork);
  });

  /** Restores the network, and clears the recorded calls. */
  const restoreNetwork = (): void => {
    chat.service.on(EVENTS, (call) => chat.service.defaultResponse(call));
    chat.service.calls.length = 0;
  };

  test("rejects, and only the newest receipt is sent when the link is restored", async () => {
    const outcomes = [read("1")];
    await chat.advance(9 * SECOND);
    outcomes.push(read("2"));
    await chat.advance(9 * SECOND);
    chat.platform.socket.end();
    await chat.platform.advance(100);
    restoreNetwork();
    await chat.nextSocket(5 * SECOND);
    await chat.open();
    await chat.advance(10 * SECOND);
    expect(await Promise.all(outcomes)).toMatchObject([{ code: "NetworkError" }, { code: "NetworkError" }]);
    expect(receipts()).toEqual(['{"messageId":"2"}']);
    session.dispose();
  });

  test("is sent later even if the outage was too short for the link to be lost", async () => {
    void read("1");
    await chat.advance(9 * SECOND);
    restoreNetwork();
    await chat.advance(40 * SECOND);
    expect(receipts()).toEqual(['{"messageId":"1"}']);
    session.dispose();
  });

  test("is resent four times in five minutes, with one attempt each, if it keeps failing while the link is up", async () => {
    void read("1");
    await chat.advance(9 * SECOND);
    chat.service.calls.length = 0;
    await chat.advance(5 * MINUTE);
    expect(receipts()).toHaveLength(4);
    session.dispose();
  });
});

test("B20: a message that is in flight while the machine sleeps for 40 s is sent again when the machine wakes up", async () => {
  const session = await chat.connected(chat.customer());
  chat.service.next("/participant/message", () => new Promise(() => undefined));
  const message = session.sendMessage({ contentType: "text/plain", message: "hello" });
  await chat.platform.advance(SECOND);
  await chat.platform.sleep(40 * SECOND);
  await chat.platform.advance(SECOND);
  expect(await message).toMatchObject({ data: { Id: "sent-1" } });
  const tokens = chat.service.to("/participant/message").map(({ body }) => body["ClientToken"]);
  expect(tokens).toHaveLength(2);
  expect(new Set(tokens).size).toBe(1);
  session.dispose();
});
