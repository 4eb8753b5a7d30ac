/** @jest-environment node */
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
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
