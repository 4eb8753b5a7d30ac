import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { RECOVERY } from "../../../src/conversation/recovery";
import { ChatUnderTest, EVENT, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { cutNetwork, deferred, json, refusal, type Answer } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

const TRANSCRIPT = "/participant/transcript";
const CONNECTION = "/participant/connection";
const SECOND = 1_000;

let chat: ChatUnderTest;
let stored: StoredTranscript;
let session: CustomerChatSession;
/** The Ids that onMessage was told, recovered ones with a mark. */
let ids: string[];
let outcomes: unknown[];

beforeEach(async () => {
  chat = new ChatUnderTest();
  chat.platform.chance = 0;
  stored = new StoredTranscript(chat);
  session = chat.customer();
  ids = [];
  outcomes = [];
  session.onMessage(({ data, recovered }) => ids.push(`${recovered ? "recovered " : ""}${data.Id}`));
  session.onMessagesRecovered(({ data }) => outcomes.push(data));
  await chat.connected(session);
});

afterEach(() => {
  session.dispose();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

async function lose(): Promise<void> {
  chat.platform.socket.end();
  await chat.platform.settle();
}

/** The link is back: open and subscribed, nothing recovered yet. */
async function comeBack(): Promise<void> {
  await chat.nextSocket(60 * SECOND);
  chat.platform.socket.open();
  chat.answerSubscription();
}

/** Down, `meanwhile` is said, up again and recovered. */
async function gap(meanwhile: () => void): Promise<void> {
  await lose();
  meanwhile();
  await comeBack();
  await chat.platform.advance(0);
}

/** Down, something is said, up again; but GetTranscript gets no answer, so that live items wait. */
async function backWithoutAnswers(): Promise<void> {
  chat.platform.chance = 0.5;
  await lose();
  stored.store();
  chat.service.on(TRANSCRIPT, cutNetwork);
  await comeBack();
  await chat.platform.advance(0);
}

const tooMany: Answer = () => refusal(429, "ThrottlingException");

describe("REL-14: messages sent while the link was down", () => {
  test("REL-01: missed items are delivered once, in order, with `recovered: true` and the contact filled in, then reported as complete", async () => {
    const told: unknown[] = [];
    session.onMessage(({ data, recovered }) => told.push([data.ContactId, data.InitialContactId, recovered]));
    await stored.send();
    await gap(() => {
      stored.store();
      stored.store();
    });
    expect(ids).toEqual(["stored-1", "recovered stored-2", "recovered stored-3"]);
    expect(told.at(-1)).toEqual([chat.contactId, chat.contactId, true]);
    expect(outcomes).toEqual([{ count: 2, complete: true }]);
  });

  test("is asked for forward from the cursor less ten seconds, a hundred a page", async () => {
    await chat.advance(40 * SECOND);
    const { AbsoluteTime } = await stored.send();
    await gap(() => stored.store());
    expect(stored.calls.map(({ body }) => body)).toEqual([
      {
        MaxResults: 100,
        SortOrder: "ASCENDING",
        ScanDirection: "FORWARD",
        StartPosition: { AbsoluteTime: new Date(Date.parse(String(AbsoluteTime)) - 10_000).toISOString() },
      },
    ]);
  });

  test("before the first item is asked for from a minute before the connection", async () => {
    const connectedAt = chat.platform.now();
    await chat.advance(5 * 60 * SECOND);
    await gap(() => stored.store());
    const { StartPosition } = stored.calls[0]?.body as { StartPosition: { AbsoluteTime: string } };
    expect(Date.parse(StartPosition.AbsoluteTime)).toBe(connectedAt - 60_000 - RECOVERY.overlapMs);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("is told page by page, where there are many pages", async () => {
    await gap(() => {
      for (let number = 0; number < 350; number += 1) stored.store();
    });
    expect(ids).toEqual(stored.items.map(({ Id }) => `recovered ${String(Id)}`));
    expect(stored.calls).toHaveLength(4);
    expect(outcomes).toEqual([{ count: 350, complete: true }]);
  });

  test("is told up to ten pages, and said to be incomplete; another round follows, and nobody waits for it", async () => {
    chat.platform.chance = 0.5;
    await gap(() => {
      for (let number = 0; number < 1_150; number += 1) {
        chat.platform.time += 1_000;
        stored.store();
      }
    });
    await chat.platform.advance(RECOVERY.jitterMs);
    expect(ids).toHaveLength(1_000);
    expect(outcomes).toEqual([{ count: 1_000, complete: false }]);
    await chat.receive(chat.item({ Id: "live" }));
    expect(ids.at(-1)).toBe("live");
    await chat.platform.advance(RECOVERY.nextRoundMs);
    expect(ids.filter((id) => id !== "live")).toEqual(
      stored.items.map(({ Id }) => `recovered ${String(Id)}`),
    );
    expect(outcomes.at(-1)).toEqual({ count: 150, complete: true });
  });

  test("is told to the ordinary handlers of each kind", async () => {
    const told = record(session, "message", "participantIdle", "participantJoined", "typing");
    await gap(() => {
      stored.storeEvent("participant.idle");
      stored.storeEvent("participant.joined");
      stored.store();
    });
    expect(told).toEqual(["participantIdle", "message", "participantJoined", "message"]);
  });

  test("is told before onConnectionEstablished, and onMessagesRecovered between them", async () => {
    const told = record(
      session,
      "connectionLost",
      "connectionEstablished",
      "message",
      "messagesRecovered",
      "connectionStateChanged",
    );
    await gap(() => stored.store());
    expect(told).toEqual([
      "connectionStateChanged",
      "connectionLost",
      "connectionStateChanged",
      "message",
      "messagesRecovered",
      "connectionEstablished",
    ]);
  });

  test("is nothing: that is told as well, and onConnectionEstablished follows", async () => {
    const told = record(session, "connectionEstablished", "messagesRecovered");
    await stored.send();
    await gap(() => undefined);
    expect(told).toEqual(["messagesRecovered", "connectionEstablished"]);
    expect(outcomes).toEqual([{ count: 0, complete: true }]);
    expect(ids).toEqual(["stored-1"]);
  });

  test("reaches the transcript that is kept", async () => {
    const seen: unknown[] = [];
    session.onTranscriptUpdated(({ data }) => seen.push(data.transcript.map(({ Id }) => Id)));
    await stored.send();
    await gap(() => stored.store());
    expect(seen.at(-1)).toEqual(["stored-1", "stored-2"]);
  });

  test("in an earlier contact of a persistent chat is left out", async () => {
    await gap(() => {
      stored.store({ ContactId: "another", InitialContactId: "another" });
      stored.store({ RelatedContactId: "another" });
      stored.store({ ContactId: "a later one", InitialContactId: chat.contactId });
      stored.store({ RelatedContactId: chat.contactId });
    });
    expect(ids).toEqual(["recovered stored-3", "recovered stored-4"]);
    expect(outcomes).toEqual([{ count: 2, complete: true }]);
  });

  test("is not asked for when recovery is switched off", async () => {
    chat.library.ChatSession.setGlobalConfig({ features: { messageRecovery: { enabled: false } } });
    const told = record(session, "connectionEstablished", "messagesRecovered");
    await gap(() => stored.store());
    expect(stored.calls).toHaveLength(0);
    expect(told).toEqual(["connectionEstablished"]);
    expect(ids).toEqual([]);
    await chat.receive(chat.item({ Id: "live" }));
    expect(ids).toEqual(["live"]);
  });

  test("is recovered for who connects anew after the link was given up", async () => {
    const manager = chat.library.WebSocketManager.create();
    const own = chat.library.ChatSession.create({
      type: "CUSTOMER",
      chatDetails: { contactId: chat.contactId, participantId: "other", participantToken: "t" },
      websocketManager: manager,
      disableCSM: true,
    });
    const told: unknown[] = [];
    own.onMessage(({ data }) => told.push(data.Id));
    void manager.init(() =>
      Promise.resolve({ webSocketTransport: { url: "wss://x", transportLifeTimeInSeconds: 3_540 } }),
    );
    await chat.platform.settle();
    await own.connect();
    await chat.open();
    manager.terminateWebSocketManager("enough");
    await chat.platform.settle();
    expect(own.connectionState).toBe("broken");
    own.dispose();
  });
});

describe("the same item", () => {
  test("that came live before the loss is not told again", async () => {
    await stored.send();
    await stored.send();
    await gap(() => stored.store());
    expect(ids).toEqual(["stored-1", "stored-2", "recovered stored-3"]);
  });

  test("that comes live after it was recovered is not told again", async () => {
    let late: unknown;
    await gap(() => (late = stored.store()));
    await chat.receive(late);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("that has changed meanwhile is told in its new form", async () => {
    const attachment = (Status: string): Record<string, unknown> => ({
      Type: "ATTACHMENT",
      ContentType: "image/png",
      Content: undefined,
      Attachments: [{ AttachmentId: "a", Status }],
    });
    await stored.send(attachment("IN_PROGRESS"));
    await gap(() => Object.assign(stored.items[0] ?? {}, attachment("APPROVED")));
    expect(ids).toEqual(["stored-1", "recovered stored-1"]);
  });

  test("that the application fetched itself is not told again, live items are", async () => {
    await lose();
    stored.store();
    await session.getTranscript({ maxResults: 100 });
    stored.store();
    await comeBack();
    await chat.platform.advance(0);
    expect(ids).toEqual(["recovered stored-2"]);
    await stored.send();
    expect(ids.at(-1)).toBe("stored-3");
  });

  test("is known over many reconnections, and the cursor follows what was recovered", async () => {
    for (let round = 0; round < 20; round += 1) {
      // As often as the client's budget of requests allows.
      await chat.advance(45 * SECOND);
      await stored.send();
      await gap(() => stored.store());
    }
    expect(ids.map((id) => id.replace("recovered ", ""))).toEqual(stored.items.map(({ Id }) => Id));
    const { StartPosition } = stored.calls.at(-1)?.body as { StartPosition: { AbsoluteTime: string } };
    expect(Date.parse(StartPosition.AbsoluteTime)).toBeGreaterThan(chat.platform.now() - 15 * SECOND);
  });
});

describe("live items", () => {
  test("wait for what was said before them, typing does not", async () => {
    const told = record(session, "typing");
    const answer = deferred<Response>();
    await lose();
    stored.store();
    chat.service.next(TRANSCRIPT, () => answer.promise);
    await comeBack();
    await chat.platform.advance(0);
    const page = stored.answer(stored.calls.at(-1) ?? never());
    await chat.receive(chat.item({ Id: "live" }), chat.event("typing"));
    expect(ids).toEqual([]);
    expect(told).toEqual(["typing"]);
    answer.resolve(page);
    await chat.platform.settle();
    expect(ids).toEqual(["recovered stored-1", "live"]);
  });

  test("wait ten seconds at most: then they are released, recovery is incomplete, and goes on all the same", async () => {
    chat.platform.chance = 0.5;
    await lose();
    stored.store();
    chat.service.on(TRANSCRIPT, tooMany);
    await comeBack();
    await chat.receive(chat.item({ Id: "live" }));
    await chat.advance(9_900);
    expect(ids).toEqual([]);
    await chat.advance(200);
    expect(ids).toEqual(["live"]);
    expect(outcomes).toEqual([{ count: 0, complete: false }]);
    await chat.receive(chat.item({ Id: "another" }));
    expect(ids).toEqual(["live", "another"]);
    chat.service.on(TRANSCRIPT, (call) => stored.answer(call));
    await chat.advance(120 * SECOND);
    expect(ids).toEqual(["live", "another", "recovered stored-1"]);
    expect(outcomes).toEqual([
      { count: 0, complete: false },
      { count: 1, complete: true },
    ]);
  });

  test("that the recovery brought as well are told once", async () => {
    const answer = deferred<Response>();
    await lose();
    chat.service.next(TRANSCRIPT, () => answer.promise);
    await comeBack();
    await chat.platform.advance(0);
    await stored.send();
    answer.resolve(stored.answer(stored.calls.at(-1) ?? never()));
    await chat.platform.settle();
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("that waited when the link was lost again are told with the next recovery", async () => {
    await backWithoutAnswers();
    await stored.send();
    await lose();
    chat.service.on(TRANSCRIPT, (call) => stored.answer(call));
    await comeBack();
    await chat.platform.advance(SECOND);
    expect(ids).toEqual(["recovered stored-1", "recovered stored-2"]);
  });

  test("of an earlier link that have waited long enough go alone: those of the new link wait on", async () => {
    await backWithoutAnswers();
    await chat.receive(chat.item({ Id: "old" }));
    await lose();
    const answer = deferred<Response>();
    chat.service.on(TRANSCRIPT, () => answer.promise);
    await comeBack();
    await chat.platform.advance(SECOND);
    await chat.receive(chat.item({ Id: "new" }));
    expect(ids).toEqual([]);
    await chat.advance(9 * SECOND);
    expect(ids).toEqual(["old"]);
    expect(outcomes).toEqual([{ count: 0, complete: false }]);
    answer.resolve(stored.answer(stored.calls.at(-1) ?? never()));
    await chat.platform.settle();
    expect(ids).toEqual(["old", "recovered stored-1", "new"]);
  });

  test("of an earlier link that go before the recovery of the new one has begun are told as incomplete", async () => {
    await backWithoutAnswers();
    await chat.receive(chat.item({ Id: "old" }));
    const heldAt = chat.platform.time;
    await lose();
    chat.service.on(TRANSCRIPT, (call) => stored.answer(call));
    await chat.nextSocket(60 * SECOND);
    await chat.platform.advance(heldAt + 9_990 - chat.platform.time);
    chat.platform.socket.open();
    chat.answerSubscription();
    await chat.receive(chat.item({ Id: "new" }));
    expect(ids).toEqual([]);
    await chat.platform.advance(50);
    expect(ids).toEqual(["old"]);
    expect(outcomes).toEqual([{ count: 0, complete: false }]);
    await chat.platform.advance(SECOND);
    expect(ids).toEqual(["old", "recovered stored-1", "new"]);
  });

  test("that wait when the chat turns out to have ended are told before the end", async () => {
    const told = record(session, "ended");
    chat.platform.chance = 0.5;
    await chat.advance(120 * SECOND);
    await lose();
    chat.service.on(TRANSCRIPT, cutNetwork);
    await comeBack();
    await chat.receive(chat.item({ Id: "last words" }));
    await chat.advance(9 * SECOND);
    expect(ids).toEqual([]);
    chat.service.endChat();
    chat.platform.time += 120 * SECOND;
    await lose();
    await chat.platform.advance(2 * SECOND);
    expect(ids).toEqual(["last words", ""]);
    expect(told).toEqual(["ended"]);
  });
});

describe("a recovery", () => {
  test.each([
    ["no network", cutNetwork],
    ["a 503", () => refusal(503, "InternalServerException")],
    ["a 429", tooMany],
    ["a proxy's page", () => new Response("<html>", { status: 200 })],
  ])("that meets %s tries again, for as long as it takes", async (_, answer: Answer) => {
    chat.platform.chance = 0.9;
    await lose();
    stored.store();
    chat.service.on(TRANSCRIPT, answer);
    await comeBack();
    await chat.advance(5 * 60 * SECOND);
    const tried = stored.calls.length;
    expect(tried).toBeGreaterThan(2);
    expect(tried).toBeLessThan(40);
    expect(ids).toEqual([]);
    chat.service.on(TRANSCRIPT, (call) => stored.answer(call));
    await chat.advance(2 * 60 * SECOND);
    expect(ids).toEqual(["recovered stored-1"]);
    expect(outcomes.at(-1)).toEqual({ count: 1, complete: true });
  });

  test("waits as long as a 429 asks", async () => {
    await lose();
    chat.service.next(TRANSCRIPT, () => refusal(429, "ThrottlingException", { "retry-after": "5" }));
    await comeBack();
    await chat.advance(4_900);
    expect(stored.calls).toHaveLength(1);
    await chat.advance(200);
    expect(stored.calls).toHaveLength(2);
  });

  test("goes on after a 403 whose renewal failed for want of an answer", async () => {
    chat.platform.chance = 0.5;
    await lose();
    stored.store();
    await comeBack();
    chat.service.next(TRANSCRIPT, () => refusal(403, "AccessDeniedException"));
    const busy: Answer = () => refusal(503, "InternalServerException");
    chat.service.next(CONNECTION, busy, busy, busy);
    await chat.advance(30 * SECOND);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("that is refused is told as incomplete, and the next one asks from the same place", async () => {
    await stored.send();
    const asked: unknown[] = [];
    chat.service.on(TRANSCRIPT, ({ body }) => {
      asked.push(body["StartPosition"]);
      return refusal(404, "ResourceNotFoundException");
    });
    await gap(() => stored.store());
    expect(outcomes).toEqual([{ count: 0, complete: false }]);
    await stored.send();
    chat.service.on(TRANSCRIPT, (call) => {
      asked.push(call.body["StartPosition"]);
      return stored.answer(call);
    });
    await gap(() => stored.store());
    expect(asked[1]).toEqual(asked[0]);
    expect(ids).toEqual(["stored-1", "stored-3", "recovered stored-2", "recovered stored-4"]);
  });

  test("interrupted by another loss begins again, and tells neither loss nor establishment twice", async () => {
    const told = record(session, "connectionLost", "connectionEstablished");
    await lose();
    stored.store();
    chat.service.on(TRANSCRIPT, () => new Promise<Response>(() => undefined));
    await comeBack();
    await chat.platform.advance(SECOND);
    await lose();
    stored.store();
    chat.service.on(TRANSCRIPT, (call) => stored.answer(call));
    await comeBack();
    await chat.platform.advance(0);
    expect(ids).toEqual(["recovered stored-1", "recovered stored-2"]);
    expect(told).toEqual(["connectionLost", "connectionEstablished"]);
  });

  test("interrupted between two pages goes on from the first", async () => {
    await lose();
    for (let number = 0; number < 150; number += 1) {
      chat.platform.time += 1_000;
      stored.store();
    }
    chat.service.next(
      TRANSCRIPT,
      (call) => stored.answer(call),
      () => new Promise<Response>(() => undefined),
    );
    await comeBack();
    await chat.platform.advance(0);
    expect(ids).toHaveLength(100);
    await lose();
    await comeBack();
    await chat.platform.advance(0);
    expect(ids).toEqual(stored.items.map(({ Id }) => `recovered ${String(Id)}`));
  });

  test("does not keep onConnectionEstablished for more than three seconds", async () => {
    const told = record(session, "connectionEstablished");
    chat.platform.chance = 0.5;
    await lose();
    chat.service.on(TRANSCRIPT, tooMany);
    await comeBack();
    await chat.platform.advance(2_900);
    expect(told).toEqual([]);
    await chat.platform.advance(200);
    expect(told).toEqual(["connectionEstablished"]);
  });

  test("ends with the session: nothing is left of it", async () => {
    chat.platform.chance = 0.5;
    await lose();
    chat.service.on(TRANSCRIPT, tooMany);
    await comeBack();
    await chat.receive(chat.item());
    await chat.platform.advance(SECOND);
    await session.reset();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
    expect(ids).toEqual([]);
  });

  test("begins at a random moment: not all clients at the same instant", async () => {
    chat.platform.chance = 0.5;
    await lose();
    await comeBack();
    await chat.platform.advance(RECOVERY.jitterMs / 2 - 1);
    expect(stored.calls).toHaveLength(0);
    await chat.platform.advance(1);
    expect(stored.calls).toHaveLength(1);
  });
});

describe("the end of the chat in a gap", () => {
  test("is told with its item, after what was said before it", async () => {
    const told = record(session, "message", "ended", "connectionEstablished", "connectionBroken");
    await gap(() => {
      stored.store();
      stored.storeEvent("chat.ended", { Id: "end" });
    });
    await chat.platform.settle();
    expect(ids).toEqual(["recovered stored-1", "end"]);
    expect(told).toEqual(["message", "message", "ended"]);
    expect(session.connectionState).toBe("ended");
  });
});

describe("REL-34: a damaged frame", () => {
  const damage = (): void => chat.platform.socket.receive({ topic: "aws/chat", content: '{"Id": "1", "Ty' });

  test("is recovered a moment later, live items wait for it", async () => {
    await stored.send();
    stored.store();
    damage();
    await stored.send();
    expect(ids).toEqual(["stored-1"]);
    await chat.platform.advance(RECOVERY.debounceMs);
    expect(ids).toEqual(["stored-1", "recovered stored-2", "recovered stored-3"]);
    expect(outcomes).toEqual([{ count: 2, complete: true }]);
  });

  test("of which there are many makes one recovery", async () => {
    for (let number = 0; number < 10; number += 1) damage();
    chat.platform.socket.receive("no JSON");
    await chat.platform.advance(SECOND);
    expect(stored.calls).toHaveLength(1);
  });

  test("during a recovery makes one more", async () => {
    const answer = deferred<Response>();
    chat.service.next(TRANSCRIPT, () => answer.promise);
    damage();
    await chat.platform.advance(RECOVERY.debounceMs);
    stored.store();
    damage();
    answer.resolve(json({ InitialContactId: chat.contactId, Transcript: [] }));
    await chat.platform.advance(5 * SECOND);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("that comes on and on without anything missing is looked at less and less often", async () => {
    for (let second = 0; second < 600; second += 1) {
      damage();
      await chat.advance(SECOND);
    }
    expect(stored.calls.length).toBeLessThan(25);
    expect(stored.calls.length).toBeGreaterThan(8);
    // Live items do not wait for that.
    await chat.receive(chat.item({ Id: "live" }));
    await chat.advance(SECOND);
    expect(ids).toEqual(["live"]);
  });

  test("while the link is down is left to the recovery that follows", async () => {
    await lose();
    await chat.platform.advance(SECOND);
    expect(stored.calls).toHaveLength(0);
  });
});

describe("receipts that were missed", () => {
  const receipts: string[] = [];
  const at = (AbsoluteTime: string): Record<string, unknown> => ({ AbsoluteTime });

  beforeEach(() => {
    receipts.length = 0;
    session.onReadReceipt(({ data, recovered }) =>
      receipts.push(`read ${data.MessageMetadata?.MessageId ?? ""} ${String(recovered)}`),
    );
    session.onDeliveredReceipt(({ data, recovered }) =>
      receipts.push(`delivered ${data.MessageMetadata?.MessageId ?? ""} ${String(recovered)}`),
    );
  });

  const send = async (): Promise<string> => {
    const { data } = await session.sendMessage({ message: "hi", contentType: "text/plain" });
    const { Id, AbsoluteTime } = data;
    stored.items.push(
      chat.item({ Id, ParticipantId: "me", ParticipantRole: "CUSTOMER", ...at(AbsoluteTime) }),
    );
    return Id;
  };

  const seen = (message: number, times: Record<string, string>): void => {
    Object.assign(stored.items[message] ?? {}, {
      MessageMetadata: {
        MessageId: stored.items[message]?.["Id"],
        Receipts: [{ RecipientParticipantId: "them", ...times }],
      },
    });
  };

  test("of an older message are read off the newest page, and told once", async () => {
    const id = await send();
    await chat.advance(60 * SECOND);
    await stored.send();
    await gap(() => seen(0, { ReadTimestamp: "2026-01-01T00:01:30.000Z" }));
    expect(receipts).toEqual([`read ${id} true`]);
    expect(outcomes).toEqual([{ count: 0, complete: true }]);
    await gap(() => undefined);
    expect(receipts).toHaveLength(1);
  });

  test("that were told live are not told again; of delivered and read, read is told", async () => {
    const id = await send();
    const DeliveredTimestamp = "2026-01-01T00:00:10.000Z";
    const live = chat.item({
      Id: "r",
      Type: "MESSAGEMETADATA",
      ContentType: `${EVENT}message.metadata`,
      MessageMetadata: { MessageId: id, Receipts: [{ RecipientParticipantId: "them", DeliveredTimestamp }] },
    });
    await chat.receive(live, live);
    expect(receipts).toEqual([`delivered ${id} undefined`]);
    await gap(() => seen(0, { DeliveredTimestamp }));
    expect(receipts).toHaveLength(1);
    await gap(() => seen(0, { DeliveredTimestamp, ReadTimestamp: "2026-01-01T00:00:20.000Z" }));
    expect(receipts).toEqual([`delivered ${id} undefined`, `read ${id} true`]);
  });

  test("as items of the transcript are told, this participant's own are not", async () => {
    const id = await send();
    const receipt = (RecipientParticipantId: string): Record<string, unknown> => ({
      Type: "MESSAGEMETADATA",
      ContentType: `${EVENT}message.metadata`,
      Content: undefined,
      MessageMetadata: {
        MessageId: id,
        Receipts: [{ RecipientParticipantId, ReadTimestamp: "2026-01-01T00:00:10.000Z" }],
      },
    });
    await gap(() => {
      stored.store(receipt("them"));
      stored.store(receipt("me"));
    });
    expect(receipts).toEqual([`read ${id} true`]);
    expect(outcomes).toEqual([{ count: 1, complete: true }]);
  });
});

describe("an answer that streams over a gap", () => {
  const piece = (
    ChunkNumber: number,
    Content: string,
    MessageCompleted = false,
  ): Record<string, unknown> => ({
    Id: "answer",
    ParticipantRole: "SYSTEM",
    Content,
    MessageMetadata: { MessageCompleted, ChunkNumber },
  });
  let texts: string[];

  beforeEach(() => {
    texts = [];
    session.onMessage(({ data }) => texts.push(data.Content ?? ""));
  });

  test("holds the cursor back, is told as far as it has come, and goes on with the next piece", async () => {
    await stored.send(piece(1, "Hel"));
    await chat.advance(60 * SECOND);
    await stored.send({ Id: "other" });
    await gap(() => Object.assign(stored.items[0] ?? {}, piece(3, "Hello, ")));
    expect(texts).toEqual(["Hel", "text of stored-2", "Hello, "]);
    await chat.receive(chat.item(piece(4, "world")));
    expect(texts.at(-1)).toBe("Hello, world");
  });

  test("whose pieces were all told is not told again", async () => {
    await stored.send(piece(1, "Hel"));
    await chat.receive(chat.item(piece(2, "lo")));
    await gap(() => Object.assign(stored.items[0] ?? {}, piece(2, "Hello")));
    expect(texts).toEqual(["Hel", "Hello"]);
  });

  test("that was completed meanwhile is told whole, once", async () => {
    await stored.send(piece(1, "Hel"));
    await gap(() => Object.assign(stored.items[0] ?? {}, piece(4, "Hello!", true)));
    expect(texts).toEqual(["Hel", "Hello!"]);
    await gap(() => undefined);
    expect(texts).toHaveLength(2);
  });
});

function never(): never {
  throw new Error("GetTranscript was not called.");
}
