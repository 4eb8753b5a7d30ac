import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ChatWebSocketManager } from "../../../src/api/connection";
import { CHAT_EVENT_NAMES } from "../../../src/conversation/events";
import { ChatUnderTest, EVENT, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { cutNetwork, errorResponse, json, rejection, silence } from "../../support/fake-service";

const CONNECTION = "/participant/connection";

let chat: ChatUnderTest;

beforeEach(() => {
  chat = new ChatUnderTest();
});

const MESSAGE = { message: "hello", contentType: "text/plain" } as const;

describe("chat.ended", () => {
  test("closes the socket immediately, then emits message and ended, and then nothing more", async () => {
    const session = await chat.connected(chat.customer());
    const emitted: unknown[] = [];
    session.onMessage(({ data }) => emitted.push(["message", data.ContentType]));
    session.onEnded(({ data, chatDetails }) => emitted.push(["ended", data, chatDetails.contactId]));
    session.onConnectionLost(() => emitted.push("lost"));
    session.onConnectionBroken(() => emitted.push("broken"));
    chat.send(chat.event("chat.ended"));
    expect(chat.platform.socket.closedWith).toMatchObject({ code: 1000 });
    expect(emitted).toEqual([]);
    await chat.platform.settle();
    expect(emitted).toEqual([
      ["message", `${EVENT}chat.ended`],
      ["ended", null, chat.contactId],
    ]);
    chat.platform.socket.end(1000);
    await chat.platform.advance(60_000);
    expect(emitted).toHaveLength(2);
    expect(session.connectionState).toBe("ended");
    expect(session.getConnectionStatus()).toBe("Broken");
    expect(chat.platform.sockets).toHaveLength(1);
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("doesn't overtake earlier items, and later items aren't delivered", async () => {
    const session = await chat.connected(chat.customer());
    const emitted: unknown[] = [];
    session.onMessage(({ data }) => emitted.push(data.Id));
    session.onEnded(() => emitted.push("ended"));
    await chat.receive(
      chat.item({ Id: "1" }),
      chat.event("chat.ended", { Id: "end" }),
      chat.item({ Id: "2" }),
    );
    expect(emitted).toEqual(["1", "end", "ended"]);
  });

  test("is emitted only once if a 403 for a socket URL reveals the chat's end", async () => {
    const session = await chat.connected(chat.customer());
    const emitted = record(session, "message", "ended");
    chat.service.endChat();
    // The URL is too old to be reused, so the next attempt requests a new URL.
    await chat.platform.advance(90_000);
    chat.platform.socket.end();
    await chat.platform.advance(60_000);
    expect(emitted).toEqual(["message", "ended"]);
    expect(chat.service.to(CONNECTION).length).toBeGreaterThan(1);
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("doesn't affect the new connection after reset() and connect() in an onEnded handler", async () => {
    const session = await chat.connected(chat.customer());
    const reconnections: Promise<unknown>[] = [];
    session.onEnded(() => reconnections.push(session.reset().then(() => session.connect())));
    await chat.receive(chat.event("chat.ended"));
    await Promise.all(reconnections);
    expect(reconnections).toHaveLength(1);
    await chat.open();
    expect(session.connectionState).toBe("connected");
    expect(await session.sendMessage(MESSAGE)).toHaveProperty("data.Id");
    session.dispose();
  });

  test("emits neither message nor ended if reset() is called as soon as the state is ended", async () => {
    const session = await chat.connected(chat.customer());
    const emitted: string[] = [];
    session.onConnectionStateChanged(({ data: { newState } }) => {
      if (newState !== "ended") return;
      void session.reset();
      session.onMessage(() => emitted.push("message"));
      session.onEnded(() => emitted.push("ended"));
    });
    await chat.receive(chat.event("chat.ended"));
    await chat.advance(100);
    expect(emitted).toEqual([]);
    expect(session.connectionState).toBe("idle");
  });

  test("allows calls in onEnded handlers, but makes later calls reject with IllegalState", async () => {
    const session = await chat.connected(chat.customer());
    const outcomes: Promise<unknown>[] = [];
    session.onEnded(() => outcomes.push(session.getTranscript()));
    await chat.receive(chat.event("chat.ended"));
    expect(await outcomes[0]).toHaveProperty("data");
    const before = chat.service.calls.length;
    const calls: [string, Promise<unknown>][] = [
      ["sendMessage", session.sendMessage({ ...MESSAGE, metadata: 1 })],
      ["sendEvent", session.sendEvent({ contentType: `${EVENT}typing` as const, metadata: 1 })],
      ["getTranscript", session.getTranscript({ metadata: 1 })],
      ["sendAttachment", session.sendAttachment({ attachment: new File(["a"], "a.txt"), metadata: 1 })],
      ["downloadAttachment", session.downloadAttachment({ attachmentId: "1", metadata: 1 })],
      ["getAttachmentURL", session.getAttachmentURL({ attachmentId: "1", metadata: 1 })],
      ["connect", session.connect({ metadata: 1 })],
    ];
    for (const [, call] of calls) {
      expect(await rejection(call)).toMatchObject({ code: "IllegalState", metadata: 1 });
    }
    expect(await rejection(session.disconnectParticipant())).toMatchObject({ code: "IllegalState" });
    expect(chat.service.calls).toHaveLength(before);
    expect(session.getChatDetails()).toMatchObject({ contactId: chat.contactId });
  });

  test("is followed by no event, not even at dispose()", async () => {
    const session = await chat.connected(chat.customer());
    const emitted = record(session, ...CHAT_EVENT_NAMES);
    await chat.receive(chat.event("chat.ended"));
    const count = emitted.length;
    session.dispose();
    await chat.platform.settle();
    expect(emitted).toHaveLength(count);
  });

  test("makes a call that waits for its retry reject with the call's last error", async () => {
    const session = await chat.connected(chat.customer());
    chat.platform.randomValue = 0.999;
    chat.service.on("/participant/message", cutNetwork);
    const sending = rejection(session.sendMessage(MESSAGE));
    await chat.platform.settle();
    await chat.receive(chat.event("chat.ended"));
    expect(await sending).toMatchObject({ code: "NetworkError" });
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("resolves a pending disconnectParticipant() whose response was lost", async () => {
    const session = await chat.connected(chat.customer());
    chat.service.next("/participant/disconnect", cutNetwork);
    const disconnecting = session.disconnectParticipant();
    await chat.platform.settle();
    await chat.receive(chat.event("chat.ended"));
    expect(await disconnecting).toEqual({ data: {}, metadata: null });
  });

  test("is requested by disconnectParticipant(), whose attempts all have the same idempotency token", async () => {
    const session = await chat.connected(chat.customer());
    chat.service.next("/participant/disconnect", cutNetwork, () =>
      errorResponse(500, "InternalServerException"),
    );
    const disconnecting = session.disconnectParticipant();
    await chat.platform.advance(20_000);
    await disconnecting;
    const tokens = chat.service.to("/participant/disconnect").map(({ body }) => body["ClientToken"]);
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toEqual(expect.any(String));
    session.dispose();
  });

  test("ends the session, but disconnectParticipant() alone doesn't end it", async () => {
    const session = await chat.connected(chat.customer());
    const emitted = record(session, "message", "ended");
    await session.disconnectParticipant();
    expect(await session.sendMessage(MESSAGE)).toMatchObject({ data: { Id: "sent-1" } });
    expect(emitted).toEqual([]);
    await chat.receive(chat.event("chat.ended"));
    expect(emitted).toEqual(["message", "ended"]);
    expect(await rejection(session.sendMessage(MESSAGE))).toMatchObject({ code: "IllegalState" });
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("ends an agent's chat in the same way", async () => {
    const agent = await chat.connected(chat.agent());
    const emitted = record(agent, "message", "ended");
    await chat.receive(chat.event("chat.ended"));
    expect(emitted).toEqual(["message", "ended"]);
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });
});

describe("the end of a chat that no frame reports", () => {
  /** Drops the link when its URL is too old to be reused. */
  async function loseLink(): Promise<void> {
    await chat.advance(120_000);
    chat.platform.socket.end();
    await chat.platform.settle();
  }

  test("is reported after two 403s with an error name, by an item without details and then by ended, without connectionBroken", async () => {
    const session = await chat.connected(chat.customer());
    const items: unknown[] = [];
    const emitted = record(session, "connectionLost", "connectionBroken", "message", "ended");
    session.onMessage(({ data }) => items.push(data));
    chat.service.endChat();
    await loseLink();
    await chat.platform.advance(1_000);
    expect(items).toEqual([
      { AbsoluteTime: "", ContentType: `${EVENT}chat.ended`, Id: "", Type: "EVENT", InitialContactId: "" },
    ]);
    expect(emitted).toEqual(["connectionLost", "message", "ended"]);
    expect(session.connectionState).toBe("ended");
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test.each([
    ["a 429", () => errorResponse(429, "ThrottlingException")],
    ["a 5xx", () => errorResponse(503, "InternalServerException")],
    ["a network error", cutNetwork],
  ])("isn't inferred from %s, and the link is restored when the service recovers", async (_, responder) => {
    const session = await chat.connected(chat.customer());
    const emitted = record(session, "connectionLost", "connectionBroken", "connectionEstablished", "ended");
    chat.service.on(CONNECTION, responder);
    await loseLink();
    await chat.platform.advance(600_000);
    expect(emitted).toEqual(["connectionLost"]);
    chat.service.on(CONNECTION, (call) => chat.service.defaultResponse(call));
    await chat.nextSocket(120_000);
    await chat.open();
    await chat.platform.advance(1_000);
    expect(emitted).toEqual(["connectionLost", "connectionEstablished"]);
    session.dispose();
  });

  test("is never inferred from a 403 for an agent's session with getConnectionToken", async () => {
    const agent = await chat.connected(chat.agent());
    const emitted = record(agent, "connectionLost", "connectionBroken", "message", "ended");
    chat.service.on(CONNECTION, () => errorResponse(403, "AccessDeniedException"));
    await loseLink();
    await chat.platform.advance(600_000);
    expect(emitted).toEqual(["connectionLost"]);
    expect(agent.connectionState).toBe("reconnecting");
    agent.dispose();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("isn't inferred if a token renewal gets a 403 while the link is up", async () => {
    chat.service.tokenLifetimeMs = 600_000;
    const session = await chat.connected(chat.customer());
    const emitted = record(session, "connectionLost", "connectionBroken", "message", "ended");
    chat.service.on(CONNECTION, () => errorResponse(403, "AccessDeniedException"));
    await chat.advance(900_000);
    expect(chat.service.to(CONNECTION).length).toBeGreaterThan(1);
    expect(emitted).toEqual([]);
    expect(session.connectionState).toBe("connected");
    session.dispose();
  });
});

describe("a transfer", () => {
  test("emits only message in a customer's session", async () => {
    const session = await chat.connected(chat.customer());
    const emitted = record(session, "message", "ended", "connectionLost");
    await chat.receive(chat.event("transfer.succeeded"));
    expect(emitted).toEqual(["message"]);
    expect(session.connectionState).toBe("connected");
    session.dispose();
  });

  test("closes an agent's link without ending the chat, and the agent's calls are still sent", async () => {
    const agent = await chat.connected(chat.agent());
    const emitted = record(agent, "message", "ended", "connectionLost", "connectionBroken");
    await chat.receive(chat.event("transfer.succeeded"));
    expect(emitted).toEqual(["message"]);
    expect(chat.platform.socket.closedWith).toMatchObject({ code: 1000 });
    expect(await agent.sendMessage(MESSAGE)).toHaveProperty("data.Id");
    agent.dispose();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });
});

describe("dispose()", () => {
  test("before connect() leaves nothing running", () => {
    chat.customer().dispose();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("REL-09: dispose() closes the socket, calls no handlers, leaves no timers or listeners, and doesn't end the contact", async () => {
    const session = await chat.connected(chat.customer());
    const emitted = record(session, ...CHAT_EVENT_NAMES);
    session.dispose();
    expect(chat.platform.socket.closedWith).toMatchObject({ code: 1000 });
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
    await chat.receive(chat.item());
    chat.platform.socket.end(1000);
    await chat.platform.advance(3_600_000);
    expect(emitted).toEqual([]);
    expect(chat.service.to("/participant/disconnect")).toEqual([]);
    expect(chat.platform.sockets).toHaveLength(1);
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("rejects calls in flight, and a second dispose() does nothing", async () => {
    const session = await chat.connected(chat.customer());
    chat.service.on("/participant/transcript", silence);
    const call = rejection(session.getTranscript());
    await chat.platform.settle();
    session.dispose();
    session.dispose();
    expect(await call).toMatchObject({ code: "Aborted" });
    expect(await rejection(session.sendMessage(MESSAGE))).toMatchObject({ code: "IllegalState" });
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("stops a pending reconnection", async () => {
    const session = await chat.connected(chat.customer());
    chat.platform.socket.end();
    await chat.platform.settle();
    session.dispose();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("doesn't affect other chats on the same custom manager", async () => {
    const callbacks = new Map<string, (frame: Record<string, unknown>) => unknown>();
    let unsubscribeCount = 0;
    const subscribe = (): (() => void) => () => void (unsubscribeCount += 1);
    const manager: ChatWebSocketManager = {
      subscribeTopics: () => undefined,
      onConnectionGain: subscribe,
      onConnectionLost: subscribe,
      onMessage: (topic, callback) => {
        callbacks.set(topic, callback);
        return subscribe();
      },
    };
    const sessions = [`${chat.contactId}-a`, `${chat.contactId}-b`].map((contactId) =>
      chat.library.ChatSession.create({
        type: "AGENT",
        chatDetails: { contactId, participantId: "me", participantToken: "t" },
        websocketManager: manager,
      }),
    );
    const [first, second] = sessions;
    if (!first || !second) throw new Error("Expected two sessions.");
    const emitted = [record(first, "message"), record(second, "message")];
    await first.connect();
    await second.connect();
    first.dispose();
    const content = JSON.stringify({
      ...chat.item(),
      ContactId: `${chat.contactId}-b`,
      InitialContactId: "x",
    });
    callbacks.get("aws/chat")?.({ topic: "aws/chat", content });
    await chat.platform.settle();
    expect(emitted).toEqual([[], ["message"]]);
    expect(unsubscribeCount).toBe(0);
    second.dispose();
    expect(unsubscribeCount).toBe(3);
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });
});

describe("an agent on Streams' manager", () => {
  test("acknowledges the contact with only ConnectParticipant, and connects even if the acknowledgement fails", async () => {
    chat.service.on(CONNECTION, () => errorResponse(400, "ValidationException"));
    const ignoreCallback = (): (() => void) => () => undefined;
    const agent = chat.library.ChatSession.create({
      chatDetails: {
        contactId: chat.contactId,
        participantId: "me",
        participantToken: "participant-token",
        getConnectionToken: () =>
          Promise.resolve({ chatTokenTransport: { participantToken: "agent-token" } }),
      },
      websocketManager: {
        subscribeTopics: () => undefined,
        onMessage: ignoreCallback,
        onConnectionGain: ignoreCallback,
        onConnectionLost: ignoreCallback,
      },
    });
    expect(await agent.connect()).toMatchObject({ connectSuccess: true });
    await chat.platform.settle();
    expect(agent.getConnectionStatus()).toBe("Established");
    expect(chat.service.to(CONNECTION).map(({ body }) => body)).toEqual([{ ConnectParticipant: true }]);
    agent.dispose();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("sends no separate acknowledgement if CreateParticipantConnection created its connection", async () => {
    const agent = chat.library.ChatSession.create({
      chatDetails: {
        contactId: chat.contactId,
        participantId: "me",
        participantToken: "participant-token",
        getConnectionToken: () => Promise.reject(new Error("no")),
      },
      websocketManager: {
        subscribeTopics: () => undefined,
        onMessage: () => () => undefined,
        onConnectionGain: () => () => undefined,
        onConnectionLost: () => () => undefined,
      },
    });
    await agent.connect();
    await chat.platform.settle();
    expect(chat.service.to(CONNECTION).map(({ body }) => body["ConnectParticipant"])).toEqual([true]);
    chat.service.on(CONNECTION, () => json({}));
    agent.dispose();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });
});
