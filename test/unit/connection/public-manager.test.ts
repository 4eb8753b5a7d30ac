import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { CHAT_SUBSCRIBED, chatFrame, ManagerUnderTest } from "../../support/manager-under-test";

let harness: ManagerUnderTest;

beforeEach(() => {
  harness = new ManagerUnderTest();
});

const SUBSCRIBE = { topic: "aws/subscribe", content: { topics: ["aws/chat"] } };

describe("init()", () => {
  test("rejects with IllegalArgument if its argument isn't a function", async () => {
    const notAFunction = JSON.parse('"no function"') as typeof harness.getTransport;
    await expect(harness.manager.init(notAFunction)).rejects.toMatchObject({
      name: "IllegalArgument",
      field: "getTransport",
    });
  });

  test("fetches the transport, opens its URL, and resolves when the socket is open", async () => {
    const onSettled = jest.fn();
    harness.manager.init(harness.getTransport).then(onSettled, onSettled);
    await harness.platform.settle();
    expect(harness.socket.url).toBe("wss://chat.test/1");
    expect(onSettled).not.toHaveBeenCalled();
    harness.socket.open();
    await harness.platform.settle();
    expect(onSettled).toHaveBeenCalledWith({ webSocketConnectionFailed: false });
  });

  test("can be called only once", async () => {
    await harness.up();
    await expect(harness.manager.init(harness.getTransport)).rejects.toMatchObject({ code: "IllegalState" });
    expect(harness.sockets).toHaveLength(1);
  });

  test("resolves even if the first socket doesn't open, and the loss is reported once, with its cause", async () => {
    harness.record();
    const onSettled = jest.fn();
    harness.manager.init(harness.getTransport).then(onSettled, onSettled);
    await harness.platform.settle();
    expect(onSettled).not.toHaveBeenCalled();
    harness.socket.end(1006);
    await harness.platform.settle();
    expect(onSettled.mock.calls).toEqual([[{ webSocketConnectionFailed: false }]]);
    await harness.nextSocket();
    harness.socket.end(1006);
    expect(harness.names).toEqual(["close", "down", "lost", "close"]);
    expect(harness.payloads("down")).toEqual([
      { code: "upgrade-failed", reason: "the socket could not be opened" },
    ]);
  });

  test("reports connectionLost immediately to a late subscriber if the first socket failed to open", async () => {
    await harness.init();
    const earlyCallback = jest.fn();
    harness.manager.onConnectionLost(earlyCallback);
    expect(earlyCallback).not.toHaveBeenCalled();
    harness.socket.end(1006);
    const lateCallback = jest.fn();
    harness.manager.onConnectionLost(lateCallback);
    expect([earlyCallback.mock.calls.length, lateCallback.mock.calls]).toEqual([1, [[]]]);
  });

  test("abandons a socket that doesn't open within 10 s and opens another socket", async () => {
    await harness.init();
    await harness.platform.advance(9_999);
    expect(harness.sockets).toHaveLength(1);
    await harness.platform.advance(1_001);
    expect(harness.socketAt(0).closedWith?.code).toBe(4000);
    expect(harness.sockets).toHaveLength(2);
  });
});

