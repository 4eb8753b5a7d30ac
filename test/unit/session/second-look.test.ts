import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { RECOVERY } from "../../../src/conversation/recovery";
import { ChatUnderTest, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { cutNetwork, deferred, errorResponse } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

const TRANSCRIPT = "/participant/transcript";
const CONNECTION = "/participant/connection";
const SECOND = 1_000;

let chat: ChatUnderTest;
let stored: StoredTranscript;
let session: CustomerChatSession;
/** The IDs that onMessage received. Recovered IDs are marked. */
let ids: string[];
let outcomes: unknown[];

beforeEach(() => {
  chat = new ChatUnderTest();
  chat.platform.randomValue = 0;
  stored = new StoredTranscript(chat);
  session = chat.customer();
  ids = [];
  outcomes = [];
  session.onMessage(({ data, recovered }) => ids.push(`${recovered ? "recovered " : ""}${data.Id}`));
  session.onMessagesRecovered(({ data }) => outcomes.push(data));
});

afterEach(() => {
  session.dispose();
  chat.completeCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

const directions = (): unknown[] => stored.calls.map(({ body }) => body["ScanDirection"]);
const throttled = (): Response => errorResponse(429, "ThrottlingException");

describe("B3: if the transcript lags behind the socket by two seconds,", () => {
  beforeEach(async () => {
    await chat.connected(session);
    stored.lagMs = 2 * SECOND;
  });

  test("the second look delivers the items that the recovery didn't find, and onMessagesRecovered fires again", async () => {
    await chat.gap(() => {
      stored.store();
      stored.store();
    });
    expect(outcomes).toEqual([{ count: 0, complete: true }]);
    await chat.advance(2_900);
    expect(stored.calls).toHaveLength(1);
    await chat.advance(200);
    expect(ids).toEqual(["recovered stored-1", "recovered stored-2"]);
    expect(outcomes).toEqual([
      { count: 0, complete: true },
      { count: 2, complete: true },
    ]);
  });

  test("the second look starts at the recovery's position despite newer live items, which don't wait for the second look", async () => {
    chat.platform.randomValue = 0.999;
    chat.platform.socket.end();
    await chat.platform.settle();
    stored.store();
    await chat.nextSocket(60 * SECOND);
    await chat.open();
    for (let second = 0; second < 14; second += 1) {
      await chat.advance(SECOND);
      await stored.send();
    }
    expect(ids).not.toContain("recovered stored-1");
    expect(ids).toHaveLength(14);
    await chat.advance(3 * SECOND);
    expect(ids).toContain("recovered stored-1");
    expect(new Set(ids).size).toBe(15);
  });

  test("the next recovery starts at the first recovery's position if the link is lost again before the second look", async () => {
    chat.platform.randomValue = 0.999;
    await chat.gap(() => stored.store());
    await chat.advance(13 * SECOND);
    await stored.send();
    await chat.gap(() => undefined);
    await chat.advance(30 * SECOND);
    expect(ids).toEqual(["stored-2", "recovered stored-1"]);
  });

  test("a resumed session starts at the recovery's position if the snapshot was taken before the second look", async () => {
    chat.platform.randomValue = 0.999;
    await chat.gap(() => stored.store());
    await chat.advance(13 * SECOND);
    await stored.send();
    const snapshot = session.snapshot();
    session.dispose();
    chat.completeCloses();
    session = chat.customer({}, snapshot);
    const resumedIds: unknown[] = [];
    session.onMessage(({ data }) => resumedIds.push(data.Id));
    await chat.connected(session);
    await chat.advance(20 * SECOND);
    expect(resumedIds).toEqual(["stored-1"]);
  });

  test("the transcript fetch for onTranscriptUpdated is the second look, and one request delivers the missed items", async () => {
    session.onTranscriptUpdated(() => undefined);
    await stored.send();
    await chat.gap(() => stored.store());
    // The transcript has no page yet, so the fetch of its first page doesn't wait.
    expect(directions()).toEqual(["FORWARD", "BACKWARD"]);
    await chat.advance(20 * SECOND);
    expect(ids).toEqual(["stored-1", "recovered stored-2"]);
    stored.lagMs = 2 * SECOND;
    await chat.gap(() => stored.store());
    await chat.advance(20 * SECOND);
    expect(directions().slice(3)).toEqual(["FORWARD", "BACKWARD"]);
    expect(ids.at(-1)).toBe("recovered stored-3");
    expect(outcomes.at(-1)).toEqual({ count: 1, complete: true });
  });

  test("a forward request follows the transcript fetch for onTranscriptUpdated if the newest page doesn't reach back to the gap", async () => {
    session.onTranscriptUpdated(() => undefined);
    await chat.gap(() => stored.store());
    await chat.advance(20 * SECOND);
    chat.platform.randomValue = 0.999;
    await chat.gap(() => stored.store({ Id: "missed" }));
    await chat.advance(11 * SECOND);
    for (let number = 0; number < 120; number += 1) await stored.send();
    await chat.advance(20 * SECOND);
    expect(ids).toContain("recovered missed");
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(122);
  });

  test("the chat ends if the transcript fetch for onTranscriptUpdated finds a chat.ended", async () => {
    session.onTranscriptUpdated(() => undefined);
    await chat.gap(() => undefined);
    await chat.advance(20 * SECOND);
    const emitted = record(session, "message", "messagesRecovered", "ended");
    await chat.gap(() => {
      stored.store();
      stored.storeEvent("chat.ended");
    });
    await chat.advance(5 * SECOND);
    expect(emitted).toEqual(["messagesRecovered", "message", "messagesRecovered", "message", "ended"]);
  });
});

describe("the second look", () => {
  beforeEach(() => chat.connected(session));

  test("emits nothing if it finds nothing, and the cursor advances", async () => {
    await chat.gap(() => stored.store());
    await chat.advance(20 * SECOND);
    expect(stored.calls).toHaveLength(2);
    expect(outcomes).toEqual([{ count: 1, complete: true }]);
    await chat.advance(60 * SECOND);
    await stored.send();
    const { AbsoluteTime } = stored.items.at(-1) ?? {};
    expect(session.snapshot()?.cursor).toBe(AbsoluteTime);
  });

  test("runs at a random moment 3 to 15 seconds after the recovery", async () => {
    chat.platform.randomValue = 0.5;
    await chat.gap(() => undefined);
    await chat.advance(RECOVERY.jitterMs);
    await chat.advance(8_800);
    expect(stored.calls).toHaveLength(1);
    await chat.advance(200);
    expect(stored.calls).toHaveLength(2);
  });

  test("is skipped if the recovery requested its last page three seconds or more after the subscription", async () => {
    chat.platform.randomValue = 0.999;
    chat.service.next(TRANSCRIPT, cutNetwork, cutNetwork);
    await chat.gap(() => stored.store());
    await chat.advance(60 * SECOND);
    expect(ids).toEqual(["recovered stored-1"]);
    expect(stored.calls).toHaveLength(3);
  });

  test("is skipped if the recovery got a 429", async () => {
    chat.service.next(TRANSCRIPT, throttled);
    await chat.gap(() => stored.store());
    await chat.advance(60 * SECOND);
    expect(ids).toEqual(["recovered stored-1"]);
    expect(stored.calls).toHaveLength(2);
  });

  test("is skipped if CreateParticipantConnection got a 429 in this reconnection, but runs if the 429 was in an earlier reconnection", async () => {
    chat.platform.time += 200 * SECOND;
    chat.service.next(CONNECTION, throttled);
    await chat.gap(() => undefined);
    await chat.advance(30 * SECOND);
    expect(stored.calls).toHaveLength(1);
    await chat.gap(() => undefined);
    await chat.advance(30 * SECOND);
    expect(stored.calls).toHaveLength(3);
  });

  test("gives up after a 429, and the next recovery starts at the first recovery's position", async () => {
    stored.lagMs = 2 * SECOND;
    await chat.gap(() => stored.store());
    chat.service.next(TRANSCRIPT, throttled);
    await chat.advance(60 * SECOND);
    expect(stored.calls).toHaveLength(2);
    expect(outcomes).toEqual([{ count: 0, complete: true }]);
    await chat.gap(() => undefined);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("doesn't delay the recovery that a damaged frame triggers, and runs after that recovery", async () => {
    stored.lagMs = 2 * SECOND;
    chat.platform.randomValue = 0.999;
    await chat.gap(() => stored.store());
    await chat.advance(SECOND);
    chat.platform.socket.receive({ topic: "aws/chat", content: "{" });
    await chat.advance(SECOND);
    expect(stored.calls).toHaveLength(2);
    await chat.advance(20 * SECOND);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("is canceled by reset() and by the end of the chat", async () => {
    await chat.gap(() => undefined);
    await session.reset();
    expect(chat.leftovers.timers).toBe(0);
    await chat.connected(session);
    await chat.gap(() => undefined);
    await chat.receive(chat.event("chat.ended"));
    chat.completeCloses();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("also runs after a first link that came up after a failed attempt", async () => {
    session.dispose();
    session = chat.customer({ participantId: "other" });
    const laterIds: unknown[] = [];
    session.onMessage(({ data }) => laterIds.push(data.Id));
    await session.connect();
    await chat.platform.settle();
    chat.platform.socket.end();
    stored.lagMs = 4 * SECOND;
    await chat.platform.settle();
    stored.store();
    await chat.nextSocket(10 * SECOND);
    await chat.open();
    await chat.advance(20 * SECOND);
    expect(laterIds).toEqual(["stored-1"]);
  });
});

describe("B1: if onTranscriptUpdated has a handler, a bot's streamed answer", () => {
  const completeAnswer = (): Record<string, unknown> => ({
    Id: "answer",
    ParticipantRole: "SYSTEM",
    Content: "Hello, world",
    MessageMetadata: { MessageCompleted: true, ChunkNumber: 3 },
  });

  beforeEach(async () => {
    session.onTranscriptUpdated(() => undefined);
    await chat.connected(session);
  });

  test("is delivered even if the recovery's first request takes longer than it can delay onConnectionEstablished", async () => {
    const page = deferred<Response>();
    chat.service.next(TRANSCRIPT, () => page.promise);
    await chat.gap(() => stored.store(completeAnswer()));
    await chat.advance(4 * SECOND);
    const [, request] = stored.calls;
    if (!request) throw new Error("The recovery sent no request.");
    page.resolve(stored.respond(request));
    await chat.advance(20 * SECOND);
    expect(ids).toEqual(["recovered answer"]);
    expect(outcomes).toEqual([{ count: 1, complete: true }]);
  });

  test("is delivered even if the recovery's first request fails", async () => {
    chat.platform.randomValue = 0.9;
    chat.service.next(TRANSCRIPT, cutNetwork, cutNetwork);
    await chat.gap(() => stored.store(completeAnswer()));
    await chat.advance(60 * SECOND);
    expect(ids).toEqual(["recovered answer"]);
  });

  test("is delivered live in full even if the page that the library fetched already contained it", async () => {
    session.dispose();
    stored.store(completeAnswer());
    session = chat.customer();
    const texts: unknown[] = [];
    session.onTranscriptUpdated(() => undefined);
    session.onMessage(({ data }) => texts.push(data.Content));
    await chat.connected(session);
    await chat.platform.settle();
    await chat.receive(
      chat.item({
        ...completeAnswer(),
        Content: "Hel",
        MessageMetadata: { MessageCompleted: false, ChunkNumber: 1 },
      }),
      chat.item({
        ...completeAnswer(),
        Content: "lo",
        MessageMetadata: { MessageCompleted: false, ChunkNumber: 2 },
      }),
      chat.item(completeAnswer()),
    );
    expect(texts).toEqual(["Hel", "Hello", "Hello, world"]);
  });
});

test("B2: an answer's last piece is delivered even if it is in flight while the application calls getTranscript()", async () => {
  await chat.connected(session);
  const texts: unknown[] = [];
  session.onMessage(({ data }) => texts.push(data.Content));
  const piece = (
    Content: string,
    ChunkNumber: number,
    MessageCompleted: boolean,
  ): Record<string, unknown> => ({
    Id: "answer",
    ParticipantRole: "SYSTEM",
    Content,
    MessageMetadata: { MessageCompleted, ChunkNumber },
  });
  await chat.receive(chat.item(piece("Hel", 1, false)));
  const completion = stored.store(piece("Hello", 2, true));
  await session.getTranscript();
  await chat.receive(completion);
  expect(texts).toEqual(["Hel", "Hello"]);
});
