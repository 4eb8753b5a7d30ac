import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ChatEventName } from "../../../src/api/events";
import type { CustomerChatSession } from "../../../src/api/session";
import { CHAT_EVENT_NAMES } from "../../../src/conversation/events";
import { ChatUnderTest, EVENT, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { deferred, json, rejection } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

/** More items than fit in the ten pages that one recovery round fetches. */
const MORE_THAN_A_ROUND = 1_200;

let chat: ChatUnderTest;
let stored: StoredTranscript;

beforeEach(() => {
  chat = new ChatUnderTest();
  stored = new StoredTranscript(chat);
});

function expectNothingLeft(): void {
  chat.completeCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
}

function storeMany(count: number): void {
  for (let number = 0; number < count; number += 1) stored.store();
}

/** Drops the link, runs `whileDown` and restores the link. The recovery hasn't sent its first request yet. */
async function loseAndReconnect(whileDown: () => void = () => undefined): Promise<void> {
  chat.platform.socket.end();
  await chat.platform.advance(100);
  whileDown();
  await chat.nextSocket(2_000);
  await chat.open();
}

/** Advances the clock far enough for one recovery round, no matter how many pages the round has. */
const finishRound = (): Promise<void> => chat.platform.advance(300);

/** Adds a message handler and returns the list of the IDs that the handler receives. */
function idsReceivedBy(session: CustomerChatSession): (string | undefined)[] {
  const ids: (string | undefined)[] = [];
  session.onMessage(({ data }) => void ids.push(data.Id));
  return ids;
}

describe("dispose()", () => {
  test("inside onMessagesRecovered leaves nothing running, even if the recovery has more pages", async () => {
    const session = await chat.connected(chat.customer());
    session.onMessagesRecovered(() => session.dispose());
    await loseAndReconnect(() => storeMany(MORE_THAN_A_ROUND));
    await finishRound();
    const { length } = stored.calls;
    expect(length).toBe(10);
    expectNothingLeft();
    await chat.platform.advance(60_000);
    expect(stored.calls).toHaveLength(length);
  });
});

describe("after dispose()", () => {
  test.each<[call: string, make: (session: CustomerChatSession) => Promise<unknown>]>([
    ["connect()", (session) => session.connect()],
    ["SendMessage", (session) => session.sendMessage({ message: "hello", contentType: "text/plain" })],
    ["DescribeView", (session) => session.describeView({ viewToken: "view" })],
  ])("%s rejects with an IllegalState that names dispose(), not the end of the chat", async (call, make) => {
    const session = await chat.connected(chat.customer());
    session.dispose();
    const error = await rejection(make(session));
    const message = `${call}: the session was disposed of. Create a new session.`;
    expect(JSON.stringify(error)).toContain(JSON.stringify(message));
    expect(JSON.stringify(error)).toContain('"code":"IllegalState"');
  });

  test("newly added handlers are never called", async () => {
    const session = await chat.connected(chat.customer());
    let ids: unknown[] = [];
    session.onMessage(() => {
      session.dispose();
      ids = idsReceivedBy(session);
    });
    await loseAndReconnect(() => storeMany(2));
    await finishRound();
    expect(ids).toEqual([]);
    expectNothingLeft();
  });
});

describe.each([
  ["dispose", "The call was aborted: the session was disposed of. Create a new session."],
  ["reset", "The call was aborted: the session was reset."],
] as const)("%s() during a call", (methodName, message) => {
  test("rejects the call with Aborted and the reason", async () => {
    const session = await chat.connected(chat.customer());
    chat.service.next("/participant/message", () => deferred<Response>().promise);
    const failure = rejection(session.sendMessage({ message: "hello", contentType: "text/plain" }));
    await chat.platform.settle();
    void session[methodName]();
    expect(await failure).toMatchObject({ code: "Aborted", message });
  });
});

describe("calls that are queued when the session is reset", () => {
  test.each(["a message", "a disconnect"] as const)("%s isn't sent in the next chat", async (queued) => {
    const session = await chat.connected(chat.customer());
    chat.service.next("/participant/message", () => deferred<Response>().promise);
    const message = { message: "hello", contentType: "text/plain" } as const;
    const first = rejection(session.sendMessage(message));
    const second = rejection(
      queued === "a message" ? session.sendMessage(message) : session.disconnectParticipant(),
    );
    await chat.platform.settle();
    void session.reset();
    const connecting = session.connect();
    expect(await first).toMatchObject({ code: "Aborted" });
    expect(await second).toMatchObject({
      code: "IllegalState",
      message: expect.stringContaining("the session was reset"),
    });
    await connecting;
    await chat.platform.settle();
    expect(chat.service.to("/participant/message")).toHaveLength(1);
    expect(chat.service.to("/participant/disconnect")).toHaveLength(0);
    session.dispose();
  });
});

test("dispose() rejects a pending disconnectParticipant(), because the service might not have received the call", async () => {
  const session = await chat.connected(chat.customer());
  chat.service.next("/participant/disconnect", () => deferred<Response>().promise);
  const failure = rejection(session.disconnectParticipant());
  await chat.platform.settle();
  session.dispose();
  expect(await failure).toMatchObject({ code: "Aborted" });
});

test("reset() after dispose() changes nothing, and the session stays ended", async () => {
  const session = await chat.connected(chat.customer());
  session.dispose();
  await session.reset();
  await rejection(session.connect());
  expect(session.connectionState).toBe("ended");
  expectNothingLeft();
});

test("a receipt that is sent after dispose() rejects like every other call", async () => {
  const session = await chat.connected(chat.customer());
  session.dispose();
  const receipt = { contentType: `${EVENT}message.read`, content: { messageId: "m" } } as const;
  expect(await rejection(session.sendEvent(receipt))).toMatchObject({ code: "IllegalState" });
});

test("reset() at the moment the link comes up prevents a transcript fetch for a handler that is added later", async () => {
  const session = chat.customer();
  const fetches: unknown[] = [];
  Object.assign(session.controller, { getTranscript: (args: unknown) => void fetches.push(args) });
  session.onConnectionStateChanged(({ data }) => {
    if (data.newState !== "connected") return;
    void session.reset();
    session.onTranscriptUpdated(() => undefined);
  });
  await chat.connected(session);
  expect(fetches).toEqual([]);
  session.dispose();
});

describe("reset()", () => {
  test("inside onMessagesRecovered lets the session connect again, even if the recovery found the chat's end", async () => {
    const session = await chat.connected(chat.customer());
    session.onMessagesRecovered(() => void session.reset());
    await loseAndReconnect(() => void stored.storeEvent("chat.ended"));
    await finishRound();
    expect(session.connectionState).toBe("idle");
    expect(await session.connect()).toMatchObject({ connectSuccess: true });
    session.dispose();
    expectNothingLeft();
  });

  test("and connect() inside onMessagesRecovered keep the new session from receiving anything from the old recovery", async () => {
    const session = await chat.connected(chat.customer());
    let ids: unknown[] = [];
    session.onMessagesRecovered(() => {
      void session.reset();
      ids = idsReceivedBy(session);
      void session.connect();
    });
    await loseAndReconnect(() => storeMany(MORE_THAN_A_ROUND));
    await finishRound();
    await chat.open();
    await chat.advance(5_000);
    expect(session.connectionState).toBe("connected");
    expect(ids).toEqual([]);
    session.dispose();
    expectNothingLeft();
  });

  test("inside a recovered item's handler keeps new handlers from receiving the rest of the item's page", async () => {
    const session = await chat.connected(chat.customer());
    let ids: unknown[] = [];
    session.onMessage(() => {
      void session.reset();
      ids = idsReceivedBy(session);
    });
    await loseAndReconnect(() => storeMany(2));
    await finishRound();
    expect(session.connectionState).toBe("idle");
    expect(ids).toEqual([]);
    expectNothingLeft();
  });

  test("and connect() inside a held item's handler drop the items that were held after it, including a chat.ended", async () => {
    const session = await chat.connected(chat.customer());
    await loseAndReconnect();
    let ids: unknown[] = [];
    session.onMessage(() => {
      void session.reset();
      ids = idsReceivedBy(session);
      void session.connect();
    });
    await chat.receive(chat.item({ Id: "first" }), chat.item({ Id: "second" }), chat.event("chat.ended"));
    await finishRound();
    expect(ids).toEqual([]);
    expect(session.connectionState).toBe("connecting");
    session.dispose();
    expectNothingLeft();
  });

  test("as soon as the chat first connects keeps the next connection from delivering earlier messages", async () => {
    const session = chat.customer();
    session.onConnectionStateChanged(({ data }) => {
      if (data.newState === "connected") void session.reset();
    });
    stored.store();
    await chat.connected(session);
    expect(session.connectionState).toBe("idle");
    const ids = idsReceivedBy(session);
    await chat.connected(session);
    await chat.advance(5_000);
    expect(session.connectionState).toBe("connected");
    expect(ids).toEqual([]);
    session.dispose();
    expectNothingLeft();
  });

  test("and connect() when the state becomes reconnecting keep new handlers from receiving the loss", async () => {
    const session = await chat.connected(chat.customer());
    let emitted: string[] = [];
    session.onConnectionStateChanged(({ data }) => {
      if (data.newState !== "reconnecting") return;
      void session.reset();
      emitted = record(session, "connectionLost", "connectionBroken");
      void session.connect();
    });
    chat.platform.socket.end();
    await chat.platform.settle();
    expect(session.connectionState).toBe("connecting");
    expect(emitted).toEqual([]);
    session.dispose();
    expectNothingLeft();
  });
});

describe("a chat.ended that waits for a recovery", () => {
  let ends: string[];
  beforeEach(async () => {
    ends = record(await chat.connected(chat.customer()), "ended");
  });

  test("is delivered after the first round if the recovery needs more rounds, and nothing is left running", async () => {
    await loseAndReconnect(() => storeMany(MORE_THAN_A_ROUND));
    await chat.receive(chat.event("chat.ended"));
    expect(ends).toEqual([]);
    await finishRound();
    expect(ends).toEqual(["ended"]);
    expectNothingLeft();
  });

  test("is delivered even if a damaged frame requires another recovery, and nothing is left running", async () => {
    const page = deferred<Response>();
    chat.service.next("/participant/transcript", () => page.promise);
    await loseAndReconnect();
    await finishRound();
    chat.platform.socket.receive({ topic: "aws/chat", content: "{" });
    await chat.receive(chat.event("chat.ended"));
    expect(ends).toEqual([]);
    page.resolve(json({ InitialContactId: chat.contactId, Transcript: [] }));
    await chat.platform.settle();
    expect(ends).toEqual(["ended"]);
    expectNothingLeft();
  });
});

describe.each(["dispose", "reset"] as const)("%s()", (release) => {
  test("leaves nothing running when it is called in the handler that reports the restored link", async () => {
    const session = await chat.connected(chat.customer());
    session.onConnectionStateChanged(({ data }) => {
      if (data.newState === "connected") void session[release]();
    });
    await loseAndReconnect();
    expectNothingLeft();
  });

  /** Runs a chat with nearly every kind of event. The handler of event number `releaseAt` releases the session. */
  async function runEventfulChat(
    releaseAt: number,
  ): Promise<{ session: CustomerChatSession; emitted: ChatEventName[] }> {
    chat = new ChatUnderTest();
    stored = new StoredTranscript(chat);
    const { platform } = chat;
    const session = chat.customer();
    const emitted: ChatEventName[] = [];
    for (const name of CHAT_EVENT_NAMES) {
      session.on(name, () => {
        if (emitted.push(name) === releaseAt) void session[release]();
      });
    }
    const receipt = {
      Type: "MESSAGEMETADATA",
      ContentType: `${EVENT}message.metadata`,
      MessageMetadata: {
        MessageId: "x",
        Receipts: [{ ReadTimestamp: "2026-01-01T00:00:01.000Z", RecipientParticipantId: "them" }],
      },
    };
    const steps: (() => unknown)[] = [
      () => session.connect(),
      () => chat.open(),
      () => chat.receive(chat.event("typing")),
      () => stored.send(),
      () => chat.receive(chat.item(receipt)),
      () => session.sendMessage({ message: "hello", contentType: "text/plain" }).catch(() => undefined),
      () => platform.socket.receive({ topic: "aws/ping", statusCode: 500 }),
      () => platform.socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" }),
      // After a damaged frame, items wait for a recovery.
      () => platform.socket.receive("{"),
      () => chat.receive(chat.item({ Id: "waits for a damaged frame" })),
      () => chat.advance(1_000),
      // A gap of two pages. The first page ends with participant.joined.
      () => platform.socket.end(),
      () => storeMany(99),
      () => stored.storeEvent("participant.joined"),
      () => storeMany(2),
      () => platform.advance(1_500),
      () => chat.open(),
      () => chat.receive(chat.item({ Id: "waits for a gap" })),
      () => platform.advance(4_000),
      // Another gap, and a chat.ended that waits for the gap's recovery.
      () => platform.socket.end(),
      () => platform.advance(1_500),
      () => chat.open(),
      () => chat.receive(chat.item({ Id: "last words" }), chat.event("chat.ended")),
      () => platform.advance(1_000),
    ];
    for (const step of steps) {
      await step();
      await platform.settle();
      if (emitted.length >= releaseAt) break;
    }
    chat.completeCloses();
    await platform.settle();
    return { session, emitted };
  }

  /** Resolves with whether the session can connect again as if it were new. */
  async function canReconnect(session: CustomerChatSession): Promise<boolean> {
    await session.connect();
    await chat.platform.settle();
    const emitted = record(session, "connectionEstablished", "connectionLost", "message", "ended");
    await chat.open();
    await chat.advance(1_000);
    return session.connectionState === "connected" && emitted.join() === "connectionEstablished";
  }

  test("leaves nothing running when it is called in any event's handler", async () => {
    const { emitted: all } = await runEventfulChat(Infinity);
    expect(all.at(-1)).toBe("ended");
    const failures: string[] = [];
    for (const [index, name] of all.entries()) {
      // In a run of alternating message and transcriptUpdated events, only the first two and the last two are tried.
      if (name === all[index - 2] && name === all[index + 2]) continue;
      const { session, emitted } = await runEventfulChat(index + 1);
      const isExpected =
        emitted.length === index + 1 && JSON.stringify(chat.leftovers) === JSON.stringify(NOTHING_LEFT);
      if (!isExpected || (release === "reset" && !(await canReconnect(session)))) {
        failures.push(`${index + 1}: ${name}, then ${emitted.slice(index + 1).join()}`);
      }
      session.dispose();
    }
    expect(failures).toEqual([]);
  });
});
