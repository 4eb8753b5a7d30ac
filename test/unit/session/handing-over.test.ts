import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ChatSessionInterface, CustomerChatSession } from "../../../src/api/session";
import type { FakeSocket } from "../../support/fake-platform";
import { ChatUnderTest, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { deferred, iso, json } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

/** How old a socket of the library's own becomes before another takes its place. */
const SOCKET_LIFE = 3_540_000;

let chat: ChatUnderTest;
let stored: StoredTranscript;
/** The Ids that onMessage was told. */
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
  chat.answerCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
}

describe("a socket that has become old", () => {
  /** The session is up on its successor; `before` came on the old one, and what is said `meanwhile` on neither. */
  async function successor(
    meanwhile: () => void,
  ): Promise<{ old: FakeSocket; session: CustomerChatSession }> {
    const session = await connect();
    await stored.send({ Id: "before" });
    await chat.advance(SOCKET_LIFE - 1_000);
    const old = chat.platform.socket;
    meanwhile();
    await chat.platform.advance(1_500);
    expect(chat.platform.socket).not.toBe(old);
    await chat.open();
    return { old, session };
  }

  test("and died unnoticed before it was handed over: what it never brought is recovered", async () => {
    const { session } = await successor(() => void stored.store({ Id: "missed" }));
    await chat.advance(10_000);
    await stored.send({ Id: "after" });
    await chat.advance(60_000);
    expect(ids).toEqual(["before", "missed", "after"]);
    session.dispose();
    expectNothingLeft();
  });

  test.each([1, 8])(
    "and died unnoticed, after %i losses that cost nothing: still told before what follows",
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
      const old = chat.platform.socket;
      while (chat.platform.socket === old) await chat.advance(1_000);
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
    ["clean", 1000, true],
    ["of code 1000, where no page says that it was clean,", 1000, false],
    ["clean, whatever its code,", 1005, true],
  ])("and is handed over with a close that is %s costs no request", async (_, code, wasClean) => {
    const { old, session } = await successor(() => undefined);
    const told = record(session, "messagesRecovered");
    old.end(code, "", wasClean);
    await chat.advance(10_000);
    expect(told).toEqual([]);
    expect(stored.calls).toEqual([]);
    session.dispose();
    expectNothingLeft();
  });

  test("and is cut while the last of it is awaited: what it never brought is recovered", async () => {
    const { old, session } = await successor(() => void stored.store({ Id: "missed" }));
    old.end(1006);
    await chat.advance(60_000);
    expect(ids).toEqual(["before", "missed"]);
    session.dispose();
    expectNothingLeft();
  });
});

describe("what comes on a new socket", () => {
  test("before its subscription is answered waits for what was said before it", async () => {
    const session = await connect();
    chat.platform.socket.end();
    await chat.platform.advance(100);
    stored.store({ Id: "question" });
    await chat.nextSocket(2_000);
    chat.platform.socket.open();
    await stored.send({ Id: "answer" });
    chat.answerSubscription();
    await chat.advance(4_000);
    expect(ids).toEqual(["question", "answer"]);
    session.dispose();
    expectNothingLeft();
  });

  test("after a gap of 4,500 items leads to none of them being left out, or told twice", async () => {
    const session = await connect();
    chat.platform.socket.end();
    await chat.platform.advance(100);
    const began = chat.platform.now() - 60_000;
    for (let number = 0; number < 4_500; number += 1) {
      stored.store({ AbsoluteTime: iso(began + number * 13) });
    }
    await chat.nextSocket(2_000);
    await chat.open();
    await stored.send({ Id: "live" });
    // The first pages at once, and the others as the client's budget of requests allows.
    await chat.advance(20 * 60_000);
    expect(ids).toHaveLength(4_501);
    expect(new Set(ids)).toEqual(new Set(stored.items.map(({ Id }) => Id)));
    session.dispose();
    expectNothingLeft();
  });
});

describe("what ends a session's link, in a gap, and was fetched by the application itself,", () => {
  /** The link is lost, and the application fetches the newest page. */
  async function fetchInGap(session: ChatSessionInterface, name: string): Promise<void> {
    chat.platform.socket.end();
    await chat.platform.advance(100);
    stored.store({ Id: "last words" });
    stored.storeEvent(name);
    await session.getTranscript({ maxResults: 1 });
  }

  test("ends a customer's chat, after the missed messages, without waiting for the link", async () => {
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

  test("ends the chat in time, even where the application goes on fetching pages that show the end", async () => {
    const session = await chat.connected(chat.customer());
    const ends = record(session, "ended");
    await fetchInGap(session, "chat.ended");
    chat.service.on("/participant/transcript", () => deferred<Response>().promise);
    for (let seconds = 0; seconds < 11; seconds += 1) {
      chat.service.next("/participant/transcript", (call) => stored.answer(call));
      // Rejects once the chat has ended.
      await session.getTranscript({ maxResults: 1 }).catch(() => undefined);
      await chat.platform.advance(1_000);
    }
    expect(ends).toEqual(["ended"]);
  });

  test("ends no chat where it is the end of another contact, whose page does not name it", async () => {
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

  test("takes an agent who handed the chat over off it", async () => {
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

describe("an agent who was given the contact by a transfer", () => {
  test.each([
    ["fetched the transcript that says so", true],
    ["did not", false],
  ])("and %s stays in the chat after a loss", async (_, fetches) => {
    stored.storeEvent("transfer.succeeded");
    await chat.platform.advance(5_000);
    const session = await chat.connected(chat.agent());
    if (fetches) await session.getTranscript();
    chat.platform.socket.end();
    await chat.platform.advance(100);
    await chat.nextSocket(3_000);
    await chat.open();
    await chat.advance(5_000);
    expect(session.connectionState).toBe("connected");
    session.dispose();
    expectNothingLeft();
  });

  test("leaves it with the next transfer, in a gap after the first item", async () => {
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

  /** An agent with its own connection, whose socket's URL was issued in second 5 of the service's time. */
  function agentOfSecondFive(): Promise<ChatSessionInterface> {
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

  async function loseAndComeBack(): Promise<void> {
    await chat.nextSocket(3_000);
    await chat.open();
    await chat.advance(5_000);
  }

  test("leaves it with the next transfer, in a gap right after the connection, on a page whose clock is fast", async () => {
    chat.platform.clockErrorMs = 20_000;
    stored.storeEvent("transfer.succeeded");
    await chat.platform.advance(5_000);
    const session = await agentOfSecondFive();
    await chat.advance(1_500);
    chat.platform.socket.end();
    await chat.platform.advance(100);
    stored.storeEvent("transfer.succeeded", { Id: "onwards" });
    await loseAndComeBack();
    expect(session.connectionState).toBe("ended");
    expectNothingLeft();
  });

  test("stays in it after a loss, though it was connected within a second of the transfer", async () => {
    await chat.platform.advance(5_400);
    stored.storeEvent("transfer.succeeded");
    await chat.platform.advance(500);
    const session = await agentOfSecondFive();
    chat.platform.socket.end();
    await chat.platform.advance(100);
    await loseAndComeBack();
    expect(session.connectionState).toBe("connected");
    session.dispose();
    expectNothingLeft();
  });
});
