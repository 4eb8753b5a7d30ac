import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import {
  CHAT_SUBSCRIBED,
  chatFrame,
  LIFETIME_SECONDS,
  ManagerUnderTest,
} from "../../support/manager-under-test";

let harness: ManagerUnderTest;

beforeEach(() => {
  harness = new ManagerUnderTest();
});

const LIFETIME_MS = LIFETIME_SECONDS * 1_000;
const NOTHING = { timers: 0, listeners: 0, openSockets: 0 };

const CLOSE_METHODS = {
  "closeWebSocket()": (): void => harness.manager.closeWebSocket(),
  "terminateWebSocketManager()": (): void => harness.manager.terminateWebSocketManager("over"),
};

/** Brings a new manager's link into each state in which it can be closed. */
const STATES: Readonly<Record<string, () => Promise<unknown>>> = {
  "before init()": () => Promise.resolve(),
  "while the transport is being fetched": () => {
    harness.respond = () => new Promise(() => undefined);
    return harness.init();
  },
  "while the socket is opening": () => harness.init(),
  "while the subscription is unanswered": async () => {
    await harness.init();
    harness.socket.open();
    await harness.platform.advance(1_500);
  },
  "after a rejected subscription": async () => {
    await harness.init();
    harness.socket.open();
    harness.socket.receive({ topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } });
  },
  "while the link is up": () => harness.up(),
  "while a heartbeat is unanswered": async () => {
    await harness.up();
    await harness.platform.advance(3_000);
  },
  "after the link has been up for a minute": async () => {
    await harness.up();
    await harness.advance(60_000);
  },
  "between two connection attempts": async () => {
    await harness.up();
    harness.socket.end(1006);
    await harness.platform.advance(100);
  },
  "while the device is offline": async () => {
    await harness.up();
    harness.platform.online = false;
    harness.socket.end(1006);
    await harness.platform.advance(3_000);
  },
  "while isNetworkOnline() is pending": async () => {
    await harness.up();
    harness.isNetworkOnline = () => new Promise(() => undefined);
    harness.socket.end(1006);
    await harness.platform.advance(100);
  },
  "while isNetworkOnline() is pending again after it returned false": async () => {
    await harness.up();
    harness.isNetworkOnline = () => false;
    harness.socket.end(1006);
    await harness.platform.advance(1_000);
    harness.isNetworkOnline = () => new Promise(() => undefined);
    await harness.platform.advance(1_500);
  },
  "after isNetworkOnline() resolved for two attempts at the same time": async () => {
    await harness.up();
    const resolvers: ((online: boolean) => void)[] = [];
    harness.isNetworkOnline = () => new Promise((resolve) => resolvers.push(resolve));
    harness.socket.end(1006);
    await harness.platform.settle();
    harness.platform.signal("visible");
    await harness.platform.advance(2_000);
    harness.socket.end(1006);
    await harness.platform.settle();
    expect(resolvers).toHaveLength(2);
    for (const resolveOnline of resolvers) resolveOnline(false);
    await harness.platform.settle();
  },
  "while a phone's page is hidden": async () => {
    await harness.up();
    harness.platform.mobile = true;
    harness.platform.visible = false;
    harness.socket.end(1006);
    await harness.platform.settle();
  },
  "while an aging socket's new transport is being fetched": async () => {
    await harness.up();
    harness.respond = () => new Promise(() => undefined);
    await harness.advance(LIFETIME_MS);
  },
  "while an aging socket's successor is opening": async () => {
    await harness.up();
    await harness.advance(LIFETIME_MS);
  },
  "while the aging socket is being drained": async () => {
    await harness.up();
    await harness.advance(LIFETIME_MS);
    await harness.accept();
    await harness.platform.advance(1_000);
  },
};

