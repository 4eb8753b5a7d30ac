import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import { CHAT_SUBSCRIBED, chatFrame, LIFE_SECONDS, ManagerUnderTest } from "../../support/manager-under-test";

let under: ManagerUnderTest;

beforeEach(() => {
  under = new ManagerUnderTest();
});

const LIFE_MS = LIFE_SECONDS * 1_000;
const NOTHING = { timers: 0, listeners: 0, openSockets: 0 };

const closing = {
  "closeWebSocket()": (): void => under.manager.closeWebSocket(),
  "terminateWebSocketManager()": (): void => under.manager.terminateWebSocketManager("over"),
};

/** Brings a new manager's link into each state in which it can be closed. */
const STATES: Readonly<Record<string, () => Promise<unknown>>> = {
  "before the start": () => Promise.resolve(),
  "while the transport is being fetched": () => {
    under.answer = () => new Promise(() => undefined);
    return under.init();
  },
  "while the socket is opening": () => under.init(),
  "while the subscription is unanswered": async () => {
    await under.init();
    under.socket.open();
    await under.platform.advance(1_500);
  },
  "after a rejected subscription": async () => {
    await under.init();
    under.socket.open();
    under.socket.receive({ topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } });
  },
  "when the link is up": () => under.up(),
  "while a heartbeat is unanswered": async () => {
    await under.up();
    await under.platform.advance(3_000);
  },
  "when the link has been up for a minute": async () => {
    await under.up();
    await under.advance(60_000);
  },
  "between two attempts": async () => {
    await under.up();
    under.socket.end(1006);
    await under.platform.advance(100);
  },
  "while the device is offline": async () => {
    await under.up();
    under.platform.online = false;
    under.socket.end(1006);
    await under.platform.advance(3_000);
  },
  "while the application's answer about the network is pending": async () => {
    await under.up();
    under.isNetworkOnline = () => new Promise(() => undefined);
    under.socket.end(1006);
    await under.platform.advance(100);
  },
  "while the application's answer about the network's return is pending": async () => {
    await under.up();
    under.isNetworkOnline = () => false;
    under.socket.end(1006);
    await under.platform.advance(1_000);
    under.isNetworkOnline = () => new Promise(() => undefined);
    await under.platform.advance(1_500);
  },
  "after the application's answers for two attempts arrived together": async () => {
    await under.up();
    const answers: ((online: boolean) => void)[] = [];
    under.isNetworkOnline = () => new Promise((resolve) => answers.push(resolve));
    under.socket.end(1006);
    await under.platform.settle();
    under.platform.signal("visible");
    await under.platform.advance(2_000);
    under.socket.end(1006);
    await under.platform.settle();
    expect(answers).toHaveLength(2);
    for (const answer of answers) answer(false);
    await under.platform.settle();
  },
  "while a phone's page is hidden": async () => {
    await under.up();
    under.platform.mobile = true;
    under.platform.visible = false;
    under.socket.end(1006);
    await under.platform.settle();
  },
  "while an aging socket's new transport is being fetched": async () => {
    await under.up();
    under.answer = () => new Promise(() => undefined);
    await under.advance(LIFE_MS);
  },
  "while an aging socket's successor is opening": async () => {
    await under.up();
    await under.advance(LIFE_MS);
  },
  "while the aging socket is being drained": async () => {
    await under.up();
    await under.advance(LIFE_MS);
    await under.accept();
    await under.platform.advance(1_000);
  },
};

