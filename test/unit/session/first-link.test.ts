import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { cutNetwork, iso, json, refusal } from "../../support/fake-service";

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

/** `connect()` succeeds, and the first socket is refused at its upgrade. */
async function connectWithoutLink(): Promise<void> {
  await session.connect();
  await chat.platform.settle();
  chat.platform.socket.end(1006);
  await chat.platform.settle();
}

/** What the service has stored since connect(). */
function store(...ids: string[]): void {
  const items = ids.map((Id, index) => chat.item({ Id, AbsoluteTime: iso(chat.platform.time + index) }));
  chat.service.on(TRANSCRIPT, () => json({ InitialContactId: chat.contactId, Transcript: items }));
}

async function linkComes(): Promise<void> {
  await chat.nextSocket(5 * SECOND);
  await chat.open();
}

describe("a first socket that does not open", () => {
  test("is reported at once: one loss, the state, a reason and a code, the status Broken", async () => {
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

  test("is tried again, for an hour, without another event; calls go over HTTPS meanwhile", async () => {
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

  test("nor within 10 s has the code open-timeout", async () => {
    await session.connect();
    await chat.platform.advance(10 * SECOND);
    expect(changes.at(-1)).toMatchObject({ newState: "reconnecting", code: "open-timeout" });
    session.dispose();
  });

  test("or whose address is refused or not given has the codes refused and network", async () => {
    for (const [answer, code] of [
      [() => refusal(400, "ValidationException"), "refused"],
      [cutNetwork, "network"],
    ] as const) {
      const agent = chat.agent();
      const codes: unknown[] = [];
      agent.onConnectionStateChanged(({ data }) => codes.push(data.code));
      chat.service.on(CONNECTION, answer);
      await agent.connect();
      await chat.platform.settle();
      expect(codes).toEqual(["connect-called", code]);
      agent.dispose();
    }
  });
});

describe("a first link that comes after attempts that failed", () => {
  test("is established first; what was said since connect() follows, then onMessagesRecovered", async () => {
    await connectWithoutLink();
    store("1", "2");
    await linkComes();
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

  test("does not deliver what the application's own getTranscript() at the establishment shows", async () => {
    await connectWithoutLink();
    store("1", "2");
    session.onConnectionEstablished(() => session.getTranscript({ maxResults: 100 }));
    await linkComes();
    await chat.advance(3 * SECOND);
    expect(emitted).toEqual(["connectionLost", "connectionEstablished", "messagesRecovered"]);
    expect(chat.service.to(TRANSCRIPT).map(({ body }) => body["ScanDirection"])).toEqual([
      "BACKWARD",
      "FORWARD",
    ]);
    session.dispose();
  });

  test("waits a second for that page, so that one which takes 900 ms is still heeded", async () => {
    await connectWithoutLink();
    store("1");

    session.onConnectionEstablished(() => {
      chat.platform.startTimer(() => void session.getTranscript(), 900);
    });
    await linkComes();
    await chat.advance(890);
    expect(chat.service.to(TRANSCRIPT)).toEqual([]);
    await chat.advance(3 * SECOND);
    expect(emitted).toEqual(["connectionLost", "connectionEstablished", "messagesRecovered"]);
    session.dispose();
  });

  test("holds live items until the missed ones are delivered", async () => {
    const ids: unknown[] = [];
    session.onMessage(({ data }) => ids.push(data.Id));
    await connectWithoutLink();
    store("missed");
    await linkComes();
    await chat.receive(chat.item({ Id: "live", AbsoluteTime: iso(chat.platform.time + 9 * SECOND) }));
    expect(ids).toEqual([]);
    await chat.advance(3 * SECOND);
    expect(ids).toEqual(["missed", "live"]);
    session.dispose();
  });

  test("fetches nothing where messageRecovery is switched off", async () => {
    chat.library.ChatSession.setGlobalConfig({ features: { messageRecovery: { enabled: false } } });
    await connectWithoutLink();
    await linkComes();
    await chat.advance(5 * SECOND);
    expect(chat.service.to(TRANSCRIPT)).toEqual([]);
    session.dispose();
  });
});

test("a first link that opens at once: nothing from before it is fetched or delivered", async () => {
  store("before");
  await chat.connected(session);
  await chat.advance(5 * SECOND);
  expect(emitted).toEqual(["connectionEstablished"]);
  expect(chat.service.to(TRANSCRIPT)).toEqual([]);
  session.dispose();
});

test("a link that is lost later has the code of its cause, and comes back with link-up", async () => {
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

test("two sessions share a socket that does not open: the one that joins later is reconnecting at once", async () => {
  await connectWithoutLink();
  const other = chat.customer();
  const lost = record(other, "connectionLost", "connectionEstablished");
  await other.connect();
  await chat.platform.settle();
  expect([other.connectionState, ...lost]).toEqual(["reconnecting", "connectionLost"]);
  await linkComes();
  await chat.advance(3 * SECOND);
  expect(lost).toEqual(["connectionLost", "connectionEstablished"]);
  session.dispose();
  other.dispose();
});
