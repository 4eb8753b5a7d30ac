import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { IsNetworkOnline } from "../../../src/api/config";
import { NetworkMonitor } from "../../../src/connection/network";
import { Logging } from "../../../src/observability/logger";
import type { PlatformSignal } from "../../../src/platform";
import { FakePlatform } from "../../support/fake-platform";

let platform: FakePlatform;
let isNetworkOnline: IsNetworkOnline | null;
let monitor: NetworkMonitor;
/** When it was worth trying, in milliseconds from the start. */
let tried: number[];
let start: number;

beforeEach(() => {
  platform = new FakePlatform();
  isNetworkOnline = null;
  const logs = new Logging(platform);
  logs.updateLoggerConfig({ level: "DEBUG", useDefaultLogger: true });
  monitor = new NetworkMonitor(platform, () => isNetworkOnline, logs.getLogger());
  tried = [];
  start = platform.time;
});

afterEach(() => {
  expect({ timers: platform.pendingTimers, listeners: platform.signalListeners }).toEqual({
    timers: 0,
    listeners: 0,
  });
});

const wait = (): (() => void) => monitor.whenWorthTrying(() => tried.push(platform.time - start));

/** What the monitor answers, and after how long. */
async function answer(): Promise<{ online: boolean; afterMs: number }> {
  const asked = platform.time;
  const answers: { online: boolean; afterMs: number }[] = [];
  void monitor.isOnline().then((online) => answers.push({ online, afterMs: platform.time - asked }));
  await platform.settle();
  for (let steps = 0; answers.length === 0 && steps < 100; steps += 1) await platform.advance(100);
  const [first] = answers;
  if (!first) throw new Error("There was no answer within 10 s.");
  return first;
}

describe("whether there is a network", () => {
  test.each([true, false])("is the device's word where the application has none: %s", async (online) => {
    platform.online = online;
    expect(await answer()).toEqual({ online, afterMs: 0 });
  });

  test.each([true, false])("is the application's word against the device's: %s", async (online) => {
    platform.online = !online;
    isNetworkOnline = () => online;
    expect(await answer()).toEqual({ online, afterMs: 0 });
    isNetworkOnline = () => Promise.resolve(online);
    expect(await answer()).toEqual({ online, afterMs: 0 });
  });

  test("is the word of the function that is configured at that moment", async () => {
    isNetworkOnline = () => false;
    expect(await answer()).toMatchObject({ online: false });
    isNetworkOnline = null;
    expect(await answer()).toMatchObject({ online: true });
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
    ["rejects", () => Promise.reject(new Error("broken"))],
  ] satisfies [string, IsNetworkOnline][])(
    "is a yes when the application's function %s, and that is logged",
    async (_how, ask) => {
      platform.online = false;
      isNetworkOnline = ask;
      expect(await answer()).toEqual({ online: true, afterMs: 0 });
      const warnings = platform.printed.filter(({ method }) => method === "warn");
      expect(warnings.map(({ line }) => line)).toEqual([expect.stringContaining("isNetworkOnline failed")]);
    },
  );

  test("is a yes when the application does not answer within 2 s, whatever it says later", async () => {
    let say: (online: boolean) => void = () => undefined;
    isNetworkOnline = () => new Promise((resolve) => (say = resolve));
    expect(await answer()).toEqual({ online: true, afterMs: 2_000 });
    say(false);
    await platform.settle();
  });

  test("is not waited for any more after dispose()", () => {
    isNetworkOnline = () => new Promise(() => undefined);
    void monitor.isOnline();
    void monitor.isOnline();
    expect(platform.pendingTimers).toBe(2);
    monitor.dispose();
    expect(platform.pendingTimers).toBe(0);
  });
});

describe("waiting until it is worth trying", () => {
  beforeEach(() => {
    platform.online = false;
  });

  test.each(["online", "resumed"] satisfies PlatformSignal[])(
    "ends at once with %s, once",
    async (signal) => {
      wait();
      await platform.advance(1_000);
      platform.signal(signal);
      platform.signal(signal);
      await platform.advance(60_000);
      expect(tried).toEqual([1_000]);
    },
  );

  test.each(["offline", "hidden", "leaving", "visible"] satisfies PlatformSignal[])(
    "does not end with %s",
    async (signal) => {
      const stop = wait();
      platform.signal(signal);
      await platform.advance(1_000);
      expect(tried).toEqual([]);
      stop();
    },
  );

  test("ends without a signal within 2 s of the network's return", async () => {
    wait();
    await platform.advance(7_000);
    platform.online = true;
    await platform.advance(999);
    expect(tried).toEqual([]);
    await platform.advance(60_000);
    expect(tried).toEqual([8_000]);
  });

  test("asks the application every 2 s, and no second time before it has answered", async () => {
    const asked: number[] = [];
    isNetworkOnline = () => {
      asked.push(platform.time - start);
      return new Promise((resolve) => void platform.startTimer(() => resolve(asked.length === 3), 500));
    };
    wait();
    await platform.advance(60_000);
    expect(asked).toEqual([2_000, 4_500, 7_000]);
    expect(tried).toEqual([7_500]);
  });

  test("ends after 30 s though the device still says that it is offline, once", async () => {
    wait();
    await platform.advance(29_999);
    expect(tried).toEqual([]);
    await platform.advance(60_000);
    expect(tried).toEqual([30_000]);
  });

  test("is called off by the function it returned", async () => {
    const stop = wait();
    await platform.advance(3_000);
    stop();
    expect(platform.signalListeners).toBe(0);
    platform.online = true;
    platform.signal("online");
    await platform.advance(60_000);
    expect(tried).toEqual([]);
    stop();
  });

  test("is called off while the application is being asked", async () => {
    let say: (online: boolean) => void = () => undefined;
    isNetworkOnline = () => new Promise((resolve) => (say = resolve));
    const stop = wait();
    await platform.advance(2_000);
    stop();
    say(true);
    await platform.advance(60_000);
    expect(tried).toEqual([]);
  });
});
