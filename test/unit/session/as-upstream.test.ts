import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest, EVENT, NOTHING_LEFT } from "../../support/chat-under-test";
import { deferred, errorResponse, iso, rejection } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

const MESSAGE = "/participant/message";
const EVENTS = "/participant/event";
const TRANSCRIPT = "/participant/transcript";

let chat: ChatUnderTest;
let session: CustomerChatSession;

beforeEach(async () => {
  chat = new ChatUnderTest();
  session = await chat.connected(chat.customer());
});

afterEach(async () => {
  session.dispose();
  await chat.platform.settle();
  chat.completeCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

describe("at the end of the chat", () => {
  test("transcriptUpdated fires after the chat.ended item's message event and before ended", async () => {
    const emitted: unknown[] = [];
    session.onMessage(({ data }) => emitted.push(["message", data.ContentType]));
    session.onTranscriptUpdated(({ data }) => emitted.push(["transcript", data.transcript.length]));
    session.onEnded(({ data }) => emitted.push(["ended", data]));
    session.onConnectionLost(() => emitted.push("lost"));
    session.onConnectionBroken(() => emitted.push("broken"));
    await chat.receive(chat.event("chat.ended"));
    expect(emitted).toEqual([
      ["message", `${EVENT}chat.ended`],
      ["transcript", 1],
      ["ended", null],
    ]);
    expect(session.getConnectionStatus()).toBe("Broken");
  });

  test("a handler that modifies the chat.ended item doesn't modify the transcript", async () => {
    const texts: unknown[] = [];
    session.onMessage(({ data }) => (data.Content = "changed"));
    session.onTranscriptUpdated(({ data }) => texts.push(data.transcript.at(-1)?.Content));
    await chat.receive(chat.event("chat.ended"));
    expect(texts).toEqual([undefined]);
  });

  test("a handler that modifies the item that the library creates after a 403 doesn't modify another chat's item", async () => {
    const texts: unknown[] = [];
    for (const each of [chat, new ChatUnderTest()]) {
      const ending = each === chat ? session : await each.connected(each.customer());
      ending.onMessage(({ data }) => {
        texts.push(data.Content);
        data.Content = "changed";
      });
      each.service.endChat();
      await each.advance(120_000);
      each.platform.socket.end();
      await each.platform.advance(5_000);
    }
    expect(texts).toEqual([undefined, undefined]);
  });

  test("transcriptUpdated fires for each item that arrived just before chat.ended", async () => {
    const lengths: number[] = [];
    session.onTranscriptUpdated(({ data }) => lengths.push(data.transcript.length));
    chat.send(chat.item({ Id: "first" }));
    chat.send(chat.item({ Id: "last words" }));
    chat.send(chat.event("chat.ended"));
    await chat.platform.settle();
    expect(lengths).toEqual([1, 2, 3]);
  });

  test("the chat.ended item that the library creates after a 403 isn't added to the transcript", async () => {
    const emitted: string[] = [];
    session.onMessage(() => emitted.push("message"));
    session.onTranscriptUpdated(() => emitted.push("transcript"));
    session.onEnded(() => emitted.push("ended"));
    session.onConnectionBroken(() => emitted.push("broken"));
    chat.service.endChat();
    await chat.advance(120_000);
    chat.platform.socket.end();
    await chat.platform.advance(5_000);
    expect(emitted).toEqual(["message", "ended"]);
  });
});

describe("session.controller", () => {
  /** Imitates a framework's reactive state: every object that is read through the proxy is also wrapped in a proxy. */
  const makeReactive = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(from, key, receiver) {
        const value: unknown = Reflect.get(from, key, receiver);
        return typeof value === "object" && value !== null ? makeReactive(value) : value;
      },
    });
  // Object.create() doesn't keep the type of its prototype.
  const derive = <Target extends object>(target: Target): Target => Object.create(target) as Target;

  test.each([
    ["a proxy", makeReactive],
    ["an object that inherits from it", derive],
  ])("works through %s", async (_, wrap) => {
    const { controller } = wrap({ controller: wrap(session.controller) });
    expect(controller.contactId).toBe(chat.contactId);
    expect(controller.connectionState).toBe("connected");
    expect(controller.getConnectionStatus()).toBe("Established");
    expect(controller.getChatDetails()).toEqual(session.getChatDetails());
    const emitted: unknown[] = [];
    controller.subscribe("INCOMING_MESSAGE", () => emitted.push("subscribed"));
    controller.on("message", () => emitted.push("on"));
    await chat.receive(chat.item());
    expect(emitted).toEqual(["subscribed", "on"]);
    expect(await controller.sendMessage({ message: "hello", contentType: "text/plain" })).toHaveProperty(
      "data.Id",
    );
  });
});

describe("a handler that modifies the item it receives", () => {
  beforeEach(() => {
    session.onMessage(({ data }) => {
      data.Content = "changed";
    });
  });

  test("doesn't modify the transcript", async () => {
    const transcripts: unknown[] = [];
    session.onTranscriptUpdated(({ data }) =>
      transcripts.push(
        data.transcript.map(({ Content, serializedContent }) => [
          Content,
          serializedContent?.includes("changed"),
        ]),
      ),
    );
    await chat.receive(chat.item());
    expect(transcripts).toEqual([[["hello", false]]]);
  });

  test("doesn't affect deduplication, live or in a recovery", async () => {
    const stored = new StoredTranscript(chat);
    const ids: unknown[] = [];
    session.onMessage(({ data }) => ids.push(data.Id));
    const item = await stored.send();
    await chat.receive(item);
    chat.platform.socket.end();
    await chat.nextSocket(2_000);
    await chat.open();
    await chat.advance(5_000);
    expect(stored.calls).toHaveLength(1);
    expect(ids).toEqual(["stored-1"]);
  });
});

