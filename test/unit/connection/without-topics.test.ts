import { beforeEach, expect, test } from "@jest/globals";
import { PublicManager } from "../../../src/connection/public-manager";
import { Logging } from "../../../src/observability/logger";
import { LIFETIME_SECONDS, ManagerUnderTest } from "../../support/manager-under-test";

/** Provides the platform and the server. The harness's own manager isn't used. */
let harness: ManagerUnderTest;
/** A manager without topics. */
let manager: PublicManager;
let emitted: string[];

beforeEach(async () => {
  harness = new ManagerUnderTest();
  manager = new PublicManager(harness.platform, new Logging(harness.platform).getLogger(), {
    isNetworkOnline: () => null,
    unencryptedHost: () => null,
  });
  emitted = [];
  manager.onConnectionGain(() => emitted.push("gain"));
  manager.onConnectionLost(() => emitted.push("lost"));
  manager.onMessage("my/topic", ({ content }) => emitted.push(String(content)));
  void manager.init(harness.getTransport);
  await harness.platform.settle();
  harness.socket.open();
});

test("without topics, a socket sends a ping and a heartbeat but no subscription", () => {
  expect(harness.socket.sent).toEqual([{ topic: "aws/ping" }, { topic: "aws/heartbeat" }]);
  expect(emitted).toEqual(["gain"]);
});

test("without topics, an aging socket is replaced as soon as its successor opens, and no frame is lost", async () => {
  const oldSocket = harness.socket;
  await harness.advance(LIFETIME_SECONDS * 1_000);
  expect(oldSocket.closedWith).toBeNull();
  harness.socket.open();
  harness.socket.receive({ topic: "my/topic", content: "new" });
  oldSocket.receive({ topic: "my/topic", content: "old" });
  harness.drain(oldSocket);
  expect(oldSocket.closedWith).toMatchObject({ code: 1000 });
  oldSocket.end(1000);
  await harness.platform.settle();
  expect(emitted).toEqual(["gain", "old", "new"]);
  harness.socket.receive({ topic: "my/topic", content: "newer" });
  manager.sendMessage({ topic: "my/topic" });
  expect(emitted).toEqual(["gain", "old", "new", "newer"]);
  expect(harness.socket.sentOn("my/topic")).toHaveLength(1);
});

test("a topic that is added when the new socket opens is subscribed on the new socket before the old socket closes", async () => {
  const oldSocket = harness.socket;
  await harness.advance(LIFETIME_SECONDS * 1_000);
  manager.onConnectionOpen(() => manager.subscribeTopics(["my/topic"]));
  harness.socket.open();
  expect(oldSocket.closedWith).toBeNull();
  const subscriptionResponse = {
    topic: "aws/subscribe",
    content: { status: "success", topics: ["my/topic"] },
  };
  harness.socket.receive(subscriptionResponse);
  harness.drain(oldSocket);
  expect(oldSocket.closedWith).toMatchObject({ code: 1000 });
});
