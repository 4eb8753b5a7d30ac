import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ChatEventName } from "../../../src/api/events";
import type { CustomerChatSession } from "../../../src/api/session";
import { CHAT_EVENT_NAMES } from "../../../src/conversation/events";
import { ChatUnderTest, EVENT, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { deferred, json, rejection } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

/** More than the ten pages of one round of a recovery. */
const MORE_THAN_A_ROUND = 1_200;

let chat: ChatUnderTest;
let stored: StoredTranscript;

beforeEach(() => {
  chat = new ChatUnderTest();
  stored = new StoredTranscript(chat);
});

function expectNothingLeft(): void {
  chat.answerCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
}

function storeMany(count: number): void {
  for (let number = 0; number < count; number += 1) stored.store();
}

/** The link is lost, `meanwhile` happens, and it is up again; what was missed is still to be asked for. */
async function loseAndComeBack(meanwhile: () => void = () => undefined): Promise<void> {
  chat.platform.socket.end();
  await chat.platform.advance(100);
  meanwhile();
  await chat.nextSocket(2_000);
  await chat.open();
}

/** The time within which a recovery of any size has asked for all that it asks for at once. */
const recover = (): Promise<void> => chat.platform.advance(300);

/** Notes each item that a new handler of the session is told. */
function idsOf(session: CustomerChatSession): (string | undefined)[] {
  const ids: (string | undefined)[] = [];
  session.onMessage(({ data }) => void ids.push(data.Id));
  return ids;
}

describe("dispose()", () => {
  test("in the handler of a recovery that has more to bring stops it, and leaves nothing", async () => {
    const session = await chat.connected(chat.customer());
    session.onMessagesRecovered(() => session.dispose());
    await loseAndComeBack(() => storeMany(MORE_THAN_A_ROUND));
    await recover();
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
  ])("%s rejects with IllegalState that names dispose(), not the end of the chat", async (call, make) => {
    const session = await chat.connected(chat.customer());
    session.dispose();
    const error = await rejection(make(session));
    const message = `${call}: the session was disposed of. Create a new session.`;
    expect(JSON.stringify(error)).toContain(JSON.stringify(message));
    expect(JSON.stringify(error)).toContain('"code":"IllegalState"');
  });

  test("handlers that are added are called by nothing", async () => {
    const session = await chat.connected(chat.customer());
    let ids: unknown[] = [];
    session.onMessage(() => {
      session.dispose();
      ids = idsOf(session);
    });
    await loseAndComeBack(() => storeMany(2));
    await recover();
    expect(ids).toEqual([]);
    expectNothingLeft();
  });
});

describe.each([
  ["dispose", "The call was aborted: the session was disposed of. Create a new session."],
  ["reset", "The call was aborted: the session was reset."],
] as const)("%s() during a call", (releasing, message) => {
  test("rejects it with Aborted, which says why", async () => {
    const session = await chat.connected(chat.customer());
    chat.service.next("/participant/message", () => deferred<Response>().promise);
    const sent = rejection(session.sendMessage({ message: "hello", contentType: "text/plain" }));
    await chat.platform.settle();
    void session[releasing]();
    expect(await sent).toMatchObject({ code: "Aborted", message });
  });
});

describe("calls that wait when the session is reset", () => {
  test.each(["a message", "a disconnect"] as const)("%s is not sent in the next chat", async (what) => {
    const session = await chat.connected(chat.customer());
    chat.service.next("/participant/message", () => deferred<Response>().promise);
    const message = { message: "hello", contentType: "text/plain" } as const;
    const first = rejection(session.sendMessage(message));
    const second = rejection(
      what === "a message" ? session.sendMessage(message) : session.disconnectParticipant(),
    );
    await chat.platform.settle();
    void session.reset();
    const connected = session.connect();
    expect(await first).toMatchObject({ code: "Aborted" });
    expect(await second).toMatchObject({
      code: "IllegalState",
      message: expect.stringContaining("the session was reset"),
    });
    await connected;
    await chat.platform.settle();
    expect(chat.service.to("/participant/message")).toHaveLength(1);
    expect(chat.service.to("/participant/disconnect")).toHaveLength(0);
    session.dispose();
  });
});

test("disconnectParticipant() pending at dispose() rejects: whether the service received it is unknown", async () => {
  const session = await chat.connected(chat.customer());
  chat.service.next("/participant/disconnect", () => deferred<Response>().promise);
  const disconnected = rejection(session.disconnectParticipant());
  await chat.platform.settle();
  session.dispose();
  expect(await disconnected).toMatchObject({ code: "Aborted" });
});

test("reset() after dispose() changes nothing: the session stays disposed of", async () => {
  const session = await chat.connected(chat.customer());
  session.dispose();
  await session.reset();
  await rejection(session.connect());
  expect(session.connectionState).toBe("ended");
  expectNothingLeft();
});

test("a receipt after dispose() rejects like every other call", async () => {
  const session = await chat.connected(chat.customer());
  session.dispose();
  const receipt = { contentType: `${EVENT}message.read`, content: { messageId: "m" } } as const;
  expect(await rejection(session.sendEvent(receipt))).toMatchObject({ code: "IllegalState" });
});

test("reset() in the handler of the established link leaves the next chat without a transcript fetch", async () => {
  const session = chat.customer();
  const asked: unknown[] = [];
  Object.assign(session.controller, { getTranscript: (args: unknown) => void asked.push(args) });
  session.onConnectionStateChanged(({ data }) => {
    if (data.newState !== "connected") return;
    void session.reset();
    session.onTranscriptUpdated(() => undefined);
  });
  await chat.connected(session);
  expect(asked).toEqual([]);
  session.dispose();
});

describe("reset()", () => {
  test("in the handler of a recovery that brings the chat's end leaves a session that can connect again", async () => {
    const session = await chat.connected(chat.customer());
    session.onMessagesRecovered(() => void session.reset());
    await loseAndComeBack(() => void stored.storeEvent("chat.ended"));
    await recover();
    expect(session.connectionState).toBe("idle");
    expect(await session.connect()).toMatchObject({ connectSuccess: true });
    session.dispose();
    expectNothingLeft();
  });

  test("and connect() in the handler of a recovery that has more to bring: the new life is told none of it", async () => {
    const session = await chat.connected(chat.customer());
    let ids: unknown[] = [];
    session.onMessagesRecovered(() => {
      void session.reset();
      ids = idsOf(session);
      void session.connect();
    });
    await loseAndComeBack(() => storeMany(MORE_THAN_A_ROUND));
    await recover();
    await chat.open();
    await chat.advance(5_000);
    expect(session.connectionState).toBe("connected");
    expect(ids).toEqual([]);
    session.dispose();
    expectNothingLeft();
  });

  test("in the handler of a recovered item: the rest of its page is not told to new handlers", async () => {
    const session = await chat.connected(chat.customer());
    let ids: unknown[] = [];
    session.onMessage(() => {
      void session.reset();
      ids = idsOf(session);
    });
    await loseAndComeBack(() => storeMany(2));
    await recover();
    expect(session.connectionState).toBe("idle");
    expect(ids).toEqual([]);
    expectNothingLeft();
  });

  test("and connect() in the handler of an item that waited: what waited behind it is not told, and ends nothing", async () => {
    const session = await chat.connected(chat.customer());
    await loseAndComeBack();
    let ids: unknown[] = [];
    session.onMessage(() => {
      void session.reset();
      ids = idsOf(session);
      void session.connect();
    });
    await chat.receive(chat.item({ Id: "first" }), chat.item({ Id: "second" }), chat.event("chat.ended"));
    await recover();
    expect(ids).toEqual([]);
    expect(session.connectionState).toBe("connecting");
    session.dispose();
    expectNothingLeft();
  });

  test("in the handler of the first connection: the next life is not told what was said before", async () => {
    const session = chat.customer();
    session.onConnectionStateChanged(({ data }) => {
      if (data.newState === "connected") void session.reset();
    });
    stored.store();
    await chat.connected(session);
    expect(session.connectionState).toBe("idle");
    const ids = idsOf(session);
    await chat.connected(session);
    await chat.advance(5_000);
    expect(session.connectionState).toBe("connected");
    expect(ids).toEqual([]);
    session.dispose();
    expectNothingLeft();
  });

  test("and connect() as soon as the state tells the loss: new handlers are not told that loss", async () => {
    const session = await chat.connected(chat.customer());
    let told: string[] = [];
    session.onConnectionStateChanged(({ data }) => {
      if (data.newState !== "reconnecting") return;
      void session.reset();
      told = record(session, "connectionLost", "connectionBroken");
      void session.connect();
    });
    chat.platform.socket.end();
    await chat.platform.settle();
    expect(session.connectionState).toBe("connecting");
    expect(told).toEqual([]);
    session.dispose();
    expectNothingLeft();
  });
});

describe("the end of the chat that waits for a recovery", () => {
  let ends: string[];
  beforeEach(async () => {
    ends = record(await chat.connected(chat.customer()), "ended");
  });

  test("of more than a round is told after the round, and leaves nothing", async () => {
    await loseAndComeBack(() => storeMany(MORE_THAN_A_ROUND));
    await chat.receive(chat.event("chat.ended"));
    expect(ends).toEqual([]);
    await recover();
    expect(ends).toEqual(["ended"]);
    expectNothingLeft();
  });

  test("which a damaged frame would make begin again is told all the same, and leaves nothing", async () => {
    const page = deferred<Response>();
    chat.service.next("/participant/transcript", () => page.promise);
    await loseAndComeBack();
    await recover();
    chat.platform.socket.receive({ topic: "aws/chat", content: "{" });
    await chat.receive(chat.event("chat.ended"));
    expect(ends).toEqual([]);
    page.resolve(json({ InitialContactId: chat.contactId, Transcript: [] }));
    await chat.platform.settle();
    expect(ends).toEqual(["ended"]);
    expectNothingLeft();
  });
});

describe.each(["dispose", "reset"] as const)("%s()", (letGo) => {
  test("in the handler that hears of the link being back leaves nothing", async () => {
    const session = await chat.connected(chat.customer());
    session.onConnectionStateChanged(({ data }) => {
      if (data.newState === "connected") void session[letGo]();
    });
    await loseAndComeBack();
    expectNothingLeft();
  });

  /** The events of a chat that sees nearly everything; at the one of this number its handler lets go of the session. */
  async function eventfulChat(
    letGoAt: number,
  ): Promise<{ session: CustomerChatSession; told: ChatEventName[] }> {
    chat = new ChatUnderTest();
    stored = new StoredTranscript(chat);
    const { platform } = chat;
    const session = chat.customer();
    const told: ChatEventName[] = [];
    for (const name of CHAT_EVENT_NAMES) {
      session.on(name, () => {
        if (told.push(name) === letGoAt) void session[letGo]();
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
      // A damaged frame: the item after it waits for a recovery.
      () => platform.socket.receive("{"),
      () => chat.receive(chat.item({ Id: "waits for a damaged frame" })),
      () => chat.advance(1_000),
      // A gap of two pages, of which the first ends with somebody who joined.
      () => platform.socket.end(),
      () => storeMany(99),
      () => stored.storeEvent("participant.joined"),
      () => storeMany(2),
      () => platform.advance(1_500),
      () => chat.open(),
      () => chat.receive(chat.item({ Id: "waits for a gap" })),
      () => platform.advance(4_000),
      // Another, and the end that waits for its recovery.
      () => platform.socket.end(),
      () => platform.advance(1_500),
      () => chat.open(),
      () => chat.receive(chat.item({ Id: "last words" }), chat.event("chat.ended")),
      () => platform.advance(1_000),
    ];
    for (const step of steps) {
      await step();
      await platform.settle();
      if (told.length >= letGoAt) break;
    }
    chat.answerCloses();
    await platform.settle();
    return { session, told };
  }

  /** Whether the session can live once more, as if it were new. */
  async function livesAgain(session: CustomerChatSession): Promise<boolean> {
    await session.connect();
    await chat.platform.settle();
    const told = record(session, "connectionEstablished", "connectionLost", "message", "ended");
    await chat.open();
    await chat.advance(1_000);
    return session.connectionState === "connected" && told.join() === "connectionEstablished";
  }

  test("inside each event of a chat, of many alike the first ones and the last, leaves nothing", async () => {
    const { told: whole } = await eventfulChat(Infinity);
    expect(whole.at(-1)).toBe("ended");
    const wrong: string[] = [];
    for (const [index, name] of whole.entries()) {
      // A message and the transcript's change take turns.
      if (name === whole[index - 2] && name === whole[index + 2]) continue;
      const { session, told } = await eventfulChat(index + 1);
      const isRight =
        told.length === index + 1 && JSON.stringify(chat.leftovers) === JSON.stringify(NOTHING_LEFT);
      if (!isRight || (letGo === "reset" && !(await livesAgain(session)))) {
        wrong.push(`${index + 1}: ${name}, then ${told.slice(index + 1).join()}`);
      }
      session.dispose();
    }
    expect(wrong).toEqual([]);
  });
});
