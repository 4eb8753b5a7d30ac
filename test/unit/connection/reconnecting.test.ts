import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import { ManagerUnderTest } from "../../support/manager-under-test";

let harness: ManagerUnderTest;

beforeEach(() => {
  harness = new ManagerUnderTest();
});

const failWith = (statusCode?: number, retryAfterMs?: number) => (): never => {
  throw new ChatError(statusCode === undefined ? "NetworkError" : "ServiceError", "no socket", {
    statusCode,
    retryAfterMs,
    retryable: true,
  });
};

/** The pauses between consecutive times. */
const gaps = (times: readonly number[]): number[] =>
  times.slice(1).map((time, index) => time - (times[index] ?? 0));

/** Advances the clock, by at most an hour, until the transport has been fetched this many times. */
async function untilFetched(times: number): Promise<void> {
  while (harness.requestedAt.length < times && harness.platform.time - harness.start < 3_600_000) {
    await harness.platform.advance(100);
  }
}

describe("full jitter", () => {
  test("delays each attempt by random(0, min(30 s, 1 s · 2^n))", async () => {
    harness.platform.randomValue = 0.999;
    harness.respond = failWith();
    await harness.init();
    await untilFetched(9);
    expect(gaps(harness.requestedAt)).toEqual(
      [1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => expect.closeTo(seconds * 999, 5)),
    );
  });

  test("is applied after the cap, so random() = 0.5 halves every delay", async () => {
    harness.platform.randomValue = 0.5;
    harness.respond = failWith(500);
    await harness.init();
    await untilFetched(9);
    expect(gaps(harness.requestedAt)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  test("can result in no delay at all", async () => {
    harness.platform.randomValue = 0;
    await harness.up();
    harness.socket.end(1006);
    await harness.platform.advance(0);
    expect(harness.sockets).toHaveLength(2);
  });

  test("draws from the platform's random() for each attempt", async () => {
    const randomValues = [0.1, 0.9, 0.5];
    jest.spyOn(harness.platform, "random").mockImplementation(() => randomValues.shift() ?? 0.5);
    harness.respond = failWith();
    await harness.init();
    await untilFetched(4);
    expect(gaps(harness.requestedAt)).toEqual([100, 1_800, 2_000]);
  });

  test("spreads the first attempt after a loss over a second", async () => {
    harness.platform.randomValue = 0.75;
    await harness.up();
    harness.socket.end(1006);
    await harness.platform.advance(749);
    expect(harness.sockets).toHaveLength(1);
    await harness.platform.advance(1);
    expect(harness.sockets).toHaveLength(2);
  });
});

test("REL-42: forty chats that lose their sockets at the same moment reconnect one by one within a second", async () => {
  const chats = Array.from({ length: 40 }, () => new ManagerUnderTest());
  for (const [index, chat] of chats.entries()) {
    chat.platform.randomValue = (index + 0.5) / chats.length;
    await chat.up();
  }
  for (const chat of chats) chat.socket.end(1006);
  const countReconnected = (): number => chats.filter(({ sockets }) => sockets.length === 2).length;
  const reconnectedCounts: number[] = [];
  for (let step = 0; step < chats.length; step += 1) {
    for (const chat of chats) await chat.platform.advance(1_000 / chats.length);
    reconnectedCounts.push(countReconnected());
  }
  expect(reconnectedCounts).toEqual(chats.map((_, index) => index + 1));
});

describe("a service that throttles calls", () => {
  test("raises the delay's cap to two minutes when it responds with a 429", async () => {
    harness.platform.randomValue = 0.5;
    harness.respond = failWith(429);
    await harness.init();
    await untilFetched(10);
    expect(gaps(harness.requestedAt)).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ]);
  });

  test("is called again only after its Retry-After plus jitter", async () => {
    harness.platform.randomValue = 0.5;
    harness.respond = failWith(429, 45_000);
    await harness.init();
    await harness.platform.advance(45_499);
    expect(harness.requestedAt).toHaveLength(1);
    await harness.platform.advance(1);
    expect(harness.requestedAt).toHaveLength(2);
  });

  test("is also recognized by the status in a custom error", async () => {
    harness.platform.randomValue = 0.999;
    harness.respond = () => {
      throw Object.assign(new Error("slow down"), { statusCode: 429 });
    };
    await harness.init();
    await untilFetched(9);
    expect(gaps(harness.requestedAt).at(-1)).toBeCloseTo(119_880, 5);
  });
});

describe("hours of failures", () => {
  test.each([
    ["a network error", failWith()],
    ["429", failWith(429)],
    ["500", failWith(500)],
    ["503", failWith(503)],
    ["403", failWith(403)],
    [
      "a thrown string",
      (): never => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- applications may throw strings
        throw "no";
      },
    ],
  ])("don't prevent the link from recovering afterward: %s", async (_, respond) => {
    harness.record();
    await harness.up();
    harness.respond = respond;
    await harness.advance(90_000);
    harness.socket.end(1006);
    await harness.platform.advance(2.5 * 3_600_000);
    expect(harness.requestedAt.length).toBeGreaterThan(100);
    expect(harness.names).not.toContain("failed");
    expect(harness.names).not.toContain("initFailure");
    harness.respond = () => harness.transport();
    await harness.nextSocket();
    await harness.accept();
    expect(harness.isUp).toBe(true);
  });

  test("REL-04: the link is still retried after an hour of sockets that don't open", async () => {
    harness.record();
    await harness.init();
    await harness.platform.advance(3_600_000);
    expect(harness.sockets.length).toBeGreaterThan(100);
    expect(harness.names).not.toContain("failed");
    await harness.nextSocket();
    await harness.accept();
    expect(harness.isUp).toBe(true);
  });
});

