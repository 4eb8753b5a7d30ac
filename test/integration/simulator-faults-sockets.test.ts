/** The scope, number, probability and duration of socket and frame faults, and the order of frames. */
import { describe, expect, test } from "@jest/globals";
import { delayedBy, FRAME_FAULTS, type FrameTransform } from "../../simulator/index";
import { simulateChat, type ConnectedParty } from "./support/simulated-chat";
import type { TestSocket } from "./support/test-socket";
import { until } from "./support/wait";

const chat = simulateChat({ record: true });

/** The texts of the received messages, in order. */
const textsOn = (socket: TestSocket): string[] => socket.items.flatMap(({ Content }) => Content ?? []);

async function expectTexts(socket: TestSocket, ...texts: string[]): Promise<void> {
  await until(() => textsOn(socket).length >= texts.length);
  expect(textsOn(socket)).toEqual(texts);
}

/** Adds two customers, each in a separate chat. */
async function twoCustomers(): Promise<[ConnectedParty, ConnectedParty]> {
  return [await chat.withSocket(chat.customer()), await chat.withSocket(chat.customer())];
}

const say = ({ contactId }: ConnectedParty, ...texts: string[]): void =>
  texts.forEach((text) => chat.simulator.contact(contactId).say(text));

describe("a scope", () => {
  test("can be one or several participants or a contact, and doesn't affect others", async () => {
    const [customer, otherCustomer] = await twoCustomers();
    const { faults } = chat.simulator;
    faults.transformFrames(FRAME_FAULTS.drop, { participantId: customer.participantId });
    faults.transformFrames(FRAME_FAULTS.drop, { participantId: ["nobody", customer.participantId] });
    faults.transformFrames(FRAME_FAULTS.drop, { contactId: customer.contactId });
    say(otherCustomer, "b1");
    say(customer, "a1", "a2", "a3", "a4");
    say(otherCustomer, "b2");
    await expectTexts(customer.socket, "a4");
    await expectTexts(otherCustomer.socket, "b1", "b2");
  });

  test("can have a chance, which draws from a seeded random source, so that the same seed repeats the faults", async () => {
    const customer = await chat.withSocket(chat.customer());
    const texts = Array.from({ length: 40 }, (_, index) => `m${index}`);
    const drawn: string[][] = [];
    for (const seed of [7, 7, 8]) {
      const before = textsOn(customer.socket).length;
      chat.simulator.faults.seed(seed);
      chat.simulator.faults.transformFrames(FRAME_FAULTS.drop, { chance: 0.5 });
      say(customer, ...texts);
      chat.simulator.faults.clear();
      say(customer, "end");
      await until(() => textsOn(customer.socket).slice(before).includes("end"));
      drawn.push(textsOn(customer.socket).slice(before));
    }
    expect(drawn[0]?.length).toBeGreaterThan(5);
    expect(drawn[0]?.length).toBeLessThan(36);
    expect(drawn[1]).toEqual(drawn[0]);
    expect(drawn[2]).not.toEqual(drawn[0]);
  });

  test("can have a duration by the simulator's clock, and a number of times within that duration", async () => {
    const customer = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames(FRAME_FAULTS.drop, { forMs: 1_000 });
    say(customer, "a", "b");
    chat.now += 1_000;
    say(customer, "c");
    chat.simulator.faults.transformFrames(FRAME_FAULTS.drop, { forMs: 1_000, times: 1 });
    say(customer, "d", "e");
    await expectTexts(customer.socket, "c", "e");
  });

  test("ends when the fault is canceled", async () => {
    const customer = await chat.withSocket(chat.customer());
    const cancel = chat.simulator.faults.transformFrames(FRAME_FAULTS.drop, 5);
    say(customer, "a");
    cancel();
    say(customer, "b");
    await expectTexts(customer.socket, "b");
  });
});

