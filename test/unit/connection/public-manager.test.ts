import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { CHAT_SUBSCRIBED, chatFrame, ManagerUnderTest } from "../../support/manager-under-test";

let under: ManagerUnderTest;

beforeEach(() => {
  under = new ManagerUnderTest();
});

const SUBSCRIBE = { topic: "aws/subscribe", content: { topics: ["aws/chat"] } };

describe("init()", () => {
  test("without a function is refused at once: there is nothing to ask for a socket", async () => {
    const noFunction = JSON.parse('"no function"') as typeof under.getTransport;
    await expect(under.manager.init(noFunction)).rejects.toMatchObject({
      name: "IllegalArgument",
      field: "getTransport",
    });
  });

  test("asks for the socket's details, opens their URL and resolves when the socket is open", async () => {
    const settled = jest.fn();
    under.manager.init(under.getTransport).then(settled, settled);
    await under.platform.settle();
    expect(under.socket.url).toBe("wss://chat.test/1");
    expect(settled).not.toHaveBeenCalled();
    under.socket.open();
    await under.platform.settle();
    expect(settled).toHaveBeenCalledWith({ webSocketConnectionFailed: false });
  });

  test("may be called once", async () => {
    await under.up();
    await expect(under.manager.init(under.getTransport)).rejects.toMatchObject({ code: "IllegalState" });
    expect(under.sockets).toHaveLength(1);
  });

  test("resolves when the first socket does not open, and the loss is reported once, with its cause", async () => {
    under.record();
    const settled = jest.fn();
    under.manager.init(under.getTransport).then(settled, settled);
    await under.platform.settle();
    expect(settled).not.toHaveBeenCalled();
    under.socket.end(1006);
    await under.platform.settle();
    expect(settled.mock.calls).toEqual([[{ webSocketConnectionFailed: false }]]);
    await under.nextSocket();
    under.socket.end(1006);
    expect(under.names).toEqual(["close", "down", "lost", "close"]);
    expect(under.payloads("down")).toEqual([
      { code: "upgrade-failed", reason: "the socket could not be opened" },
    ]);
  });

  test("a first socket that does not open: a subscriber that comes later gets the loss at once", async () => {
    await under.init();
    const lost = jest.fn();
    under.manager.onConnectionLost(lost);
    expect(lost).not.toHaveBeenCalled();
    under.socket.end(1006);
    const late = jest.fn();
    under.manager.onConnectionLost(late);
    expect([lost.mock.calls.length, late.mock.calls]).toEqual([1, [[]]]);
  });

  test("gives a socket that does not open within 10 s up, and opens another", async () => {
    await under.init();
    await under.platform.advance(9_999);
    expect(under.sockets).toHaveLength(1);
    await under.platform.advance(1_001);
    expect(under.socketAt(0).closedWith?.code).toBe(4000);
    expect(under.sockets).toHaveLength(2);
  });
});