describe("the attempt counter", () => {
  /** Closes the newest socket and returns the delay until the next attempt. */
  async function delayAfterLoss(): Promise<number> {
    const at = harness.platform.time;
    harness.socket.end(1006);
    await harness.nextSocket();
    return (harness.platform.openedAt.at(-1) ?? 0) - at;
  }

  /** Loses the link twice and brings it up again each time. */
  async function flap(): Promise<void> {
    await harness.up();
    for (let losses = 0; losses < 2; losses += 1) {
      harness.socket.end(1006);
      await harness.platform.advance(2_000);
      await harness.accept();
    }
  }

  test("keeps its value if the link is up for less than 10 s", async () => {
    await flap();
    await harness.advance(9_000);
    expect(await delayAfterLoss()).toBe(2_000);
  });

  test("restarts at 0 after the link has been up for 10 s", async () => {
    await flap();
    await harness.advance(10_000);
    expect(await delayAfterLoss()).toBe(500);
  });

  test("keeps its value if a socket is open for 10 s without a subscription", async () => {
    await harness.up();
    for (let losses = 0; losses < 3; losses += 1) {
      harness.socket.end(1006);
      await harness.advance(4_000);
      harness.socket.open();
      await harness.advance(losses === 2 ? 0 : 3_000);
    }
    expect(await delayAfterLoss()).toBe(4_000);
  });
});

describe("a device that reports offline", () => {
  async function loseLinkOffline(): Promise<void> {
    await harness.up();
    harness.platform.online = false;
    harness.socket.end(1006);
    await harness.platform.settle();
  }

  test("C4: a lost link is retried with the ordinary backoff if the device has a network but reports offline", async () => {
    await loseLinkOffline();
    await harness.platform.advance(500);
    expect(harness.sockets).toHaveLength(2);
    await harness.accept();
    expect(harness.isUp).toBe(true);
  });

  test("makes the next attempt after a first attempt's delay when the network returns, regardless of earlier failures", async () => {
    await loseLinkOffline();
    harness.respond = failWith();
    await harness.platform.advance(1_000);
    harness.socket.end(1006);
    await harness.platform.advance(100_000);
    const { length } = harness.requestedAt;
    harness.platform.online = true;
    harness.platform.signal("online");
    await harness.platform.advance(499);
    expect(harness.requestedAt).toHaveLength(length);
    await harness.platform.advance(1);
    expect(harness.requestedAt).toHaveLength(length + 1);
  });

  test("checks a socket that is still open instead of closing it", async () => {
    const socket = await harness.up();
    await harness.advance(3_000);
    harness.platform.online = false;
    harness.platform.signal("offline");
    expect(socket.readyState).toBe(1);
    expect(socket.sentOn("aws/heartbeat")).toHaveLength(2);
  });
});