describe("frame faults", () => {
  test("a reordered frame is overtaken by the socket's next frame", async () => {
    const [customer, otherCustomer] = await twoCustomers();
    chat.simulator.faults.transformFrames(FRAME_FAULTS.reorder, { contactId: customer.contactId });
    say(customer, "1");
    say(otherCustomer, "on another socket");
    say(customer, "2", "3");
    await expectTexts(customer.socket, "2", "1", "3");
  });

  test("a reordered frame is sent after a while if no other frame follows", async () => {
    const customer = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames(FRAME_FAULTS.reorder);
    say(customer, "1");
    await expectTexts(customer.socket, "1");
  });

  test("other frames overtake a frame delayed with delayedBy()", async () => {
    const customer = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames(delayedBy(50));
    say(customer, "1", "2");
    await expectTexts(customer.socket, "2", "1");
  });

  test("delayed and reordered frames are lost if their socket drops", async () => {
    const customer = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames(delayedBy(20), 1);
    chat.simulator.faults.transformFrames(FRAME_FAULTS.reorder, 1);
    say(customer, "1", "2");
    chat.simulator.dropSockets();
    const newSocket = await chat.subscribe(chat.socketUrl(customer));
    await new Promise((resolve) => setTimeout(resolve, 40));
    say(customer, "3");
    await expectTexts(newSocket, "3");
    await customer.socket.closed;
    expect(textsOn(customer.socket)).toEqual([]);
  });

  test("a frame corrupted by corruptContent can be parsed, but its item can't", async () => {
    const customer = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames(FRAME_FAULTS.corruptContent);
    const before = customer.socket.texts.length;
    say(customer, "1");
    await until(() => customer.socket.texts.length > before);
    const { topic, content } = customer.socket.received.at(-1) ?? {};
    expect(topic).toBe("aws/chat");
    expect(() => JSON.parse(String(content)) as unknown).toThrow(SyntaxError);
  });

  test("a custom transformation receives the seeded random source", async () => {
    const customer = await chat.withSocket(chat.customer());
    const draws: number[] = [];
    const draw: FrameTransform = (text, random) => {
      draws.push(random());
      return [text];
    };
    for (let run = 0; run < 2; run += 1) {
      chat.simulator.faults.seed(3);
      chat.simulator.faults.transformFrames(draw);
      say(customer, "x");
    }
    expect(draws[0]).toBe(draws[1]);
    expect(draws[0]).toBeLessThan(1);
  });
});

describe("sockets", () => {
  test("can be refused for one participant, with a status, for a limited time", async () => {
    const [customer, otherCustomer] = await twoCustomers();
    chat.simulator.faults.refuseSockets({ participantId: customer.participantId, status: 503, forMs: 500 });
    await expect(chat.open(chat.socketUrl(customer))).rejects.toThrow("503");
    await expect(chat.open(chat.socketUrl(customer))).rejects.toThrow("503");
    await chat.open(chat.socketUrl(otherCustomer));
    chat.now += 500;
    await chat.open(chat.socketUrl(customer));
  });

  test("can have their subscriptions rejected", async () => {
    const customer = await chat.customer();
    chat.simulator.faults.refuseSubscriptions();
    const socket = await chat.subscribe(chat.socketUrl(customer));
    expect(socket.frames("aws/subscribe")).toEqual([
      { topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } },
    ]);
    socket.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
    await until(() => chat.simulator.sockets.some(({ subscribed }) => subscribed));
  });

  test("can be stalled for only one participant, even if that participant opens new sockets", async () => {
    const [customer, otherCustomer] = await twoCustomers();
    const resume = chat.simulator.faults.stallSockets({ participantId: customer.participantId });
    say(customer, "lost");
    say(otherCustomer, "delivered");
    await expectTexts(otherCustomer.socket, "delivered");
    const newSocket = await chat.open(chat.socketUrl(customer));
    newSocket.send({ topic: "aws/heartbeat" });
    await newSocket.pong();
    resume();
    newSocket.send({ topic: "aws/heartbeat" });
    await until(() => newSocket.frames("aws/heartbeat").length > 0);
    expect(newSocket.frames("aws/heartbeat")).toHaveLength(1);
    say(customer, "after");
    await expectTexts(customer.socket, "after");
  });

  test("can be stalled so that frames in both directions are held and then delivered in order on resume", async () => {
    const customer = await chat.withSocket(chat.customer());
    chat.simulator.faults.stallSockets({ frames: "hold", contactId: customer.contactId });
    say(customer, "1", "2");
    customer.socket.send({ topic: "aws/ping" });
    await customer.socket.pong();
    expect(textsOn(customer.socket)).toEqual([]);
    chat.simulator.faults.resumeSockets();
    say(customer, "3");
    await expectTexts(customer.socket, "1", "2", "3");
    await until(() => customer.socket.frames("aws/ping").length === 1);
  });

  test("can have their URLs expired for one participant or for all", async () => {
    const [customer, otherCustomer] = await twoCustomers();
    const urls = [customer, otherCustomer].map((each) => chat.socketUrl(each)) as [string, string];
    chat.simulator.expireSocketUrls({ participantId: customer.participantId });
    await expect(chat.open(urls[0])).rejects.toThrow("403");
    await chat.open(urls[1]);
    chat.simulator.expireSocketUrls();
    await expect(chat.open(urls[1])).rejects.toThrow("403");
    await chat.open(chat.socketUrl(customer));
  });

  test("can be dropped for several participants in one call", async () => {
    const [customer, otherCustomer] = await twoCustomers();
    expect(
      chat.simulator.dropSockets({ participantId: [customer.participantId, otherCustomer.participantId] }),
    ).toBe(2);
    await Promise.all([customer.socket.closed, otherCustomer.socket.closed]);
  });
});

