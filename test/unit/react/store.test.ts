import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { NOTHING_LEFT } from "../../support/chat-under-test";
import { cutNetwork, deferred, errorResponse } from "../../support/fake-service";
import { CONNECTION, nextTask, StoreUnderTest } from "./store-under-test";

/** A store's chat from start to end. */

let page: StoreUnderTest;
let detach: () => void = () => undefined;
afterEach(async () => {
  detach();
  await nextTask();
});

describe("start()", () => {
  test("starts one chat, and does nothing while the chat is starting or running", async () => {
    page = new StoreUnderTest();
    detach = page.store.attach();
    expect(page.status).toBe("idle");
    void page.store.start();
    void page.store.start();
    expect(page.status).toBe("starting");
    await page.settle();
    await page.chat.open();
    expect(page.status).toBe("connected");
    await page.store.start();
    expect(page.start).toHaveBeenCalledTimes(1);
    expect(page.chat.service.to(CONNECTION)).toHaveLength(1);
    expect(page.sessions).toBe(1);
    expect(page.chat.platform.sockets).toHaveLength(1);
  });

  test("is called by the store itself with autoStart", async () => {
    page = new StoreUnderTest({ autoStart: true });
    detach = page.store.attach();
    await page.settle();
    expect(page.start).toHaveBeenCalledTimes(1);
  });

  test("called before the store is attached, as a child's effect does, starts one chat", async () => {
    page = new StoreUnderTest({ autoStart: true });
    void page.store.start();
    detach = page.store.attach();
    await page.settle();
    expect(page.start).toHaveBeenCalledTimes(1);
    expect(page.sessions).toBe(1);
  });

  test.each([
    ["an error", new Error("The backend is down."), true],
    ["an error that isn't retryable", Object.assign(new Error("Closed."), { retryable: false }), false],
    ["something that isn't an error", "closed", true],
  ])(
    "rejected by the backend with %s, the chat fails, and start() asks again",
    async (_, cause, retryable) => {
      page = new StoreUnderTest();
      detach = page.store.attach();
      page.start.mockRejectedValueOnce(cause);
      await page.store.start();
      const message = cause instanceof Error ? cause.message : "closed";
      expect(page.state).toMatchObject({
        status: "failed",
        error: { message, retryable, code: null, cause },
      });
      void page.store.start();
      expect(page.state).toMatchObject({ status: "starting", error: null });
      await page.settle();
      expect(page.start).toHaveBeenCalledTimes(2);
    },
  );

  test("after a temporary failure to connect, start() tries the same chat again", async () => {
    page = new StoreUnderTest();
    detach = page.store.attach();
    page.chat.service.on(CONNECTION, cutNetwork);
    void page.store.start();
    await page.chat.platform.advance(120_000);
    expect(page.state).toMatchObject({ status: "failed", error: { code: "NetworkError", retryable: true } });
    page.chat.service.on(CONNECTION, (call) => page.chat.service.defaultResponse(call));
    void page.store.start();
    await page.settle();
    await page.chat.open();
    expect(page.state).toMatchObject({ status: "connected", error: null });
    expect(page.start).toHaveBeenCalledTimes(1);
    expect(page.sessions).toBe(1);
  });

  test("after a permanent failure to connect, start() starts another chat", async () => {
    page = new StoreUnderTest({}, null);
    detach = page.store.attach();
    await page.settle();
    page.chat.service.next(CONNECTION, () => errorResponse(400, "ValidationException"));
    void page.store.start();
    await page.settle();
    expect(page.state).toMatchObject({ status: "failed", error: { retryable: false }, session: null });
    expect(page.saved.at(-1)).toBeNull();
    void page.store.start();
    await page.settle();
    expect(page.start).toHaveBeenCalledTimes(2);
    expect(page.sessions).toBe(2);
  });

  test("with details that create() refuses, the chat fails and says why", async () => {
    page = new StoreUnderTest();
    detach = page.store.attach();
    page.start.mockResolvedValueOnce({ ContactId: "c" });
    await page.store.start();
    expect(page.state).toMatchObject({ status: "failed", error: { code: "IllegalArgument" } });
  });
});

describe("the end", () => {
  test("end() disconnects, and the chat ends when the service says so; start() starts another one", async () => {
    page = new StoreUnderTest();
    detach = await page.connected();
    await page.chat.receive(page.chat.item({ Content: "Good-bye" }));
    void page.store.end();
    await page.settle();
    expect(page.chat.service.to("/participant/disconnect")).toHaveLength(1);
    expect(page.status).toBe("connected");
    await page.chat.receive(page.chat.event("chat.ended"));
    expect(page.status).toBe("ended");
    expect(page.shown).toContainEqual(["Good-bye", null]);
    expect(page.last).toMatchObject({ kind: "event", event: "chat.ended" });
    void page.store.start();
    expect(page.state).toMatchObject({ status: "starting" });
    await page.settle();
    expect(page.state.messages).toEqual([]);
    expect(page.start).toHaveBeenCalledTimes(2);
  });

  test("end() before the service has accepted the session gives the chat up", async () => {
    page = new StoreUnderTest();
    detach = page.store.attach();
    const backend = deferred<typeof page.chatDetails>();
    page.start.mockReturnValueOnce(backend.promise);
    void page.store.start();
    await page.settle();
    await page.store.end();
    expect(page.status).toBe("ended");
    expect(page.start.mock.calls[0]?.[0].signal.aborted).toBe(true);
    backend.resolve(page.chatDetails);
    await page.settle();
    expect(page.status).toBe("ended");
    expect(page.sessions).toBe(0);
  });

  test("end() without a chat changes nothing", async () => {
    page = new StoreUnderTest();
    detach = page.store.attach();
    await page.store.end();
    expect(page.status).toBe("idle");
  });
});