describe("empty arguments", () => {
  test("an empty idempotency token counts as omitted", async () => {
    await session.sendMessage({ message: "hello", contentType: "text/plain", clientToken: "" });
    expect(chat.service.to(MESSAGE).map(({ body }) => body["ClientToken"])).toEqual([
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    ]);
  });

  test("a transcript request's empty nextToken, contactId and startPosition fields count as omitted", async () => {
    await session.getTranscript({
      startPosition: { id: "", absoluteTime: "" },
      nextToken: "",
      contactId: "",
    });
    expect(chat.service.to(TRANSCRIPT).map(({ body }) => body)).toEqual([
      { MaxResults: 15, ScanDirection: "BACKWARD", SortOrder: "ASCENDING", StartPosition: {} },
    ]);
  });

  test("an empty initial contact ID counts as omitted", () => {
    const other = chat.customer({ initialContactId: "" });
    expect(other.getChatDetails().initialContactId).toBe(chat.contactId);
    other.dispose();
  });

  test("history(null) starts with the newest item", async () => {
    const stored = new StoredTranscript(chat);
    stored.store();
    const ids: unknown[] = [];
    for await (const { Id } of session.history(null)) ids.push(Id);
    expect(ids).toEqual(["stored-1"]);
    expect(stored.calls.map(({ body }) => body)).toMatchObject([
      { MaxResults: 100, ScanDirection: "BACKWARD" },
    ]);
  });
});

describe("after reset()", () => {
  test("a new transcript handler receives nothing about a message that was in flight", async () => {
    session.onTranscriptUpdated(() => undefined);
    const response = deferred<Response>();
    chat.service.on(MESSAGE, () => response.promise);
    const sending = rejection(session.sendMessage({ message: "hello", contentType: "text/plain" }));
    await chat.platform.settle();
    await session.reset();
    const emitted: unknown[] = [];
    session.onTranscriptUpdated(({ data }) => emitted.push(data));
    response.resolve(errorResponse(400, "ValidationException"));
    expect(await sending).toMatchObject({ code: "Aborted" });
    await chat.platform.settle();
    expect(emitted).toEqual([]);
  });

  test("the first connectionEstablished carries the new connect()'s result", async () => {
    await session.reset();
    const emitted: unknown[] = [];
    session.onConnectionEstablished((event) => emitted.push(event));
    await session.connect({ metadata: "again" });
    await chat.platform.settle();
    await chat.open();
    expect(emitted).toMatchObject([{ connectSuccess: true, metadata: "again", data: {} }]);
  });
});

test("a failed message has the time of its failure in the transcript", async () => {
  const transcripts: unknown[] = [];
  session.onTranscriptUpdated(({ data }) =>
    transcripts.push(
      data.transcript.map(({ AbsoluteTime, MessageMetadata }) => [MessageMetadata?.Status, AbsoluteTime]),
    ),
  );
  chat.service.on(MESSAGE, () => errorResponse(400, "ValidationException"));
  await rejection(session.sendMessage({ message: "hello", contentType: "text/plain" }));
  await chat.platform.settle();
  expect(transcripts.at(-1)).toEqual([["FAILED", expect.stringMatching(/^\d{4}-.*Z$/)]]);
});

test("a failed message keeps its position in the transcript on a device whose clock is three minutes slow", async () => {
  const transcripts: unknown[] = [];
  session.onTranscriptUpdated(({ data }) => transcripts.push(data.transcript.map(({ Content }) => Content)));
  const receive = (Content: string): Promise<void> =>
    chat.receive(chat.item({ Id: Content, Content, AbsoluteTime: iso(chat.platform.now() + 180_000) }));
  for (const text of ["one", "two"]) await receive(text);
  chat.service.on(MESSAGE, () => errorResponse(400, "ValidationException"));
  await rejection(session.sendMessage({ message: "refused", contentType: "text/plain" }));
  await chat.platform.settle();
  expect(transcripts.at(-1)).toEqual(["one", "two", "refused"]);
  await chat.advance(1_000);
  await receive("three");
  expect(transcripts.at(-1)).toEqual(["one", "two", "refused", "three"]);
});

describe("a receipt that fails", () => {
  const READ = `${EVENT}message.read` as const;

  test("rejects with its own arguments and metadata, even if several receipts share the failed request", async () => {
    chat.service.on(EVENTS, () => errorResponse(400, "ValidationException"));
    const read = (messageId: string): Promise<unknown> =>
      rejection(session.sendEvent({ contentType: READ, content: { messageId }, metadata: messageId }));
    const rejections = Promise.all([read("a"), read("b")]);
    await chat.advance(6_000);
    expect(await rejections).toMatchObject([
      { metadata: "a", data: { content: { messageId: "a" } } },
      { metadata: "b", data: { content: { messageId: "b" } } },
    ]);
  });

  test("rejects with its arguments in upstream's fields if its content isn't JSON", async () => {
    const args = { contentType: READ, content: "no JSON", metadata: "mine" };
    expect(await rejection(session.sendEvent(args))).toMatchObject({
      errorMessage: expect.any(String),
      data: { contentType: READ, content: "no JSON" },
      metadata: "mine",
    });
  });

  test("rejects with IllegalState if connect() wasn't called", async () => {
    const other = chat.customer();
    const read = other.sendMessageReceipt({ event: "read", messageId: "m" });
    expect(await rejection(read)).toMatchObject({ code: "IllegalState" });
    other.dispose();
  });
});
