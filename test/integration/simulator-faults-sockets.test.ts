/** Faults of sockets and of frames: whom they hit, how often, how likely, for how long, and in which order what goes on. */
import { describe, expect, test } from "@jest/globals";
import { delayedBy, FRAME_FAULTS, type FrameTransform } from "../../simulator/index";
import { simulateChat, type ConnectedParty } from "./support/simulated-chat";
import type { TestSocket } from "./support/test-socket";
import { until } from "./support/wait";

const chat = simulateChat({ record: true });

/** The texts of the messages that came in, in their order. */
const heard = (socket: TestSocket): string[] => socket.items.flatMap(({ Content }) => Content ?? []);

async function hears(socket: TestSocket, ...texts: string[]): Promise<void> {
  await until(() => heard(socket).length >= texts.length);
  expect(heard(socket)).toEqual(texts);
}

/** Two customers, each in a chat of its own. */
async function two(): Promise<[ConnectedParty, ConnectedParty]> {
  return [await chat.withSocket(chat.customer()), await chat.withSocket(chat.customer())];
}

const say = ({ contactId }: ConnectedParty, ...texts: string[]): void =>
  texts.forEach((text) => chat.simulator.contact(contactId).say(text));

describe("a scope", () => {
  test("names a participant, several, or a contact; others are spared", async () => {
    const [one, other] = await two();
    const { faults } = chat.simulator;
    faults.transformFrames(FRAME_FAULTS.drop, { participantId: one.participantId });
    faults.transformFrames(FRAME_FAULTS.drop, { participantId: ["nobody", one.participantId] });
    faults.transformFrames(FRAME_FAULTS.drop, { contactId: one.contactId });
    say(other, "b1");
    say(one, "a1", "a2", "a3", "a4");
    say(other, "b2");
    await hears(one.socket, "a4");
    await hears(other.socket, "b1", "b2");
  });

  test("draws from a source that the same seed repeats", async () => {
    const one = await chat.withSocket(chat.customer());
    const texts = Array.from({ length: 40 }, (_, index) => `m${index}`);
    const drawn: string[][] = [];
    for (const seed of [7, 7, 8]) {
      const before = heard(one.socket).length;
      chat.simulator.faults.seed(seed);
      chat.simulator.faults.transformFrames(FRAME_FAULTS.drop, { chance: 0.5 });
      say(one, ...texts);
      chat.simulator.faults.clear();
      say(one, "end");
      await until(() => heard(one.socket).slice(before).includes("end"));
      drawn.push(heard(one.socket).slice(before));
    }
    expect(drawn[0]?.length).toBeGreaterThan(5);
    expect(drawn[0]?.length).toBeLessThan(36);
    expect(drawn[1]).toEqual(drawn[0]);
    expect(drawn[2]).not.toEqual(drawn[0]);
  });

  test("lasts so long by the simulator's clock, and so many times within it", async () => {
    const one = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames(FRAME_FAULTS.drop, { forMs: 1_000 });
    say(one, "a", "b");
    chat.now += 1_000;
    say(one, "c");
    chat.simulator.faults.transformFrames(FRAME_FAULTS.drop, { forMs: 1_000, times: 1 });
    say(one, "d", "e");
    await hears(one.socket, "c", "e");
  });

  test("can be taken back", async () => {
    const one = await chat.withSocket(chat.customer());
    const takeBack = chat.simulator.faults.transformFrames(FRAME_FAULTS.drop, 5);
    say(one, "a");
    takeBack();
    say(one, "b");
    await hears(one.socket, "b");
  });
});

describe("frames", () => {
  test("reorder: the next frame of the socket overtakes it", async () => {
    const [one, other] = await two();
    chat.simulator.faults.transformFrames(FRAME_FAULTS.reorder, { contactId: one.contactId });
    say(one, "1");
    say(other, "of another socket");
    say(one, "2", "3");
    await hears(one.socket, "2", "1", "3");
  });

  test("a frame that waits to be overtaken goes out after a while, should none follow", async () => {
    const one = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames(FRAME_FAULTS.reorder);
    say(one, "1");
    await hears(one.socket, "1");
  });

  test("delayedBy: others pass meanwhile", async () => {
    const one = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames(delayedBy(50));
    say(one, "1", "2");
    await hears(one.socket, "2", "1");
  });

  test("what is still to go out is lost with its socket", async () => {
    const one = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames(delayedBy(20), 1);
    chat.simulator.faults.transformFrames(FRAME_FAULTS.reorder, 1);
    say(one, "1", "2");
    chat.simulator.dropSockets();
    const again = await chat.subscribe(chat.socketUrl(one));
    await new Promise((resolve) => setTimeout(resolve, 40));
    say(one, "3");
    await hears(again, "3");
    await one.socket.closed;
    expect(heard(one.socket)).toEqual([]);
  });

  test("corruptContent: a frame that can be read, of an item that cannot", async () => {
    const one = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames(FRAME_FAULTS.corruptContent);
    const before = one.socket.texts.length;
    say(one, "1");
    await until(() => one.socket.texts.length > before);
    const { topic, content } = one.socket.received.at(-1) ?? {};
    expect(topic).toBe("aws/chat");
    expect(() => JSON.parse(String(content)) as unknown).toThrow(SyntaxError);
  });

  test("a transformation is given the seeded source", async () => {
    const one = await chat.withSocket(chat.customer());
    const draws: number[] = [];
    const draw: FrameTransform = (text, random) => {
      draws.push(random());
      return [text];
    };
    for (let run = 0; run < 2; run += 1) {
      chat.simulator.faults.seed(3);
      chat.simulator.faults.transformFrames(draw);
      say(one, "x");
    }
    expect(draws[0]).toBe(draws[1]);
    expect(draws[0]).toBeLessThan(1);
  });
});