describe.each(Object.keys(closing) as (keyof typeof closing)[])("%s", (how) => {
  test.each(Object.keys(STATES))("REL-11: closing the link %s leaves nothing running", async (state) => {
    await STATES[state]?.();
    const { length } = under.sockets;
    closing[how]();
    await under.platform.settle();
    expect(under.leftovers).toEqual(NOTHING);
    under.record().emitted.splice(0);
    await under.platform.advance(3_600_000);
    for (const socket of under.sockets) if (socket.readyState === 2) socket.end(1000, "", true);
    for (const signal of ["online", "visible", "resumed"] as const) under.platform.signal(signal);
    await under.platform.advance(3_600_000);
    expect(under.sockets).toHaveLength(length);
    expect(under.leftovers).toEqual(NOTHING);
    expect(under.names.filter((name) => name !== "close" && name !== "lost")).toEqual([]);
  });

  test("closes the socket with code 1000 and emits its close; only termination also emits a loss", async () => {
    under.record();
    const socket = await under.up();
    closing[how]();
    expect(socket.closedWith?.code).toBe(1000);
    socket.end(1000, "bye", true);
    expect(under.payloads("close")).toEqual([
      expect.objectContaining({ code: 1000, reason: "bye", wasClean: true }),
    ]);
    expect(under.names.includes("lost")).toBe(how === "terminateWebSocketManager()");
    expect(under.isUp).toBe(false);
  });

  test("resolves a pending init()", async () => {
    const started = under.manager.init(under.getTransport);
    await under.platform.settle();
    closing[how]();
    await expect(started).resolves.toEqual({ webSocketConnectionFailed: true });
  });

  test("can be called again", async () => {
    under.record();
    await under.up();
    closing[how]();
    const { length } = under.emitted;
    closing[how]();
    under.manager.closeWebSocket();
    under.manager.terminateWebSocketManager();
    expect(under.emitted).toHaveLength(length);
  });

  test("is final even if the transport arrives later", async () => {
    let answer: (transport: unknown) => void = () => undefined;
    under.answer = () => new Promise((resolve) => (answer = resolve));
    await under.init();
    closing[how]();
    answer(under.transport());
    await under.platform.advance(60_000);
    expect(under.sockets).toHaveLength(0);
  });

  test("is final even if the transport fetch fails later", async () => {
    let fail: (error: Error) => void = () => undefined;
    under.answer = () => new Promise((_, reject) => (fail = reject));
    await under.init();
    closing[how]();
    fail(new ChatError("NetworkError", "offline"));
    await under.platform.settle();
    expect(under.leftovers).toEqual(NOTHING);
  });

  test("is final even if the fetch of an aging socket's new transport fails later", async () => {
    await under.up();
    let fail: (error: Error) => void = () => undefined;
    under.answer = () => new Promise((_, reject) => (fail = reject));
    await under.advance(LIFE_MS);
    closing[how]();
    fail(new ChatError("NetworkError", "offline"));
    await under.platform.settle();
    expect(under.leftovers).toEqual(NOTHING);
  });

  test.each(["success", "failure"])(
    "is final even if the subscription's %s response arrives later",
    async (status) => {
      await under.init();
      under.socket.open();
      closing[how]();
      under.record().emitted.splice(0);
      under.socket.receive({ topic: "aws/subscribe", content: { status, topics: ["aws/chat"] } });
      await under.platform.settle();
      expect(under.isUp).toBe(false);
      expect(under.names).not.toContain("up");
      expect(under.leftovers).toEqual(NOTHING);
    },
  );

  test.each(["onConnectionOpen", "onConnectionGain"] as const)(
    "is final inside a callback of %s",
    async (event) => {
      under.manager[event](() => closing[how]());
      await under.init();
      under.socket.open();
      under.record().emitted.splice(0);
      under.socket.receive(CHAT_SUBSCRIBED);
      under.socket.end(1000, "", true);
      await under.platform.settle();
      expect(under.leftovers).toEqual(NOTHING);
      expect(under.names).not.toContain("gain");
      expect(under.names).not.toContain("up");
      expect(under.names.includes("lost")).toBe(how === "terminateWebSocketManager()");
      await under.platform.advance(60_000);
      expect(under.sockets).toHaveLength(1);
    },
  );

  test.each(["onConnectionClose", "onConnectionLost"] as const)(
    "is final inside a callback of %s",
    async (event) => {
      await under.up();
      under.manager[event](() => closing[how]());
      under.socket.end(1006);
      await under.platform.settle();
      expect(under.leftovers).toEqual(NOTHING);
    },
  );

  test("is final inside a callback of onSubscriptionFailure", async () => {
    under.manager.onSubscriptionFailure(() => closing[how]());
    await under.init();
    under.socket.open();
    await under.platform.advance(4_000);
    expect(under.leftovers).toEqual(NOTHING);
  });

  test("is final inside a message handler", async () => {
    const socket = await under.up();
    under.manager.onMessage("aws/chat", () => closing[how]());
    socket.receive(chatFrame("bye"));
    await under.platform.settle();
    expect(under.leftovers).toEqual(NOTHING);
  });

  test("drops a new socket's frames that are held while the old socket is drained", async () => {
    await under.up();
    await under.advance(LIFE_MS);
    const successor = await under.accept();
    under.record();
    successor.receive(chatFrame("held"));
    closing[how]();
    under.socketAt(0).end(1000, "", true);
    expect(under.payloads("chat")).toEqual([]);
  });
});

test("closeWebSocket() isn't reported as a failure to the chats on the link", async () => {
  under.record();
  await under.up();
  under.manager.closeWebSocket();
  expect(under.names).not.toContain("failed");
});

test.each([
  [["the account was closed"], "the account was closed"],
  [[], "terminated"],
])(
  "terminateWebSocketManager(%j) reports the reason to the link's chats and to onInitFailure callbacks, even late subscribers",
  async (given, reason) => {
    const failed = jest.fn();
    const initFailed = jest.fn();
    const late = jest.fn();
    under.link.listen((report) => {
      if (report.kind === "failed") failed(report.cause);
    });
    under.manager.onInitFailure(initFailed);
    await under.up();
    under.manager.terminateWebSocketManager(...given);
    expect(failed.mock.calls.map(([first]) => first)).toEqual([{ code: "manager-terminated", reason }]);
    expect(initFailed.mock.calls).toEqual([
      [{ connectWebSocketRetryCount: 0, connectionAttemptStartTime: null, reason }],
    ]);
    under.manager.onInitFailure(late);
    expect(late.mock.calls).toEqual([[]]);
  },
);
