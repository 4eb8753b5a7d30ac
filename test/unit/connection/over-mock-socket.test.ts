/** @jest-environment jsdom */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import WS from "jest-websocket-mock";
import { PublicManager, SOCKET_LINK } from "../../../src/connection/public-manager";
import { Logging } from "../../../src/observability/logger";
import { browserPlatform, type Platform } from "../../../src/platform";
import { chatFrame } from "../../support/manager-under-test";

/** The page's own platform, with sockets that lead to a server in this process, and no jitter to wait for. */
const platform: Platform = { ...browserPlatform, random: () => 0 };

const URL = "ws://localhost:4711";
const SUBSCRIBE = { topic: "aws/subscribe", content: { topics: ["aws/chat"] } };

let server: WS;
let manager: PublicManager;
let told: string[];

beforeEach(() => {
  server = new WS(URL, { jsonProtocol: true });
  manager = new PublicManager(platform, new Logging(platform).getLogger(), {
    isNetworkOnline: () => null,
    plainHost: () => null,
  });
  manager.subscribeTopics(["aws/chat"]);
  told = [];
  manager.onConnectionGain(() => told.push("gain"));
  manager.onConnectionLost(() => told.push("lost"));
  manager.onMessage("aws/chat", ({ content }) => told.push(String(content)));
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

/** The link's next change. */
const link = (): Promise<boolean> =>
  new Promise((resolve) => {
    const unsubscribe = manager[SOCKET_LINK]().listen(({ kind }) => {
      if (kind !== "up" && kind !== "lost") return;
      unsubscribe();
      resolve(kind === "up");
    });
  });

function answerSubscription(): void {
  server.send({ topic: "aws/subscribe", content: { status: "success", topics: ["aws/chat"] } });
}

describe("over a browser's WebSocket", () => {
  test("the manager connects, subscribes, pings and beats, and hands frames over", async () => {
    await expect(start()).resolves.toEqual({ webSocketConnectionFailed: false });
    expect([await server.nextMessage, await server.nextMessage, await server.nextMessage]).toEqual([
      SUBSCRIBE,
      { topic: "aws/ping" },
      { topic: "aws/heartbeat" },
    ]);
    const up = link();
    answerSubscription();
    expect(await up).toBe(true);
    server.send({ topic: "aws/heartbeat" });
    server.send(chatFrame("hello"));
    expect(told).toEqual(["gain", chatFrame("hello")["content"]]);
    manager.closeWebSocket();
  });

  test("the manager reconnects and subscribes anew after the server has closed", async () => {
    await start();
    const up = link();
    answerSubscription();
    await up;

    const lost = link();
    server.close({ code: 1012, reason: "restart", wasClean: false });
    const restarted = new WS(URL, { jsonProtocol: true });
    expect(await lost).toBe(false);
    server = restarted;
    expect(await server.nextMessage).toEqual(SUBSCRIBE);

    const again = link();
    answerSubscription();
    expect(await again).toBe(true);
    expect(told).toEqual(["gain", "lost", "gain"]);
    manager.closeWebSocket();
  });
});