describe("on an open socket", () => {
  test("the subscription is sent first, then the ping, then the heartbeat", async () => {
    await harness.init();
    expect(harness.socket.sent).toEqual([]);
    harness.socket.open();
    expect(harness.socket.sent).toEqual([SUBSCRIBE, { topic: "aws/ping" }, { topic: "aws/heartbeat" }]);
  });

  test("ping and heartbeat are sent every 10 s", async () => {
    const socket = await harness.up();
    await harness.advance(20_000);
    expect(socket.sent.slice(1)).toEqual(
      Array<unknown>(3)
        .fill([{ topic: "aws/ping" }, { topic: "aws/heartbeat" }])
        .flat(),
    );
  });

  test("added topics are subscribed immediately, without repeating earlier topics", async () => {
    const socket = await harness.up();
    harness.manager.subscribeTopics(["aws/other"]);
    expect(socket.sentOn("aws/subscribe").at(-1)).toEqual({
      topic: "aws/subscribe",
      content: { topics: ["aws/other"] },
    });
  });

  test("added topics are subscribed on every later socket", async () => {
    await harness.up();
    harness.manager.subscribeTopics(["aws/other"]);
    harness.socket.end(1006);
    await harness.platform.advance(1_000);
    harness.socket.open();
    expect(harness.socket.sent[0]).toEqual({
      topic: "aws/subscribe",
      content: { topics: ["aws/chat", "aws/other"] },
    });
  });

  test("the link is up only after the subscription is accepted", async () => {
    harness.record();
    await harness.init();
    harness.socket.open();
    expect(harness.names).toEqual(["gain", "open"]);
    expect(harness.isUp).toBe(false);
    harness.socket.receive(CHAT_SUBSCRIBED);
    expect(harness.names).toEqual(["gain", "open", "allMessage", "subscriptionUpdate", "up"]);
    expect(harness.isUp).toBe(true);
  });

  test("an unanswered subscription is reported as failed after four attempts, and the socket is replaced", async () => {
    harness.record();
    await harness.init();
    const { socket } = harness;
    socket.open();
    await harness.platform.advance(3_999);
    expect(socket.sentOn("aws/subscribe")).toEqual([SUBSCRIBE, SUBSCRIBE, SUBSCRIBE, SUBSCRIBE]);
    expect(harness.payloads("subscriptionFailure")).toEqual([]);
    await harness.platform.advance(1);
    expect(harness.payloads("subscriptionFailure")).toEqual([
      { topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } },
    ]);
    expect(socket.closedWith?.code).toBe(4000);
    await harness.platform.advance(1_000);
    expect(harness.sockets).toHaveLength(2);
  });

  test("a subscription that is rejected five times is reported as failed once, and the socket is replaced", async () => {
    harness.record();
    await harness.init();
    const { socket } = harness;
    const rejection = { topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] }, no: 1 };
    socket.open();
    for (let rejections = 0; rejections < 5; rejections += 1) {
      socket.receive(rejection);
      await harness.platform.advance(500);
    }
    expect(socket.sentOn("aws/subscribe")).toHaveLength(5);
    expect(harness.payloads("subscriptionFailure")).toEqual([rejection]);
    await harness.platform.advance(1_000);
    expect(harness.sockets).toHaveLength(2);
  });
});

