import { expect } from "@jest/globals";
import type { PublicManager } from "../../../src/connection/public-manager";
import type { FakeSocket } from "../../support/fake-platform";
import type { Page } from "../support/page";
import { row, type Row, type Rows } from "../support/row";
import { besideStreams, OF_STREAMS } from "../support/streams";

const CHAT = "aws/chat";
const SUBSCRIBED = { topic: "aws/subscribe", content: { status: "success", topics: [CHAT] } };
const REFUSED = { topic: "aws/subscribe", content: { status: "failure", topics: [CHAT] } };
const FRAME = { topic: CHAT, contentType: "application/json", content: "{}" };

const start = (
  manager: PublicManager,
  url = "wss://chat.test/1",
): Promise<{ webSocketConnectionFailed: boolean }> =>
  manager.init(() =>
    Promise.resolve({ webSocketTransport: { url, expiry: null, transportLifeTimeInSeconds: 300 } }),
  );

/** An open, subscribed socket. */
async function open(page: Page, manager: PublicManager): Promise<FakeSocket> {
  manager.subscribeTopics([CHAT]);
  const started = start(manager);
  await page.chat.platform.settle();
  const { socket } = page.chat.platform;
  socket.open();
  socket.receive(SUBSCRIBED);
  await started;
  return socket;
}

type On = Extract<keyof PublicManager, `on${string}`>;

const DURATION = expect.any(Number);
const LOST = {
  openTimestamp: DURATION,
  closeTimestamp: DURATION,
  connectionDuration: DURATION,
  code: 1006,
  reason: "",
};
const OPENED = {
  connectWebSocketRetryCount: 0,
  connectionAttemptStartTime: DURATION,
  noOpenConnectionsTimestamp: null,
  connectionEstablishedTime: DURATION,
  timeToConnect: DURATION,
  timeWithoutConnection: null,
};

/** What makes an open manager tell each of its notices, and all that it is told with. */
const NOTICES: Partial<
  Record<
    On,
    readonly [when: string, cause: (socket: FakeSocket, page: Page) => unknown, told: readonly unknown[]]
  >
> = {
  onConnectionOpen: ["a socket has opened, with the times it took", () => undefined, [OPENED]],
  onConnectionGain: [
    "the link is there, after onConnectionOpen's socket has opened",
    () => undefined,
    [undefined],
  ],
  onConnectionClose: ["a socket has closed", (socket) => socket.end(1006), [{ ...LOST, wasClean: false }]],
  onConnectionLost: ["the link is lost and being restored", (socket) => socket.end(1006), [LOST]],
  onSubscriptionUpdate: ["topics are subscribed; the whole frame", () => undefined, [SUBSCRIBED]],
  onSubscriptionFailure: ["topics were refused, or nobody answered", failSubscription, [REFUSED, REFUSED]],
  onAllMessage: [
    "every frame, before the topic's own callbacks",
    (socket) => socket.receive(FRAME),
    [SUBSCRIBED, FRAME],
  ],
  onDeepHeartbeatSuccess: [
    "`{timestamp}`",
    (socket) => socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" }),
    [{ timestamp: DURATION }],
  ],
  onDeepHeartbeatFailure: [
    "`{timestamp, error}`, or the status",
    async (socket, page) => {
      socket.receive({ topic: "aws/ping", statusCode: 500, statusContent: "Down" });
      socket.receive({ topic: "aws/heartbeat" });
      await page.chat.platform.advance(10_000);
      socket.receive({ topic: "aws/heartbeat" });
      await page.chat.platform.advance(6_000);
    },
    [
      { timestamp: DURATION, statusCode: 500, statusContent: "Down" },
      { timestamp: DURATION, error: expect.any(String) },
    ],
  ],
  onTopicFailure: [
    "`{timestamp, errorMessage, connectionId, requestId}`",
    (socket) => socket.receive({ message: "Forbidden", connectionId: "c", requestId: "r" }),
    [{ timestamp: DURATION, errorMessage: "Forbidden", connectionId: "c", requestId: "r" }],
  ],
};

/** Nobody answers on one socket, and each is refused on the next. */
async function failSubscription(socket: FakeSocket, page: Page): Promise<void> {
  const { platform } = page.chat;
  socket.end(1006);
  await page.chat.nextSocket(60_000);
  platform.socket.open();
  const silent = platform.socket;
  await platform.advance(4_500);
  silent.end(1000);
  if (platform.socket === silent) await page.chat.nextSocket(60_000);
  platform.socket.open();
  for (let refused = 0; refused < 5; refused += 1) {
    platform.socket.receive(REFUSED);
    await platform.advance(600);
  }
}

const notice = (on: On, [when, cause, expected]: NonNullable<(typeof NOTICES)[On]>): Row =>
  row(when, async (page) => {
    const manager = page.connect.WebSocketManager.create();
    const told: unknown[] = [];
    const toldBefore: number[] = [];
    manager.onMessage(CHAT, () => toldBefore.push(told.length));
    const subscribe: unknown = Reflect.get(manager, on);
    const note = (payload: unknown): unknown => told.push(payload);
    const off: unknown = Reflect.apply(subscribe as () => unknown, manager, [note]);
    await cause(await open(page, manager), page);
    expect(told).toEqual(expected);
    if (on === "onAllMessage") expect(toldBefore).toEqual([2]);
    expect(typeof off).toBe("function");
    manager.closeWebSocket();
  });

