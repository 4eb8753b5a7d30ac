import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ChatSessionInterface, CustomerChatSession } from "../../../src/api/session";
import type { FakeSocket } from "../../support/fake-platform";
import { ChatUnderTest, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { deferred, iso, json } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

/** The age at which the library replaces its socket, in milliseconds. */
const SOCKET_LIFETIME_MS = 3_540_000;

let chat: ChatUnderTest;
let stored: StoredTranscript;
/** The IDs that onMessage received. */
let ids: unknown[];

beforeEach(() => {
  chat = new ChatUnderTest();
  stored = new StoredTranscript(chat);
  ids = [];
});

async function connect(): Promise<CustomerChatSession> {
  const session = chat.customer();
  session.onMessage(({ data }) => void ids.push(data.Id));
  return chat.connected(session);
}

function expectNothingLeft(): void {
  chat.completeCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
}

describe("replacing a socket at the end of its lifetime", () => {
  /**
   * Opens the successor. The item `before` arrives on the old socket. The items that `storeMissed` stores arrive on
   * neither socket.
   */
  async function openSuccessor(
    storeMissed: () => void,
  ): Promise<{ oldSocket: FakeSocket; session: CustomerChatSession }> {
    const session = await connect();
    await stored.send({ Id: "before" });
    await chat.advance(SOCKET_LIFETIME_MS - 1_000);
    const oldSocket = chat.platform.socket;
    storeMissed();
    await chat.platform.advance(1_500);
    expect(chat.platform.socket).not.toBe(oldSocket);
    await chat.open();
    return { oldSocket, session };
  }

  test("recovers messages that the old socket never delivered because it had died unnoticed", async () => {
    const { session } = await openSuccessor(() => void stored.store({ Id: "missed" }));
    await chat.advance(10_000);
    await stored.send({ Id: "after" });
    await chat.advance(60_000);
    expect(ids).toEqual(["before", "missed", "after"]);
    session.dispose();
    expectNothingLeft();
  });

  test.each([1, 8])(
    "delivers missed messages before later messages, even after losses without missed messages (losses: %i)",
    async (losses) => {
      const session = await connect();
      await stored.send({ Id: "before" });
      for (let loss = 0; loss < losses; loss += 1) {
        await chat.advance(60_000);
        chat.platform.socket.end();
        await chat.nextSocket(2_000);
        await chat.open();
        await chat.advance(2_000);
      }
      const oldSocket = chat.platform.socket;
      while (chat.platform.socket === oldSocket) await chat.advance(1_000);
      stored.store({ Id: "missed" });
      await chat.open();
      await chat.advance(2_500);
      await stored.send({ Id: "after" });
      await chat.advance(10_000);
      expect(ids).toEqual(["before", "missed", "after"]);
      session.dispose();
      expectNothingLeft();
    },
  );

  test.each([
    ["a clean close event", 1000, true],
    ["code 1000, although `wasClean` is false", 1000, false],
    ["a clean close event with another code", 1005, true],
  ])("sends no request if the old socket then ends with %s", async (_, code, wasClean) => {
    const { oldSocket, session } = await openSuccessor(() => undefined);
    const emitted = record(session, "messagesRecovered");
    oldSocket.end(code, "", wasClean);
    await chat.advance(10_000);
    expect(emitted).toEqual([]);
    expect(stored.calls).toEqual([]);
    session.dispose();
    expectNothingLeft();
  });

  test("recovers messages that the old socket never delivered because it was cut before its last frames arrived", async () => {
    const { oldSocket, session } = await openSuccessor(() => void stored.store({ Id: "missed" }));
    oldSocket.end(1006);
    await chat.advance(60_000);
    expect(ids).toEqual(["before", "missed"]);
    session.dispose();
    expectNothingLeft();
  });
});

describe("an item on a new socket", () => {
  test("waits for earlier missed messages if it arrives before the subscription is confirmed", async () => {
    const session = await connect();
    chat.platform.socket.end();
    await chat.platform.advance(100);
    stored.store({ Id: "question" });
    await chat.nextSocket(2_000);
    chat.platform.socket.open();
    await stored.send({ Id: "answer" });
    chat.acceptSubscription();
    await chat.advance(4_000);
    expect(ids).toEqual(["question", "answer"]);
    session.dispose();
    expectNothingLeft();
  });

  test("follows a gap of 4,500 items, each of which is delivered exactly once", async () => {
    const session = await connect();
    chat.platform.socket.end();
    await chat.platform.advance(100);
    const firstItemTime = chat.platform.now() - 60_000;
    for (let number = 0; number < 4_500; number += 1) {
      stored.store({ AbsoluteTime: iso(firstItemTime + number * 13) });
    }
    await chat.nextSocket(2_000);
    await chat.open();
    await stored.send({ Id: "live" });
    // The first pages are fetched immediately, and the other pages as the client's request budget allows.
    await chat.advance(20 * 60_000);
    expect(ids).toHaveLength(4_501);
    expect(new Set(ids)).toEqual(new Set(stored.items.map(({ Id }) => Id)));
    session.dispose();
    expectNothingLeft();
  });
});

describe("an ending event that the application fetches during a gap", () => {
  /** Drops the link. The application then fetches the newest page, which contains the event `name`. */
  async function fetchInGap(session: ChatSessionInterface, name: string): Promise<void> {
    chat.platform.socket.end();
    await chat.platform.advance(100);
    stored.store({ Id: "last words" });
    stored.storeEvent(name);
    await session.getTranscript({ maxResults: 1 });
  }

  test("ends a customer's chat after the missed messages, without waiting for the link", async () => {
    const session = await chat.connected(chat.customer());
    await stored.send();
    const emitted = record(session, "ended");
    session.onMessage(({ data }) => emitted.push(data.Id));
    await fetchInGap(session, "chat.ended");
    await chat.platform.advance(1_000);
    expect(emitted).toEqual(["last words", expect.any(String), "ended"]);
    expect(chat.platform.sockets).toHaveLength(1);
    expect(session.connectionState).toBe("ended");
    expectNothingLeft();
  });

  test("ends the chat within eleven seconds, even if the application keeps fetching pages that contain the end", async () => {
    const session = await chat.connected(chat.customer());
    const ends = record(session, "ended");
    await fetchInGap(session, "chat.ended");
    chat.service.on("/participant/transcript", () => deferred<Response>().promise);
    for (let seconds = 0; seconds < 11; seconds += 1) {
      chat.service.next("/participant/transcript", (call) => stored.respond(call));
      // The call rejects after the chat has ended.
      await session.getTranscript({ maxResults: 1 }).catch(() => undefined);
      await chat.platform.advance(1_000);
    }
    expect(ends).toEqual(["ended"]);
  });

  test("doesn't end the chat if it belongs to another contact that the page doesn't name", async () => {
    const session = chat.customer();
    await session.connect();
    await chat.platform.settle();
    const ends = record(session, "ended");
    const { ContactId, InitialContactId, ...end } = chat.event("chat.ended", {
      AbsoluteTime: new Date(chat.platform.time - 20_000).toISOString(),
    });
    expect([ContactId, InitialContactId]).toEqual([chat.contactId, chat.contactId]);
    chat.service.next("/participant/transcript", () => json({ Transcript: [end] }));
    await session.getTranscript({ contactId: "an earlier contact" });
    await chat.platform.advance(20_000);
    expect(ends).toEqual([]);
    session.dispose();
  });

  test("ends the session of an agent who transferred the chat", async () => {
    const session = await chat.connected(chat.agent());
    await stored.send();
    await fetchInGap(session, "transfer.succeeded");
    await chat.nextSocket(2_000);
    await chat.open();
    await chat.advance(5_000);
    expect(session.connectionState).toBe("ended");
    session.dispose();
    expectNothingLeft();
  });
});

describe("an agent who received the contact through a transfer", () => {
  test.each([
    ["fetched the transcript that contains the transfer", true],
    ["didn't fetch the transcript", false],
  ])("stays in the chat after a loss if the agent %s", async (_, fetchesTranscript) => {
    stored.storeEvent("transfer.succeeded");
    await chat.platform.advance(5_000);
    const session = await chat.connected(chat.agent());
    if (fetchesTranscript) await session.getTranscript();
    chat.platform.socket.end();
    await chat.platform.advance(100);
    await chat.nextSocket(3_000);
    await chat.open();
    await chat.advance(5_000);
    expect(session.connectionState).toBe("connected");
    session.dispose();
    expectNothingLeft();
  });

  test("leaves the chat at the next transfer, even if the transfer happens in a gap after the first item", async () => {
    stored.storeEvent("transfer.succeeded");
    await chat.platform.advance(5_000);
    const session = await chat.connected(chat.agent());
    await stored.send();
    chat.platform.socket.end();
    await chat.platform.advance(100);
    stored.storeEvent("transfer.succeeded", { Id: "onwards" });
    await chat.nextSocket(3_000);
    await chat.open();
    await chat.advance(5_000);
    expect(session.connectionState).toBe("ended");
    expectNothingLeft();
  });

  /** Connects an agent without a manager. According to the service, the socket's URL was issued at 00:00:05. */
  function connectAgentAtSecondFive(): Promise<ChatSessionInterface> {
    chat.service.next("/participant/connection", () =>
      json({
        Websocket: { Url: "wss://service.test/socket?X-Amz-Date=20260101T000005Z" },
        ConnectionCredentials: { ConnectionToken: "t" },
      }),
    );
    const { contactId, participantId } = chat;
    return chat.connected(
      chat.library.ChatSession.create({
        chatDetails: { contactId, participantId, participantToken: "participant-token" },
        type: "AGENT",
      }),
    );
  }

  async function reconnect(): Promise<void> {
    await chat.nextSocket(3_000);
    await chat.open();
    await chat.advance(5_000);
  }

  test("leaves the chat at the next transfer, even in a gap right after the connection on a device whose clock is fast", async () => {
    chat.platform.clockErrorMs = 20_000;
    stored.storeEvent("transfer.succeeded");
    await chat.platform.advance(5_000);
    const session = await connectAgentAtSecondFive();
    await chat.advance(1_500);
    chat.platform.socket.end();
    await chat.platform.advance(100);
    stored.storeEvent("transfer.succeeded", { Id: "onwards" });
    await reconnect();
    expect(session.connectionState).toBe("ended");
    expectNothingLeft();
  });

  test("stays in the chat after a loss, even if the agent connected within a second of the transfer", async () => {
    await chat.platform.advance(5_400);
    stored.storeEvent("transfer.succeeded");
    await chat.platform.advance(500);
    const session = await connectAgentAtSecondFive();
    chat.platform.socket.end();
    await chat.platform.advance(100);
    await reconnect();
    expect(session.connectionState).toBe("connected");
    session.dispose();
    expectNothingLeft();
  });
});
