import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { NetworkOnlineCheck } from "../../../src/api/config";
import { NetworkMonitor } from "../../../src/connection/network";
import { Logging } from "../../../src/observability/logger";
import type { PlatformSignal } from "../../../src/platform";
import { FakePlatform } from "../../support/fake-platform";

let platform: FakePlatform;
let isNetworkOnline: NetworkOnlineCheck | null;
let monitor: NetworkMonitor;
/** The times at which waitForNetwork() called its callback, in milliseconds since the start. */
let callbacksAt: number[];
let start: number;

beforeEach(() => {
  platform = new FakePlatform();
  isNetworkOnline = null;
  const logs = new Logging(platform);
  logs.updateLoggerConfig({ level: "DEBUG", useDefaultLogger: true });
  monitor = new NetworkMonitor(platform, () => isNetworkOnline, logs.getLogger());
  callbacksAt = [];
  start = platform.time;
});

afterEach(() => {
  expect({ timers: platform.pendingTimers, listeners: platform.signalListeners }).toEqual({
    timers: 0,
    listeners: 0,
  });
});

const wait = (): (() => void) => monitor.waitForNetwork(() => callbacksAt.push(platform.time - start));

/** Returns isOnline()'s result and how long the call took. */
async function checkOnline(): Promise<{ online: boolean; afterMs: number }> {
  const calledAt = platform.time;
  const results: { online: boolean; afterMs: number }[] = [];
  void monitor.isOnline().then((online) => results.push({ online, afterMs: platform.time - calledAt }));
  await platform.settle();
  for (let steps = 0; results.length === 0 && steps < 100; steps += 1) await platform.advance(100);
  const [first] = results;
  if (!first) throw new Error("isOnline() didn't resolve within 10 s.");
  return first;
}

describe("isOnline()", () => {
  test.each([true, false])(
    "resolves with the device's status, %s, if the application doesn't set isNetworkOnline",
    async (online) => {
      platform.online = online;
      expect(await checkOnline()).toEqual({ online, afterMs: 0 });
    },
  );

  test.each([true, false])(
    "resolves with the application's status, %s, and ignores the device's status",
    async (online) => {
      platform.online = !online;
      isNetworkOnline = () => online;
      expect(await checkOnline()).toEqual({ online, afterMs: 0 });
      isNetworkOnline = () => Promise.resolve(online);
      expect(await checkOnline()).toEqual({ online, afterMs: 0 });
    },
  );

  test("calls the function that is configured at the time of the call", async () => {
    isNetworkOnline = () => false;
    expect(await checkOnline()).toMatchObject({ online: false });
    isNetworkOnline = null;
    expect(await checkOnline()).toMatchObject({ online: true });
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
    ["rejects", () => Promise.reject(new Error("broken"))],
  ] satisfies [string, NetworkOnlineCheck][])(
    "resolves with true and logs a warning if the application's function %s",
    async (_how, isOnline) => {
      platform.online = false;
      isNetworkOnline = isOnline;
      expect(await checkOnline()).toEqual({ online: true, afterMs: 0 });
      const warnings = platform.printed.filter(({ method }) => method === "warn");
      expect(warnings.map(({ line }) => line)).toEqual([expect.stringContaining("isNetworkOnline failed")]);
    },
  );

  test("resolves with true after 2 s if the application's function hasn't settled, and ignores its later result", async () => {
    let resolveOnline: (online: boolean) => void = () => undefined;
    isNetworkOnline = () => new Promise((resolve) => (resolveOnline = resolve));
    expect(await checkOnline()).toEqual({ online: true, afterMs: 2_000 });
    resolveOnline(false);
    await platform.settle();
  });

  test("stops waiting for the application's function after dispose()", () => {
    isNetworkOnline = () => new Promise(() => undefined);
    void monitor.isOnline();
    void monitor.isOnline();
    expect(platform.pendingTimers).toBe(2);
    monitor.dispose();
    expect(platform.pendingTimers).toBe(0);
  });
});

describe("waitForNetwork()", () => {
  beforeEach(() => {
    platform.online = false;
  });

  test.each(["online", "resumed"] satisfies PlatformSignal[])(
    "calls back immediately and only once when the page emits %s",
    async (signal) => {
      wait();
      await platform.advance(1_000);
      platform.signal(signal);
      platform.signal(signal);
      await platform.advance(60_000);
      expect(callbacksAt).toEqual([1_000]);
    },
  );

  test.each(["offline", "hidden", "leaving", "visible"] satisfies PlatformSignal[])(
    "doesn't call back when the page emits %s",
    async (signal) => {
      const stop = wait();
      platform.signal(signal);
      await platform.advance(1_000);
      expect(callbacksAt).toEqual([]);
      stop();
    },
  );

  test("calls back within 2 s of the network's return, even without a signal", async () => {
    wait();
    await platform.advance(7_000);
    platform.online = true;
    await platform.advance(999);
    expect(callbacksAt).toEqual([]);
    await platform.advance(60_000);
    expect(callbacksAt).toEqual([8_000]);
  });

  test("calls the application's function again 2 s after its last result, and never has two calls pending", async () => {
    const callsAt: number[] = [];
    isNetworkOnline = () => {
      callsAt.push(platform.time - start);
      return new Promise((resolve) => void platform.startTimer(() => resolve(callsAt.length === 3), 500));
    };
    wait();
    await platform.advance(60_000);
    expect(callsAt).toEqual([2_000, 4_500, 7_000]);
    expect(callbacksAt).toEqual([7_500]);
  });

  test("calls back after 30 s, and only once, even if the device still reports offline", async () => {
    wait();
    await platform.advance(29_999);
    expect(callbacksAt).toEqual([]);
    await platform.advance(60_000);
    expect(callbacksAt).toEqual([30_000]);
  });

  test("returns a function that cancels the wait", async () => {
    const stop = wait();
    await platform.advance(3_000);
    stop();
    expect(platform.signalListeners).toBe(0);
    platform.online = true;
    platform.signal("online");
    await platform.advance(60_000);
    expect(callbacksAt).toEqual([]);
    stop();
  });

  test("can be canceled while the application's function is pending", async () => {
    let resolveOnline: (online: boolean) => void = () => undefined;
    isNetworkOnline = () => new Promise((resolve) => (resolveOnline = resolve));
    const stop = wait();
    await platform.advance(2_000);
    stop();
    resolveOnline(true);
    await platform.advance(60_000);
    expect(callbacksAt).toEqual([]);
  });
});