describe("a detached store", () => {
  test("attached again in the same task keeps its session and its socket", async () => {
    page = new StoreUnderTest();
    detach = await page.connected();
    const { session } = page.state;
    detach();
    detach = page.store.attach();
    await nextTask();
    expect(page.state.session).toBe(session);
    expect(page.status).toBe("connected");
    expect(page.sessions).toBe(1);
  });

  test("releases its session, sockets and timers in the next task, and reports nothing afterward", async () => {
    page = new StoreUnderTest();
    const release = await page.connected();
    const { session } = page.state;
    await page.chat.receive(page.chat.event("typing"));
    void page.store.send("Hello");
    release();
    await nextTask();
    page.chat.completeCloses();
    await page.settle();
    expect(session?.connectionState).toBe("ended");
    expect(page.chat.leftovers).toEqual(NOTHING_LEFT);
    const { changes } = page;
    await page.chat.platform.advance(60_000);
    expect(page.changes).toBe(changes);
  });

  test("leaves no timer, even if a save and a typing indicator were pending", async () => {
    jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick", "queueMicrotask"] });
    try {
      page = new StoreUnderTest({}, null);
      const release = await page.connected();
      await page.chat.receive(page.chat.event("typing"), page.chat.item({ ParticipantId: "bot" }));
      const pending = jest.getTimerCount();
      release();
      jest.advanceTimersByTime(0);
      expect(pending).toBeGreaterThan(0);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  test("attached again later continues the same chat without asking the backend", async () => {
    page = new StoreUnderTest();
    const release = await page.connected();
    await page.chat.receive(page.chat.item({ Content: "Hello" }));
    release();
    await nextTask();
    page.chat.completeCloses();
    await page.settle();
    detach = page.store.attach();
    expect(page.status).toBe("starting");
    expect(page.shown).toEqual([["Hello", null]]);
    await page.settle();
    await page.chat.open();
    expect(page.status).toBe("connected");
    expect(page.start).toHaveBeenCalledTimes(1);
    expect(page.sessions).toBe(2);
  });

  test("aborts the call of the backend, and keeps the chat that it nevertheless starts", async () => {
    page = new StoreUnderTest({}, null);
    const release = page.store.attach();
    const backend = deferred<typeof page.chatDetails>();
    page.start.mockReturnValueOnce(backend.promise);
    void page.store.start();
    await page.settle();
    release();
    await nextTask();
    expect(page.start.mock.calls[0]?.[0].signal.aborted).toBe(true);
    backend.resolve(page.chatDetails);
    await page.settle();
    expect(page.sessions).toBe(0);
    expect(page.saved).toEqual([{ chatDetails: page.chatDetails, snapshot: null }]);
  });

  test("whose chat has ended stays ended when it's attached again, even with autoStart", async () => {
    page = new StoreUnderTest({ autoStart: true });
    const release = await page.connected();
    await page.chat.receive(page.chat.event("chat.ended"));
    release();
    await nextTask();
    detach = page.store.attach();
    await page.settle();
    expect(page.status).toBe("ended");
    expect(page.start).toHaveBeenCalledTimes(1);
  });
});

test("the status follows the link, and nothing is reported without a change", async () => {
  page = new StoreUnderTest();
  detach = await page.connected();
  const { changes } = page;
  await page.chat.receive({ Type: "UNKNOWN" }, { Type: "UNKNOWN" });
  page.store.dismissError();
  expect(page.changes).toBe(changes);
  page.chat.platform.socket.end();
  await page.settle();
  expect(page.status).toBe("reconnecting");
  await page.chat.nextSocket(60_000);
  await page.chat.open();
  expect(page.status).toBe("connected");
});

test("calls without a chat set an error, and dismissError() clears it", async () => {
  page = new StoreUnderTest();
  detach = page.store.attach();
  await page.store.send("Hello");
  expect(page.state.error).toMatchObject({ code: "IllegalState", retryable: false });
  page.store.setTyping();
  page.store.markRead("id");
  page.store.dismissError();
  expect(page.state.error).toBeNull();
});

test("configure() replaces the options, so that the newest start is called", async () => {
  page = new StoreUnderTest();
  detach = page.store.attach();
  const start = jest.fn(() => Promise.resolve(page.chatDetails));
  page.store.configure({ start });
  void page.store.start();
  await page.settle();
  expect(start).toHaveBeenCalledTimes(1);
  expect(page.start).not.toHaveBeenCalled();
});
