import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { browserPlatform } from "../../../src/platform";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test.each([2 ** 31, 1e15, Number.POSITIVE_INFINITY])(
  "a timer of %d ms is one of 24 days, not of none",
  (ms) => {
    const over = jest.fn();
    const timer = browserPlatform.startTimer(over, ms);
    jest.advanceTimersByTime(2 ** 31 - 2);
    expect(over).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(over).toHaveBeenCalledTimes(1);
    timer.cancel();
    expect(jest.getTimerCount()).toBe(0);
  },
);

describe("the current zone", () => {
  afterEach(() => void Reflect.deleteProperty(globalThis, "Zone"));

  test("is null on a page without zone.js, or whose global Zone is something else", () => {
    expect(browserPlatform.currentZone()).toBeNull();
    Object.assign(globalThis, { Zone: () => undefined });
    expect(browserPlatform.currentZone()).toBeNull();
    Object.assign(globalThis, { Zone: { current: { name: "of a map" } } });
    expect(browserPlatform.currentZone()).toBeNull();
  });

  test("is looked up at each use, so that zone.js may come after the library", () => {
    const zone = { parent: null, run: (callback: () => unknown) => callback() };
    Object.assign(globalThis, { Zone: { current: zone } });
    expect(browserPlatform.currentZone()).toBe(zone);
  });
});

describe("a later task", () => {
  const { MessageChannel } = globalThis;
  afterEach(() => void Object.assign(globalThis, { MessageChannel }));

  test("is that of a timer in a runtime whose MessageChannel throws", () => {
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

  test("is listened for with addEventListener, which zone.js knows, and leaves no open port", async () => {
    const channels: MessageChannel[] = [];
    const added: string[] = [];
    class Watched extends MessageChannel {
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
    Object.assign(globalThis, { MessageChannel: Watched });
    await new Promise<void>((resolve) => browserPlatform.queueTask(resolve));
    expect([channels.length, added]).toEqual([1, ["message"]]);
  });
});
