import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Entry, RequestEntry } from "../../../inspector/entries";
import { lanesOf } from "../../../inspector/view-model";
import { CHAT_EVENT_NAMES } from "../../../src/conversation/events";
import { CONNECTION_TOKEN, FakeSocket, SOCKET_URL, TOKEN, watchPage, WORDS } from "./page-under-watch";

let page: ReturnType<typeof watchPage>;
beforeEach(() => {
  page = watchPage();
});
afterEach(() => page.close());

const requests = (): RequestEntry[] => page.recorder.entries.filter((entry) => entry.kind === "request");
const last = (): Entry | undefined => page.recorder.entries.at(-1);
const create = (): unknown => page.ChatSession.create({ type: "CUSTOMER", chatDetails: {} });

describe("what is watched goes on as before", () => {
  test("create() is handed its arguments, and its session is handed back", () => {
    const given = { type: "CUSTOMER", chatDetails: {} };
    expect(page.ChatSession.create(given)).toBe(page.session);
    expect(page.create).toHaveBeenCalledWith(given);
  });

  test("a transcript is not asked for on the inspector's account", () => {
    create();
    const heard = [...page.session.handlers.keys()];
    expect(heard).not.toContain("transcriptUpdated");
    expect(heard).toHaveLength(CHAT_EVENT_NAMES.length - 1);
  });

  test("fetch gets the very arguments, and its caller the very response, unread", async () => {
    const response = new Response("text");
    page.fetch.mockResolvedValueOnce(response);
    const init = { method: "PUT", body: "text" };
    const answer = await globalThis.fetch("https://storage.example/a?X-Amz-Signature=s", init);
    expect(answer).toBe(response);
    expect(answer.bodyUsed).toBe(false);
    expect(page.fetch.mock.calls[0]?.[1]).toBe(init);
  });

  test("a failure reaches the caller as it was", async () => {
    const failure = new TypeError("Failed to fetch");
    page.fetch.mockRejectedValueOnce(failure);
    await expect(page.call("message", {})).rejects.toBe(failure);
    expect(requests()[0]?.outcome).toMatchObject({ status: null, failure: "no answer" });
  });

  test("a socket is the page's own kind, with its constants, and sends what it is given", () => {
    const socket = page.openSocket();
    socket.send("frame");
    expect(socket).toBeInstanceOf(FakeSocket);
    expect(socket).toBeInstanceOf(globalThis.WebSocket);
    expect(globalThis.WebSocket.OPEN).toBe(1);
    expect(socket.sent).toEqual(["frame"]);
  });

  test("an inspector that fails harms nobody", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => undefined);
    page.recorder.onChange(() => {
      throw new Error("broken");
    });
    expect((await page.call("message", {})).status).toBe(200);
    expect(warn).toHaveBeenCalled();
    warn.mockRestore();
  });
});

