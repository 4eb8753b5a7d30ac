import { beforeEach, describe, expect, test } from "@jest/globals";
import { Subscriptions } from "../../../src/connection/subscriptions";
import { FakePlatform } from "../../support/fake-platform";

let platform: FakePlatform;
let subscriptions: Subscriptions;
/** Sent subscriptions and reported events, each with the milliseconds since the start. */
let log: string[];
let failures: unknown[];

beforeEach(() => {
  platform = new FakePlatform();
  const start = platform.time;
  log = [];
  failures = [];
  const note = (what: string): number => log.push(`${what} ${platform.time - start}`);
  subscriptions = new Subscriptions(platform, (event) => {
    if (event.kind === "send") {
      const { topic, content } = event.frame;
      note(`${String(topic)} ${JSON.stringify(content)}`);
      return;
    }
    note(event.kind === "subscribed" ? "complete" : "failed");
    if (event.kind === "subscriptionFailure") failures.push(event.payload);
  });
});

const frameLine = (...topics: string[]): string => `aws/subscribe ${JSON.stringify({ topics })}`;
const rejection = { topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } };
const accept = (...topics: string[]): void => subscriptions.onResponse(true, topics, {});
const reject = (): void => subscriptions.onResponse(false, ["aws/chat"], rejection);
const CHAT = frameLine("aws/chat");

describe("add()", () => {
  test("sends the subscription immediately and reports completion when the response arrives", async () => {
    subscriptions.add(["aws/chat"]);
    expect(log).toEqual([`${CHAT} 0`]);
    accept("aws/chat");
    await platform.advance(60_000);
    expect(log).toEqual([`${CHAT} 0`, "complete 0"]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("resends only the missing topics if the server accepts topics one at a time, and reports completion with the last response", async () => {
    subscriptions.add(["aws/chat", "aws/other"]);
    accept("aws/other");
    await platform.advance(1_000);
    expect(log).toEqual([`${frameLine("aws/chat", "aws/other")} 0`, `${CHAT} 1000`]);
    accept("aws/chat");
    expect(log.at(-1)).toBe("complete 1000");
  });

  test("sends nothing if there are no topics", () => {
    subscriptions.add([]);
    expect(log).toEqual([]);
    expect(platform.pendingTimers).toBe(0);
  });
});

describe("an unanswered subscription", () => {
  test("is sent four times, a second apart, and fails a second after the last send", async () => {
    subscriptions.add(["aws/chat"]);
    await platform.advance(60_000);
    expect(log).toEqual([`${CHAT} 0`, `${CHAT} 1000`, `${CHAT} 2000`, `${CHAT} 3000`, "failed 4000"]);
    expect(failures).toEqual([rejection]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("completes if the response arrives late, even after the last send", async () => {
    subscriptions.add(["aws/chat"]);
    await platform.advance(3_999);
    accept("aws/chat");
    await platform.advance(60_000);
    expect(log.slice(-2)).toEqual([`${CHAT} 3000`, "complete 3999"]);
    expect(failures).toEqual([]);
  });
});

describe("a rejected subscription", () => {
  test("is resent 500 ms after each rejection and fails at the fifth rejection", async () => {
    subscriptions.add(["aws/chat"]);
    for (let rejections = 1; rejections <= 4; rejections += 1) {
      reject();
      await platform.advance(500);
    }
    expect(log).toEqual([`${CHAT} 0`, `${CHAT} 500`, `${CHAT} 1000`, `${CHAT} 1500`, `${CHAT} 2000`]);
    reject();
    await platform.advance(60_000);
    expect(log.slice(5)).toEqual(["failed 2000"]);
    expect(failures[0]).toBe(rejection);
    expect(platform.pendingTimers).toBe(0);
  });

  test("completes when a later attempt is accepted", async () => {
    subscriptions.add(["aws/chat"]);
    reject();
    await platform.advance(500);
    accept("aws/chat");
    await platform.advance(60_000);
    expect(log).toEqual([`${CHAT} 0`, `${CHAT} 500`, "complete 500"]);
  });

  test("counts its unanswered sends from zero after the rejection", async () => {
    subscriptions.add(["aws/chat"]);
    await platform.advance(3_500);
    reject();
    await platform.advance(3_500);
    expect(failures).toEqual([]);
    expect(log.filter((line) => line.startsWith(CHAT))).toHaveLength(8);
    await platform.advance(1_000);
    expect(failures).toHaveLength(1);
  });

  test("isn't reported as failed if a later attempt was accepted before the rejections arrive", async () => {
    subscriptions.add(["aws/chat"]);
    await platform.advance(1_000);
    accept("aws/chat");
    for (let rejections = 0; rejections < 6; rejections += 1) reject();
    await platform.advance(60_000);
    expect(log).toEqual([`${CHAT} 0`, `${CHAT} 1000`, "complete 1000"]);
    expect(platform.pendingTimers).toBe(0);
  });
});

describe("topics added later", () => {
  test("are subscribed without repeating accepted topics, and completion is reported again", () => {
    subscriptions.add(["aws/chat"]);
    accept("aws/chat");
    subscriptions.add(["aws/chat", "aws/other"]);
    expect(log.at(-1)).toBe(`${frameLine("aws/other")} 0`);
    accept("aws/other");
    expect(log.filter((line) => line.startsWith("complete"))).toHaveLength(2);
  });

  test("are subscribed together with topics that haven't been accepted yet", () => {
    subscriptions.add(["aws/chat"]);
    subscriptions.add(["aws/other"]);
    expect(log.at(-1)).toBe(`${frameLine("aws/chat", "aws/other")} 0`);
  });

  test("get the full number of attempts", async () => {
    subscriptions.add(["aws/chat"]);
    await platform.advance(3_000);
    subscriptions.add(["aws/other"]);
    await platform.advance(3_999);
    expect(failures).toEqual([]);
    await platform.advance(1);
    expect(failures).toHaveLength(1);
  });

  test("aren't subscribed again if the server has already accepted them", () => {
    subscriptions.add(["aws/chat"]);
    accept("aws/chat");
    subscriptions.add(["aws/chat"]);
    expect(log).toHaveLength(2);
    expect(platform.pendingTimers).toBe(0);
  });
});

test.each(["unanswered", "rejected"])(
  "stop() cancels the timers of a subscription that is %s",
  async (state) => {
    subscriptions.add(["aws/chat"]);
    if (state === "rejected") reject();
    subscriptions.stop();
    expect(platform.pendingTimers).toBe(0);
    await platform.advance(60_000);
    expect(log).toEqual([`${CHAT} 0`]);
  },
);
