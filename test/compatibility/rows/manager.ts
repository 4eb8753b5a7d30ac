import { expect } from "@jest/globals";
import type { WebSocketManager } from "../../../src/connection/web-socket-manager";
import type { FakeSocket } from "../../support/fake-platform";
import type { Page } from "../support/page";
import { row, type Row, type Rows } from "../support/row";

const CHAT = "aws/chat";
const SUBSCRIBED = { topic: "aws/subscribe", content: { status: "success", topics: [CHAT] } };
const FRAME = { topic: CHAT, contentType: "application/json", content: "{}" };

const start = (
  manager: WebSocketManager,
  url = "wss://chat.test/1",
): Promise<{ webSocketConnectionFailed: boolean }> =>
  manager.init(() =>
    Promise.resolve({ webSocketTransport: { url, expiry: null, transportLifeTimeInSeconds: 300 } }),
  );

/** An open, subscribed socket. */
async function open(page: Page, manager: WebSocketManager): Promise<FakeSocket> {
  manager.subscribeTopics([CHAT]);
  const started = start(manager);
  await page.chat.platform.settle();
  const { socket } = page.chat.platform;
  socket.open();
  socket.receive(SUBSCRIBED);
  await started;
  return socket;
}

type On = Extract<keyof WebSocketManager, `on${string}`>;

/** What makes an open manager tell each of its notices. */
const NOTICES: Partial<
  Record<On, readonly [when: string, cause: (socket: FakeSocket, page: Page) => unknown]>
> = {
  onConnectionOpen: ["a socket has opened, with the times it took", () => undefined],
  onConnectionGain: ["the link is there, after onConnectionOpen's socket has opened", () => undefined],
  onConnectionClose: ["a socket has closed", (socket) => socket.end(1006)],
  onConnectionLost: ["the link is lost and being restored", (socket) => socket.end(1006)],
  onSubscriptionUpdate: ["topics are subscribed; the whole frame", () => undefined],
  onSubscriptionFailure: ["topics were refused, or nobody answered", failSubscription],
  onAllMessage: ["every frame, before the topic's own callbacks", (socket) => socket.receive(FRAME)],
  onDeepHeartbeatSuccess: [
    "`{timestamp}`",
    (socket) => socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" }),
  ],
  onDeepHeartbeatFailure: [
    "`{timestamp, error}`, or the status",
    (socket) => socket.receive({ topic: "aws/ping", statusCode: 500 }),
  ],
  onTopicFailure: [
    "`{timestamp, errorMessage, connectionId, requestId}`",
    (socket) => socket.receive({ message: "Forbidden" }),
  ],
};

async function failSubscription(socket: FakeSocket, page: Page): Promise<void> {
  socket.end(1006);
  await page.chat.nextSocket(60_000);
  page.chat.platform.socket.open();
  await page.chat.platform.advance(10_000);
}

const notice = (on: On, [when, cause]: NonNullable<(typeof NOTICES)[On]>): Row =>
  row(when, async (page) => {
    const manager = page.connect.WebSocketManager.create();
    let told = 0;
    const subscribe: unknown = Reflect.get(manager, on);
    const off: unknown = Reflect.apply(subscribe as () => unknown, manager, [() => (told += 1)]);
    await cause(await open(page, manager), page);
    expect(told).toBeGreaterThan(0);
    expect(typeof off).toBe("function");
    manager.closeWebSocket();
  });

export const MANAGER_ROWS: Rows = {
  "connect.WebSocketManager": row("a socket without a session; Streams' own stays where it is", (page) => {
    expect(page.connect.WebSocketManager.create()).toHaveProperty("init");
  }),
  "connect.WebSocketManager.create": row("makes a manager", (page) => {
    expect(page.connect.WebSocketManager.create({ contactId: "c" })).toHaveProperty("init");
  }),
  "connect.WebSocketManager.setGlobalConfig": row("loggerConfig and webSocketManagerConfig", (page) => {
    page.connect.WebSocketManager.setGlobalConfig({ loggerConfig: { useDefaultLogger: true } });
    expect(page.connect.LogManager.hasClientLogger()).toBe(true);
  }),
  "connect.WebSocketManager.LogLevel": row("the levels", (page) => {
    expect(page.connect.WebSocketManager.LogLevel.WARN).toBe(30);
  }),
  "connect.WebSocketManager.Logger": row("a base for a logger of the application's own", (page) => {
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
    },
  ),
  "manager.subscribeTopics": row("topics, on this socket and all later ones", async (page) => {
    const manager = page.connect.WebSocketManager.create();
    const socket = await open(page, manager);
    expect(socket.sentOn("aws/subscribe")).toEqual([{ topic: "aws/subscribe", content: { topics: [CHAT] } }]);
    manager.closeWebSocket();
  }),
  "manager.sendMessage": row(
    "a frame; one without a topic, or with a reserved one, is refused with a warning",
    async (page) => {
      const manager = page.connect.WebSocketManager.create();
      const socket = await open(page, manager);
      manager.sendMessage({ topic: "mine", content: 1 });
      expect(socket.sentOn("mine")).toEqual([{ topic: "mine", content: 1 }]);
      manager.closeWebSocket();
    },
  ),
  "manager.onMessage": row("frames of one topic", async (page) => {
    const manager = page.connect.WebSocketManager.create();
    const frames: unknown[] = [];
    manager.onMessage(CHAT, (frame) => frames.push(frame));
    (await open(page, manager)).receive(FRAME);
    expect(frames).toEqual([FRAME]);
    manager.closeWebSocket();
  }),
  "manager.onInitFailure": row(
    "the socket is impossible: late subscribers are told at once",
    async (page) => {
      const manager = page.connect.WebSocketManager.create();
      const reasons: unknown[] = [];
      manager.onInitFailure((failure) => reasons.push(failure?.reason));
      await start(manager, "ftp://nowhere");
      expect(reasons).toEqual([expect.any(String)]);
    },
  ),
  "manager.closeWebSocket": row("closes for good, with code 1000", async (page) => {
    const manager = page.connect.WebSocketManager.create();
    const socket = await open(page, manager);
    manager.closeWebSocket();
    expect(socket.closedWith?.code).toBe(1000);
  }),
  "manager.terminateWebSocketManager": row("closes for good, and tells onInitFailure why", async (page) => {
    const manager = page.connect.WebSocketManager.create();
    await open(page, manager);
    const reasons: unknown[] = [];
    manager.onInitFailure((failure) => reasons.push(failure?.reason));
    manager.terminateWebSocketManager("because");
    expect(reasons).toEqual(["because"]);
  }),
  ...Object.fromEntries(
    (Object.keys(NOTICES) as On[]).flatMap((on) => {
      const told = NOTICES[on];
      return told ? [[`manager.${on}`, notice(on, told)] as const] : [];
    }),
  ),
};
