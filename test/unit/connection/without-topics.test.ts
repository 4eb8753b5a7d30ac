import { beforeEach, expect, test } from "@jest/globals";
import { PublicManager } from "../../../src/connection/public-manager";
import { Logging } from "../../../src/observability/logger";
import { LIFETIME_SECONDS, ManagerUnderTest } from "../../support/manager-under-test";

/** Provides the platform and the server; its own manager isn't used. */
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

test("without topics, an aging socket is replaced once its successor opens, and no frame is lost", async () => {
  const old = harness.socket;
  await harness.advance(LIFETIME_SECONDS * 1_000);
  expect(old.closedWith).toBeNull();
  harness.socket.open();
  harness.socket.receive({ topic: "my/topic", content: "new" });
  old.receive({ topic: "my/topic", content: "old" });
  harness.drain(old);
  expect(old.closedWith).toMatchObject({ code: 1000 });
  old.end(1000);
  await harness.platform.settle();
  expect(emitted).toEqual(["gain", "old", "new"]);
  harness.socket.receive({ topic: "my/topic", content: "newer" });
  manager.sendMessage({ topic: "my/topic" });
  expect(emitted).toEqual(["gain", "old", "new", "newer"]);
  expect(harness.socket.sentOn("my/topic")).toHaveLength(1);
});

test("a topic added when the new socket opens is subscribed there before the old socket closes", async () => {
  const old = harness.socket;
  await harness.advance(LIFETIME_SECONDS * 1_000);
  manager.onConnectionOpen(() => manager.subscribeTopics(["my/topic"]));
  harness.socket.open();
  expect(old.closedWith).toBeNull();
  const subscribed = { topic: "aws/subscribe", content: { status: "success", topics: ["my/topic"] } };
  harness.socket.receive(subscribed);
  harness.drain(old);
  expect(old.closedWith).toMatchObject({ code: 1000 });
});