describe.each(Object.keys(CLOSE_METHODS) as (keyof typeof CLOSE_METHODS)[])("%s", (methodName) => {
  test.each(Object.keys(STATES))("REL-11: closing the link %s leaves nothing running", async (state) => {
    await STATES[state]?.();
    const { length } = harness.sockets;
    CLOSE_METHODS[methodName]();
    await harness.platform.settle();
    expect(harness.leftovers).toEqual(NOTHING);
    harness.record().emitted.splice(0);
    await harness.platform.advance(3_600_000);
    for (const socket of harness.sockets) if (socket.readyState === 2) socket.end(1000, "", true);
    for (const signal of ["online", "visible", "resumed"] as const) harness.platform.signal(signal);
    await harness.platform.advance(3_600_000);
    expect(harness.sockets).toHaveLength(length);
    expect(harness.leftovers).toEqual(NOTHING);
    expect(harness.names.filter((name) => name !== "close" && name !== "lost")).toEqual([]);
  });

  test("closes the socket with code 1000 and emits connectionClose, and on termination also connectionLost", async () => {
    harness.record();
    const socket = await harness.up();
    CLOSE_METHODS[methodName]();
    expect(socket.closedWith?.code).toBe(1000);
    socket.end(1000, "bye", true);
    expect(harness.payloads("close")).toEqual([
      expect.objectContaining({ code: 1000, reason: "bye", wasClean: true }),
    ]);
    expect(harness.names.includes("lost")).toBe(methodName === "terminateWebSocketManager()");
    expect(harness.isUp).toBe(false);
  });

  test("resolves a pending init()", async () => {
    const initResult = harness.manager.init(harness.getTransport);
    await harness.platform.settle();
    CLOSE_METHODS[methodName]();
    await expect(initResult).resolves.toEqual({ webSocketConnectionFailed: true });
  });

  test("emits nothing when it is called again", async () => {
    harness.record();
    await harness.up();
    CLOSE_METHODS[methodName]();
    const { length } = harness.emitted;
    CLOSE_METHODS[methodName]();
    harness.manager.closeWebSocket();
    harness.manager.terminateWebSocketManager();
    expect(harness.emitted).toHaveLength(length);
  });

  test("closes the link for good, even if the transport arrives later", async () => {
    let resolveTransport: (transport: unknown) => void = () => undefined;
    harness.respond = () => new Promise((resolve) => (resolveTransport = resolve));
    await harness.init();
    CLOSE_METHODS[methodName]();
    resolveTransport(harness.transport());
    await harness.platform.advance(60_000);
    expect(harness.sockets).toHaveLength(0);
  });

  test("closes the link for good, even if the transport fetch fails later", async () => {
    let fail: (error: Error) => void = () => undefined;
    harness.respond = () => new Promise((_, reject) => (fail = reject));
    await harness.init();
    CLOSE_METHODS[methodName]();
    fail(new ChatError("NetworkError", "offline"));
    await harness.platform.settle();
    expect(harness.leftovers).toEqual(NOTHING);
  });

  test("closes the link for good, even if the fetch of an aging socket's new transport fails later", async () => {
    await harness.up();
    let fail: (error: Error) => void = () => undefined;
    harness.respond = () => new Promise((_, reject) => (fail = reject));
    await harness.advance(LIFETIME_MS);
    CLOSE_METHODS[methodName]();
    fail(new ChatError("NetworkError", "offline"));
    await harness.platform.settle();
    expect(harness.leftovers).toEqual(NOTHING);
  });

  test.each(["success", "failure"])(
    "closes the link for good, even if the subscription's %s response arrives later",
    async (status) => {
      await harness.init();
      harness.socket.open();
      CLOSE_METHODS[methodName]();
      harness.record().emitted.splice(0);
      harness.socket.receive({ topic: "aws/subscribe", content: { status, topics: ["aws/chat"] } });
      await harness.platform.settle();
      expect(harness.isUp).toBe(false);
      expect(harness.names).not.toContain("up");
      expect(harness.leftovers).toEqual(NOTHING);
    },
  );

  test.each(["onConnectionOpen", "onConnectionGain"] as const)(
    "closes the link for good when it is called in a callback of %s",
    async (event) => {
      harness.manager[event](() => CLOSE_METHODS[methodName]());
      await harness.init();
      harness.socket.open();
      harness.record().emitted.splice(0);
      harness.socket.receive(CHAT_SUBSCRIBED);
      harness.socket.end(1000, "", true);
      await harness.platform.settle();
      expect(harness.leftovers).toEqual(NOTHING);
      expect(harness.names).not.toContain("gain");
      expect(harness.names).not.toContain("up");
      expect(harness.names.includes("lost")).toBe(methodName === "terminateWebSocketManager()");
      await harness.platform.advance(60_000);
      expect(harness.sockets).toHaveLength(1);
    },
  );

  test.each(["onConnectionClose", "onConnectionLost"] as const)(
    "closes the link for good when it is called in a callback of %s",
    async (event) => {
      await harness.up();
      harness.manager[event](() => CLOSE_METHODS[methodName]());
      harness.socket.end(1006);
      await harness.platform.settle();
      expect(harness.leftovers).toEqual(NOTHING);
    },
  );

  test("closes the link for good when it is called in a callback of onSubscriptionFailure", async () => {
    harness.manager.onSubscriptionFailure(() => CLOSE_METHODS[methodName]());
    await harness.init();
    harness.socket.open();
    await harness.platform.advance(4_000);
    expect(harness.leftovers).toEqual(NOTHING);
  });

  test("closes the link for good when it is called in a message handler", async () => {
    const socket = await harness.up();
    harness.manager.onMessage("aws/chat", () => CLOSE_METHODS[methodName]());
    socket.receive(chatFrame("bye"));
    await harness.platform.settle();
    expect(harness.leftovers).toEqual(NOTHING);
  });

  test("drops a new socket's frames that are held while the old socket is drained", async () => {
    await harness.up();
    await harness.advance(LIFETIME_MS);
    const successor = await harness.accept();
    harness.record();
    successor.receive(chatFrame("held"));
    CLOSE_METHODS[methodName]();
    harness.socketAt(0).end(1000, "", true);
    expect(harness.payloads("chat")).toEqual([]);
  });
});

test("closeWebSocket() isn't reported as a failure to the chats on the link", async () => {
  harness.record();
  await harness.up();
  harness.manager.closeWebSocket();
  expect(harness.names).not.toContain("failed");
});

test.each([
  [["the account was closed"], "the account was closed"],
  [[], "terminated"],
])(
  "terminateWebSocketManager(%j) reports the reason to the link's chats and to onInitFailure callbacks, and calls late callbacks without an argument",
  async (args, reason) => {
    const reportFailure = jest.fn();
    const initFailureCallback = jest.fn();
    const lateCallback = jest.fn();
    harness.link.listen((report) => {
      if (report.kind === "failed") reportFailure(report.cause);
    });
    harness.manager.onInitFailure(initFailureCallback);
    await harness.up();
    harness.manager.terminateWebSocketManager(...args);
    expect(reportFailure.mock.calls.map(([first]) => first)).toEqual([
      { code: "manager-terminated", reason },
    ]);
    expect(initFailureCallback.mock.calls).toEqual([
      [{ connectWebSocketRetryCount: 0, connectionAttemptStartTime: null, reason }],
    ]);
    harness.manager.onInitFailure(lateCallback);
    expect(lateCallback.mock.calls).toEqual([[]]);
  },
);
