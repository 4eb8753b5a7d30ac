import { beforeEach, expect, test } from "@jest/globals";
import { PublicManager } from "../../../src/connection/public-manager";
import { Logging } from "../../../src/observability/logger";
import { LIFE_SECONDS, ManagerUnderTest } from "../../support/manager-under-test";

/** The platform and the server; its own manager stays unused. */
let under: ManagerUnderTest;
/** A manager that nobody gave a topic. */
let manager: PublicManager;
let told: string[];

beforeEach(async () => {
  under = new ManagerUnderTest();
  manager = new PublicManager(under.platform, new Logging(under.platform).getLogger(), {
    isNetworkOnline: () => null,
    plainHost: () => null,
  });
  told = [];
  manager.onConnectionGain(() => told.push("gain"));
  manager.onConnectionLost(() => told.push("lost"));
  manager.onMessage("my/topic", ({ content }) => told.push(String(content)));
  void manager.init(under.getTransport);
  await under.platform.settle();
  under.socket.open();
});

test("a socket pings and beats, and asks for no subscription", () => {
  expect(under.socket.sent).toEqual([{ topic: "aws/ping" }, { topic: "aws/heartbeat" }]);
  expect(told).toEqual(["gain"]);
});

test("an ageing socket is replaced when the new one opens, and nothing is lost", async () => {
  const old = under.socket;
  await under.advance(LIFE_SECONDS * 1_000);
  expect(old.closedWith).toBeNull();
  under.socket.open();
  under.socket.receive({ topic: "my/topic", content: "new" });
  old.receive({ topic: "my/topic", content: "old" });
  under.drain(old);
  expect(old.closedWith).toMatchObject({ code: 1000 });
  old.end(1000);
  await under.platform.settle();
  expect(told).toEqual(["gain", "old", "new"]);
  under.socket.receive({ topic: "my/topic", content: "newer" });
  manager.sendMessage({ topic: "my/topic" });
  expect(told).toEqual(["gain", "old", "new", "newer"]);
  expect(under.socket.sentOn("my/topic")).toHaveLength(1);
});

test("a topic that comes with the new socket's opening is subscribed before the old one closes", async () => {
  const old = under.socket;
  await under.advance(LIFE_SECONDS * 1_000);
  manager.onConnectionOpen(() => manager.subscribeTopics(["my/topic"]));
  under.socket.open();
  expect(old.closedWith).toBeNull();
  const subscribed = { topic: "aws/subscribe", content: { status: "success", topics: ["my/topic"] } };
  under.socket.receive(subscribed);
  under.drain(old);
  expect(old.closedWith).toMatchObject({ code: 1000 });
});
