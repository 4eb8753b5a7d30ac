/** @jest-environment node */
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