describe("on an open socket", () => {
  test("the subscription goes first, then the ping, then the heartbeat", async () => {
    await under.init();
    expect(under.socket.sent).toEqual([]);
    under.socket.open();
    expect(under.socket.sent).toEqual([SUBSCRIBE, { topic: "aws/ping" }, { topic: "aws/heartbeat" }]);
  });

  test("ping and heartbeat follow every 10 s", async () => {
    const socket = await under.up();
    await under.advance(20_000);
    expect(socket.sent.slice(1)).toEqual(
      Array<unknown>(3)
        .fill([{ topic: "aws/ping" }, { topic: "aws/heartbeat" }])
        .flat(),
    );
  });

  test("topics that are added are subscribed at once, beside those that are there", async () => {
    const socket = await under.up();
    under.manager.subscribeTopics(["aws/other"]);
    expect(socket.sentOn("aws/subscribe").at(-1)).toEqual({
      topic: "aws/subscribe",
      content: { topics: ["aws/other"] },
    });
  });

  test("topics that were added are subscribed on every later socket", async () => {
    await under.up();
    under.manager.subscribeTopics(["aws/other"]);
    under.socket.end(1006);
    await under.platform.advance(1_000);
    under.socket.open();
    expect(under.socket.sent[0]).toEqual({
      topic: "aws/subscribe",
      content: { topics: ["aws/chat", "aws/other"] },
    });
  });

  test("the link is up when the subscription is accepted, not before", async () => {
    under.record();
    await under.init();
    under.socket.open();
    expect(under.names).toEqual(["gain", "open"]);
    expect(under.isUp).toBe(false);
    under.socket.receive(CHAT_SUBSCRIBED);
    expect(under.names).toEqual(["gain", "open", "allMessage", "subscriptionUpdate", "up"]);
    expect(under.isUp).toBe(true);
  });

  test("a subscription that is not answered is sent four times, told as failed, and gets a new socket", async () => {
    under.record();
    await under.init();
    const { socket } = under;
    socket.open();
    await under.platform.advance(3_999);
    expect(socket.sentOn("aws/subscribe")).toEqual([SUBSCRIBE, SUBSCRIBE, SUBSCRIBE, SUBSCRIBE]);
    expect(under.payloads("subscriptionFailure")).toEqual([]);
    await under.platform.advance(1);
    expect(under.payloads("subscriptionFailure")).toEqual([
      { topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } },
    ]);
    expect(socket.closedWith?.code).toBe(4000);
    await under.platform.advance(1_000);
    expect(under.sockets).toHaveLength(2);
  });

  test("a subscription that is refused five times is told as failed once, and gets a new socket", async () => {
    under.record();
    await under.init();
    const { socket } = under;
    const refusal = { topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] }, no: 1 };
    socket.open();
    for (let refusals = 0; refusals < 5; refusals += 1) {
      socket.receive(refusal);
      await under.platform.advance(500);
    }
    expect(socket.sentOn("aws/subscribe")).toHaveLength(5);
    expect(under.payloads("subscriptionFailure")).toEqual([refusal]);
    await under.platform.advance(1_000);
    expect(under.sockets).toHaveLength(2);
  });
});

describe("payloads", () => {
  test("of an opening: when it began, how long it took, how often it was tried and since when there was none", async () => {
    under.record();
    await under.init();
    const attemptAt = under.platform.time;
    await under.platform.advance(120);
    await under.accept();
    expect(under.payloads("open")).toEqual([
      {
        connectWebSocketRetryCount: 0,
        connectionAttemptStartTime: attemptAt,
        noOpenConnectionsTimestamp: null,
        connectionEstablishedTime: attemptAt + 120,
        timeToConnect: 120,
        timeWithoutConnection: null,
      },
    ]);
    await under.advance(1_000);
    const lostAt = under.platform.time;
    under.socket.end(1006);
    await under.platform.advance(700);
    await under.accept();
    expect(under.payloads("open")[1]).toEqual({
      connectWebSocketRetryCount: 1,
      connectionAttemptStartTime: lostAt + 500,
      noOpenConnectionsTimestamp: lostAt,
      connectionEstablishedTime: lostAt + 700,
      timeToConnect: 200,
      timeWithoutConnection: 700,
    });
  });

  test("of a loss and a close: when it opened and closed, how long it was open, and why it ended", async () => {
    under.record();
    await under.up();
    const openTimestamp = under.platform.time;
    await under.advance(2_000);
    under.socket.end(1001, "going away", true);
    const lost = {
      openTimestamp,
      closeTimestamp: openTimestamp + 2_000,
      connectionDuration: 2_000,
      code: 1001,
      reason: "going away",
    };
    expect(under.payloads("close")).toEqual([{ ...lost, wasClean: true }]);
    expect(under.payloads("lost")).toEqual([lost]);
    expect(under.names.slice(-3)).toEqual(["close", "down", "lost"]);
  });

  test("of a first socket that never opened: a close and a loss, of no duration", async () => {
    under.record();
    await under.init();
    under.socket.end(1006, "refused");
    const lost = {
      openTimestamp: null,
      closeTimestamp: under.platform.time,
      connectionDuration: 0,
      code: 1006,
      reason: "refused",
    };
    expect(under.payloads("close")).toEqual([{ ...lost, wasClean: false }]);
    expect(under.payloads("lost")).toEqual([lost]);
  });

  test("of a deep heartbeat: its time; failed: with the answer's status, or that there was none", async () => {
    under.record();
    const socket = await under.up();
    const { time: timestamp } = under.platform;
    socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" });
    socket.receive({ topic: "aws/ping", statusCode: 503, statusContent: "Unavailable" });
    expect(under.payloads("deepSuccess")).toEqual([{ timestamp }]);
    expect(under.payloads("deepFailure")).toEqual([
      { timestamp, statusCode: 503, statusContent: "Unavailable" },
    ]);
    socket.receive({ topic: "aws/heartbeat" });
    await under.platform.advance(10_000);
    socket.receive({ topic: "aws/heartbeat" });
    await under.platform.advance(5_000);
    expect(under.payloads("deepFailure")[1]).toEqual({
      timestamp: timestamp + 15_000,
      error: expect.any(String),
    });
    expect(under.names).not.toContain("lost");
  });

  test("of a topic's failure: what the server said, and not a message", async () => {
    under.record();
    const socket = await under.up();
    under.emitted.splice(0);
    socket.receive({ message: "Forbidden", connectionId: "c", requestId: "r" });
    expect(under.emitted).toEqual([
      {
        name: "topicFailure",
        payload: {
          timestamp: under.platform.time,
          errorMessage: "Forbidden",
          connectionId: "c",
          requestId: "r",
        },
      },
    ]);
  });

  test("of a message: the whole frame, to those of all topics before those of its own", async () => {
    const socket = await under.up();
    const order: unknown[] = [];
    under.manager.onMessage("aws/chat", (frame) => order.push("chat", frame));
    under.manager.onMessage("aws/other", () => order.push("other"));
    under.manager.onAllMessage((frame) => order.push("all", frame));
    socket.receive(chatFrame("hello"));
    expect(order).toEqual(["all", chatFrame("hello"), "chat", chatFrame("hello")]);
  });

  test("of heartbeats there are none: they are no messages", async () => {
    const socket = await under.up();
    under.record().emitted.splice(0);
    socket.receive({ topic: "aws/heartbeat" });
    expect(under.emitted).toEqual([]);
  });
});

