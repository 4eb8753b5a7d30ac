import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { cutNetwork, errorResponse, iso, json } from "../../support/fake-service";

const CONNECTION = "/participant/connection";
const TRANSCRIPT = "/participant/transcript";
const SECOND = 1_000;

let chat: ChatUnderTest;
let session: CustomerChatSession;
let changes: unknown[];
let emitted: string[];

beforeEach(() => {
  chat = new ChatUnderTest();
  session = chat.customer();
  changes = [];
  session.onConnectionStateChanged(({ data }) => changes.push(data));
  emitted = record(
    session,
    "connectionLost",
    "connectionEstablished",
    "connectionBroken",
    "message",
    "messagesRecovered",
  );
});

/** Calls `connect()`, which succeeds. The first socket's upgrade is rejected. */
async function connectWithoutLink(): Promise<void> {
  await session.connect();
  await chat.platform.settle();
  chat.platform.socket.end(1006);
  await chat.platform.settle();
}

/** Replaces the service's transcript with new items that have these IDs. */
function store(...ids: string[]): void {
  const items = ids.map((Id, index) => chat.item({ Id, AbsoluteTime: iso(chat.platform.time + index) }));
  chat.service.on(TRANSCRIPT, () => json({ InitialContactId: chat.contactId, Transcript: items }));
}

async function openNextSocket(): Promise<void> {
  await chat.nextSocket(5 * SECOND);
  await chat.open();
}

