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

/** Lets the old socket reach its maximum age; returns the new one, which is opening. */
async function ageOldSocket(): Promise<FakeSocket> {
  await under.advance(LIFE_MS);
  under.emitted.splice(0);
  expect(under.sockets).toHaveLength(2);
  return under.socket;
}

/** Starts a handover: the new socket is subscribed, and the old one is being drained. */
async function startHandover(): Promise<FakeSocket> {
  const successor = await ageOldSocket();
  await under.accept();
  under.emitted.splice(0);
  return successor;
}

const received = (): unknown[] =>
  under.payloads("chat").map((frame) => (frame as { content: string }).content.match(/"Id":"(\w+)"/)?.[1]);

describe("a socket that reaches its maximum age", () => {
  test("stays open while a second one opens on a new URL", async () => {
    await under.advance(LIFE_MS - 1_000);
    expect(under.sockets).toHaveLength(1);
    await under.advance(1_000);
    expect(under.sockets.map(({ url }) => url)).toEqual(["wss://chat.test/1", "wss://chat.test/2"]);
    expect(old.readyState).toBe(1);
  });

  test("is closed with 1000 once the new one is subscribed and the frames sent before have arrived", async () => {
    const successor = await ageOldSocket();
    successor.open();
    const beats = old.sentOn("aws/heartbeat").length;
    expect(old.closedWith).toBeNull();
    successor.receive(CHAT_SUBSCRIBED);
    expect(old.sentOn("aws/heartbeat")).toHaveLength(beats + 1);
    old.receive(chatFrame("late"));
    expect(old.closedWith).toBeNull();
    expect(received()).toEqual(["late"]);
    under.drain(old);
    expect(old.closedWith?.code).toBe(1000);
  });

  test("isn't drained until its last heartbeat is answered, even if an earlier one is still unanswered", async () => {
    await under.advance(LIFE_MS - 1_000);
    await under.platform.advance(1_000);
    expect(under.sockets).toHaveLength(2);
    // The heartbeat sent at this moment is still unanswered.
    await under.accept();
    under.drain(old);
    expect(old.closedWith).toBeNull();
    under.drain(old);
    expect(old.closedWith?.code).toBe(1000);
  });

  test("isn't reported as lost: only the new socket's opening and its own close are emitted", async () => {
    await ageOldSocket();
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

  test("has a successor that is itself replaced at the same age", async () => {
    await startHandover();
    old.end(1000, "", true);
    await under.advance(LIFE_MS - 1_000);
    expect(under.sockets).toHaveLength(2);
    await under.advance(1_000);
    expect(under.sockets).toHaveLength(3);
  });

  test("has a successor with all topics, including those added while it opens", async () => {
    const successor = await ageOldSocket();
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

test("a customer's socket is replaced after 3540 s", async () => {
  const customer = new ManagerUnderTest();
  customer.answer = () => customer.transport({ transportLifeTimeInSeconds: 3_540 });
  await customer.up();
  await customer.advance(3_539_000);
  expect(customer.sockets).toHaveLength(1);
  await customer.advance(1_000);
  expect(customer.sockets).toHaveLength(2);
});

describe("frames on both sockets", () => {
  test("are delivered once: first those of the old socket, in order, then those of the new one", async () => {
    const successor = await ageOldSocket();
    old.receive(chatFrame("a"));
    await under.accept();
    old.receive(chatFrame("b"));
    successor.receive(chatFrame("b"));
    successor.receive(chatFrame("c"));
    successor.receive(chatFrame("d"));
    old.receive(chatFrame("c"));
    expect(received()).toEqual(["a", "b", "c"]);
    old.end(1000, "", true);
    expect(received()).toEqual(["a", "b", "c", "d"]);
  });

  test("from the new one are held until the old one is drained; later frames from the old one are dropped", async () => {
    const successor = await startHandover();
    successor.receive(chatFrame("a"));
    expect(received()).toEqual([]);
    under.drain(old);
    expect(received()).toEqual(["a"]);
    old.receive(chatFrame("a"));
    successor.receive(chatFrame("b"));
    expect(received()).toEqual(["a", "b"]);
  });

  test("from the new one are held until the old one has closed, then delivered immediately", async () => {
    const successor = await startHandover();
    successor.receive(chatFrame("a"));
    await under.platform.advance(1_999);
    expect(received()).toEqual([]);
    old.end(1000, "", true);
    expect(received()).toEqual(["a"]);
    successor.receive(chatFrame("b"));
    expect(received()).toEqual(["a", "b"]);
  });

  test("from the new one are held for at most 2 s if the old one doesn't answer its last heartbeat", async () => {
    const successor = await startHandover();
    successor.receive(chatFrame("a"));
    await under.platform.advance(1_999);
    expect(received()).toEqual([]);
    await under.platform.advance(1);
    expect(received()).toEqual(["a"]);
    old.receive(chatFrame("a"));
    expect(received()).toEqual(["a"]);
    expect(under.isUp).toBe(true);
  });

  test("are delivered twice if the server sent them twice on one socket", async () => {
    const successor = await startHandover();
    old.receive(chatFrame("a"));
    for (let times = 0; times < 2; times += 1) successor.receive(chatFrame("a"));
    old.end(1000, "", true);
    expect(received()).toEqual(["a", "a"]);
  });

  test("aren't held if they answer a heartbeat: the new socket counts the answers to its own", async () => {
    const successor = await startHandover();
    successor.receive({ topic: "aws/heartbeat" });
    await under.platform.advance(1_000);
    old.end(1000, "", true);
    await under.platform.advance(8_000);
    expect(successor.closedWith).toBeNull();
  });
});

describe("an old socket that dies during the replacement", () => {
  test("before the new one opens: the link is lost until the new one is open and subscribed", async () => {
    await ageOldSocket();
    old.end(1006);
    expect(under.names).toEqual(["close", "down", "lost"]);
    await under.accept();
    expect(under.names.slice(3)).toEqual(["gain", "open", "allMessage", "subscriptionUpdate", "up"]);
    await under.advance(60_000);
    expect(under.sockets).toHaveLength(2);
  });

  test("before the new one is subscribed: the new one takes over, and its frames are delivered", async () => {
    const successor = await ageOldSocket();
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
    expect(received()).toEqual(["a", "b"]);
    expect(under.isUp).toBe(true);
  });

  test("after the new one opens: the new one's age counts from its own opening", async () => {
    const successor = await ageOldSocket();
    successor.open();
    old.end(1006);
    successor.receive(CHAT_SUBSCRIBED);
    await under.advance(LIFE_MS);
    expect(under.sockets).toHaveLength(3);
  });

  test("while the new one's transport is being fetched: the link reconnects as usual with one new socket", async () => {
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

  test("while it is being drained: the new one stays in use", async () => {
    const successor = await startHandover();
    successor.receive(chatFrame("a"));
    old.end(1006);
    expect(received()).toEqual(["a"]);
    expect(under.names).not.toContain("lost");
    expect(under.isUp).toBe(true);
  });
});

describe("a new socket that fails", () => {
  const expectOldInUse = (): void => {
    expect(old.closedWith).toBeNull();
    expect(under.isUp).toBe(true);
    expect(under.names).not.toContain("lost");
  };

  test("to open is retried after 30 s, while the old one stays in use", async () => {
    (await ageOldSocket()).end(1006);
    expectOldInUse();
    await under.advance(29_000);
    expect(under.sockets).toHaveLength(2);
    await under.advance(1_000);
    expect(under.sockets).toHaveLength(3);
    await under.accept();
    under.drain(old);
    expect(old.closedWith?.code).toBe(1000);
  });

  test("to be subscribed is retried, and its frames are dropped, since the old one delivers them", async () => {
    const successor = await ageOldSocket();
    successor.open();
    successor.receive(chatFrame("a"));
    for (let refusals = 0; refusals < 5; refusals += 1) {
      successor.receive({ topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } });
      await under.advance(500);
    }
    expectOldInUse();
    old.receive(chatFrame("a"));
    expect(received()).toEqual(["a"]);
    await under.advance(30_000);
    expect(under.sockets).toHaveLength(3);
  });

  test.each([
    ["because of an error", () => Promise.reject(new Error("503"))],
    ["because of a refusal", () => Promise.reject(Object.assign(new Error("403"), { statusCode: 403 }))],
    ["because of an invalid configuration", () => ({})],
  ])("to get a transport %s is retried while the old one stays in use", async (_, answer) => {
    under.answer = answer;
    await under.advance(LIFE_MS);
    await under.advance(61_000);
    expectOldInUse();
    expect(under.askedAt).toHaveLength(4);
    under.answer = () => under.transport();
    await under.advance(30_500);
    expect(under.sockets).toHaveLength(2);
  });

  test("B7: to get a transport because of a 503 with a Retry-After of a day is retried within minutes, not every 30 s", async () => {
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
    expectOldInUse();
  });

  test("while the old one is being drained is an ordinary loss", async () => {
    const successor = await startHandover();
    successor.receive(chatFrame("a"));
    successor.end(1006);
    expect(received()).toEqual(["a"]);
    expect(under.names).toContain("lost");
    old.end(1000, "", true);
    await under.platform.advance(500);
    expect(under.sockets).toHaveLength(3);
    await under.accept();
    expect(under.isUp).toBe(true);
  });

  test("while the old one is being drained makes the old one's later frames be ignored", async () => {
    const successor = await startHandover();
    successor.end(1006);
    await under.platform.advance(1_500);
    await under.accept();
    for (const socket of [old, under.socket]) socket.receive(chatFrame("a"));
    expect(received()).toEqual(["a"]);
  });
});