describe("sockets", () => {
  test("are refused to one participant, with a status, for a time", async () => {
    const [one, other] = await two();
    chat.simulator.faults.refuseSockets({ participantId: one.participantId, status: 503, forMs: 500 });
    await expect(chat.open(chat.socketUrl(one))).rejects.toThrow("503");
    await expect(chat.open(chat.socketUrl(one))).rejects.toThrow("503");
    await chat.open(chat.socketUrl(other));
    chat.now += 500;
    await chat.open(chat.socketUrl(one));
  });

  test("have their subscription refused", async () => {
    const one = await chat.customer();
    chat.simulator.faults.refuseSubscriptions();
    const socket = await chat.subscribe(chat.socketUrl(one));
    expect(socket.frames("aws/subscribe")).toEqual([
      { topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } },
    ]);
    socket.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
    await until(() => chat.simulator.sockets.some(({ subscribed }) => subscribed));
  });

  test("are stalled for one participant alone, and new ones of it as well", async () => {
    const [one, other] = await two();
    const resume = chat.simulator.faults.stallSockets({ participantId: one.participantId });
    say(one, "lost");
    say(other, "heard");
    await hears(other.socket, "heard");
    const again = await chat.open(chat.socketUrl(one));
    again.send({ topic: "aws/heartbeat" });
    await again.pong();
    resume();
    again.send({ topic: "aws/heartbeat" });
    await until(() => again.frames("aws/heartbeat").length > 0);
    expect(again.frames("aws/heartbeat")).toHaveLength(1);
    say(one, "after");
    await hears(one.socket, "after");
  });

  test("a stall that holds lets everything pass in its order, both ways, when it is over", async () => {
    const one = await chat.withSocket(chat.customer());
    chat.simulator.faults.stallSockets({ frames: "hold", contactId: one.contactId });
    say(one, "1", "2");
    one.socket.send({ topic: "aws/ping" });
    await one.socket.pong();
    expect(heard(one.socket)).toEqual([]);
    chat.simulator.faults.resumeSockets();
    say(one, "3");
    await hears(one.socket, "1", "2", "3");
    await until(() => one.socket.frames("aws/ping").length === 1);
  });

  test("have URLs that expire: one participant's, or all", async () => {
    const [one, other] = await two();
    const urls = [one, other].map((each) => chat.socketUrl(each)) as [string, string];
    chat.simulator.expireSocketUrls({ participantId: one.participantId });
    await expect(chat.open(urls[0])).rejects.toThrow("403");
    await chat.open(urls[1]);
    chat.simulator.expireSocketUrls();
    await expect(chat.open(urls[1])).rejects.toThrow("403");
    await chat.open(chat.socketUrl(one));
  });

  test("are dropped by several participants at once", async () => {
    const [one, other] = await two();
    expect(chat.simulator.dropSockets({ participantId: [one.participantId, other.participantId] })).toBe(2);
    await Promise.all([one.socket.closed, other.socket.closed]);
  });
});

describe("the record of truth", () => {
  test("tells each copy of an item on its way to each socket, and what became of it", async () => {
    const one = await chat.withSocket(chat.customer());
    const { faults } = chat.simulator;
    const script = chat.simulator.contact(one.contactId);
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
        contactId: one.contactId,
        itemId: items[index],
        outcome,
      })),
    );
  });

  test("tells each socket's life", async () => {
    const one = await chat.customer();
    const openedAt = chat.now;
    const socket = await chat.open(chat.socketUrl(one));
    await until(() => chat.simulator.sockets.length === 1);
    chat.now += 5;
    socket.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
    await until(() => socket.frames("aws/subscribe").length > 0);
    const subscribedAt = chat.now;
    chat.now += 5;
    socket.close();
    await until(() => chat.simulator.sockets.length === 0);
    expect(chat.simulator.traffic?.sockets).toEqual([
      { socket: 1, participantIds: [one.participantId], openedAt, subscribedAt, closedAt: chat.now },
    ]);
  });
});

describe("restart", () => {
  test("cuts every socket and call, and comes back on the same port with its state", async () => {
    const one = await chat.withSocket(chat.customer());
    const { url } = chat.simulator;
    await chat.send(one, "before", "token");
    chat.simulator.faults.delayNext("SendMessage", { delayMs: 200 });
    const call = expect(chat.send(one, "under way")).rejects.toThrow();
    await until(() => chat.simulator.requests.length > 2);
    const restarted = chat.simulator.restart({ downMs: 30 });
    await Promise.all([one.socket.closed, call]);
    await expect(fetch(url)).rejects.toThrow();
    await restarted;
    expect(chat.simulator.url).toBe(url);
    // The token, and what was sent with it, are known still.
    expect((await chat.send(one, "before", "token")).body["Id"]).toBe(chat.stored(one)[1]?.Id);
    const again = await chat.subscribe(chat.socketUrl(one));
    say(one, "after");
    await hears(again, "after");
  });
});
