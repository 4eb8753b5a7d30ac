import { beforeEach, describe, expect, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import type { FakeSocket } from "../../support/fake-platform";
import {
  CHAT_SUBSCRIBED,
  chatFrame,
  LIFETIME_SECONDS,
  ManagerUnderTest,
} from "../../support/manager-under-test";

let harness: ManagerUnderTest;
let oldSocket: FakeSocket;

const LIFETIME_MS = LIFETIME_SECONDS * 1_000;

beforeEach(async () => {
  harness = new ManagerUnderTest().record();
  oldSocket = await harness.up();
});

/** Lets the old socket reach its maximum age, and returns its successor, which is still opening. */
async function ageOldSocket(): Promise<FakeSocket> {
  await harness.advance(LIFETIME_MS);
  harness.emitted.splice(0);
  expect(harness.sockets).toHaveLength(2);
  return harness.socket;
}

/** Starts a hand-over. Afterward, the successor is subscribed, and the old socket is being drained. */
async function startHandOver(): Promise<FakeSocket> {
  const successor = await ageOldSocket();
  await harness.accept();
  harness.emitted.splice(0);
  return successor;
}

const receivedIds = (): unknown[] =>
  harness.payloads("chat").map((frame) => (frame as { content: string }).content.match(/"Id":"(\w+)"/)?.[1]);

describe("a socket that reaches its maximum age", () => {
  test("stays open while a second socket opens on a new URL", async () => {
    await harness.advance(LIFETIME_MS - 1_000);
    expect(harness.sockets).toHaveLength(1);
    await harness.advance(1_000);
    expect(harness.sockets.map(({ url }) => url)).toEqual(["wss://chat.test/1", "wss://chat.test/2"]);
    expect(oldSocket.readyState).toBe(1);
  });

  test("is closed with code 1000 after its successor is subscribed and all earlier frames have arrived", async () => {
    const successor = await ageOldSocket();
    successor.open();
    const heartbeatsBefore = oldSocket.sentOn("aws/heartbeat").length;
    expect(oldSocket.closedWith).toBeNull();
    successor.receive(CHAT_SUBSCRIBED);
    expect(oldSocket.sentOn("aws/heartbeat")).toHaveLength(heartbeatsBefore + 1);
    oldSocket.receive(chatFrame("late"));
    expect(oldSocket.closedWith).toBeNull();
    expect(receivedIds()).toEqual(["late"]);
    harness.drain(oldSocket);
    expect(oldSocket.closedWith?.code).toBe(1000);
  });

  test("isn't drained until its last heartbeat is answered, even if an earlier heartbeat is answered first", async () => {
    await harness.advance(LIFETIME_MS - 1_000);
    await harness.platform.advance(1_000);
    expect(harness.sockets).toHaveLength(2);
    // The heartbeat that was just sent is unanswered.
    await harness.accept();
    harness.drain(oldSocket);
    expect(oldSocket.closedWith).toBeNull();
    harness.drain(oldSocket);
    expect(oldSocket.closedWith?.code).toBe(1000);
  });

  test("emits connectionClose but not connectionLost, and its successor emits connectionOpen but not connectionGain", async () => {
    await ageOldSocket();
    await harness.accept();
    oldSocket.end(1000, "", true);
    await harness.advance(60_000);
    expect(harness.names.filter((name) => name !== "deepSuccess")).toEqual([
      "open",
      "allMessage",
      "subscriptionUpdate",
      "close",
    ]);
    expect(harness.isUp).toBe(true);
    expect(harness.sockets).toHaveLength(2);
  });

  test("is replaced with a socket that is itself replaced at the same age", async () => {
    await startHandOver();
    oldSocket.end(1000, "", true);
    await harness.advance(LIFETIME_MS - 1_000);
    expect(harness.sockets).toHaveLength(2);
    await harness.advance(1_000);
    expect(harness.sockets).toHaveLength(3);
  });

  test("is replaced with a socket that subscribes to all topics, including topics added while the new socket opens", async () => {
    const successor = await ageOldSocket();
    successor.open();
    harness.manager.subscribeTopics(["aws/other"]);
    expect(successor.sentOn("aws/subscribe").at(-1)).toEqual({
      topic: "aws/subscribe",
      content: { topics: ["aws/chat", "aws/other"] },
    });
    successor.receive(CHAT_SUBSCRIBED);
    expect(oldSocket.closedWith).toBeNull();
  });
});

test("a customer's socket is replaced after 3540 s", async () => {
  const customer = new ManagerUnderTest();
  customer.respond = () => customer.transport({ transportLifeTimeInSeconds: 3_540 });
  await customer.up();
  await customer.advance(3_539_000);
  expect(customer.sockets).toHaveLength(1);
  await customer.advance(1_000);
  expect(customer.sockets).toHaveLength(2);
});

describe("while a socket is being replaced", () => {
  test("each frame is delivered once: the old socket's frames come first, then the new socket's frames", async () => {
    const successor = await ageOldSocket();
    oldSocket.receive(chatFrame("a"));
    await harness.accept();
    oldSocket.receive(chatFrame("b"));
    successor.receive(chatFrame("b"));
    successor.receive(chatFrame("c"));
    successor.receive(chatFrame("d"));
    oldSocket.receive(chatFrame("c"));
    expect(receivedIds()).toEqual(["a", "b", "c"]);
    oldSocket.end(1000, "", true);
    expect(receivedIds()).toEqual(["a", "b", "c", "d"]);
  });

  test("the new socket's frames are held until the old socket is drained, and later frames from the old socket are dropped", async () => {
    const successor = await startHandOver();
    successor.receive(chatFrame("a"));
    expect(receivedIds()).toEqual([]);
    harness.drain(oldSocket);
    expect(receivedIds()).toEqual(["a"]);
    oldSocket.receive(chatFrame("a"));
    successor.receive(chatFrame("b"));
    expect(receivedIds()).toEqual(["a", "b"]);
  });

  test("the new socket's frames are held until the old socket has closed, and then delivered immediately", async () => {
    const successor = await startHandOver();
    successor.receive(chatFrame("a"));
    await harness.platform.advance(1_999);
    expect(receivedIds()).toEqual([]);
    oldSocket.end(1000, "", true);
    expect(receivedIds()).toEqual(["a"]);
    successor.receive(chatFrame("b"));
    expect(receivedIds()).toEqual(["a", "b"]);
  });

  test("the new socket's frames are held for at most 2 s if the old socket doesn't answer its last heartbeat", async () => {
    const successor = await startHandOver();
    successor.receive(chatFrame("a"));
    await harness.platform.advance(1_999);
    expect(receivedIds()).toEqual([]);
    await harness.platform.advance(1);
    expect(receivedIds()).toEqual(["a"]);
    oldSocket.receive(chatFrame("a"));
    expect(receivedIds()).toEqual(["a"]);
    expect(harness.isUp).toBe(true);
  });

  test("a frame that the server sent twice on one socket is delivered twice", async () => {
    const successor = await startHandOver();
    oldSocket.receive(chatFrame("a"));
    for (let times = 0; times < 2; times += 1) successor.receive(chatFrame("a"));
    oldSocket.end(1000, "", true);
    expect(receivedIds()).toEqual(["a", "a"]);
  });

  test("the new socket's heartbeat responses aren't held, so its heartbeats count as answered", async () => {
    const successor = await startHandOver();
    successor.receive({ topic: "aws/heartbeat" });
    await harness.platform.advance(1_000);
    oldSocket.end(1000, "", true);
    await harness.platform.advance(8_000);
    expect(successor.closedWith).toBeNull();
  });
});

describe("the loss of the old socket during a replacement", () => {
  test("takes the link down until the new socket is subscribed, if the new socket hasn't opened yet", async () => {
    await ageOldSocket();
    oldSocket.end(1006);
    expect(harness.names).toEqual(["close", "down", "lost"]);
    await harness.accept();
    expect(harness.names.slice(3)).toEqual(["gain", "open", "allMessage", "subscriptionUpdate", "up"]);
    await harness.advance(60_000);
    expect(harness.sockets).toHaveLength(2);
  });

  test("makes the new socket take over and deliver its frames, even if the new socket isn't subscribed yet", async () => {
    const successor = await ageOldSocket();
    successor.open();
    successor.receive(chatFrame("a"));
    oldSocket.end(1006);
    expect(harness.names).toEqual(
      ["open", "close", "down", "lost", "gain"].flatMap((name) =>
        name === "lost" ? ["allMessage", "chat", name] : [name],
      ),
    );
    successor.receive(CHAT_SUBSCRIBED);
    successor.receive(chatFrame("b"));
    expect(receivedIds()).toEqual(["a", "b"]);
    expect(harness.isUp).toBe(true);
  });

  test("doesn't change the new socket's age, which counts from the new socket's opening", async () => {
    const successor = await ageOldSocket();
    successor.open();
    oldSocket.end(1006);
    successor.receive(CHAT_SUBSCRIBED);
    await harness.advance(LIFETIME_MS);
    expect(harness.sockets).toHaveLength(3);
  });

  test("makes the link reconnect as usual with one new socket, if the new transport is still being fetched", async () => {
    let respond: () => void = () => undefined;
    harness.respond = () => new Promise((resolve) => (respond = () => resolve(harness.transport())));
    await harness.advance(LIFETIME_MS);
    const first = respond;
    oldSocket.end(1006);
    await harness.platform.advance(500);
    respond();
    await harness.platform.settle();
    first();
    await harness.platform.settle();
    expect(harness.sockets).toHaveLength(2);
    await harness.accept();
    expect(harness.isUp).toBe(true);
  });

  test("leaves the new socket in use if the old socket is already being drained", async () => {
    const successor = await startHandOver();
    successor.receive(chatFrame("a"));
    oldSocket.end(1006);
    expect(receivedIds()).toEqual(["a"]);
    expect(harness.names).not.toContain("lost");
    expect(harness.isUp).toBe(true);
  });
});

describe("a failed replacement", () => {
  const expectOldSocketInUse = (): void => {
    expect(oldSocket.closedWith).toBeNull();
    expect(harness.isUp).toBe(true);
    expect(harness.names).not.toContain("lost");
  };

  test("is retried 30 s after the new socket failed to open, and the old socket stays in use", async () => {
    (await ageOldSocket()).end(1006);
    expectOldSocketInUse();
    await harness.advance(29_000);
    expect(harness.sockets).toHaveLength(2);
    await harness.advance(1_000);
    expect(harness.sockets).toHaveLength(3);
    await harness.accept();
    harness.drain(oldSocket);
    expect(oldSocket.closedWith?.code).toBe(1000);
  });

  test("is retried if the new socket can't subscribe, and the new socket's frames are dropped because the old socket delivers the same frames", async () => {
    const successor = await ageOldSocket();
    successor.open();
    successor.receive(chatFrame("a"));
    for (let rejections = 0; rejections < 5; rejections += 1) {
      successor.receive({ topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } });
      await harness.advance(500);
    }
    expectOldSocketInUse();
    oldSocket.receive(chatFrame("a"));
    expect(receivedIds()).toEqual(["a"]);
    await harness.advance(30_000);
    expect(harness.sockets).toHaveLength(3);
  });

  test.each([
    ["an error", () => Promise.reject(new Error("503"))],
    ["a 403", () => Promise.reject(Object.assign(new Error("403"), { statusCode: 403 }))],
    ["an invalid configuration", () => ({})],
  ])(
    "is retried if it gets no transport because of %s, and the old socket stays in use",
    async (_, respond) => {
      harness.respond = respond;
      await harness.advance(LIFETIME_MS);
      await harness.advance(61_000);
      expectOldSocketInUse();
      expect(harness.requestedAt).toHaveLength(4);
      harness.respond = () => harness.transport();
      await harness.advance(30_500);
      expect(harness.sockets).toHaveLength(2);
    },
  );

  test("B7: is retried within minutes after a 503 with a one-day Retry-After, but less often than every 30 s", async () => {
    harness.respond = () =>
      Promise.reject(
        new ChatError("ServiceError", "busy", {
          statusCode: 503,
          retryable: true,
          retryAfterMs: 86_400_000,
        }),
      );
    await harness.advance(LIFETIME_MS);
    harness.respond = () => harness.transport();
    await harness.advance(150_000);
    expect(harness.requestedAt).toHaveLength(2);
    await harness.advance(30_000);
    expect(harness.requestedAt).toHaveLength(3);
    expectOldSocketInUse();
  });

  test("counts as an ordinary loss if the new socket closes while the old socket is being drained", async () => {
    const successor = await startHandOver();
    successor.receive(chatFrame("a"));
    successor.end(1006);
    expect(receivedIds()).toEqual(["a"]);
    expect(harness.names).toContain("lost");
    oldSocket.end(1000, "", true);
    await harness.platform.advance(500);
    expect(harness.sockets).toHaveLength(3);
    await harness.accept();
    expect(harness.isUp).toBe(true);
  });

  test("drops the old socket's later frames if the new socket closes while the old socket is being drained", async () => {
    const successor = await startHandOver();
    successor.end(1006);
    await harness.platform.advance(1_500);
    await harness.accept();
    for (const socket of [oldSocket, harness.socket]) socket.receive(chatFrame("a"));
    expect(receivedIds()).toEqual(["a"]);
  });
});