describe("switched off", () => {
  test("everything is given back", () => {
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

  test("who came later with a fetch of his own keeps it, and nothing is noted any more", async () => {
    const watched = globalThis.fetch;
    const theirs: typeof fetch = (...given) => watched(...given);
    globalThis.fetch = theirs;
    page.watch.stop();
    expect(globalThis.fetch).toBe(theirs);
    expect((await page.call("message", {})).status).toBe(200);
    expect(page.recorder.entries).toHaveLength(0);
  });
});

describe("requests", () => {
  test("are named by their operation, and belong to the session whose token they carry", async () => {
    create();
    await page.call("connection", { Type: ["WEBSOCKET"] }, TOKEN);
    await page.call("message", { Content: WORDS, ContentType: "text/plain", ClientToken: "t1" });
    await globalThis.fetch("https://shop.example/basket?user=alex");
    expect(requests().map(({ operation, session }) => [operation, session])).toEqual([
      ["CreateParticipantConnection", "s1"],
      ["SendMessage", "s1"],
      [null, null],
    ]);
    expect(requests()[2]).toMatchObject({ path: "/basket", body: undefined });
  });

  test("size and outcome are told once it is answered", async () => {
    page.fetch.mockResolvedValueOnce(new Response("{}", { status: 429, headers: { "content-length": "2" } }));
    const asked = page.call("message", { Content: "ä" });
    expect(requests()[0]).toMatchObject({ outcome: null, bytes: Buffer.byteLength('{"Content":"ä"}') });
    await asked;
    expect(requests()[0]?.outcome).toMatchObject({ status: 429, bytes: 2 });
  });

  test("tries of one call are counted by its idempotency token", async () => {
    page.fetch.mockResolvedValueOnce(new Response("", { status: 500 }));
    await page.call("message", { ClientToken: "same" });
    await page.call("message", { ClientToken: "same" });
    await page.call("message", { ClientToken: "other" });
    expect(requests().map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
  });

  test("without a token, failures in a row count", async () => {
    page.fetch.mockResolvedValueOnce(new Response("", { status: 503 }));
    for (let count = 0; count < 3; count += 1) await page.call("transcript", {});
    expect(requests().map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
  });
});

test("a socket's life and its frames are noted, in both directions, for its session", () => {
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

test("no secret is in the record: tokens, signatures, sockets' addresses", async () => {
  create();
  await page.call("message", { Content: "hi", ClientToken: "the-client-token" });
  await globalThis.fetch("https://storage.example/file?X-Amz-Signature=the-signature", { method: "PUT" });
  page.openSocket().receive('{"topic":"x","content":{"ConnectionToken":"inner"}}');
  page.session.tell("message", { Id: "1", Content: `see ${SOCKET_URL}`, serializedContent: TOKEN });
  const record = JSON.stringify(page.recorder.entries);
  for (const secret of [TOKEN, CONNECTION_TOKEN, "the-client-token", "the-signature", "inner", "secret-of"]) {
    expect(record).not.toContain(secret);
  }
});

describe("a session", () => {
  test("its states make the lane of the time axis", () => {
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

  test("is heard again after a reset took the handlers", async () => {
    create();
    page.session.handlers.clear();
    page.session.connectionState = "connecting";
    await page.call("connection", { Type: ["WEBSOCKET"] }, TOKEN);
    page.session.tell("message", { Id: "1", Type: "MESSAGE" });
    expect(page.recorder.entries.filter(({ kind }) => kind === "event")).toHaveLength(1);
  });

  test("created before, is heard from inspect() on, once", () => {
    page.watch.inspect(page.session);
    const stop = page.watch.inspect(page.session);
    page.session.tell("typing", {});
    expect(page.recorder.entries).toHaveLength(1);
    stop();
    page.session.tell("typing", {});
    expect(page.recorder.entries).toHaveLength(1);
  });

  test("its conversation holds each item once, in order of time, with receipts; read is not taken back", () => {
    create();
    const say = (Id: string, AbsoluteTime: string, ParticipantId: string, recovered?: true): void =>
      page.session.tell(
        "message",
        { Id, AbsoluteTime, ParticipantId, Type: "MESSAGE" },
        recovered && { recovered },
      );
    say("b", "2026-01-01T00:00:02Z", "sam");
    say("b", "2026-01-01T00:00:02Z", "sam");
    say("a", "2026-01-01T00:00:01Z", "alex", true);
    for (const name of ["readReceipt", "deliveredReceipt"] as const) {
      page.session.tell(name, { MessageMetadata: { MessageId: "a" } });
    }
    expect(page.recorder.sessions[0]?.said).toMatchObject([
      { id: "a", own: true, status: "read", recovered: true },
      { id: "b", own: false, status: null, recovered: false },
    ]);
  });
});

test("a library that comes later is found with the next request", async () => {
  page.close();
  page = watchPage();
  const { ChatSession, create: made } = page;
  page.watch.stop();
  ChatSession.create = made;
  Reflect.deleteProperty(globalThis, "connect");
  const { Watch } = await import("../../../inspector/watch");
  const watch = new Watch(page.recorder);
  Object.assign(globalThis, { connect: { ChatSession } });
  await page.call("connection", {}, TOKEN);
  create();
  expect(page.recorder.sessions).toHaveLength(1);
  watch.stop();
});
