import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Entry, RequestEntry } from "../../../inspector/entries";
import { lanesOf } from "../../../inspector/view-model";
import { CHAT_EVENT_NAMES } from "../../../src/conversation/events";
import { CONNECTION_TOKEN, FakeSocket, MESSAGE_TEXT, SOCKET_URL, TOKEN, watchPage } from "./page-under-watch";

let page: ReturnType<typeof watchPage>;
beforeEach(() => {
  page = watchPage();
});
afterEach(() => page.close());

const requests = (): RequestEntry[] => page.recorder.entries.filter((entry) => entry.kind === "request");
const last = (): Entry | undefined => page.recorder.entries.at(-1);
const create = (): unknown => page.ChatSession.create({ type: "CUSTOMER", chatDetails: {} });

describe("the watched page works as before", () => {
  test("create() receives its arguments, and its session is returned", () => {
    const args = { type: "CUSTOMER", chatDetails: {} };
    expect(page.ChatSession.create(args)).toBe(page.session);
    expect(page.create).toHaveBeenCalledWith(args);
  });

  test("the inspector subscribes to every event except transcriptUpdated", () => {
    create();
    const subscribed = [...page.session.handlers.keys()];
    expect(subscribed).not.toContain("transcriptUpdated");
    expect(subscribed).toHaveLength(CHAT_EVENT_NAMES.length - 1);
  });

  test("fetch receives the same arguments, and its caller receives the same unread response", async () => {
    const response = new Response("text");
    page.fetch.mockResolvedValueOnce(response);
    const init = { method: "PUT", body: "text" };
    const received = await globalThis.fetch("https://storage.example/a?X-Amz-Signature=s", init);
    expect(received).toBe(response);
    expect(received.bodyUsed).toBe(false);
    expect(page.fetch.mock.calls[0]?.[1]).toBe(init);
  });

  test("a failed fetch rejects with the original error", async () => {
    const failure = new TypeError("Failed to fetch");
    page.fetch.mockRejectedValueOnce(failure);
    await expect(page.call("message", {})).rejects.toBe(failure);
    expect(requests()[0]?.outcome).toMatchObject({ status: null, failure: "no response" });
  });

  test("a socket is an instance of the page's WebSocket, has its constants, and sends its frames", () => {
    const socket = page.openSocket();
    socket.send("frame");
    expect(socket).toBeInstanceOf(FakeSocket);
    expect(socket).toBeInstanceOf(globalThis.WebSocket);
    expect(globalThis.WebSocket.OPEN).toBe(1);
    expect(socket.sent).toEqual(["frame"]);
  });

  test("an error in the inspector is logged and doesn't affect the page", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => undefined);
    page.recorder.onChange(() => {
      throw new Error("broken");
    });
    expect((await page.call("message", {})).status).toBe(200);
    expect(warn).toHaveBeenCalled();
    warn.mockRestore();
  });
});

describe("stop()", () => {
  test("restores fetch, WebSocket, create(), and the session's handlers", () => {
    create();
    const socket = page.openSocket();
    page.watch.stop();
    expect(globalThis.fetch).toBe(page.fetch);
    expect(globalThis.WebSocket).toBe(FakeSocket);
    expect(page.ChatSession.create).toBe(page.create);
    expect(page.session.handlerCount).toBe(0);
    expect(Object.hasOwn(socket, "send")).toBe(false);
    const before = page.recorder.entries.length;
    socket.receive("{}");
    socket.send("{}");
    expect(page.recorder.entries).toHaveLength(before);
    expect(socket.sent).toEqual(["{}"]);
  });

  test("keeps a wrapper that the page has put around fetch, and ends the recording", async () => {
    const watched = globalThis.fetch;
    const wrapper: typeof fetch = (...args) => watched(...args);
    globalThis.fetch = wrapper;
    page.watch.stop();
    expect(globalThis.fetch).toBe(wrapper);
    expect((await page.call("message", {})).status).toBe(200);
    expect(page.recorder.entries).toHaveLength(0);
  });
});

