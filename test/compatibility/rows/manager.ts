import { expect } from "@jest/globals";
import type { PublicManager } from "../../../src/connection/public-manager";
import type { FakeSocket } from "../../support/fake-platform";
import type { Page } from "../support/page";
import { row, type Row, type Rows } from "../support/row";
import { STREAMS_VALUE, valueWithStreams } from "../support/streams";

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

/** Opens a socket and subscribes it. */
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

/** The description, cause and payloads of each event that an open manager emits. */
const EVENTS: Partial<
  Record<
    On,
    readonly [when: string, cause: (socket: FakeSocket, page: Page) => unknown, payloads: readonly unknown[]]
  >
> = {
  onConnectionOpen: ["fires with the socket's timings when a socket has opened", () => undefined, [OPENED]],
  onConnectionGain: ["fires when the link is up, after onConnectionOpen", () => undefined, [undefined]],
  onConnectionClose: [
    "fires when a socket has closed",
    (socket) => socket.end(1006),
    [{ ...LOST, wasClean: false }],
  ],
  onConnectionLost: [
    "fires when the link has been lost and is being restored",
    (socket) => socket.end(1006),
    [LOST],
  ],
  onSubscriptionUpdate: [
    "fires with the complete frame when topics have been subscribed",
    () => undefined,
    [SUBSCRIBED],
  ],
  onSubscriptionFailure: [
    "fires when a subscription is refused or receives no response",
    failSubscription,
    [REFUSED, REFUSED],
  ],
  onAllMessage: [
    "fires for every frame, before the callbacks for the frame's topic are called",
    (socket) => socket.receive(FRAME),
    [SUBSCRIBED, FRAME],
  ],
  onDeepHeartbeatSuccess: [
    "fires with `{timestamp}` when a ping succeeds",
    (socket) => socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" }),
    [{ timestamp: DURATION }],
  ],
  onDeepHeartbeatFailure: [
    "fires when a ping fails, with `{timestamp, error}` or `{timestamp, statusCode, statusContent}`",
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
    "fires with `{timestamp, errorMessage, connectionId, requestId}` when the server reports an error",
    (socket) => socket.receive({ message: "Forbidden", connectionId: "c", requestId: "r" }),
    [{ timestamp: DURATION, errorMessage: "Forbidden", connectionId: "c", requestId: "r" }],
  ],
};

/** Leaves the subscriptions on one socket without a response, and rejects those on the next socket. */
async function failSubscription(socket: FakeSocket, page: Page): Promise<void> {
  const { platform } = page.chat;
  socket.end(1006);
  await page.chat.nextSocket(60_000);
  platform.socket.open();
  const silentSocket = platform.socket;
  await platform.advance(4_500);
  silentSocket.end(1000);
  if (platform.socket === silentSocket) await page.chat.nextSocket(60_000);
  platform.socket.open();
  for (let refused = 0; refused < 5; refused += 1) {
    platform.socket.receive(REFUSED);
    await platform.advance(600);
  }
}

const eventRow = (on: On, [when, cause, expected]: NonNullable<(typeof EVENTS)[On]>): Row =>
  row(when, async (page) => {
    const manager = page.connect.WebSocketManager.create();
    const emitted: unknown[] = [];
    const emittedBeforeMessage: number[] = [];
    manager.onMessage(CHAT, () => emittedBeforeMessage.push(emitted.length));
    const subscribe: unknown = Reflect.get(manager, on);
    const record = (payload: unknown): unknown => emitted.push(payload);
    const off: unknown = Reflect.apply(subscribe as () => unknown, manager, [record]);
    await cause(await open(page, manager), page);
    expect(emitted).toEqual(expected);
    if (on === "onAllMessage") expect(emittedBeforeMessage).toEqual([2]);
    expect(typeof off).toBe("function");
    manager.closeWebSocket();
  });