describe("a late subscriber", () => {
  const argumentsOf = (subscribe: "onInitFailure" | "onConnectionGain" | "onConnectionLost"): unknown[][] => {
    const calls: unknown[][] = [];
    under.manager[subscribe]((...given: unknown[]) => calls.push(given.filter((each) => each !== undefined)));
    return calls;
  };

  test("hears of nothing before anything happened", async () => {
    await under.init();
    expect(argumentsOf("onConnectionGain")).toEqual([]);
    expect(argumentsOf("onConnectionLost")).toEqual([]);
    expect(argumentsOf("onInitFailure")).toEqual([]);
  });

  test("hears at once of a link that is open, without an argument", async () => {
    await under.up();
    expect(argumentsOf("onConnectionGain")).toEqual([[]]);
    expect(argumentsOf("onConnectionLost")).toEqual([]);
  });

  test("hears at once of a link that is lost, without an argument, until it is gained again", async () => {
    await under.up();
    under.socket.end(1006);
    expect(argumentsOf("onConnectionGain")).toEqual([]);
    expect(argumentsOf("onConnectionLost")).toEqual([[]]);
    await under.platform.advance(1_000);
    await under.accept();
    expect(argumentsOf("onConnectionGain")).toEqual([[]]);
    expect(argumentsOf("onConnectionLost")).toEqual([]);
  });

  test("hears at once of a failed start, without an argument", async () => {
    under.answer = () => ({});
    await under.init();
    expect(argumentsOf("onInitFailure")).toEqual([[]]);
    expect(argumentsOf("onConnectionGain")).toEqual([]);
  });

  test("does not hear of a link that this side has closed", async () => {
    await under.up();
    under.manager.closeWebSocket();
    expect(argumentsOf("onConnectionGain")).toEqual([]);
  });

  test("that throws while it hears harms nobody", async () => {
    await under.up();
    expect(() =>
      under.manager.onConnectionGain(() => {
        throw new Error("mine");
      }),
    ).not.toThrow();
    expect(under.logged.join("\n")).toContain("connectionGain");
  });
});