describe("event payloads", () => {
  test("connectionOpen has the attempt's start and duration, the number of retries, and the time without a connection", async () => {
    harness.record();
    await harness.init();
    const attemptAt = harness.platform.time;
    await harness.platform.advance(120);
    await harness.accept();
    expect(harness.payloads("open")).toEqual([
      {
        connectWebSocketRetryCount: 0,
        connectionAttemptStartTime: attemptAt,
        noOpenConnectionsTimestamp: null,
        connectionEstablishedTime: attemptAt + 120,
        timeToConnect: 120,
        timeWithoutConnection: null,
      },
    ]);
    await harness.advance(1_000);
    const lostAt = harness.platform.time;
    harness.socket.end(1006);
    await harness.platform.advance(700);
    await harness.accept();
    expect(harness.payloads("open")[1]).toEqual({
      connectWebSocketRetryCount: 1,
      connectionAttemptStartTime: lostAt + 500,
      noOpenConnectionsTimestamp: lostAt,
      connectionEstablishedTime: lostAt + 700,
      timeToConnect: 200,
      timeWithoutConnection: 700,
    });
  });

  test("connectionLost and connectionClose have the socket's opening time, closing time, duration, close code and close reason", async () => {
    harness.record();
    await harness.up();
    const openTimestamp = harness.platform.time;
    await harness.advance(2_000);
    harness.socket.end(1001, "going away", true);
    const lostPayload = {
      openTimestamp,
      closeTimestamp: openTimestamp + 2_000,
      connectionDuration: 2_000,
      code: 1001,
      reason: "going away",
    };
    expect(harness.payloads("close")).toEqual([{ ...lostPayload, wasClean: true }]);
    expect(harness.payloads("lost")).toEqual([lostPayload]);
    expect(harness.names.slice(-3)).toEqual(["close", "down", "lost"]);
  });

  test("connectionClose and connectionLost have a duration of 0 if the first socket never opened", async () => {
    harness.record();
    await harness.init();
    harness.socket.end(1006, "refused");
    const lostPayload = {
      openTimestamp: null,
      closeTimestamp: harness.platform.time,
      connectionDuration: 0,
      code: 1006,
      reason: "refused",
    };
    expect(harness.payloads("close")).toEqual([{ ...lostPayload, wasClean: false }]);
    expect(harness.payloads("lost")).toEqual([lostPayload]);
  });

  test("deepHeartbeatSuccess has a timestamp, and deepHeartbeatFailure also has the response's status, or an error if no response arrived", async () => {
    harness.record();
    const socket = await harness.up();
    const { time: timestamp } = harness.platform;
    socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" });
    socket.receive({ topic: "aws/ping", statusCode: 503, statusContent: "Unavailable" });
    expect(harness.payloads("deepSuccess")).toEqual([{ timestamp }]);
    expect(harness.payloads("deepFailure")).toEqual([
      { timestamp, statusCode: 503, statusContent: "Unavailable" },
    ]);
    socket.receive({ topic: "aws/heartbeat" });
    await harness.platform.advance(10_000);
    socket.receive({ topic: "aws/heartbeat" });
    await harness.platform.advance(5_000);
    expect(harness.payloads("deepFailure")[1]).toEqual({
      timestamp: timestamp + 15_000,
      error: expect.any(String),
    });
    expect(harness.names).not.toContain("lost");
  });

  test("topicFailure has the server's error, and the frame isn't emitted as a message", async () => {
    harness.record();
    const socket = await harness.up();
    harness.emitted.splice(0);
    socket.receive({ message: "Forbidden", connectionId: "c", requestId: "r" });
    expect(harness.emitted).toEqual([
      {
        name: "topicFailure",
        payload: {
          timestamp: harness.platform.time,
          errorMessage: "Forbidden",
          connectionId: "c",
          requestId: "r",
        },
      },
    ]);
  });

  test("a message's intact frame is passed first to onAllMessage callbacks and then to the topic's callbacks", async () => {
    const socket = await harness.up();
    const order: unknown[] = [];
    harness.manager.onMessage("aws/chat", (frame) => order.push("chat", frame));
    harness.manager.onMessage("aws/other", () => order.push("other"));
    harness.manager.onAllMessage((frame) => order.push("all", frame));
    socket.receive(chatFrame("hello"));
    expect(order).toEqual(["all", chatFrame("hello"), "chat", chatFrame("hello")]);
  });

  test("heartbeat responses aren't emitted as messages", async () => {
    const socket = await harness.up();
    harness.record().emitted.splice(0);
    socket.receive({ topic: "aws/heartbeat" });
    expect(harness.emitted).toEqual([]);
  });
});

describe("a late subscriber", () => {
  const argumentsReceivedBy = (
    subscribe: "onInitFailure" | "onConnectionGain" | "onConnectionLost",
  ): unknown[][] => {
    const calls: unknown[][] = [];
    harness.manager[subscribe]((...args: unknown[]) => calls.push(args.filter((arg) => arg !== undefined)));
    return calls;
  };

  test("isn't called before the first event", async () => {
    await harness.init();
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([]);
    expect(argumentsReceivedBy("onConnectionLost")).toEqual([]);
    expect(argumentsReceivedBy("onInitFailure")).toEqual([]);
  });

  test("is called immediately, without an argument, if the link is open", async () => {
    await harness.up();
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([[]]);
    expect(argumentsReceivedBy("onConnectionLost")).toEqual([]);
  });

  test("is called immediately, without an argument, while the link is lost", async () => {
    await harness.up();
    harness.socket.end(1006);
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([]);
    expect(argumentsReceivedBy("onConnectionLost")).toEqual([[]]);
    await harness.platform.advance(1_000);
    await harness.accept();
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([[]]);
    expect(argumentsReceivedBy("onConnectionLost")).toEqual([]);
  });

  test("is called immediately, without an argument, if init() failed", async () => {
    harness.respond = () => ({});
    await harness.init();
    expect(argumentsReceivedBy("onInitFailure")).toEqual([[]]);
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([]);
  });

  test("isn't called for a link that closeWebSocket() closed", async () => {
    await harness.up();
    harness.manager.closeWebSocket();
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([]);
  });

  test("causes only a log line if it throws during the replay", async () => {
    await harness.up();
    expect(() =>
      harness.manager.onConnectionGain(() => {
        throw new Error("mine");
      }),
    ).not.toThrow();
    expect(harness.logged.join("\n")).toContain("connectionGain");
  });
});