describe("the application's isNetworkOnline", () => {
  test.each([
    ["synchronously", () => false],
    ["as a promise", () => Promise.resolve(false)],
  ])("pauses attempts while it returns false %s", async (_, isNetworkOnline) => {
    harness.isNetworkOnline = isNetworkOnline;
    await harness.up();
    harness.socket.end(1006);
    await harness.platform.advance(25_000);
    expect(harness.sockets).toHaveLength(1);
    harness.isNetworkOnline = () => Promise.resolve(true);
    await harness.platform.advance(2_500);
    expect(harness.sockets).toHaveLength(2);
  });

  test("pauses attempts for at most 30 s", async () => {
    harness.isNetworkOnline = () => false;
    await harness.up();
    harness.socket.end(1006);
    await harness.platform.advance(30_499);
    expect(harness.sockets).toHaveLength(1);
    await harness.platform.advance(1);
    expect(harness.sockets).toHaveLength(2);
  });

  test("takes precedence over the device's status", async () => {
    harness.isNetworkOnline = () => true;
    harness.platform.online = false;
    await harness.up();
    harness.socket.end(1006);
    await harness.platform.advance(500);
    expect(harness.sockets).toHaveLength(2);
  });

  test.each([
    [
      "throws",
      (): never => {
        throw new Error("mine");
      },
    ],
    ["rejects", () => Promise.reject(new Error("mine"))],
  ])("is logged when it %s, and the device counts as online", async (_, isNetworkOnline) => {
    harness.isNetworkOnline = isNetworkOnline;
    await harness.up();
    harness.socket.end(1006);
    await harness.platform.advance(500);
    expect(harness.sockets).toHaveLength(2);
    expect(harness.logged.join("\n")).toMatch(/warn .*isNetworkOnline/);
  });

  test("is ignored if it takes longer than 2 s, and the device counts as online", async () => {
    harness.isNetworkOnline = () => new Promise(() => undefined);
    await harness.up();
    harness.socket.end(1006);
    await harness.platform.advance(2_499);
    expect(harness.sockets).toHaveLength(1);
    await harness.platform.advance(1);
    expect(harness.sockets).toHaveLength(2);
  });

  test("has no effect if it resolves after the next attempt has begun", async () => {
    let resolveOnline: (online: boolean) => void = () => undefined;
    harness.isNetworkOnline = () => new Promise((resolve) => (resolveOnline = resolve));
    await harness.up();
    harness.socket.end(1006);
    await harness.platform.advance(1_000);
    harness.platform.signal("visible");
    await harness.platform.advance(1_000);
    expect(harness.sockets).toHaveLength(2);
    resolveOnline(false);
    await harness.platform.advance(5_000);
    await harness.accept();
    expect(harness.sockets).toHaveLength(2);
    expect(harness.isUp).toBe(true);
  });
});

describe("a hidden page", () => {
  beforeEach(async () => {
    harness.platform.mobile = true;
    await harness.up();
  });

  const hide = (): void => {
    harness.platform.visible = false;
    harness.platform.signal("hidden");
  };
  const show = (): void => {
    harness.platform.visible = true;
    harness.platform.signal("visible");
  };

  test("doesn't reconnect on a phone until it is visible again, and then reconnects immediately", async () => {
    hide();
    harness.socket.end(1006);
    await harness.platform.advance(3_600_000);
    expect(harness.sockets).toHaveLength(1);
    show();
    await harness.platform.advance(0);
    expect(harness.sockets).toHaveLength(2);
  });

  test("doesn't reconnect on a phone when the network returns", async () => {
    hide();
    harness.socket.end(1006);
    await harness.platform.advance(1_000);
    harness.platform.signal("online");
    await harness.platform.advance(60_000);
    expect(harness.sockets).toHaveLength(1);
  });

  test("doesn't reconnect on a phone if it is hidden during the delay", async () => {
    harness.socket.end(1006);
    await harness.platform.advance(100);
    hide();
    await harness.platform.advance(60_000);
    expect(harness.sockets).toHaveLength(1);
    show();
    await harness.platform.advance(0);
    expect(harness.sockets).toHaveLength(2);
  });

  test("doesn't reconnect on a phone if it is hidden while the link waits for the network", async () => {
    harness.isNetworkOnline = () => false;
    harness.socket.end(1006);
    await harness.platform.advance(1_000);
    hide();
    harness.isNetworkOnline = null;
    await harness.platform.advance(60_000);
    expect(harness.sockets).toHaveLength(1);
    show();
    await harness.platform.advance(0);
    expect(harness.sockets).toHaveLength(2);
  });

  test("reconnects on a desktop", async () => {
    harness.platform.mobile = false;
    hide();
    harness.socket.end(1006);
    await harness.platform.advance(500);
    expect(harness.sockets).toHaveLength(2);
  });
});

