import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { CHAT_SUBSCRIBED, chatFrame, ManagerUnderTest } from "../../support/manager-under-test";

let under: ManagerUnderTest;

beforeEach(() => {
  under = new ManagerUnderTest();
});

const SUBSCRIBE = { topic: "aws/subscribe", content: { topics: ["aws/chat"] } };

describe("init()", () => {
  test("rejects with IllegalArgument if it isn't given a function", async () => {
    const noFunction = JSON.parse('"no function"') as typeof under.getTransport;
    await expect(under.manager.init(noFunction)).rejects.toMatchObject({
      name: "IllegalArgument",
      field: "getTransport",
    });
  });

  test("fetches the transport, opens its URL, and resolves when the socket is open", async () => {
    const settled = jest.fn();
    under.manager.init(under.getTransport).then(settled, settled);
    await under.platform.settle();
    expect(under.socket.url).toBe("wss://chat.test/1");
    expect(settled).not.toHaveBeenCalled();
    under.socket.open();
    await under.platform.settle();
    expect(settled).toHaveBeenCalledWith({ webSocketConnectionFailed: false });
  });

  test("can be called only once", async () => {
    await under.up();
    await expect(under.manager.init(under.getTransport)).rejects.toMatchObject({ code: "IllegalState" });
    expect(under.sockets).toHaveLength(1);
  });

  test("resolves even if the first socket doesn't open; the loss is reported once, with its cause", async () => {
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

  test("after the first socket fails to open, a late subscriber receives the loss immediately", async () => {
    await under.init();
    const lost = jest.fn();
    under.manager.onConnectionLost(lost);
    expect(lost).not.toHaveBeenCalled();
    under.socket.end(1006);
    const late = jest.fn();
    under.manager.onConnectionLost(late);
    expect([lost.mock.calls.length, late.mock.calls]).toEqual([1, [[]]]);
  });

  test("abandons a socket that doesn't open within 10 s and opens another", async () => {
    await under.init();
    await under.platform.advance(9_999);
    expect(under.sockets).toHaveLength(1);
    await under.platform.advance(1_001);
    expect(under.socketAt(0).closedWith?.code).toBe(4000);
    expect(under.sockets).toHaveLength(2);
  });
});

describe("on an open socket", () => {
  test("the subscription is sent first, then the ping, then the heartbeat", async () => {
    await under.init();
    expect(under.socket.sent).toEqual([]);
    under.socket.open();
    expect(under.socket.sent).toEqual([SUBSCRIBE, { topic: "aws/ping" }, { topic: "aws/heartbeat" }]);
  });

  test("ping and heartbeat are sent every 10 s", async () => {
    const socket = await under.up();
    await under.advance(20_000);
    expect(socket.sent.slice(1)).toEqual(
      Array<unknown>(3)
        .fill([{ topic: "aws/ping" }, { topic: "aws/heartbeat" }])
        .flat(),
    );
  });

  test("added topics are subscribed immediately, without repeating the earlier ones", async () => {
    const socket = await under.up();
    under.manager.subscribeTopics(["aws/other"]);
    expect(socket.sentOn("aws/subscribe").at(-1)).toEqual({
      topic: "aws/subscribe",
      content: { topics: ["aws/other"] },
    });
  });

  test("added topics are subscribed on every later socket", async () => {
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

  test("the link is up once the subscription is accepted, not before", async () => {
    under.record();
    await under.init();
    under.socket.open();
    expect(under.names).toEqual(["gain", "open"]);
    expect(under.isUp).toBe(false);
    under.socket.receive(CHAT_SUBSCRIBED);
    expect(under.names).toEqual(["gain", "open", "allMessage", "subscriptionUpdate", "up"]);
    expect(under.isUp).toBe(true);
  });

  test("an unanswered subscription is sent four times, then reported as failed, and the socket is replaced", async () => {
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

  test("a subscription rejected five times is reported as failed once, and the socket is replaced", async () => {
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

describe("event payloads", () => {
  test("connectionOpen has the attempt's start and duration, the number of retries, and the time without a connection", async () => {
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

  test("connectionLost and connectionClose have the times of the socket's opening and close, its duration, and the close code and reason", async () => {
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

  test("connectionClose and connectionLost have a duration of 0 if the first socket never opened", async () => {
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

  test("deepHeartbeatSuccess has a timestamp; deepHeartbeatFailure also has the response's status, or an error if there was no response", async () => {
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

  test("topicFailure has the server's error, and the frame isn't emitted as a message", async () => {
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

  test("a message's whole frame is passed to subscribers of all topics, and then to the topic's own subscribers", async () => {
    const socket = await under.up();
    const order: unknown[] = [];
    under.manager.onMessage("aws/chat", (frame) => order.push("chat", frame));
    under.manager.onMessage("aws/other", () => order.push("other"));
    under.manager.onAllMessage((frame) => order.push("all", frame));
    socket.receive(chatFrame("hello"));
    expect(order).toEqual(["all", chatFrame("hello"), "chat", chatFrame("hello")]);
  });

  test("heartbeat responses aren't emitted as messages", async () => {
    const socket = await under.up();
    under.record().emitted.splice(0);
    socket.receive({ topic: "aws/heartbeat" });
    expect(under.emitted).toEqual([]);
  });
});

describe("a late subscriber", () => {
  const argumentsReceivedBy = (
    subscribe: "onInitFailure" | "onConnectionGain" | "onConnectionLost",
  ): unknown[][] => {
    const calls: unknown[][] = [];
    under.manager[subscribe]((...args: unknown[]) => calls.push(args.filter((arg) => arg !== undefined)));
    return calls;
  };

  test("isn't called before the first event", async () => {
    await under.init();
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([]);
    expect(argumentsReceivedBy("onConnectionLost")).toEqual([]);
    expect(argumentsReceivedBy("onInitFailure")).toEqual([]);
  });

  test("is called immediately, without an argument, if the link is open", async () => {
    await under.up();
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([[]]);
    expect(argumentsReceivedBy("onConnectionLost")).toEqual([]);
  });

  test("is called immediately, without an argument, while the link is lost", async () => {
    await under.up();
    under.socket.end(1006);
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([]);
    expect(argumentsReceivedBy("onConnectionLost")).toEqual([[]]);
    await under.platform.advance(1_000);
    await under.accept();
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([[]]);
    expect(argumentsReceivedBy("onConnectionLost")).toEqual([]);
  });

  test("is called immediately, without an argument, if init() failed", async () => {
    under.answer = () => ({});
    await under.init();
    expect(argumentsReceivedBy("onInitFailure")).toEqual([[]]);
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([]);
  });

  test("isn't called for a link that closeWebSocket() closed", async () => {
    await under.up();
    under.manager.closeWebSocket();
    expect(argumentsReceivedBy("onConnectionGain")).toEqual([]);
  });

  test("has no effect except a log line if it throws during its replay", async () => {
    await under.up();
    expect(() =>
      under.manager.onConnectionGain(() => {
        throw new Error("mine");
      }),
    ).not.toThrow();
    expect(under.logged.join("\n")).toContain("connectionGain");
  });
});

describe("manager callbacks", () => {
  test("are removed only by the function that the on… method returned for them", async () => {
    const socket = await under.up();
    const received: string[] = [];
    const unsubscribe = under.manager.onMessage("aws/chat", () => received.push("first"));
    under.manager.onMessage("aws/chat", () => received.push("second"));
    unsubscribe();
    unsubscribe();
    socket.receive(chatFrame("hello"));
    expect(received).toEqual(["second"]);
  });

  test("every on… method returns an unsubscribe function", () => {
    const { manager } = under;
    const noop = (): void => undefined;
    const returned = [
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
    expect(returned.map((each) => typeof each)).toEqual(Array<string>(12).fill("function"));
  });

  test("are logged with the event's name if they throw or reject, and affect neither other callbacks nor the link", async () => {
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
  /** Calls sendMessage() without type checks, like plain JavaScript. */
  const sendAnything = (frame: unknown): unknown =>
    Reflect.apply(Reflect.get(under.manager, "sendMessage") as () => void, under.manager, [frame]);

  test("sends the application's own frame", async () => {
    const socket = await under.up();
    under.manager.sendMessage({ topic: "app/own", content: { value: 1 } });
    expect(socket.sent.at(-1)).toEqual({ topic: "app/own", content: { value: 1 } });
  });

  test.each(["", "aws/subscribe", "aws/heartbeat", "aws/ping"])(
    "sends nothing to the empty or reserved topic %j, and logs a warning",
    async (topic) => {
      const socket = await under.up();
      const before = socket.sent.length;
      under.manager.sendMessage({ topic });
      expect(socket.sent).toHaveLength(before);
      expect(under.logged.at(-1)).toMatch(/^warn .*refused/);
    },
  );

  test.each([{}, { topic: null }, { topic: 7 }])(
    "doesn't send the frame %j, which has no valid topic, and logs a warning",
    async (frame) => {
      const socket = await under.up();
      const before = socket.sent.length;
      sendAnything(frame);
      expect(socket.sent).toHaveLength(before);
      expect(under.logged.at(-1)).toMatch(/^warn .*refused/);
    },
  );

  test.each([undefined, null])("sends nothing for %s and logs a warning", async (frame) => {
    await under.up();
    sendAnything(frame);
    expect(under.logged.at(-1)).toMatch(/^warn .*refused/);
  });

  test("sends nothing and logs a warning while no socket is open", async () => {
    under.manager.sendMessage({ topic: "app/own" });
    expect(under.logged.at(-1)).toMatch(/^warn .*isn't open/);
    const socket = await under.up();
    under.manager.closeWebSocket();
    under.manager.sendMessage({ topic: "app/own" });
    expect(under.logged.at(-1)).toMatch(/^warn .*isn't open/);
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
  ])("is dropped and affects neither the page nor the link if it is malformed: %s", async (text) => {
    const socket = await under.up();
    under.record().emitted.splice(0);
    expect(() => socket.receive(text)).not.toThrow();
    socket.receive(chatFrame("after"));
    expect(under.payloads("chat")).toEqual([chatFrame("after")]);
    expect(under.isUp).toBe(true);
  });

  test("is reported as damaged on the library's own links if it is malformed, since an item may be missing", async () => {
    const socket = await under.up();
    let damaged = 0;
    under.link.listen((report) => {
      if (report.kind === "damaged") damaged += 1;
    });
    socket.receive("{");
    socket.receive(chatFrame("sound"));
    expect(damaged).toBe(1);
  });

  test("is dropped and doesn't affect the link if it is binary", async () => {
    const socket = await under.up();
    expect(() => socket.onmessage?.(new MessageEvent("message", { data: new ArrayBuffer(4) }))).not.toThrow();
    expect(under.isUp).toBe(true);
  });

  test.each(["__proto__", "constructor", "toString"])("is delivered on a topic named %s", async (topic) => {
    const socket = await under.up();
    const received: unknown[] = [];
    under.manager.onMessage(topic, (frame) => received.push(frame));
    socket.receive(`{"topic":"${topic}","content":"x"}`);
    expect(received).toEqual([{ topic, content: "x" }]);
  });
});

describe("the transport configuration", () => {
  const valid = { url: "wss://chat.test", transportLifeTimeInSeconds: 3_540 };

  test.each([
    ["no response", undefined],
    ["no transport", {}],
    ["a string as transport", { webSocketTransport: "wss://chat.test" }],
    ["no URL", { webSocketTransport: { ...valid, url: undefined } }],
    ["an empty URL", { webSocketTransport: { ...valid, url: "" } }],
    ["a URL without encryption", { webSocketTransport: { ...valid, url: "ws://chat.test" } }],
    ["a URL that only looks local", { webSocketTransport: { ...valid, url: "ws://localhost.evil.test:80" } }],
    ["a URL of another protocol", { webSocketTransport: { ...valid, url: "https://chat.test" } }],
    ["a lifetime of 299 s", { webSocketTransport: { ...valid, transportLifeTimeInSeconds: 299 } }],
    [
      "a lifetime that isn't a number",
      { webSocketTransport: { ...valid, transportLifeTimeInSeconds: "3540" } },
    ],
    ["a lifetime of NaN", { webSocketTransport: { ...valid, transportLifeTimeInSeconds: Number.NaN } }],
  ])("ends the link permanently if it is invalid: %s", async (_, answer) => {
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

  test("ends the link permanently if the browser rejects its URL", async () => {
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
  ])("can have the minimum lifetime or an unencrypted local URL: %j", async (webSocketTransport) => {
    under.answer = () => ({ webSocketTransport });
    await under.init();
    expect(under.socket.url).toBe(webSocketTransport.url);
  });
});
