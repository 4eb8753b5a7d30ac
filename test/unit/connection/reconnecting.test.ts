import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import { ManagerUnderTest } from "../../support/manager-under-test";

let under: ManagerUnderTest;

beforeEach(() => {
  under = new ManagerUnderTest();
});

const failing = (statusCode?: number, retryAfterMs?: number) => (): never => {
  throw new ChatError(statusCode === undefined ? "NetworkError" : "ServiceError", "no socket", {
    statusCode,
    retryAfterMs,
    retryable: true,
  });
};

/** The pauses between the moments of a list. */
const gaps = (moments: readonly number[]): number[] =>
  moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));

/** Steps the clock until the socket's details were asked for so often. */
async function askedTimes(times: number): Promise<void> {
  while (under.askedAt.length < times && under.platform.time - under.start < 3_600_000) {
    await under.platform.advance(100);
  }
}

describe("full jitter", () => {
  test("attempts follow within random(0, 1 s · 2^n), and the cap is 30 s", async () => {
    under.platform.chance = 0.999;
    under.answer = failing();
    await under.init();
    await askedTimes(9);
    expect(gaps(under.askedAt)).toEqual(
      [1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => expect.closeTo(seconds * 999, 5)),
    );
  });

  test("is applied after the cap: half the chance is half the delay, at every step", async () => {
    under.platform.chance = 0.5;
    under.answer = failing(500);
    await under.init();
    await askedTimes(9);
    expect(gaps(under.askedAt)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  test("reaches down to no delay at all", async () => {
    under.platform.chance = 0;
    await under.up();
    under.socket.end(1006);
    await under.platform.advance(0);
    expect(under.sockets).toHaveLength(2);
  });

  test("is of the platform's chance, anew for each attempt", async () => {
    const chances = [0.1, 0.9, 0.5];
    jest.spyOn(under.platform, "random").mockImplementation(() => chances.shift() ?? 0.5);
    under.answer = failing();
    await under.init();
    await askedTimes(4);
    expect(gaps(under.askedAt)).toEqual([100, 1_800, 2_000]);
  });

  test("spreads the first attempt after a loss over a second", async () => {
    under.platform.chance = 0.75;
    await under.up();
    under.socket.end(1006);
    await under.platform.advance(749);
    expect(under.sockets).toHaveLength(1);
    await under.platform.advance(1);
    expect(under.sockets).toHaveLength(2);
  });
});

test("REL-42: forty chats that lose their sockets at the same instant reconnect one by one, over a second", async () => {
  const chats = Array.from({ length: 40 }, () => new ManagerUnderTest());
  for (const [index, chat] of chats.entries()) {
    chat.platform.chance = (index + 0.5) / chats.length;
    await chat.up();
  }
  for (const chat of chats) chat.socket.end(1006);
  const back = (): number => chats.filter(({ sockets }) => sockets.length === 2).length;
  const come: number[] = [];
  for (let step = 0; step < chats.length; step += 1) {
    for (const chat of chats) await chat.platform.advance(1_000 / chats.length);
    come.push(back());
  }
  expect(come).toEqual(chats.map((_, index) => index + 1));
});

describe("a service that has too many calls", () => {
  test("is called with a cap of two minutes after a 429", async () => {
    under.platform.chance = 0.5;
    under.answer = failing(429);
    await under.init();
    await askedTimes(10);
    expect(gaps(under.askedAt)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  test("is called no sooner than it asks for, and not by all at that very moment", async () => {
    under.platform.chance = 0.5;
    under.answer = failing(429, 45_000);
    await under.init();
    await under.platform.advance(45_499);
    expect(under.askedAt).toHaveLength(1);
    await under.platform.advance(1);
    expect(under.askedAt).toHaveLength(2);
  });

  test("is found in an application's own error too, by its status", async () => {
    under.platform.chance = 0.999;
    under.answer = () => {
      throw Object.assign(new Error("slow down"), { statusCode: 429 });
    };
    await under.init();
    await askedTimes(9);
    expect(gaps(under.askedAt).at(-1)).toBeCloseTo(119_880, 5);
  });
});

describe("giving up", () => {
  test.each([
    ["network errors", failing()],
    ["429", failing(429)],
    ["500", failing(500)],
    ["503", failing(503)],
    ["403", failing(403)],
    [
      "an application's text",
      (): never => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- applications do
        throw "no";
      },
    ],
  ])("never comes of %s, for hours; and the link comes back when it can", async (_, answer) => {
    under.record();
    await under.up();
    under.answer = answer;
    await under.advance(90_000);
    under.socket.end(1006);
    await under.platform.advance(2.5 * 3_600_000);
    expect(under.askedAt.length).toBeGreaterThan(100);
    expect(under.names).not.toContain("failed");
    expect(under.names).not.toContain("initFailure");
    under.answer = () => under.transport();
    await under.nextSocket();
    await under.accept();
    expect(under.isUp).toBe(true);
  });

  test("REL-04: an hour of sockets that don't open never ends in giving up", async () => {
    under.record();
    await under.init();
    await under.platform.advance(3_600_000);
    expect(under.sockets.length).toBeGreaterThan(100);
    expect(under.names).not.toContain("failed");
    await under.nextSocket();
    await under.accept();
    expect(under.isUp).toBe(true);
  });
});

describe("attempts", () => {
  /** The delay of the next attempt after the newest socket has ended. */
  async function delayAfterLoss(): Promise<number> {
    const at = under.platform.time;
    under.socket.end(1006);
    await under.nextSocket();
    return (under.platform.openedAt.at(-1) ?? 0) - at;
  }

  /** A link that was lost twice and is open again. */
  async function flapping(): Promise<void> {
    await under.up();
    for (let losses = 0; losses < 2; losses += 1) {
      under.socket.end(1006);
      await under.platform.advance(2_000);
      await under.accept();
    }
  }

  test("count on while the link does not stay up for 10 s", async () => {
    await flapping();
    await under.advance(9_000);
    expect(await delayAfterLoss()).toBe(2_000);
  });

  test("count anew after 10 s of link", async () => {
    await flapping();
    await under.advance(10_000);
    expect(await delayAfterLoss()).toBe(500);
  });

  test("do not count anew after 10 s of a socket that is open but not subscribed", async () => {
    await under.up();
    for (let losses = 0; losses < 3; losses += 1) {
      under.socket.end(1006);
      await under.advance(4_000);
      under.socket.open();
      await under.advance(losses === 2 ? 0 : 3_000);
    }
    expect(await delayAfterLoss()).toBe(4_000);
  });
});

describe("offline", () => {
  async function lostOffline(): Promise<void> {
    await under.up();
    under.platform.online = false;
    under.socket.end(1006);
    await under.platform.settle();
  }

  test("C4: as the device says wrongly, a lost link is tried again with the ordinary backoff", async () => {
    await lostOffline();
    await under.platform.advance(500);
    expect(under.sockets).toHaveLength(2);
    await under.accept();
    expect(under.isUp).toBe(true);
  });

  test("the network's return is followed by a first attempt's delay, however many have failed", async () => {
    await lostOffline();
    under.answer = failing();
    await under.platform.advance(1_000);
    under.socket.end(1006);
    await under.platform.advance(100_000);
    const { length } = under.askedAt;
    under.platform.online = true;
    under.platform.signal("online");
    await under.platform.advance(499);
    expect(under.askedAt).toHaveLength(length);
    await under.platform.advance(1);
    expect(under.askedAt).toHaveLength(length + 1);
  });

  test("a socket that stays open is not closed, but checked", async () => {
    const socket = await under.up();
    await under.advance(3_000);
    under.platform.online = false;
    under.platform.signal("offline");
    expect(socket.readyState).toBe(1);
    expect(socket.sentOn("aws/heartbeat")).toHaveLength(2);
  });
});

describe("the application's own word of the network", () => {
  test.each([
    ["at once", () => false],
    ["as a promise", () => Promise.resolve(false)],
  ])("is believed when it says offline %s", async (_, isNetworkOnline) => {
    under.isNetworkOnline = isNetworkOnline;
    await under.up();
    under.socket.end(1006);
    await under.platform.advance(25_000);
    expect(under.sockets).toHaveLength(1);
    under.isNetworkOnline = () => Promise.resolve(true);
    await under.platform.advance(2_500);
    expect(under.sockets).toHaveLength(2);
  });

  test("is not believed for ever: it is tried anyway after 30 s", async () => {
    under.isNetworkOnline = () => false;
    await under.up();
    under.socket.end(1006);
    await under.platform.advance(30_499);
    expect(under.sockets).toHaveLength(1);
    await under.platform.advance(1);
    expect(under.sockets).toHaveLength(2);
  });

  test("goes before what the device says", async () => {
    under.isNetworkOnline = () => true;
    under.platform.online = false;
    await under.up();
    under.socket.end(1006);
    await under.platform.advance(500);
    expect(under.sockets).toHaveLength(2);
  });

  test.each([
    [
      "throws",
      (): never => {
        throw new Error("mine");
      },
    ],
    ["rejects", () => Promise.reject(new Error("mine"))],
  ])("counts as online when it %s, and that is logged", async (_, isNetworkOnline) => {
    under.isNetworkOnline = isNetworkOnline;
    await under.up();
    under.socket.end(1006);
    await under.platform.advance(500);
    expect(under.sockets).toHaveLength(2);
    expect(under.logged.join("\n")).toMatch(/warn .*isNetworkOnline/);
  });

  test("counts as online when it takes longer than 2 s", async () => {
    under.isNetworkOnline = () => new Promise(() => undefined);
    await under.up();
    under.socket.end(1006);
    await under.platform.advance(2_499);
    expect(under.sockets).toHaveLength(1);
    await under.platform.advance(1);
    expect(under.sockets).toHaveLength(2);
  });

  test("that comes after the next attempt has begun changes nothing", async () => {
    let answer: (online: boolean) => void = () => undefined;
    under.isNetworkOnline = () => new Promise((resolve) => (answer = resolve));
    await under.up();
    under.socket.end(1006);
    await under.platform.advance(1_000);
    under.platform.signal("visible");
    await under.platform.advance(1_000);
    expect(under.sockets).toHaveLength(2);
    answer(false);
    await under.platform.advance(5_000);
    await under.accept();
    expect(under.sockets).toHaveLength(2);
    expect(under.isUp).toBe(true);
  });
});

describe("a phone whose page is hidden", () => {
  beforeEach(async () => {
    under.platform.mobile = true;
    await under.up();
  });

  const hide = (): void => {
    under.platform.visible = false;
    under.platform.signal("hidden");
  };
  const show = (): void => {
    under.platform.visible = true;
    under.platform.signal("visible");
  };

  test("does not reconnect until it is visible again, and then at once", async () => {
    hide();
    under.socket.end(1006);
    await under.platform.advance(3_600_000);
    expect(under.sockets).toHaveLength(1);
    show();
    await under.platform.advance(0);
    expect(under.sockets).toHaveLength(2);
  });

  test("does not reconnect when the network returns", async () => {
    hide();
    under.socket.end(1006);
    await under.platform.advance(1_000);
    under.platform.signal("online");
    await under.platform.advance(60_000);
    expect(under.sockets).toHaveLength(1);
  });

  test("does not reconnect though it was hidden after the delay began", async () => {
    under.socket.end(1006);
    await under.platform.advance(100);
    hide();
    await under.platform.advance(60_000);
    expect(under.sockets).toHaveLength(1);
    show();
    await under.platform.advance(0);
    expect(under.sockets).toHaveLength(2);
  });

  test("does not reconnect though it was hidden while the network was waited for", async () => {
    under.isNetworkOnline = () => false;
    under.socket.end(1006);
    await under.platform.advance(1_000);
    hide();
    under.isNetworkOnline = null;
    await under.platform.advance(60_000);
    expect(under.sockets).toHaveLength(1);
    show();
    await under.platform.advance(0);
    expect(under.sockets).toHaveLength(2);
  });

  test("is not waited for on a desk", async () => {
    under.platform.mobile = false;
    hide();
    under.socket.end(1006);
    await under.platform.advance(500);
    expect(under.sockets).toHaveLength(2);
  });
});

describe("a wake", () => {
  test.each(["visible", "resumed", "online", "offline"] as const)(
    "by %s checks the link at once",
    async (signal) => {
      const socket = await under.up();
      await under.advance(3_000);
      under.platform.signal(signal);
      expect(socket.sentOn("aws/heartbeat")).toHaveLength(2);
      await under.platform.advance(5_000);
      expect(socket.closedWith?.code).toBe(4000);
      await under.platform.advance(500);
      expect(under.sockets).toHaveLength(2);
    },
  );

  test("is no reason to check when the page is hidden", async () => {
    const socket = await under.up();
    await under.advance(3_000);
    under.platform.signal("hidden");
    expect(socket.sentOn("aws/heartbeat")).toHaveLength(1);
  });

  test.each(["visible", "resumed"] as const)("by %s ends the wait for the next attempt", async (signal) => {
    under.answer = failing();
    await under.init();
    await askedTimes(8);
    await under.platform.advance(2_000);
    under.platform.signal(signal);
    await under.platform.advance(0);
    expect(under.askedAt).toHaveLength(9);
  });

  test("B19: ten times a second, while every attempt fails, causes at most one each 2 s", async () => {
    under.answer = failing();
    await under.init();
    for (let step = 0; step < 600; step += 1) {
      for (const signal of ["visible", "online"] as const) under.platform.signal(signal);
      await under.platform.advance(100);
    }
    expect(Math.min(...gaps(under.askedAt).slice(1))).toBeGreaterThanOrEqual(2_000);
    expect(under.askedAt.length).toBeGreaterThan(20);
  });

  test("B7: within the time that the service asked for is not followed by an attempt before it is over", async () => {
    under.answer = failing(503, 20_000);
    await under.init();
    under.platform.signal("visible");
    await under.platform.advance(19_999);
    expect(under.askedAt).toHaveLength(1);
    under.platform.signal("visible");
    await under.platform.advance(1);
    expect(under.askedAt).toHaveLength(2);
  });

  test("by the network's return ends the wait within a second, since many come back at that instant", async () => {
    under.answer = failing();
    await under.init();
    await askedTimes(8);
    await under.platform.advance(2_000);
    under.platform.signal("online");
    await under.platform.advance(499);
    expect(under.askedAt).toHaveLength(8);
    await under.platform.advance(1);
    expect(under.askedAt).toHaveLength(9);
  });

  test("makes one attempt, however many signals come with it", async () => {
    await under.up();
    under.socket.end(1006);
    await under.platform.settle();
    for (const signal of ["resumed", "visible", "online", "visible"] as const) under.platform.signal(signal);
    await under.platform.advance(5_000);
    expect(under.sockets).toHaveLength(2);
  });

  test("from a sleep that killed the socket finds it out within 5 s, with one more beat for a fair trial", async () => {
    const socket = await under.up();
    await under.platform.sleep(200_000);
    expect(socket.sentOn("aws/heartbeat")).toHaveLength(2);
    await under.platform.advance(5_000);
    expect(socket.closedWith?.code).toBe(4000);
  });
});

describe("a half-open link", () => {
  test("REL-06: a half-open link is replaced when a heartbeat is unanswered for 5 s, without waiting for the next one", async () => {
    under.record();
    const socket = await under.up();
    await under.advance(1_000);
    await under.platform.advance(9_000);
    expect(socket.sentOn("aws/heartbeat")).toHaveLength(2);
    await under.platform.advance(4_999);
    expect(under.names).not.toContain("lost");
    await under.platform.advance(1);
    expect(under.payloads("lost")).toEqual([
      expect.objectContaining({ code: undefined, reason: "no answer to the heartbeat" }),
    ]);
    await under.platform.advance(500);
    expect(under.sockets).toHaveLength(2);
  });

  test("that answers too late is not heard any more", async () => {
    under.record();
    const socket = await under.up();
    await under.platform.advance(5_000);
    under.emitted.splice(0);
    socket.receive({ topic: "aws/chat", content: "{}" });
    socket.end(1006);
    expect(under.emitted).toEqual([]);
  });
});

describe("a socket's URL", () => {
  test("is used again within 85 s of its issue", async () => {
    await under.up();
    await under.advance(84_000);
    under.socket.end(1006);
    await under.platform.advance(500);
    expect(under.askedAt).toHaveLength(1);
    expect(under.sockets.map(({ url }) => url)).toEqual(["wss://chat.test/1", "wss://chat.test/1"]);
  });

  test("is fetched anew after 85 s", async () => {
    await under.up();
    await under.advance(84_500);
    under.socket.end(1006);
    await under.platform.advance(500);
    expect(under.sockets.map(({ url }) => url)).toEqual(["wss://chat.test/1", "wss://chat.test/2"]);
  });

  test("counts from its answer, not from the question", async () => {
    under.answer = () =>
      new Promise((resolve) => under.platform.startTimer(() => resolve(under.transport()), 5_000));
    await under.init();
    await under.platform.advance(5_000);
    await under.accept();
    await under.advance(84_000);
    under.socket.end(1006);
    await under.platform.advance(500);
    expect(under.askedAt).toHaveLength(1);
  });

  test("that did not open is not tried again", async () => {
    await under.init();
    under.socket.end(1006);
    await under.platform.advance(500);
    expect(under.sockets.map(({ url }) => url)).toEqual(["wss://chat.test/1", "wss://chat.test/2"]);
  });
});