describe("the traffic record", () => {
  test("contains each copy of an item sent to each socket, with its outcome", async () => {
    const customer = await chat.withSocket(chat.customer());
    const { faults } = chat.simulator;
    const script = chat.simulator.contact(customer.contactId);
    const { traffic } = chat.simulator;
    traffic?.frames.splice(0);
    const sent = ["whole", "duplicate", "corrupt", "drop"].map((what) => {
      if (what !== "whole") faults.transformFrames(FRAME_FAULTS[what as "duplicate" | "corrupt" | "drop"]);
      return script.say(what).Id;
    });
    faults.stallSockets();
    sent.push(script.say("stalled").Id);
    const outcomes = ["whole", "whole", "whole", "changed", "lost", "lost"] as const;
    const items = [0, 1, 1, 2, 3, 4].map((index) => sent[index]);
    expect(traffic?.frames).toEqual(
      outcomes.map((outcome, index) => ({
        at: chat.now,
        socket: 1,
        contactId: customer.contactId,
        itemId: items[index],
        outcome,
      })),
    );
  });

  test("contains the times when each socket opened, subscribed and closed", async () => {
    const customer = await chat.customer();
    const openedAt = chat.now;
    const socket = await chat.open(chat.socketUrl(customer));
    await until(() => chat.simulator.sockets.length === 1);
    chat.now += 5;
    socket.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
    await until(() => socket.frames("aws/subscribe").length > 0);
    const subscribedAt = chat.now;
    chat.now += 5;
    socket.close();
    await until(() => chat.simulator.sockets.length === 0);
    expect(chat.simulator.traffic?.sockets).toEqual([
      { socket: 1, participantIds: [customer.participantId], openedAt, subscribedAt, closedAt: chat.now },
    ]);
  });
});

describe("restart()", () => {
  test("cuts every socket and call, then comes back on the same port with the same state", async () => {
    const customer = await chat.withSocket(chat.customer());
    const { url } = chat.simulator;
    await chat.send(customer, "before", "token");
    chat.simulator.faults.delayNext("SendMessage", { delayMs: 200 });
    const call = expect(chat.send(customer, "in flight")).rejects.toThrow();
    await until(() => chat.simulator.requests.length > 2);
    const restarted = chat.simulator.restart({ downMs: 30 });
    await Promise.all([customer.socket.closed, call]);
    await expect(fetch(url)).rejects.toThrow();
    await restarted;
    expect(chat.simulator.url).toBe(url);
    // After the restart, the connection token is still valid, and the ClientToken returns the earlier message.
    expect((await chat.send(customer, "before", "token")).body["Id"]).toBe(chat.stored(customer)[1]?.Id);
    const newSocket = await chat.subscribe(chat.socketUrl(customer));
    say(customer, "after");
    await expectTexts(newSocket, "after");
  });
});