export const MANAGER_ROWS: Rows = {
  "connect.WebSocketManager": row("a socket without a session; Streams' own stays where it is", (page) => {
    expect(page.connect.WebSocketManager.create()).toHaveProperty("init");
    expect(besideStreams(page, "WebSocketManager")).toBe(OF_STREAMS);
  }),
  "connect.WebSocketManager.create": row("makes a manager", async (page) => {
    const manager = page.connect.WebSocketManager.create({ contactId: "c" });
    expect((await open(page, manager)).readyState).toBe(1);
    manager.closeWebSocket();
  }),
  "connect.WebSocketManager.setGlobalConfig": row("loggerConfig and webSocketManagerConfig", async (page) => {
    let asked = 0;
    page.connect.WebSocketManager.setGlobalConfig({
      loggerConfig: { useDefaultLogger: true },
      webSocketManagerConfig: { isNetworkOnline: () => (asked += 1) > 0 },
    });
    expect(page.connect.LogManager.hasClientLogger()).toBe(true);
    const manager = page.connect.WebSocketManager.create();
    (await open(page, manager)).end(1006);
    await page.chat.platform.settle();
    expect(asked).toBeGreaterThan(0);
    manager.closeWebSocket();
  }),
  "connect.WebSocketManager.LogLevel": row("the levels", (page) => {
    const levels = { DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40, ADVANCED_LOG: 50 };
    expect(page.connect.WebSocketManager.LogLevel).toEqual(levels);
  }),
  "connect.WebSocketManager.Logger": row("a base class for custom loggers", (page) => {
    class Own extends page.connect.WebSocketManager.Logger {}
    expect(new Own().warn("line")).toBeUndefined();
  }),
  "manager.init": row(
    "starts it: `{webSocketConnectionFailed}` once the first socket is open, or impossible",
    async (page) => {
      const manager = page.connect.WebSocketManager.create();
      const started = start(manager);
      await page.chat.platform.settle();
      page.chat.platform.socket.open();
      expect(await started).toEqual({ webSocketConnectionFailed: false });
      manager.closeWebSocket();
      const impossible = start(page.connect.WebSocketManager.create(), "ftp://nowhere");
      expect(await impossible).toEqual({ webSocketConnectionFailed: true });
    },
  ),
  "manager.subscribeTopics": row("topics, on this socket and all later ones", async (page) => {
    const manager = page.connect.WebSocketManager.create();
    const socket = await open(page, manager);
    const asked = [{ topic: "aws/subscribe", content: { topics: [CHAT] } }];
    expect(socket.sentOn("aws/subscribe")).toEqual(asked);
    socket.end(1006);
    await page.chat.nextSocket(60_000);
    page.chat.platform.socket.open();
    expect(page.chat.platform.socket.sentOn("aws/subscribe")).toEqual(asked);
    manager.closeWebSocket();
  }),
  "manager.sendMessage": row(
    "a frame; one without a topic, or with a reserved one, is refused with a warning",
    async (page) => {
      const manager = page.connect.WebSocketManager.create();
      const socket = await open(page, manager);
      manager.sendMessage({ topic: "mine", content: 1 });
      expect(socket.sentOn("mine")).toEqual([{ topic: "mine", content: 1 }]);
      const loggerConfig = { useDefaultLogger: true, level: "WARN" };
      page.ChatSession.setGlobalConfig({ loggerConfig });
      const before = socket.sent.length;
      for (const topic of ["", "aws/subscribe", "aws/heartbeat"]) manager.sendMessage({ topic });
      expect(socket.sent).toHaveLength(before);
      expect(page.chat.platform.printed).toHaveLength(3);
      manager.closeWebSocket();
    },
  ),
  "manager.onMessage": row("frames of one topic", async (page) => {
    const manager = page.connect.WebSocketManager.create();
    const frames: unknown[] = [];
    manager.onMessage(CHAT, (frame) => frames.push(frame));
    const socket = await open(page, manager);
    socket.receive({ ...FRAME, topic: "another" });
    socket.receive(FRAME);
    expect(frames).toEqual([FRAME]);
    manager.closeWebSocket();
  }),
  "manager.onInitFailure": row(
    "no socket can be opened; the handler of a late subscriber is called at once",
    async (page) => {
      const manager = page.connect.WebSocketManager.create();
      const reasons: unknown[] = [];
      manager.onInitFailure((failure) => reasons.push(failure));
      await start(manager, "ftp://nowhere");
      manager.onInitFailure((...told) => reasons.push(...told, "at once"));
      expect(reasons).toEqual([
        {
          connectWebSocketRetryCount: 0,
          connectionAttemptStartTime: expect.any(Number),
          reason: expect.any(String),
        },
        "at once",
      ]);
    },
  ),
  "manager.closeWebSocket": row("closes for good, with code 1000", async (page) => {
    const manager = page.connect.WebSocketManager.create();
    const socket = await open(page, manager);
    manager.closeWebSocket();
    expect(socket.closedWith?.code).toBe(1000);
    socket.end(1000);
    await page.chat.platform.advance(120_000);
    expect(page.chat.platform.sockets).toHaveLength(1);
  }),
  "manager.terminateWebSocketManager": row(
    "closes for good, and calls onInitFailure with the reason",
    async (page) => {
      const manager = page.connect.WebSocketManager.create();
      const socket = await open(page, manager);
      const reasons: unknown[] = [];
      manager.onInitFailure((failure) => reasons.push(failure?.reason));
      manager.terminateWebSocketManager("because");
      expect(reasons).toEqual(["because"]);
      expect(socket.closedWith?.code).toBe(1000);
      socket.end(1000);
      await page.chat.platform.advance(120_000);
      expect(page.chat.platform.sockets).toHaveLength(1);
    },
  ),
  ...Object.fromEntries(
    (Object.keys(NOTICES) as On[]).flatMap((on) => {
      const told = NOTICES[on];
      return told ? [[`manager.${on}`, notice(on, told)] as const] : [];
    }),
  ),
};