describe("manager callbacks", () => {
  test("are removed only by their own unsubscribe function", async () => {
    const socket = await harness.up();
    const received: string[] = [];
    const unsubscribe = harness.manager.onMessage("aws/chat", () => received.push("first"));
    harness.manager.onMessage("aws/chat", () => received.push("second"));
    unsubscribe();
    unsubscribe();
    socket.receive(chatFrame("hello"));
    expect(received).toEqual(["second"]);
  });

  test("can be removed, because every on… method returns an unsubscribe function", () => {
    const { manager } = harness;
    const noop = (): void => undefined;
    const unsubscribers = [
      manager.onInitFailure(noop),
      manager.onConnectionOpen(noop),
      manager.onConnectionClose(noop),
      manager.onConnectionGain(noop),
      manager.onConnectionLost(noop),
      manager.onSubscriptionUpdate(noop),
      manager.onSubscriptionFailure(noop),
      manager.onDeepHeartbeatSuccess(noop),
      manager.onDeepHeartbeatFailure(noop),
      manager.onTopicFailure(noop),
      manager.onAllMessage(noop),
      manager.onMessage("aws/chat", noop),
    ];
    expect(unsubscribers.map((each) => typeof each)).toEqual(Array<string>(12).fill("function"));
  });

  test("are logged with the event's name if they throw or reject, and affect neither other callbacks nor the link", async () => {
    const thrower = (): never => {
      throw new Error("mine");
    };
    harness.manager.onConnectionOpen(thrower);
    harness.manager.onConnectionGain(thrower);
    harness.manager.onConnectionClose(thrower);
    harness.manager.onConnectionLost(() => Promise.reject(new Error("mine")));
    harness.manager.onAllMessage(thrower);
    harness.manager.onMessage("aws/chat", thrower);
    harness.record();
    const socket = await harness.up();
    socket.receive(chatFrame("hello"));
    socket.end(1006);
    await harness.platform.advance(1_000);
    await harness.accept();
    expect(harness.payloads("chat")).toEqual([chatFrame("hello")]);
    expect(harness.isUp).toBe(true);
    const lines = harness.logged.filter((line) => line.startsWith("error")).join("\n");
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
  /** Calls sendMessage() without type checks, like plain JavaScript. */
  const sendUnchecked = (frame: unknown): unknown =>
    Reflect.apply(Reflect.get(harness.manager, "sendMessage") as () => void, harness.manager, [frame]);

  test("sends the application's own frame", async () => {
    const socket = await harness.up();
    harness.manager.sendMessage({ topic: "app/own", content: { value: 1 } });
    expect(socket.sent.at(-1)).toEqual({ topic: "app/own", content: { value: 1 } });
  });

  test.each(["", "aws/subscribe", "aws/heartbeat", "aws/ping"])(
    "sends nothing to the empty or reserved topic %j, and logs a warning",
    async (topic) => {
      const socket = await harness.up();
      const before = socket.sent.length;
      harness.manager.sendMessage({ topic });
      expect(socket.sent).toHaveLength(before);
      expect(harness.logged.at(-1)).toMatch(/^warn .*refused/);
    },
  );

  test.each([{}, { topic: null }, { topic: 7 }])(
    "doesn't send the frame %j, which has no valid topic, and logs a warning",
    async (frame) => {
      const socket = await harness.up();
      const before = socket.sent.length;
      sendUnchecked(frame);
      expect(socket.sent).toHaveLength(before);
      expect(harness.logged.at(-1)).toMatch(/^warn .*refused/);
    },
  );

  test.each([undefined, null])("sends nothing for %s and logs a warning", async (frame) => {
    await harness.up();
    sendUnchecked(frame);
    expect(harness.logged.at(-1)).toMatch(/^warn .*refused/);
  });

  test("sends nothing and logs a warning while no socket is open", async () => {
    harness.manager.sendMessage({ topic: "app/own" });
    expect(harness.logged.at(-1)).toMatch(/^warn .*isn't open/);
    const socket = await harness.up();
    harness.manager.closeWebSocket();
    harness.manager.sendMessage({ topic: "app/own" });
    expect(harness.logged.at(-1)).toMatch(/^warn .*isn't open/);
    expect(socket.sentOn("app/own")).toEqual([]);
  });
});

describe("an incoming frame", () => {
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
  ])("is dropped without affecting the page or the link if it is malformed: %s", async (text) => {
    const socket = await harness.up();
    harness.record().emitted.splice(0);
    expect(() => socket.receive(text)).not.toThrow();
    socket.receive(chatFrame("after"));
    expect(harness.payloads("chat")).toEqual([chatFrame("after")]);
    expect(harness.isUp).toBe(true);
  });

  test("is reported as damaged on the library's own links if it is malformed, because an item may be missing", async () => {
    const socket = await harness.up();
    let damagedFrames = 0;
    harness.link.listen((report) => {
      if (report.kind === "damaged") damagedFrames += 1;
    });
    socket.receive("{");
    socket.receive(chatFrame("sound"));
    expect(damagedFrames).toBe(1);
  });

  test("is dropped and doesn't affect the link if it is binary", async () => {
    const socket = await harness.up();
    expect(() => socket.onmessage?.(new MessageEvent("message", { data: new ArrayBuffer(4) }))).not.toThrow();
    expect(harness.isUp).toBe(true);
  });

  test.each(["__proto__", "constructor", "toString"])("is delivered on a topic named %s", async (topic) => {
    const socket = await harness.up();
    const received: unknown[] = [];
    harness.manager.onMessage(topic, (frame) => received.push(frame));
    socket.receive(`{"topic":"${topic}","content":"x"}`);
    expect(received).toEqual([{ topic, content: "x" }]);
  });
});

describe("the transport configuration", () => {
  const validTransport = { url: "wss://chat.test", transportLifeTimeInSeconds: 3_540 };

  test.each([
    ["no response", undefined],
    ["no transport", {}],
    ["a string as transport", { webSocketTransport: "wss://chat.test" }],
    ["no URL", { webSocketTransport: { ...validTransport, url: undefined } }],
    ["an empty URL", { webSocketTransport: { ...validTransport, url: "" } }],
    ["a URL without encryption", { webSocketTransport: { ...validTransport, url: "ws://chat.test" } }],
    [
      "a URL that only looks local",
      { webSocketTransport: { ...validTransport, url: "ws://localhost.evil.test:80" } },
    ],
    ["a URL of another protocol", { webSocketTransport: { ...validTransport, url: "https://chat.test" } }],
    ["a lifetime of 299 s", { webSocketTransport: { ...validTransport, transportLifeTimeInSeconds: 299 } }],
    [
      "a lifetime that isn't a number",
      { webSocketTransport: { ...validTransport, transportLifeTimeInSeconds: "3540" } },
    ],
    [
      "a lifetime of NaN",
      { webSocketTransport: { ...validTransport, transportLifeTimeInSeconds: Number.NaN } },
    ],
  ])("ends the link permanently if the configuration is invalid: %s", async (_, response) => {
    harness.respond = () => response;
    harness.record();
    const attemptAt = harness.platform.time;
    await expect(harness.manager.init(harness.getTransport)).resolves.toEqual({
      webSocketConnectionFailed: true,
    });
    expect(harness.emitted).toEqual([
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
    await harness.platform.advance(3_600_000);
    expect(harness.requestedAt).toHaveLength(1);
    expect(harness.leftovers).toEqual({ timers: 0, listeners: 0, openSockets: 0 });
  });

  test("ends the link permanently if the browser rejects the transport's URL", async () => {
    jest.spyOn(harness.platform, "openSocket").mockImplementation(() => {
      throw new SyntaxError("invalid URL");
    });
    harness.record();
    await expect(harness.manager.init(harness.getTransport)).resolves.toEqual({
      webSocketConnectionFailed: true,
    });
    expect(harness.names).toEqual(["initFailure", "failed"]);
    expect(harness.leftovers).toEqual({ timers: 0, listeners: 0, openSockets: 0 });
  });

  test.each([
    { ...validTransport, transportLifeTimeInSeconds: 300 },
    { ...validTransport, url: "ws://127.0.0.1:8080/socket" },
    { ...validTransport, url: "ws://localhost:8080/socket" },
  ])("can have the minimum lifetime or an unencrypted local URL: %j", async (webSocketTransport) => {
    harness.respond = () => ({ webSocketTransport });
    await harness.init();
    expect(harness.socket.url).toBe(webSocketTransport.url);
  });
});
