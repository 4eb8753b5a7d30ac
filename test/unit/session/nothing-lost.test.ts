import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ChatWebSocketManager } from "../../../src/api/connection";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
import { deferred, errorResponse, json, silence } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

const TRANSCRIPT = "/participant/transcript";
const SECOND = 1_000;

let chat: ChatUnderTest;
let stored: StoredTranscript;
let session: CustomerChatSession;
/** The items that onMessage received: each item's Id, or its text if it has no Id, and its attachment's status. */
let delivered: string[];
let outcomes: unknown[];

/** Records a session's messages and recoveries. */
function recordItems(target: CustomerChatSession): CustomerChatSession {
  target.onMessage(({ data }) =>
    delivered.push([data.Id || data.Content, data.Attachments?.[0]?.Status].filter(Boolean).join(" ")),
  );
  target.onMessagesRecovered(({ data }) => outcomes.push(data));
  return target;
}

beforeEach(async () => {
  chat = new ChatUnderTest();
  chat.platform.randomValue = 0;
  stored = new StoredTranscript(chat);
  delivered = [];
  outcomes = [];
  session = await chat.connected(recordItems(chat.customer()));
});

afterEach(async () => {
  session.dispose();
  await chat.platform.settle();
  chat.completeCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

/** Imitates a reload of the page: resumes the session from its snapshot, which is serialized as JSON. */
async function reload(whileClosed: () => void = () => undefined): Promise<void> {
  const snapshot: unknown = JSON.parse(JSON.stringify(session.snapshot()));
  session.dispose();
  chat.completeCloses();
  whileClosed();
  session = recordItems(chat.customer({}, snapshot as ReturnType<typeof session.snapshot>));
  await chat.connected(session);
  await chat.platform.advance(0);
}

const file = (Status: string): Record<string, unknown> => ({
  Type: "ATTACHMENT",
  ContentType: "image/png",
  Content: undefined,
  Attachments: [{ AttachmentId: "a", Status }],
});

describe("B9: an item that is in progress when the link is lost", () => {
  const change = (): void => void Object.assign(stored.items[0] ?? {}, file("APPROVED"));

  beforeEach(async () => {
    await stored.send(file("IN_PROGRESS"));
    // The item is then too old for a recovery to begin at its time.
    await chat.advance(180 * SECOND);
    await stored.send();
  });

  test("doesn't make a recovery count reported items again if live items stop waiting before the newest page arrives", async () => {
    let isAnswered = false;
    chat.service.on(TRANSCRIPT, (call) =>
      call.body["ScanDirection"] === "FORWARD" || isAnswered ? stored.respond(call) : silence(call),
    );
    await chat.gap(() => {
      change();
      stored.store({ Id: "missed" });
    });
    await stored.send({ Id: "live" });
    await chat.advance(15 * SECOND);
    expect(outcomes).toEqual([{ count: 1, complete: false }]);
    isAnswered = true;
    await chat.advance(40 * SECOND);
    expect(delivered.slice(2)).toEqual(["missed", "live", "stored-1 APPROVED"]);
    expect(outcomes.slice(1)).toEqual([{ count: 1, complete: true }]);
  });

  test("is delivered in its later version from the newest page, and is counted", async () => {
    await chat.gap(change);
    expect(delivered).toEqual(["stored-1 IN_PROGRESS", "stored-2", "stored-1 APPROVED"]);
    expect(outcomes).toEqual([{ count: 1, complete: true }]);
    await chat.gap(() => undefined);
    await chat.advance(20 * SECOND);
    expect(delivered).toHaveLength(3);
    expect(stored.calls.filter(({ body }) => body["ScanDirection"] === "BACKWARD")).toHaveLength(1);
  });

  test("is looked up again by the second look, which finds its later version if the transcript lagged behind", async () => {
    await chat.gap(() => undefined);
    change();
    await chat.advance(20 * SECOND);
    expect(delivered.at(-1)).toBe("stored-1 APPROVED");
  });

  test("is found in the page that is fetched for the transcript if onTranscriptUpdated has a handler", async () => {
    session.onTranscriptUpdated(() => undefined);
    await chat.gap(change);
    await chat.advance(20 * SECOND);
    expect(delivered.at(-1)).toBe("stored-1 APPROVED");
    expect(delivered).toHaveLength(3);
  });

  test("is delivered in its later version after a reload, because the snapshot records that it was in progress", async () => {
    await reload(change);
    expect(delivered.at(-1)).toBe("stored-1 APPROVED");
  });

  test("isn't looked up again after the newest page didn't contain it", async () => {
    stored.items.splice(0, 1);
    await chat.gap(() => undefined);
    await chat.gap(() => undefined);
    expect(stored.calls.map(({ body }) => body["ScanDirection"])).toEqual(["FORWARD", "BACKWARD", "FORWARD"]);
  });

  test("isn't delivered again after the application has fetched its later version", async () => {
    change();
    await session.getTranscript();
    await chat.gap(() => undefined);
    await chat.advance(20 * SECOND);
    expect(delivered).toEqual(["stored-1 IN_PROGRESS", "stored-2"]);
  });

  test("isn't looked up if its final version arrived live, even if a page then has the earlier version", async () => {
    await chat.receive(chat.item({ Id: "stored-1", ...file("APPROVED") }));
    await session.getTranscript();
    await chat.gap(() => undefined);
    expect(delivered).toEqual(["stored-1 IN_PROGRESS", "stored-2", "stored-1 APPROVED"]);
    expect(stored.calls.filter(({ body }) => body["ScanDirection"] === "BACKWARD").length).toBe(1);
  });
});

test("an old item in progress doesn't make a recovery start earlier than the first recovery would", async () => {
  const startOf = ({ body }: (typeof stored.calls)[number]): number =>
    Date.parse((body["StartPosition"] as { AbsoluteTime: string }).AbsoluteTime);
  const connectedAt = chat.platform.time;
  await chat.receive({
    ...chat.item({ Id: "old", AbsoluteTime: new Date(connectedAt - 100 * SECOND).toISOString() }),
    ...file("IN_PROGRESS"),
  });
  await chat.gap(() => undefined);
  const [first] = stored.calls;
  expect(first && startOf(first)).toBeGreaterThanOrEqual(connectedAt - 71 * SECOND);
});

describe("B8: a snapshot whose newest item is a bot's answer", () => {
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

  test("doesn't cause older messages to be delivered again after resuming and a loss if the answer is complete", async () => {
    await chat.receive(stored.store({ Id: "question" }));
    const first = stored.store(piece(1, "Hel"));
    await chat.receive(first);
    await chat.advance(15 * SECOND);
    await stored.send({ Id: "older" });
    await chat.advance(15 * SECOND);
    // The service stores the answer with the time of its first piece.
    Object.assign(stored.items[1] ?? {}, piece(2, "Hello", true));
    await chat.receive({
      ...first,
      ...piece(2, "Hello", true),
      AbsoluteTime: new Date(chat.platform.time).toISOString(),
    });
    delivered = [];
    await reload();
    await chat.advance(20 * SECOND);
    await chat.gap(() => undefined);
    await chat.advance(20 * SECOND);
    expect(delivered).toEqual([]);
  });

  test("makes the resumed session continue with the next piece and hold back the cursor if the answer is unfinished", async () => {
    const texts: unknown[] = [];
    await stored.send(piece(1, "Hel"));
    stored.items.length = 0;
    await reload();
    session.onMessage(({ data }) => texts.push(data.Content));
    await chat.receive(chat.item(piece(2, "lo, ")));
    expect(texts).toEqual(["Hello, "]);
    await chat.advance(30 * SECOND);
    await stored.send({ Id: "other" });
    await chat.gap(() => {
      stored.items.unshift({ ...chat.item(piece(3, "Hello, world", true)) });
    });
    expect(texts.at(-1)).toBe("Hello, world");
  });
});

test("a bot's answer that was stored without streaming metadata isn't delivered again when its last piece arrives", async () => {
  const answer = { Id: "answer", ParticipantRole: "SYSTEM" };
  await chat.receive(
    chat.item({ ...answer, Content: "Hel", MessageMetadata: { MessageCompleted: false, ChunkNumber: 1 } }),
  );
  await chat.gap(() => stored.store({ ...answer, Content: "Hello" }));
  expect(delivered).toEqual(["answer", "answer"]);
  await chat.receive(
    chat.item({ ...answer, Content: "Hello", MessageMetadata: { MessageCompleted: true, ChunkNumber: 2 } }),
  );
  expect(delivered).toHaveLength(2);
});

test.each(["with", "without"])(
  "B14: a recovery's page loses only the item that is nested 20,000 levels deep, %s an onTranscriptUpdated handler",
  async (handler) => {
    if (handler === "with") session.onTranscriptUpdated(() => undefined);
    const deepArray = "[".repeat(20_000) + "]".repeat(20_000);
    await chat.gap(() => {
      stored.store({ Id: "before" });
      stored.store({ Id: "after" });
      chat.service.next(TRANSCRIPT, (call) => {
        const page = stored.respond(call);
        const item = JSON.stringify(chat.item({ Id: "deep" })).replace(/}$/, `,"Extra":${deepArray}}`);
        return page
          .text()
          .then((text) => new Response(text.replace('"Transcript":[', `"Transcript":[${item},`)));
      });
    });
    expect(delivered).toEqual(["before", "after"]);
    expect(outcomes).toEqual([{ count: 2, complete: true }]);
    await chat.receive(chat.item({ Id: "live" }));
    expect(delivered.at(-1)).toBe("live");
  },
);

describe("B15: items without an Id", () => {
  const itemWithoutId = (Content: string): Record<string, unknown> => ({ Id: undefined, Content });

  test("are delivered once each, live and in gaps, despite second looks", async () => {
    await stored.send(itemWithoutId("live"));
    await chat.gap(() => {
      chat.platform.time += 1;
      stored.store(itemWithoutId("missed 1"));
    });
    await chat.advance(SECOND);
    await stored.send(itemWithoutId("live 2"));
    await chat.advance(20 * SECOND);
    await chat.gap(() => stored.store(itemWithoutId("missed 2")));
    await chat.advance(20 * SECOND);
    expect(delivered).toEqual(["live", "missed 1", "live 2", "missed 2"]);
  });

  test("are delivered once each if they are held during a recovery that also finds them", async () => {
    const page = deferred<Response>();
    chat.platform.socket.end();
    await chat.platform.settle();
    chat.service.next(TRANSCRIPT, () => page.promise);
    await chat.nextSocket(60 * SECOND);
    await chat.open();
    await chat.platform.advance(0);
    await stored.send(itemWithoutId("held"));
    page.resolve(json({ InitialContactId: chat.contactId, Transcript: stored.items }));
    await chat.platform.settle();
    expect(delivered).toEqual(["held"]);
  });

  test("aren't delivered again after a reload if they were delivered before the reload", async () => {
    await stored.send(itemWithoutId("live"));
    await reload(() => {
      chat.platform.time += 1;
      stored.store(itemWithoutId("missed"));
    });
    expect(delivered).toEqual(["live", "missed"]);
  });
});

describe("B18: 20 damaged frames a second", () => {
  const damage = (): void => chat.platform.socket.receive({ topic: "aws/chat", content: "{" });
  const requestsPerMinute = (): number[] => {
    const minutes = new Map<number, number>();
    for (const at of times)
      minutes.set(Math.floor(at / 60_000), (minutes.get(Math.floor(at / 60_000)) ?? 0) + 1);
    return [...minutes.values()];
  };
  let times: number[];

  test.each(["contained items", "contained nothing"])(
    "cause at most 6 GetTranscript calls in any minute if the frames %s, and all missing items are delivered in the end",
    async (contents) => {
      times = [];
      chat.service.on(TRANSCRIPT, (call) => {
        times.push(chat.platform.time);
        return stored.respond(call);
      });
      for (let frame = 0; frame < 20 * 180; frame += 1) {
        if (contents === "contained items" && frame % 20 === 0) stored.store();
        damage();
        if (frame % 20 === 19) await chat.advance(SECOND);
      }
      expect(
        Math.max(...times.map((at) => times.filter((other) => other >= at && other < at + 60_000).length)),
      ).toBeLessThanOrEqual(6);
      expect(requestsPerMinute().length).toBeGreaterThan(1);
      await chat.advance(240 * SECOND);
      expect(delivered).toHaveLength(stored.items.length);
    },
  );
});

test("B21: 2,200 live items that arrive while GetTranscript is throttled are delivered once, and the recovery is incomplete", async () => {
  await stored.send();
  chat.service.on(TRANSCRIPT, () => errorResponse(429, "ThrottlingException"));
  await chat.gap(() => undefined);
  for (let number = 0; number < 2_200; number += 1) {
    chat.platform.time += 50;
    chat.send(stored.store());
  }
  await chat.advance(20 * SECOND);
  chat.service.on(TRANSCRIPT, (call) => stored.respond(call));
  await chat.advance(600 * SECOND);
  expect(new Set(delivered).size).toBe(2_201);
  expect(delivered).toHaveLength(2_201);
  expect(outcomes.at(-1)).toEqual({ count: 0, complete: false });
});

describe("B6: an external manager", () => {
  /** Imitates Streams' manager, which reports connectionGain before it has subscribed again. */
  class ExternalManager implements ChatWebSocketManager {
    readonly #callbacks = new Map<string, (payload: unknown) => unknown>();
    subscribeTopics = (): void => undefined;
    onMessage = (): (() => void) => () => undefined;
    onConnectionGain = (callback: (payload: unknown) => unknown): (() => void) => this.#add("gain", callback);
    onConnectionLost = (callback: (payload: unknown) => unknown): (() => void) => this.#add("lost", callback);
    onSubscriptionUpdate = (callback: (payload: unknown) => unknown): (() => void) =>
      this.#add("subscribed", callback);
    onSubscriptionFailure = (callback: (payload: unknown) => unknown): (() => void) =>
      this.#add("rejected", callback);
    #add(name: string, callback: (payload: unknown) => unknown): () => void {
      this.#callbacks.set(name, callback);
      return () => void this.#callbacks.delete(name);
    }
    emit(name: string, payload?: unknown): void {
      this.#callbacks.get(name)?.(payload);
    }
    confirmSubscription(): void {
      this.emit("subscribed", { content: { status: "success", topics: ["aws/chat"] } });
    }
  }

  test("triggers a recovery when a subscription succeeds after the first subscription failed, so no message is missed", async () => {
    session.dispose();
    const manager = new ExternalManager();
    session = recordItems(
      chat.library.ChatSession.create({
        type: "CUSTOMER",
        chatDetails: { contactId: chat.contactId, participantId: "me", participantToken: "t" },
        websocketManager: manager,
        disableCSM: true,
      }),
    );
    await session.connect();
    await chat.platform.settle();
    const requests = stored.calls.length;
    manager.emit("rejected", { content: { status: "failure", topics: ["aws/chat"] } });
    await chat.platform.advance(10 * SECOND);
    stored.store();
    expect(stored.calls).toHaveLength(requests);
    await chat.platform.advance(SECOND);
    manager.confirmSubscription();
    await chat.platform.advance(2 * SECOND);
    expect(delivered).toEqual(["stored-1"]);
  });

  test("triggers another recovery when its subscription is confirmed 1.5 s after connectionGain, so no message is missed", async () => {
    session.dispose();
    const manager = new ExternalManager();
    session = recordItems(
      chat.library.ChatSession.create({
        type: "CUSTOMER",
        chatDetails: { contactId: chat.contactId, participantId: "me", participantToken: "t" },
        websocketManager: manager,
        disableCSM: true,
      }),
    );
    await session.connect();
    await chat.platform.settle();
    manager.emit("lost");
    await chat.platform.advance(SECOND);
    stored.store();
    manager.emit("gain");
    await chat.platform.advance(1_400);
    expect(delivered).toEqual(["stored-1"]);
    for (let number = 0; number < 6; number += 1) stored.store();
    await chat.platform.advance(100);
    manager.confirmSubscription();
    await chat.platform.advance(SECOND);
    expect(delivered).toHaveLength(7);
    const requests = stored.calls.length;
    // A later confirmation doesn't indicate a gap, because the manager only replaced its socket.
    await chat.platform.advance(20 * SECOND);
    manager.confirmSubscription();
    await chat.platform.advance(20 * SECOND);
    expect(stored.calls).toHaveLength(requests + 1);
    manager.emit("lost");
    manager.confirmSubscription();
    await chat.platform.advance(SECOND);
    expect(stored.calls).toHaveLength(requests + 1);
  });
});
