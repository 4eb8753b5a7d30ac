/** @jest-environment jsdom */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import WS from "jest-websocket-mock";
import { PublicManager, SOCKET_LINK } from "../../../src/connection/public-manager";
import { Logging } from "../../../src/observability/logger";
import { browserPlatform, type Platform } from "../../../src/platform";
import { chatFrame } from "../../support/manager-under-test";

/** The browser platform, without jitter. jest-websocket-mock replaces the page's WebSocket. */
const platform: Platform = { ...browserPlatform, random: () => 0 };

const URL = "ws://localhost:4711";
const SUBSCRIBE = { topic: "aws/subscribe", content: { topics: ["aws/chat"] } };

let server: WS;
let manager: PublicManager;
let emitted: string[];

beforeEach(() => {
  server = new WS(URL, { jsonProtocol: true });
  manager = new PublicManager(platform, new Logging(platform).getLogger(), {
    isNetworkOnline: () => null,
    unencryptedHost: () => null,
  });
  manager.subscribeTopics(["aws/chat"]);
  emitted = [];
  manager.onConnectionGain(() => emitted.push("gain"));
  manager.onConnectionLost(() => emitted.push("lost"));
  manager.onMessage("aws/chat", ({ content }) => emitted.push(String(content)));
});

afterEach(async () => {
  manager.closeWebSocket();
  await server.closed;
  WS.clean();
});

const start = (): Promise<unknown> =>
  manager.init(() =>
    Promise.resolve({ webSocketTransport: { url: URL, transportLifeTimeInSeconds: 3_540 } }),
  );

/** Waits until the link comes up or is lost. Resolves with true if the link came up. */
const nextLinkChange = (): Promise<boolean> =>
  new Promise((resolve) => {
    const unsubscribe = manager[SOCKET_LINK]().listen(({ kind }) => {
      if (kind !== "up" && kind !== "lost") return;
      unsubscribe();
      resolve(kind === "up");
    });
  });

function acceptSubscription(): void {
  server.send({ topic: "aws/subscribe", content: { status: "success", topics: ["aws/chat"] } });
}

describe("over a browser's WebSocket", () => {
  test("the manager connects, subscribes, sends pings and heartbeats, and delivers frames", async () => {
    await expect(start()).resolves.toEqual({ webSocketConnectionFailed: false });
    expect([await server.nextMessage, await server.nextMessage, await server.nextMessage]).toEqual([
      SUBSCRIBE,
      { topic: "aws/ping" },
      { topic: "aws/heartbeat" },
    ]);
    const linkUp = nextLinkChange();
    acceptSubscription();
    expect(await linkUp).toBe(true);
    server.send({ topic: "aws/heartbeat" });
    server.send(chatFrame("hello"));
    expect(emitted).toEqual(["gain", chatFrame("hello")["content"]]);
    manager.closeWebSocket();
  });

  test("the manager reconnects and resubscribes after the server closes the connection", async () => {
    await start();
    const linkUp = nextLinkChange();
    acceptSubscription();
    await linkUp;

    const linkLost = nextLinkChange();
    server.close({ code: 1012, reason: "restart", wasClean: false });
    const restartedServer = new WS(URL, { jsonProtocol: true });
    expect(await linkLost).toBe(false);
    server = restartedServer;
    expect(await server.nextMessage).toEqual(SUBSCRIBE);

    const linkUpAgain = nextLinkChange();
    acceptSubscription();
    expect(await linkUpAgain).toBe(true);
    expect(emitted).toEqual(["gain", "lost", "gain"]);
    manager.closeWebSocket();
  });
});