describe("callbacks", () => {
  test("are taken off by the function that their addition returned, and by it alone", async () => {
    const socket = await under.up();
    const heard: string[] = [];
    const takeOff = under.manager.onMessage("aws/chat", () => heard.push("first"));
    under.manager.onMessage("aws/chat", () => heard.push("second"));
    takeOff();
    takeOff();
    socket.receive(chatFrame("hello"));
    expect(heard).toEqual(["second"]);
  });

  test("of every kind return such a function", () => {
    const { manager } = under;
    const nothing = (): void => undefined;
    const returned = [
      manager.onInitFailure(nothing),
      manager.onConnectionOpen(nothing),
      manager.onConnectionClose(nothing),
      manager.onConnectionGain(nothing),
      manager.onConnectionLost(nothing),
      manager.onSubscriptionUpdate(nothing),
      manager.onSubscriptionFailure(nothing),
      manager.onDeepHeartbeatSuccess(nothing),
      manager.onDeepHeartbeatFailure(nothing),
      manager.onTopicFailure(nothing),
      manager.onAllMessage(nothing),
      manager.onMessage("aws/chat", nothing),
    ];
    expect(returned.map((each) => typeof each)).toEqual(Array<string>(12).fill("function"));
  });

  test("that throw, or reject, harm no other and not the link, and are logged by the event's name", async () => {
    const thrower = (): never => {
      throw new Error("mine");
    };
    under.manager.onConnectionOpen(thrower);
    under.manager.onConnectionGain(thrower);
    under.manager.onConnectionClose(thrower);
    under.manager.onConnectionLost(() => Promise.reject(new Error("mine")));
    under.manager.onAllMessage(thrower);
    under.manager.onMessage("aws/chat", thrower);
    under.record();
    const socket = await under.up();
    socket.receive(chatFrame("hello"));
    socket.end(1006);
    await under.platform.advance(1_000);
    await under.accept();
    expect(under.payloads("chat")).toEqual([chatFrame("hello")]);
    expect(under.isUp).toBe(true);
    const lines = under.logged.filter((line) => line.startsWith("error")).join("\n");
    for (const name of [
      "connectionOpen",
      "connectionGain",
      "connectionClose",
      "connectionLost",
      "allMessage",
      "aws/chat",
    ]) {
      expect(lines).toContain(name);
    }
  });
});

describe("sendMessage()", () => {
  /** Without types, as a page's script may call it. */
  const sendAnything = (frame: unknown): unknown =>
    Reflect.apply(Reflect.get(under.manager, "sendMessage") as () => void, under.manager, [frame]);

  test("sends a frame of the application's own", async () => {
    const socket = await under.up();
    under.manager.sendMessage({ topic: "app/own", content: { value: 1 } });
    expect(socket.sent.at(-1)).toEqual({ topic: "app/own", content: { value: 1 } });
  });

  test.each(["", "aws/subscribe", "aws/heartbeat", "aws/ping"])(
    "refuses the topic %j with a warning",
    async (topic) => {
      const socket = await under.up();
      const before = socket.sent.length;
      under.manager.sendMessage({ topic });
      expect(socket.sent).toHaveLength(before);
      expect(under.logged.at(-1)).toMatch(/^warn .*refused/);
    },
  );

  test.each([{}, { topic: null }, { topic: 7 }])("refuses the frame %j with a warning", async (frame) => {
    const socket = await under.up();
    const before = socket.sent.length;
    sendAnything(frame);
    expect(socket.sent).toHaveLength(before);
    expect(under.logged.at(-1)).toMatch(/^warn .*refused/);
  });

  test.each([undefined, null])("refuses %s in a frame's place with a warning", async (frame) => {
    await under.up();
    sendAnything(frame);
    expect(under.logged.at(-1)).toMatch(/^warn .*refused/);
  });

  test("warns while no socket is open", async () => {
    under.manager.sendMessage({ topic: "app/own" });
    expect(under.logged.at(-1)).toMatch(/^warn .*not open/);
    const socket = await under.up();
    under.manager.closeWebSocket();
    under.manager.sendMessage({ topic: "app/own" });
    expect(under.logged.at(-1)).toMatch(/^warn .*not open/);
    expect(socket.sentOn("app/own")).toEqual([]);
  });
});