describe("requests", () => {
  test("have their operation's name and the session whose token they send", async () => {
    create();
    await page.call("connection", { Type: ["WEBSOCKET"] }, TOKEN);
    await page.call("message", { Content: MESSAGE_TEXT, ContentType: "text/plain", ClientToken: "t1" });
    await globalThis.fetch("https://shop.example/basket?user=alex");
    expect(requests().map(({ operation, session }) => [operation, session])).toEqual([
      ["CreateParticipantConnection", "s1"],
      ["SendMessage", "s1"],
      [null, null],
    ]);
    expect(requests()[2]).toMatchObject({ path: "/basket", body: undefined });
  });

  test("have their request size immediately, and their outcome and response size after the response", async () => {
    page.fetch.mockResolvedValueOnce(new Response("{}", { status: 429, headers: { "content-length": "2" } }));
    const call = page.call("message", { Content: "ä" });
    expect(requests()[0]).toMatchObject({ outcome: null, bytes: Buffer.byteLength('{"Content":"ä"}') });
    await call;
    expect(requests()[0]?.outcome).toMatchObject({ status: 429, bytes: 2 });
  });

  test("count a call's attempts by its idempotency token", async () => {
    page.fetch.mockResolvedValueOnce(new Response("", { status: 500 }));
    await page.call("message", { ClientToken: "same" });
    await page.call("message", { ClientToken: "same" });
    await page.call("message", { ClientToken: "other" });
    expect(requests().map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
  });

  test("count attempts by consecutive failures if there is no idempotency token", async () => {
    page.fetch.mockResolvedValueOnce(new Response("", { status: 503 }));
    for (let count = 0; count < 3; count += 1) await page.call("transcript", {});
    expect(requests().map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
  });
});

test("a socket's state changes and its frames in both directions are recorded for its session", () => {
  create();
  const socket = page.openSocket();
  socket.dispatchEvent(new Event("open"));
  socket.send('{"topic":"aws/subscribe","content":{"topics":["aws/chat"]}}');
  socket.receive(
    JSON.stringify({ topic: "aws/chat", content: JSON.stringify({ Id: "i", Type: "MESSAGE" }) }),
  );
  socket.dispatchEvent(Object.assign(new Event("close"), { code: 1006 }));
  expect(page.recorder.entries).toMatchObject([
    { kind: "socket", change: "opening", session: "s1" },
    { kind: "socket", change: "open", host: "sockets.example" },
    { kind: "frame", direction: "out", topic: "aws/subscribe", bytes: 59 },
    { kind: "frame", direction: "in", topic: "aws/chat", content: { Id: "i", Type: "MESSAGE" } },
    { kind: "socket", change: "closed", code: 1006, session: "s1" },
  ]);
});

test("the record contains no secrets: tokens, signatures, socket URLs", async () => {
  create();
  await page.call("message", { Content: "hi", ClientToken: "the-client-token" });
  await globalThis.fetch("https://storage.example/file?X-Amz-Signature=the-signature", { method: "PUT" });
  page.openSocket().receive('{"topic":"x","content":{"ConnectionToken":"inner"}}');
  page.session.emit("message", { Id: "1", Content: `see ${SOCKET_URL}`, serializedContent: TOKEN });
  const record = JSON.stringify(page.recorder.entries);
  for (const secret of [TOKEN, CONNECTION_TOKEN, "the-client-token", "the-signature", "inner", "secret-of"]) {
    expect(record).not.toContain(secret);
  }
});

describe("a watched session", () => {
  test("has a lane on the time axis with its connection states", () => {
    const clock = jest.spyOn(Date, "now");
    clock.mockReturnValue(1_000);
    create();
    clock.mockReturnValue(2_000);
    page.session.enter("connecting");
    clock.mockReturnValue(3_000);
    page.session.enter("connected");
    clock.mockRestore();
    const [lane] = lanesOf(page.recorder, { from: 1_500, to: 10_000 });
    expect(lane?.spans).toEqual([
      { state: "idle", from: 1_500, to: 2_000 },
      { state: "connecting", from: 2_000, to: 3_000 },
      { state: "connected", from: 3_000, to: 10_000 },
    ]);
    expect(last()).toMatchObject({ kind: "link", oldState: "connecting", newState: "connected" });
  });

  test("is watched again after reset() removed the handlers", async () => {
    create();
    page.session.handlers.clear();
    page.session.connectionState = "connecting";
    await page.call("connection", { Type: ["WEBSOCKET"] }, TOKEN);
    page.session.emit("message", { Id: "1", Type: "MESSAGE" });
    expect(page.recorder.entries.filter(({ kind }) => kind === "event")).toHaveLength(1);
  });

  test("is watched only once if it was created before inspect()", () => {
    page.watch.inspect(page.session);
    const stop = page.watch.inspect(page.session);
    page.session.emit("typing", {});
    expect(page.recorder.entries).toHaveLength(1);
    stop();
    page.session.emit("typing", {});
    expect(page.recorder.entries).toHaveLength(1);
  });

  test("has a conversation with each item once, sorted by time, with receipts, and READ is never reverted", () => {
    create();
    const emitMessage = (Id: string, AbsoluteTime: string, ParticipantId: string, recovered?: true): void =>
      page.session.emit(
        "message",
        { Id, AbsoluteTime, ParticipantId, Type: "MESSAGE" },
        recovered && { recovered },
      );
    emitMessage("b", "2026-01-01T00:00:02Z", "sam");
    emitMessage("b", "2026-01-01T00:00:02Z", "sam");
    emitMessage("a", "2026-01-01T00:00:01Z", "alex", true);
    for (const name of ["readReceipt", "deliveredReceipt"] as const) {
      page.session.emit(name, { MessageMetadata: { MessageId: "a" } });
    }
    expect(page.recorder.sessions[0]?.transcript).toMatchObject([
      { id: "a", own: true, status: "read", recovered: true },
      { id: "b", own: false, status: null, recovered: false },
    ]);
  });
});

test("a library that loads later is detected at the next request", async () => {
  page.close();
  page = watchPage();
  const { ChatSession, create: originalCreate } = page;
  page.watch.stop();
  ChatSession.create = originalCreate;
  Reflect.deleteProperty(globalThis, "connect");
  const { Watch } = await import("../../../inspector/watch");
  const watch = new Watch(page.recorder);
  Object.assign(globalThis, { connect: { ChatSession } });
  await page.call("connection", {}, TOKEN);
  create();
  expect(page.recorder.sessions).toHaveLength(1);
  watch.stop();
});