export const MANAGER_ROWS: Rows = {
  "connect.WebSocketManager": row(
    "creates socket managers without a session; doesn't replace Streams' WebSocketManager",
    (page) => {
      expect(page.connect.WebSocketManager.create()).toHaveProperty("init");
      expect(valueWithStreams(page, "WebSocketManager")).toBe(STREAMS_VALUE);
    },
  ),
  "connect.WebSocketManager.create": row("creates a socket manager", async (page) => {
    const manager = page.connect.WebSocketManager.create({ contactId: "c" });
    expect((await open(page, manager)).readyState).toBe(1);
    manager.closeWebSocket();
  }),
  "connect.WebSocketManager.setGlobalConfig": row(
    "accepts loggerConfig and webSocketManagerConfig",
    async (page) => {
      let calls = 0;
      page.connect.WebSocketManager.setGlobalConfig({
        loggerConfig: { useDefaultLogger: true },
        webSocketManagerConfig: { isNetworkOnline: () => (calls += 1) > 0 },
      });
      expect(page.connect.LogManager.hasClientLogger()).toBe(true);
      const manager = page.connect.WebSocketManager.create();
      (await open(page, manager)).end(1006);
      await page.chat.platform.settle();
      expect(calls).toBeGreaterThan(0);
      manager.closeWebSocket();
    },
  ),
  "connect.WebSocketManager.LogLevel": row("the log levels", (page) => {
    const levels = { DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40, ADVANCED_LOG: 50 };
    expect(page.connect.WebSocketManager.LogLevel).toEqual(levels);
  }),
  "connect.WebSocketManager.Logger": row("a base class for custom loggers", (page) => {
    class CustomLogger extends page.connect.WebSocketManager.Logger {}
    expect(new CustomLogger().warn("line")).toBeUndefined();
  }),
  "manager.init": row(
    "starts the manager; resolves with `{webSocketConnectionFailed}` when the first socket has opened or failed to open",
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
  "manager.subscribeTopics": row(
    "subscribes to topics, on the current socket and all later sockets",
    async (page) => {
      const manager = page.connect.WebSocketManager.create();
      const socket = await open(page, manager);
      const subscriptions = [{ topic: "aws/subscribe", content: { topics: [CHAT] } }];
      expect(socket.sentOn("aws/subscribe")).toEqual(subscriptions);
      socket.end(1006);
      await page.chat.nextSocket(60_000);
      page.chat.platform.socket.open();
      expect(page.chat.platform.socket.sentOn("aws/subscribe")).toEqual(subscriptions);
      manager.closeWebSocket();
    },
  ),
  "manager.sendMessage": row(
    "sends a frame; if the frame's topic is missing or reserved, logs a warning instead",
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
  "manager.onMessage": row("adds a callback for the frames of one topic", async (page) => {
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
    "fires when no socket can be opened; a callback that is added later is called immediately",
    async (page) => {
      const manager = page.connect.WebSocketManager.create();
      const reasons: unknown[] = [];
      manager.onInitFailure((failure) => reasons.push(failure));
      await start(manager, "ftp://nowhere");
      manager.onInitFailure((...args) => reasons.push(...args, "immediately"));
      expect(reasons).toEqual([
        {
          connectWebSocketRetryCount: 0,
          connectionAttemptStartTime: expect.any(Number),
          reason: expect.any(String),
        },
        "immediately",
      ]);
    },
  ),
  "manager.closeWebSocket": row("closes the socket permanently, with code 1000", async (page) => {
    const manager = page.connect.WebSocketManager.create();
    const socket = await open(page, manager);
    manager.closeWebSocket();
    expect(socket.closedWith?.code).toBe(1000);
    socket.end(1000);
    await page.chat.platform.advance(120_000);
    expect(page.chat.platform.sockets).toHaveLength(1);
  }),
  "manager.terminateWebSocketManager": row(
    "closes the socket permanently, and calls the onInitFailure callbacks with the reason",
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
    (Object.keys(EVENTS) as On[]).flatMap((on) => {
      const event = EVENTS[on];
      return event ? [[`manager.${on}`, eventRow(on, event)] as const] : [];
    }),
  ),
};