describe("a malformed frame", () => {
  test.each([
    "",
    "{",
    "null",
    "7",
    "[]",
    '{"topic":7}',
    '{"topic":"aws/subscribe"}',
    '{"topic":"aws/subscribe","content":null}',
    '{"topic":"__proto__"}',
    '{"topic":"constructor"}',
    '{"topic":"toString","content":"{}"}',
    '{"topic":"hasOwnProperty"}',
  ])("harms neither the page nor the link: %s", async (text) => {
    const socket = await under.up();
    under.record().emitted.splice(0);
    expect(() => socket.receive(text)).not.toThrow();
    socket.receive(chatFrame("after"));
    expect(under.payloads("chat")).toEqual([chatFrame("after")]);
    expect(under.isUp).toBe(true);
  });

  test("is told to the library's own links: something may be missing", async () => {
    const socket = await under.up();
    let damaged = 0;
    under.link.listen((report) => {
      if (report.kind === "damaged") damaged += 1;
    });
    socket.receive("{");
    socket.receive(chatFrame("sound"));
    expect(damaged).toBe(1);
  });

  test("that is binary harms nothing either", async () => {
    const socket = await under.up();
    expect(() => socket.onmessage?.(new MessageEvent("message", { data: new ArrayBuffer(4) }))).not.toThrow();
    expect(under.isUp).toBe(true);
  });

  test.each(["__proto__", "constructor", "toString"])("a topic may be called %s", async (topic) => {
    const socket = await under.up();
    const heard: unknown[] = [];
    under.manager.onMessage(topic, (frame) => heard.push(frame));
    socket.receive(`{"topic":"${topic}","content":"x"}`);
    expect(heard).toEqual([{ topic, content: "x" }]);
  });
});

describe("a configuration that is invalid", () => {
  const valid = { url: "wss://chat.test", transportLifeTimeInSeconds: 3_540 };

  test.each([
    ["no answer", undefined],
    ["no details", {}],
    ["details of another kind", { webSocketTransport: "wss://chat.test" }],
    ["no URL", { webSocketTransport: { ...valid, url: undefined } }],
    ["an empty URL", { webSocketTransport: { ...valid, url: "" } }],
    ["a URL without encryption", { webSocketTransport: { ...valid, url: "ws://chat.test" } }],
    ["a URL that only looks local", { webSocketTransport: { ...valid, url: "ws://localhost.evil.test:80" } }],
    ["a URL of another protocol", { webSocketTransport: { ...valid, url: "https://chat.test" } }],
    ["a life of 299 s", { webSocketTransport: { ...valid, transportLifeTimeInSeconds: 299 } }],
    ["a life of no number", { webSocketTransport: { ...valid, transportLifeTimeInSeconds: "3540" } }],
    ["a life of NaN", { webSocketTransport: { ...valid, transportLifeTimeInSeconds: Number.NaN } }],
  ])("ends the link for good: %s", async (_, answer) => {
    under.answer = () => answer;
    under.record();
    const attemptAt = under.platform.time;
    await expect(under.manager.init(under.getTransport)).resolves.toEqual({
      webSocketConnectionFailed: true,
    });
    expect(under.emitted).toEqual([
      {
        name: "initFailure",
        payload: {
          connectWebSocketRetryCount: 0,
          connectionAttemptStartTime: attemptAt,
          reason: expect.stringContaining("invalid"),
        },
      },
      {
        name: "failed",
        payload: { code: "configuration-invalid", reason: expect.stringContaining("invalid") },
      },
    ]);
    await under.platform.advance(3_600_000);
    expect(under.askedAt).toHaveLength(1);
    expect(under.leftovers).toEqual({ timers: 0, listeners: 0, openSockets: 0 });
  });

  test("ends the link for good when a URL is refused by the browser", async () => {
    jest.spyOn(under.platform, "openSocket").mockImplementation(() => {
      throw new SyntaxError("invalid URL");
    });
    under.record();
    await expect(under.manager.init(under.getTransport)).resolves.toEqual({
      webSocketConnectionFailed: true,
    });
    expect(under.names).toEqual(["initFailure", "failed"]);
    expect(under.leftovers).toEqual({ timers: 0, listeners: 0, openSockets: 0 });
  });

  test.each([
    { ...valid, transportLifeTimeInSeconds: 300 },
    { ...valid, url: "ws://127.0.0.1:8080/socket" },
    { ...valid, url: "ws://localhost:8080/socket" },
  ])("is not this one: %j", async (webSocketTransport) => {
    under.answer = () => ({ webSocketTransport });
    await under.init();
    expect(under.socket.url).toBe(webSocketTransport.url);
  });
});