describe("a first socket that doesn't open", () => {
  test("is reported immediately by one connectionLost, by a state change with a reason and a code, and by the status Broken", async () => {
    await connectWithoutLink();
    expect(emitted).toEqual(["connectionLost"]);
    expect(changes).toEqual([
      {
        oldState: "idle",
        newState: "connecting",
        code: "connect-called",
        reason: "connect() was called",
      },
      {
        oldState: "connecting",
        newState: "reconnecting",
        code: "upgrade-failed",
        reason: "the socket could not be opened",
      },
    ]);
    expect(session.getConnectionStatus()).toBe("Broken");
    session.dispose();
  });

  test("is retried for an hour without another event, and calls reach the service", async () => {
    await connectWithoutLink();
    const until = chat.platform.time + 3_600 * SECOND;
    while (chat.platform.time < until) {
      await chat.platform.advance(5 * SECOND);
      if (chat.platform.socket.readyState === 0) chat.platform.socket.end(1006);
    }
    expect(chat.platform.sockets.length).toBeGreaterThan(100);
    expect(emitted).toEqual(["connectionLost"]);
    expect(await session.sendMessage({ message: "m", contentType: "text/plain" })).toHaveProperty("data.Id");
    session.dispose();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("is reported with the code open-timeout after 10 s", async () => {
    await session.connect();
    await chat.platform.advance(10 * SECOND);
    expect(changes.at(-1)).toMatchObject({ newState: "reconnecting", code: "open-timeout" });
    session.dispose();
  });

  test("is reported with the code refused or network if the request for the socket's URL fails", async () => {
    for (const [responder, code] of [
      [() => errorResponse(400, "ValidationException"), "refused"],
      [cutNetwork, "network"],
    ] as const) {
      const agent = chat.agent();
      const codes: unknown[] = [];
      agent.onConnectionStateChanged(({ data }) => codes.push(data.code));
      chat.service.on(CONNECTION, responder);
      await agent.connect();
      await chat.platform.settle();
      expect(codes).toEqual(["connect-called", code]);
      agent.dispose();
    }
  });
});

describe("a first link that comes up after failed attempts", () => {
  test("emits connectionEstablished, then the messages that were sent since connect(), and then messagesRecovered", async () => {
    await connectWithoutLink();
    store("1", "2");
    await openNextSocket();
    expect(emitted).toEqual(["connectionLost", "connectionEstablished"]);
    await chat.advance(2 * SECOND);
    expect(emitted).toEqual([
      "connectionLost",
      "connectionEstablished",
      "message",
      "message",
      "messagesRecovered",
    ]);
    expect(chat.service.to(TRANSCRIPT).map(({ body }) => body["ScanDirection"])).toEqual(["FORWARD"]);
    session.dispose();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("doesn't deliver items that the application fetches with getTranscript() in onConnectionEstablished", async () => {
    await connectWithoutLink();
    store("1", "2");
    session.onConnectionEstablished(() => session.getTranscript({ maxResults: 100 }));
    await openNextSocket();
    await chat.advance(3 * SECOND);
    expect(emitted).toEqual(["connectionLost", "connectionEstablished", "messagesRecovered"]);
    expect(chat.service.to(TRANSCRIPT).map(({ body }) => body["ScanDirection"])).toEqual([
      "BACKWARD",
      "FORWARD",
    ]);
    session.dispose();
  });

  test("delays its recovery by a second, so items that the application fetches after 900 ms aren't delivered again", async () => {
    await connectWithoutLink();
    store("1");

    session.onConnectionEstablished(() => {
      chat.platform.startTimer(() => void session.getTranscript(), 900);
    });
    await openNextSocket();
    await chat.advance(890);
    expect(chat.service.to(TRANSCRIPT)).toEqual([]);
    await chat.advance(3 * SECOND);
    expect(emitted).toEqual(["connectionLost", "connectionEstablished", "messagesRecovered"]);
    session.dispose();
  });

  test("holds live items until missed items are delivered", async () => {
    const ids: unknown[] = [];
    session.onMessage(({ data }) => ids.push(data.Id));
    await connectWithoutLink();
    store("missed");
    await openNextSocket();
    await chat.receive(chat.item({ Id: "live", AbsoluteTime: iso(chat.platform.time + 9 * SECOND) }));
    expect(ids).toEqual([]);
    await chat.advance(3 * SECOND);
    expect(ids).toEqual(["missed", "live"]);
    session.dispose();
  });

  test("fetches nothing if messageRecovery is switched off", async () => {
    chat.library.ChatSession.setGlobalConfig({ features: { messageRecovery: { enabled: false } } });
    await connectWithoutLink();
    await openNextSocket();
    await chat.advance(5 * SECOND);
    expect(chat.service.to(TRANSCRIPT)).toEqual([]);
    session.dispose();
  });
});

test("a first link that opens immediately doesn't fetch or deliver earlier messages", async () => {
  store("before");
  await chat.connected(session);
  await chat.advance(5 * SECOND);
  expect(emitted).toEqual(["connectionEstablished"]);
  expect(chat.service.to(TRANSCRIPT)).toEqual([]);
  session.dispose();
});

test("a later loss is reported with its cause's code, and the link's return is reported with link-up", async () => {
  await chat.connected(session);
  chat.platform.socket.end(1006);
  await chat.nextSocket(5 * SECOND);
  await chat.open();
  await chat.platform.advance(20 * SECOND);
  expect(changes).toMatchObject([
    { code: "connect-called" },
    { code: "link-up" },
    { newState: "reconnecting", code: "socket-closed" },
    { newState: "connected", code: "link-up" },
    { newState: "reconnecting", code: "heartbeat-timeout" },
  ]);
  session.dispose();
});

test("a session that joins a shared link whose socket didn't open is reconnecting immediately", async () => {
  await connectWithoutLink();
  const other = chat.customer();
  const emittedByOther = record(other, "connectionLost", "connectionEstablished");
  await other.connect();
  await chat.platform.settle();
  expect([other.connectionState, ...emittedByOther]).toEqual(["reconnecting", "connectionLost"]);
  await openNextSocket();
  await chat.advance(3 * SECOND);
  expect(emittedByOther).toEqual(["connectionLost", "connectionEstablished"]);
  session.dispose();
  other.dispose();
});