describe("a page signal", () => {
  test.each(["visible", "resumed", "online", "offline"] as const)(
    "checks the link immediately if the signal is %s",
    async (signal) => {
      const socket = await harness.up();
      await harness.advance(3_000);
      harness.platform.signal(signal);
      expect(socket.sentOn("aws/heartbeat")).toHaveLength(2);
      await harness.platform.advance(5_000);
      expect(socket.closedWith?.code).toBe(4000);
      await harness.platform.advance(500);
      expect(harness.sockets).toHaveLength(2);
    },
  );

  test("doesn't check the link if the signal is hidden", async () => {
    const socket = await harness.up();
    await harness.advance(3_000);
    harness.platform.signal("hidden");
    expect(socket.sentOn("aws/heartbeat")).toHaveLength(1);
  });

  test.each(["visible", "resumed"] as const)(
    "ends the wait for the next attempt if the signal is %s",
    async (signal) => {
      harness.respond = failWith();
      await harness.init();
      await untilFetched(8);
      await harness.platform.advance(2_000);
      harness.platform.signal(signal);
      await harness.platform.advance(0);
      expect(harness.requestedAt).toHaveLength(9);
    },
  );

  test("B19: ten page signals a second cause at most one attempt every 2 s while every attempt fails", async () => {
    harness.respond = failWith();
    await harness.init();
    for (let step = 0; step < 600; step += 1) {
      for (const signal of ["visible", "online"] as const) harness.platform.signal(signal);
      await harness.platform.advance(100);
    }
    expect(Math.min(...gaps(harness.requestedAt).slice(1))).toBeGreaterThanOrEqual(2_000);
    expect(harness.requestedAt.length).toBeGreaterThan(20);
  });

  test("B7: a page signal doesn't cause an attempt before the service's Retry-After has passed", async () => {
    harness.respond = failWith(503, 20_000);
    await harness.init();
    harness.platform.signal("visible");
    await harness.platform.advance(19_999);
    expect(harness.requestedAt).toHaveLength(1);
    harness.platform.signal("visible");
    await harness.platform.advance(1);
    expect(harness.requestedAt).toHaveLength(2);
  });

  test("ends the wait within a second, with jitter, if the signal is online, because many clients may return at the same moment", async () => {
    harness.respond = failWith();
    await harness.init();
    await untilFetched(8);
    await harness.platform.advance(2_000);
    harness.platform.signal("online");
    await harness.platform.advance(499);
    expect(harness.requestedAt).toHaveLength(8);
    await harness.platform.advance(1);
    expect(harness.requestedAt).toHaveLength(9);
  });

  test("causes only one attempt, even if several signals fire together", async () => {
    await harness.up();
    harness.socket.end(1006);
    await harness.platform.settle();
    for (const signal of ["resumed", "visible", "online", "visible"] as const)
      harness.platform.signal(signal);
    await harness.platform.advance(5_000);
    expect(harness.sockets).toHaveLength(2);
  });

  test("isn't needed after sleep, because another heartbeat detects the dead socket within 5 s", async () => {
    const socket = await harness.up();
    await harness.platform.sleep(200_000);
    expect(socket.sentOn("aws/heartbeat")).toHaveLength(2);
    await harness.platform.advance(5_000);
    expect(socket.closedWith?.code).toBe(4000);
  });
});

describe("a half-open link", () => {
  test("REL-06: a half-open link is replaced when a heartbeat is unanswered for 5 s, before the next heartbeat", async () => {
    harness.record();
    const socket = await harness.up();
    await harness.advance(1_000);
    await harness.platform.advance(9_000);
    expect(socket.sentOn("aws/heartbeat")).toHaveLength(2);
    await harness.platform.advance(4_999);
    expect(harness.names).not.toContain("lost");
    await harness.platform.advance(1);
    expect(harness.payloads("lost")).toEqual([
      expect.objectContaining({ code: undefined, reason: "the heartbeat received no response" }),
    ]);
    await harness.platform.advance(500);
    expect(harness.sockets).toHaveLength(2);
  });

  test("ignores its old socket's frames and close event after the heartbeat's deadline", async () => {
    harness.record();
    const socket = await harness.up();
    await harness.platform.advance(5_000);
    harness.emitted.splice(0);
    socket.receive({ topic: "aws/chat", content: "{}" });
    socket.end(1006);
    expect(harness.emitted).toEqual([]);
  });
});

describe("a socket's URL", () => {
  test("is reused within 85 s of its issue", async () => {
    await harness.up();
    await harness.advance(84_000);
    harness.socket.end(1006);
    await harness.platform.advance(500);
    expect(harness.requestedAt).toHaveLength(1);
    expect(harness.sockets.map(({ url }) => url)).toEqual(["wss://chat.test/1", "wss://chat.test/1"]);
  });

  test("is fetched again after 85 s", async () => {
    await harness.up();
    await harness.advance(84_500);
    harness.socket.end(1006);
    await harness.platform.advance(500);
    expect(harness.sockets.map(({ url }) => url)).toEqual(["wss://chat.test/1", "wss://chat.test/2"]);
  });

  test("is reused for 85 s after the response, not after the request", async () => {
    harness.respond = () =>
      new Promise((resolve) => harness.platform.startTimer(() => resolve(harness.transport()), 5_000));
    await harness.init();
    await harness.platform.advance(5_000);
    await harness.accept();
    await harness.advance(84_000);
    harness.socket.end(1006);
    await harness.platform.advance(500);
    expect(harness.requestedAt).toHaveLength(1);
  });

  test("isn't reused if its socket didn't open", async () => {
    await harness.init();
    harness.socket.end(1006);
    await harness.platform.advance(500);
    expect(harness.sockets.map(({ url }) => url)).toEqual(["wss://chat.test/1", "wss://chat.test/2"]);
  });
});
