import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatError, isChatError } from "../../../src/errors";
import { ServiceClient } from "../../../src/participant/service-client";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
import { CustomClient } from "../../support/custom-client";
import { cutNetwork, deferred, errorResponse, json, rejection, silence } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";
import { watch } from "../../support/watch";

const MESSAGE = "/participant/message";
const DISCONNECT = "/participant/disconnect";
const SECOND = 1_000;

let chat: ChatUnderTest;
let session: CustomerChatSession;

beforeEach(async () => {
  chat = new ChatUnderTest();
  session = await chat.connected(chat.customer());
});

afterEach(async () => {
  session.dispose();
  await chat.platform.settle();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

const send = (message: string, more: { signal?: AbortSignal } = {}): Promise<unknown> =>
  session.sendMessage({ message, contentType: "text/plain", ...more });
const sentTexts = (): unknown[] => chat.service.to(MESSAGE).map(({ body }) => body["Content"]);
const tokens = (): unknown[] => chat.service.to(MESSAGE).map(({ body }) => body["ClientToken"]);
const recordStates = (): string[][] => {
  const transcripts: string[][] = [];
  session.onTranscriptUpdated(({ data }) =>
    transcripts.push(
      data.transcript.map(
        ({ Content, MessageMetadata }) => `${Content ?? ""} ${MessageMetadata?.Status ?? ""}`,
      ),
    ),
  );
  return transcripts;
};

describe("the message queue", () => {
  test("REL-07: messages are sent one at a time, in order, even if attempts fail", async () => {
    chat.service.next(MESSAGE, cutNetwork, () => errorResponse(503, "InternalServerException"), cutNetwork);
    const results = Promise.allSettled(["a", "b", "c", "d"].map((text) => send(text)));
    await chat.advance(60 * SECOND);
    const outcomes = await results;
    expect(sentTexts()).toEqual(["a", "a", "a", "b", "c", "d"]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "fulfilled"]);
    expect(new Set(tokens().slice(0, 3)).size).toBe(1);
    expect(new Set(tokens()).size).toBe(4);
  });

  test("rejects a message after three attempts of ten seconds each, and sends the next message", async () => {
    chat.service.next(MESSAGE, silence, silence, silence);
    const first = watch(send("a"));
    const second = watch(send("b"));
    await chat.advance(29 * SECOND);
    expect(first.outcome).toBe("pending");
    await chat.advance(SECOND);
    expect(first.outcome).toBe("Timeout");
    await chat.platform.settle();
    expect(second.outcome).toBe("resolved");
  });

  test("immediately drops a queued message whose signal is aborted, and never sends it", async () => {
    const response = deferred<Response>();
    chat.service.next(MESSAGE, () => response.promise);
    const aborter = new AbortController();
    const first = watch(send("a"));
    const second = watch(send("b", { signal: aborter.signal }));
    const third = watch(send("c"));
    aborter.abort();
    await chat.platform.settle();
    expect([first.outcome, second.outcome, third.outcome]).toEqual(["pending", "Aborted", "pending"]);
    response.resolve(json({ Id: "1", AbsoluteTime: "2026-01-01T00:00:00.000Z" }));
    await chat.platform.settle();
    expect(sentTexts()).toEqual(["a", "c"]);
    expect(third.outcome).toBe("resolved");
  });

  test("sends all messages in order when the user leaves the page, and then a queued disconnect", async () => {
    const order: string[] = [];
    for (const path of [MESSAGE, DISCONNECT])
      chat.service.on(path, (call) => {
        order.push(path === DISCONNECT ? "disconnect" : JSON.stringify(call.body["Content"]));
        return silence(call);
      });
    const results = Promise.allSettled([send("a"), send("b"), send("c"), session.disconnectParticipant()]);
    await chat.platform.settle();
    expect(order).toEqual(['"a"']);
    chat.platform.signal("hidden");
    await chat.platform.settle();
    expect(order).toEqual(['"a"']);
    chat.platform.signal("leaving");
    await chat.platform.settle();
    expect(order).toEqual(['"a"', '"b"', '"c"', "disconnect"]);
    session.dispose();
    await results;
  });

  test("sends calls immediately while the page is being left, and one at a time again after the page resumes", async () => {
    const order: string[] = [];
    for (const path of [MESSAGE, DISCONNECT])
      chat.service.on(path, (call) => {
        order.push(path === DISCONNECT ? "disconnect" : JSON.stringify(call.body["Content"]));
        return silence(call);
      });
    chat.platform.signal("leaving");
    const results = [send("a"), session.disconnectParticipant()];
    await chat.platform.settle();
    expect(order).toEqual(['"a"', "disconnect"]);
    chat.platform.signal("resumed");
    results.push(send("b"));
    await chat.platform.settle();
    expect(order).toEqual(['"a"', "disconnect"]);
    session.dispose();
    await Promise.allSettled(results);
  });

  test("delays a disconnect by at most five seconds for the messages before it", async () => {
    chat.service.next(MESSAGE, silence);
    const first = rejection(send("a"));
    const disconnect = watch(session.disconnectParticipant());
    await chat.advance(4_999);
    expect(chat.service.to(DISCONNECT)).toHaveLength(0);
    await chat.advance(1);
    await chat.platform.settle();
    expect(chat.service.to(DISCONNECT)).toHaveLength(1);
    expect(disconnect.outcome).toBe("resolved");
    session.dispose();
    await first;
  });

  test("doesn't delay a disconnect for a message that is held while offline", async () => {
    chat.platform.online = false;
    chat.service.on(MESSAGE, cutNetwork);
    const heldMessage = rejection(send("a"));
    const first = watch(session.disconnectParticipant());
    await chat.platform.settle();
    const second = watch(session.disconnectParticipant());
    await chat.platform.settle();
    expect([first.outcome, second.outcome]).toEqual(["resolved", "resolved"]);
    expect(chat.service.to(DISCONNECT)).toHaveLength(2);
    session.dispose();
    await heldMessage;
  });

  test("doesn't delay typing events, receipts or transcripts", async () => {
    chat.service.next(MESSAGE, silence);
    const heldMessage = watch(send("a"));
    await session.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing" });
    await session.sendMessageReceipt({ event: "read", messageId: "m" });
    await session.getTranscript();
    expect(heldMessage.outcome).toBe("pending");
  });
});

test("a receipt uses the Id of its message if messageId is empty", async () => {
  const args = { event: "read", messageId: "", message: { Id: "m" } } as const;
  await session.sendMessageReceipt(args);
  expect(chat.service.to("/participant/event").map(({ body }) => body)).toEqual([
    expect.objectContaining({ Content: '{"messageId":"m"}' }),
  ]);
});

describe("while the device is offline", () => {
  beforeEach(() => {
    chat.platform.online = false;
    chat.service.on(MESSAGE, cutNetwork);
  });

  test("a message is held as SENDING until the network returns, and is then sent with the same idempotency token", async () => {
    const transcripts = recordStates();
    const message = watch(send("hello"));
    await chat.advance(8 * SECOND);
    expect(sentTexts()).toEqual(["hello"]);
    expect(message.outcome).toBe("pending");
    expect(transcripts.at(-1)).toEqual(["hello SENDING"]);
    chat.service.on(MESSAGE, (call) => chat.service.defaultResponse(call));
    chat.platform.online = true;
    chat.platform.signal("online");
    await chat.platform.settle();
    expect(message.outcome).toBe("resolved");
    expect(transcripts.at(-1)).toEqual(["hello SENT"]);
    expect(new Set(tokens()).size).toBe(1);
  });

  test("a message is also held with a custom client if the client rejects with a NetworkError", async () => {
    const bundled = new ServiceClient(chat.platform, { endpoint: "https://service.test", userAgent: "own" });
    const clientTokens: unknown[] = [];
    const { client } = new CustomClient(chat.platform, {
      sendMessage: (...args: Parameters<typeof bundled.sendMessage>) => {
        clientTokens.push(args[3]);
        if (chat.platform.online) return bundled.sendMessage(...args);
        return Promise.reject(new ChatError("NetworkError", "no response", { retryable: true }));
      },
    });
    chat.library.ChatSession.setGlobalConfig({ customChatClient: client });
    const customer = chat.customer();
    await customer.connect();
    const message = watch(customer.sendMessage({ message: "hello", contentType: "text/plain" }));
    await chat.advance(5 * SECOND);
    expect(message.outcome).toBe("pending");
    chat.service.on(MESSAGE, (call) => chat.service.defaultResponse(call));
    chat.platform.online = true;
    chat.platform.signal("online");
    await chat.platform.settle();
    expect(message.outcome).toBe("resolved");
    expect(clientTokens).toHaveLength(2);
    expect(new Set(clientTokens).size).toBe(1);
    customer.dispose();
  });

  test("a message rejects after it was held for ten seconds, and the next message is held for another ten seconds", async () => {
    const first = watch(send("a"));
    const second = watch(send("b"));
    await chat.advance(9_900);
    expect(first.outcome).toBe("pending");
    await chat.advance(200);
    expect([first.outcome, second.outcome]).toEqual(["NetworkError", "pending"]);
    await chat.advance(10 * SECOND);
    expect(second.outcome).toBe("NetworkError");
  });

  test("a message is held for offlineHoldTime milliseconds, or not at all if offlineHoldTime is 0", async () => {
    chat.library.ChatSession.setGlobalConfig({ features: { messageSending: { offlineHoldTime: 60_000 } } });
    const heldMessage = watch(send("a"));
    await chat.advance(59 * SECOND);
    expect(heldMessage.outcome).toBe("pending");
    await chat.advance(2 * SECOND);
    expect(heldMessage.outcome).toBe("NetworkError");
    chat.library.ChatSession.setGlobalConfig({ features: { messageSending: { offlineHoldTime: 0 } } });
    const laterMessage = watch(send("b"));
    await chat.advance(5 * SECOND);
    expect(laterMessage.outcome).toBe("NetworkError");
  });

  test("a message is sent if the network works, because the device's offline state is only a hint", async () => {
    chat.service.on(MESSAGE, (call) => chat.service.defaultResponse(call));
    expect(await send("hello")).toHaveProperty("data.Id");
  });

  test("a held message is aborted by its signal, and settled by reset()", async () => {
    const aborter = new AbortController();
    const first = watch(send("a", { signal: aborter.signal }));
    const second = watch(send("b"));
    await chat.advance(SECOND);
    aborter.abort();
    await chat.platform.settle();
    expect([first.outcome, second.outcome]).toEqual(["Aborted", "pending"]);
    await session.reset();
    await chat.platform.settle();
    expect(second.outcome).not.toBe("pending");
  });

  test("a message is also held while the application's isNetworkOnline() resolves with false", async () => {
    let online = false;
    chat.platform.online = true;
    chat.library.ChatSession.setGlobalConfig({
      webSocketManagerConfig: { isNetworkOnline: () => Promise.resolve(online) },
    });
    const message = watch(send("hello"));
    await chat.advance(3 * SECOND);
    expect(message.outcome).toBe("pending");
    online = true;
    chat.service.on(MESSAGE, (call) => chat.service.defaultResponse(call));
    await chat.advance(3 * SECOND);
    expect(message.outcome).toBe("resolved");
  });

  test("a typing event isn't held", async () => {
    chat.service.on("/participant/event", cutNetwork);
    const typing = watch(
      session.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing" }),
    );
    await chat.platform.settle();
    expect(typing.outcome).toBe("NetworkError");
  });
});

describe("a failed message", () => {
  let stored: StoredTranscript;
  beforeEach(() => {
    stored = new StoredTranscript(chat);
  });

  /** Sends a message that fails, and returns the ID for resendMessage(). */
  async function sendAndFail(text: string): Promise<string> {
    chat.service.next(MESSAGE, ...[1, 2, 3].map(() => () => errorResponse(500, "InternalServerException")));
    const failure = rejection(send(text));
    await chat.advance(30 * SECOND);
    const error = await failure;
    if (!isChatError(error)) throw new Error("not rejected with a ChatError");
    return error.messageId ?? "";
  }

  test("is resent with the same idempotency token", async () => {
    const transcripts = recordStates();
    const id = await sendAndFail("hello");
    expect(transcripts.at(-1)).toEqual(["hello FAILED"]);
    const response = deferred<Response>();
    chat.service.next(MESSAGE, () => response.promise);
    const resending = session.resendMessage(id);
    await chat.platform.settle();
    expect(transcripts.at(-1)).toEqual(["hello SENDING"]);
    response.resolve(json({ Id: "1", AbsoluteTime: "2026-01-01T00:01:00.000Z" }));
    expect((await resending).data.Id).toBe("1");
    expect(new Set(tokens()).size).toBe(1);
    expect(tokens()).toHaveLength(4);
    await chat.platform.settle();
    expect(transcripts.at(-1)).toEqual(["hello SENT"]);
  });

  test("isn't resent if the transcript shows that it arrived", async () => {
    const id = await sendAndFail("hello");
    stored.store({ Id: "arrived", ParticipantId: "me", ParticipantRole: "CUSTOMER", Content: "hello" });
    const { data, metadata } = await session.resendMessage(id, { metadata: "mine" });
    expect(data.Id).toBe("arrived");
    expect(metadata).toBe("mine");
    expect(sentTexts()).toHaveLength(3);
  });

  test("isn't mistaken for another message with the same text", async () => {
    const before = (await session.sendMessage({ message: "hello", contentType: "text/plain" })).data;
    stored.store({ Id: before.Id, ParticipantId: "me", Content: "hello" });
    stored.store({ Id: "theirs", ParticipantId: "them", Content: "hello" });
    const first = await sendAndFail("hello");
    const second = await sendAndFail("hello");
    stored.store({ Id: "arrived", ParticipantId: "me", Content: "hello" });
    expect((await session.resendMessage(first)).data.Id).toBe("arrived");
    expect((await session.resendMessage(second)).data.Id).toMatch(/^sent-/);
  });

  test("can be resent again if its lookup in the transcript failed", async () => {
    const id = await sendAndFail("hello");
    chat.service.next("/participant/transcript", () => errorResponse(400, "ValidationException"));
    expect(await rejection(session.resendMessage(id))).toMatchObject({ statusCode: 400, messageId: id });
    expect((await session.resendMessage(id)).data.Id).toBeTruthy();
  });

  test("can be resent only until it is sent, and other IDs are rejected", async () => {
    const id = await sendAndFail("hello");
    await session.resendMessage(id);
    for (const other of [id, "nothing", ""]) {
      expect(await rejection(session.resendMessage(other))).toMatchObject({
        code: "IllegalArgument",
        field: "id",
      });
    }
  });
});
