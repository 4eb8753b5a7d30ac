import { beforeEach, describe, expect, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import type { FakeSocket } from "../../support/fake-platform";
import { CHAT_SUBSCRIBED, chatFrame, LIFE_SECONDS, ManagerUnderTest } from "../../support/manager-under-test";

let under: ManagerUnderTest;
let old: FakeSocket;

const LIFE_MS = LIFE_SECONDS * 1_000;

beforeEach(async () => {
  under = new ManagerUnderTest().record();
  old = await under.up();
});

/** The old socket has reached its age, and the new one is opening. */
async function aged(): Promise<FakeSocket> {
  await under.advance(LIFE_MS);
  under.emitted.splice(0);
  expect(under.sockets).toHaveLength(2);
  return under.socket;
}

/** The new socket is subscribed, and the frames in flight on the old one are waited for. */
async function inHandOver(): Promise<FakeSocket> {
  const successor = await aged();
  await under.accept();
  under.emitted.splice(0);
  return successor;
}

const heard = (): unknown[] =>
  under.payloads("chat").map((frame) => (frame as { content: string }).content.match(/"Id":"(\w+)"/)?.[1]);

describe("a socket that reaches its age", () => {
  test("is followed by a second one, on a new URL, and stays open meanwhile", async () => {
    await under.advance(LIFE_MS - 1_000);
    expect(under.sockets).toHaveLength(1);
    await under.advance(1_000);
    expect(under.sockets.map(({ url }) => url)).toEqual(["wss://chat.test/1", "wss://chat.test/2"]);
    expect(old.readyState).toBe(1);
  });

  test("closes with 1000 when the new one is subscribed and what was sent before has arrived, not before", async () => {
    const successor = await aged();
    successor.open();
    const beats = old.sentOn("aws/heartbeat").length;
    expect(old.closedWith).toBeNull();
    successor.receive(CHAT_SUBSCRIBED);
    expect(old.sentOn("aws/heartbeat")).toHaveLength(beats + 1);
    old.receive(chatFrame("late"));
    expect(old.closedWith).toBeNull();
    expect(heard()).toEqual(["late"]);
    under.drain(old);
    expect(old.closedWith?.code).toBe(1000);
  });

  test("waits for the answer to its last beat where one of before is still to be answered", async () => {
    await under.advance(LIFE_MS - 1_000);
    await under.platform.advance(1_000);
    expect(under.sockets).toHaveLength(2);
    // The beat of this moment is not answered yet.
    await under.accept();
    under.drain(old);
    expect(old.closedWith).toBeNull();
    under.drain(old);
    expect(old.closedWith?.code).toBe(1000);
  });

  test("is not lost: nothing is told but the opening of one and the close of the other", async () => {
    await aged();
    await under.accept();
    old.end(1000, "", true);
    await under.advance(60_000);
    expect(under.names.filter((name) => name !== "deepSuccess")).toEqual([
      "open",
      "allMessage",
      "subscriptionUpdate",
      "close",
    ]);
    expect(under.isUp).toBe(true);
    expect(under.sockets).toHaveLength(2);
  });

  test("has a successor that lives as long, and is followed itself", async () => {
    await inHandOver();
    old.end(1000, "", true);
    await under.advance(LIFE_MS - 1_000);
    expect(under.sockets).toHaveLength(2);
    await under.advance(1_000);
    expect(under.sockets).toHaveLength(3);
  });

  test("has a successor with all topics, those too that are added while it opens", async () => {
    const successor = await aged();
    successor.open();
    under.manager.subscribeTopics(["aws/other"]);
    expect(successor.sentOn("aws/subscribe").at(-1)).toEqual({
      topic: "aws/subscribe",
      content: { topics: ["aws/chat", "aws/other"] },
    });
    successor.receive(CHAT_SUBSCRIBED);
    expect(old.closedWith).toBeNull();
  });
});

test("a customer's socket lives for 3540 s", async () => {
  const customer = new ManagerUnderTest();
  customer.answer = () => customer.transport({ transportLifeTimeInSeconds: 3_540 });
  await customer.up();
  await customer.advance(3_539_000);
  expect(customer.sockets).toHaveLength(1);
  await customer.advance(1_000);
  expect(customer.sockets).toHaveLength(2);
});

describe("what comes on both", () => {
  test("goes out once, in the order of the old socket and then of the new", async () => {
    const successor = await aged();
    old.receive(chatFrame("a"));
    await under.accept();
    old.receive(chatFrame("b"));
    successor.receive(chatFrame("b"));
    successor.receive(chatFrame("c"));
    successor.receive(chatFrame("d"));
    old.receive(chatFrame("c"));
    expect(heard()).toEqual(["a", "b", "c"]);
    old.end(1000, "", true);
    expect(heard()).toEqual(["a", "b", "c", "d"]);
  });

  test("is held on the new socket until the old one is drained, and what the old one brings later is dropped", async () => {
    const successor = await inHandOver();
    successor.receive(chatFrame("a"));
    expect(heard()).toEqual([]);
    under.drain(old);
    expect(heard()).toEqual(["a"]);
    old.receive(chatFrame("a"));
    successor.receive(chatFrame("b"));
    expect(heard()).toEqual(["a", "b"]);
  });

  test("is held on the new socket until the old one has closed, and then goes out at once", async () => {
    const successor = await inHandOver();
    successor.receive(chatFrame("a"));
    await under.platform.advance(1_999);
    expect(heard()).toEqual([]);
    old.end(1000, "", true);
    expect(heard()).toEqual(["a"]);
    successor.receive(chatFrame("b"));
    expect(heard()).toEqual(["a", "b"]);
  });

  test("is held no longer than 2 s when the old socket does not finish its close", async () => {
    const successor = await inHandOver();
    successor.receive(chatFrame("a"));
    await under.platform.advance(1_999);
    expect(heard()).toEqual([]);
    await under.platform.advance(1);
    expect(heard()).toEqual(["a"]);
    old.receive(chatFrame("a"));
    expect(heard()).toEqual(["a"]);
    expect(under.isUp).toBe(true);
  });

  test("goes out as often as one socket brought it: a frame may be sent twice", async () => {
    const successor = await inHandOver();
    old.receive(chatFrame("a"));
    for (let times = 0; times < 2; times += 1) successor.receive(chatFrame("a"));
    old.end(1000, "", true);
    expect(heard()).toEqual(["a", "a"]);
  });

  test("does not include answers to the link's own frames: the new socket's beats are its own", async () => {
    const successor = await inHandOver();
    successor.receive({ topic: "aws/heartbeat" });
    await under.platform.advance(1_000);
    old.end(1000, "", true);
    await under.platform.advance(8_000);
    expect(successor.closedWith).toBeNull();
  });
});

describe("an old socket that dies in the middle", () => {
  test("before the new one opens: the link is lost until the new one is open and subscribed", async () => {
    await aged();
    old.end(1006);
    expect(under.names).toEqual(["close", "down", "lost"]);
    await under.accept();
    expect(under.names.slice(3)).toEqual(["gain", "open", "allMessage", "subscriptionUpdate", "up"]);
    await under.advance(60_000);
    expect(under.sockets).toHaveLength(2);
  });

  test("before the new one is subscribed: the new one takes over, and what it brought goes out", async () => {
    const successor = await aged();
    successor.open();
    successor.receive(chatFrame("a"));
    old.end(1006);
    expect(under.names).toEqual(
      ["open", "close", "down", "lost", "gain"].flatMap((name) =>
        name === "lost" ? ["allMessage", "chat", name] : [name],
      ),
    );
    successor.receive(CHAT_SUBSCRIBED);
    successor.receive(chatFrame("b"));
    expect(heard()).toEqual(["a", "b"]);
    expect(under.isUp).toBe(true);
  });

  test("leaves a new one whose age counts from its own opening", async () => {
    const successor = await aged();
    successor.open();
    old.end(1006);
    successor.receive(CHAT_SUBSCRIBED);
    await under.advance(LIFE_MS);
    expect(under.sockets).toHaveLength(3);
  });

  test("while the new one's details are fetched: an ordinary reconnection, with one new socket", async () => {
    let answer: () => void = () => undefined;
    under.answer = () => new Promise((resolve) => (answer = () => resolve(under.transport())));
    await under.advance(LIFE_MS);
    const first = answer;
    old.end(1006);
    await under.platform.advance(500);
    answer();
    await under.platform.settle();
    first();
    await under.platform.settle();
    expect(under.sockets).toHaveLength(2);
    await under.accept();
    expect(under.isUp).toBe(true);
  });

  test("while it is drained: the new one goes on", async () => {
    const successor = await inHandOver();
    successor.receive(chatFrame("a"));
    old.end(1006);
    expect(heard()).toEqual(["a"]);
    expect(under.names).not.toContain("lost");
    expect(under.isUp).toBe(true);
  });
});

describe("a new socket that fails", () => {
  const stillThere = (): void => {
    expect(old.closedWith).toBeNull();
    expect(under.isUp).toBe(true);
    expect(under.names).not.toContain("lost");
  };

  test("to open is tried again half a minute later, while the old one lives on", async () => {
    (await aged()).end(1006);
    stillThere();
    await under.advance(29_000);
    expect(under.sockets).toHaveLength(2);
    await under.advance(1_000);
    expect(under.sockets).toHaveLength(3);
    await under.accept();
    under.drain(old);
    expect(old.closedWith?.code).toBe(1000);
  });

  test("to be subscribed is tried again, and what it brought is the old one's to bring", async () => {
    const successor = await aged();
    successor.open();
    successor.receive(chatFrame("a"));
    for (let refusals = 0; refusals < 5; refusals += 1) {
      successor.receive({ topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } });
      await under.advance(500);
    }
    stillThere();
    old.receive(chatFrame("a"));
    expect(heard()).toEqual(["a"]);
    await under.advance(30_000);
    expect(under.sockets).toHaveLength(3);
  });

  test.each([
    ["with a failure", () => Promise.reject(new Error("503"))],
    ["with a refusal", () => Promise.reject(Object.assign(new Error("403"), { statusCode: 403 }))],
    ["with an invalid configuration", () => ({})],
  ])("to be fetched, %s, is tried again while the old one lives on", async (_, answer) => {
    under.answer = answer;
    await under.advance(LIFE_MS);
    await under.advance(61_000);
    stillThere();
    expect(under.askedAt).toHaveLength(4);
    under.answer = () => under.transport();
    await under.advance(30_500);
    expect(under.sockets).toHaveLength(2);
  });

  test("B7: to be fetched, with a 503 and a Retry-After of a day, is tried again within minutes, not every half minute", async () => {
    under.answer = () =>
      Promise.reject(
        new ChatError("ServiceError", "busy", {
          statusCode: 503,
          retryable: true,
          retryAfterMs: 86_400_000,
        }),
      );
    await under.advance(LIFE_MS);
    under.answer = () => under.transport();
    await under.advance(150_000);
    expect(under.askedAt).toHaveLength(2);
    await under.advance(30_000);
    expect(under.askedAt).toHaveLength(3);
    stillThere();
  });

  test("after it took over, while the old one is drained, is a loss like any other", async () => {
    const successor = await inHandOver();
    successor.receive(chatFrame("a"));
    successor.end(1006);
    expect(heard()).toEqual(["a"]);
    expect(under.names).toContain("lost");
    old.end(1000, "", true);
    await under.platform.advance(500);
    expect(under.sockets).toHaveLength(3);
    await under.accept();
    expect(under.isUp).toBe(true);
  });

  test("after it took over leaves the old one, though it closes still, with nothing more to say", async () => {
    const successor = await inHandOver();
    successor.end(1006);
    await under.platform.advance(1_500);
    await under.accept();
    for (const socket of [old, under.socket]) socket.receive(chatFrame("a"));
    expect(heard()).toEqual(["a"]);
  });
});
