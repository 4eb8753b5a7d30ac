import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { browserPlatform } from "../../../src/platform";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test.each([2 ** 31, 1e15, Number.POSITIVE_INFINITY])(
  "a timer of %d ms fires after 2^31 - 1 ms (24 days), not immediately",
  (ms) => {
    const callback = jest.fn();
    const timer = browserPlatform.startTimer(callback, ms);
    jest.advanceTimersByTime(2 ** 31 - 2);
    expect(callback).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
    timer.cancel();
    expect(jest.getTimerCount()).toBe(0);
  },
);

describe("currentZone()", () => {
  afterEach(() => void Reflect.deleteProperty(globalThis, "Zone"));

  test("returns null without zone.js or if the global Zone is something else", () => {
    expect(browserPlatform.currentZone()).toBeNull();
    Object.assign(globalThis, { Zone: () => undefined });
    expect(browserPlatform.currentZone()).toBeNull();
    Object.assign(globalThis, { Zone: { current: { name: "of a map" } } });
    expect(browserPlatform.currentZone()).toBeNull();
  });

  test("reads the global Zone at each call, so zone.js can load after the library", () => {
    const zone = { parent: null, run: (callback: () => unknown) => callback() };
    Object.assign(globalThis, { Zone: { current: zone } });
    expect(browserPlatform.currentZone()).toBe(zone);
  });
});

describe("queueTask()", () => {
  const { MessageChannel } = globalThis;
  afterEach(() => void Object.assign(globalThis, { MessageChannel }));

  test("uses a timer if MessageChannel throws", () => {
    const throwing = jest.fn(() => {
      throw new Error("not implemented");
    });
    Object.assign(globalThis, { MessageChannel: throwing });
    const task = jest.fn();
    browserPlatform.queueTask(task);
    expect(task).not.toHaveBeenCalled();
    jest.advanceTimersByTime(0);
    expect(task).toHaveBeenCalledTimes(1);
  });

  test("listens with addEventListener, which zone.js patches, on one MessageChannel", async () => {
    const channels: MessageChannel[] = [];
    const added: string[] = [];
    class RecordingChannel extends MessageChannel {
      constructor() {
        super();
        channels.push(this);
        const addEventListener = this.port1.addEventListener.bind(this.port1);
        Object.assign(this.port1, {
          addEventListener: (...args: Parameters<typeof addEventListener>) => {
            added.push(args[0]);
            addEventListener(...args);
          },
        });
      }
    }
    Object.assign(globalThis, { MessageChannel: RecordingChannel });
    await new Promise<void>((resolve) => browserPlatform.queueTask(resolve));
    expect([channels.length, added]).toEqual([1, ["message"]]);
  });
});
