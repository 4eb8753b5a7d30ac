import { describe, expect, test } from "@jest/globals";
import { Batch } from "../../../simulator/panel/state/frame-batch";
import { isShallowEqual } from "../../../simulator/panel/ui/shallow-equal";

/** A schedule whose frames the test runs. */
class Frames {
  readonly #waiting = new Set<() => void>();

  readonly schedule = (run: () => void): (() => void) => {
    this.#waiting.add(run);
    return () => void this.#waiting.delete(run);
  };

  get count(): number {
    return this.#waiting.size;
  }

  run(): void {
    for (const each of [...this.#waiting]) each();
  }
}

describe("a batch", () => {
  test("delivers all values of a frame at once, in order", () => {
    const frames = new Frames();
    const delivered: (readonly number[])[] = [];
    const batch = new Batch<number>((values) => void delivered.push(values), frames.schedule);
    batch.add(1);
    batch.add(2);
    expect(delivered).toEqual([]);
    expect(frames.count).toBe(1);
    frames.run();
    batch.add(3);
    frames.run();
    expect(delivered).toEqual([[1, 2], [3]]);
  });

  test("can deliver its values before the frame, which then delivers nothing", () => {
    const frames = new Frames();
    const delivered: (readonly number[])[] = [];
    const batch = new Batch<number>((values) => void delivered.push(values), frames.schedule);
    batch.add(1);
    batch.flush();
    batch.flush();
    expect(delivered).toEqual([[1]]);
    expect(frames.count).toBe(0);
  });

  test("cancels its frame and drops its values when it is closed", () => {
    const frames = new Frames();
    const delivered: (readonly number[])[] = [];
    const batch = new Batch<number>((values) => void delivered.push(values), frames.schedule);
    batch.add(1);
    batch.close();
    expect(frames.count).toBe(0);
    batch.flush();
    expect(delivered).toEqual([]);
  });

  test("delivers a value that is added during a delivery with the next frame", () => {
    const frames = new Frames();
    const delivered: (readonly number[])[] = [];
    const batch: Batch<number> = new Batch((values) => {
      delivered.push(values);
      if (values.includes(1)) batch.add(2);
    }, frames.schedule);
    batch.add(1);
    frames.run();
    expect(delivered).toEqual([[1]]);
    frames.run();
    expect(delivered).toEqual([[1], [2]]);
  });
});

test("a memoized component renders again only when a property is added, removed or replaced", () => {
  const item = {};
  expect(isShallowEqual({ item, count: NaN }, { count: NaN, item })).toBe(true);
  expect(isShallowEqual({ item }, { item: {} })).toBe(false);
  expect(isShallowEqual({ item }, { item, count: 1 })).toBe(false);
  expect(isShallowEqual({ item, count: 1 }, { item })).toBe(false);
  expect(isShallowEqual({ a: undefined }, { b: undefined })).toBe(false);
});
