/** Virtual time consists of a task queue and a clock that jumps from one task to the next. */

/** A scheduled task, which its owner can cancel. */
export interface Scheduled {
  readonly atMs: number;
  cancel(): void;
}

interface Task {
  readonly atMs: number;
  /** Tasks that are due at the same time run in the order in which they were scheduled. */
  readonly order: number;
  run: (() => void) | null;
}

const isBefore = (left: Task, right: Task): boolean =>
  left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);

/** Resolves after all pending promise jobs in all realms have run. */
export const promiseJobs = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The simulation's clock, in epoch milliseconds. The service uses the same clock. Real time doesn't matter. */
export class VirtualClock {
  #nowMs: number;
  #order = 0;
  /** A binary heap whose first element is the next task. */
  readonly #heap: Task[] = [];
  /** The number of tasks that ran. */
  taskCount = 0;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Scheduled {
    return this.at(this.#nowMs + Math.max(0, delayMs), run);
  }

  at(atMs: number, run: () => void): Scheduled {
    const task: Task = { atMs: Math.max(atMs, this.#nowMs), order: (this.#order += 1), run };
    this.#push(task);
    return {
      atMs: task.atMs,
      cancel: () => {
        task.run = null;
      },
    };
  }

  /** Runs all tasks that are due by `untilMs`. The promise jobs that a task queues run before the next task. */
  async runUntil(untilMs: number): Promise<void> {
    for (;;) {
      const task = this.#heap[0];
      if (task === undefined || task.atMs > untilMs) break;
      this.#pop();
      if (task.run === null) continue;
      this.#nowMs = task.atMs;
      const { run } = task;
      task.run = null;
      this.taskCount += 1;
      run();
      await promiseJobs();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(task);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || !isBefore(task, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = task;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const leftIndex = 2 * index + 1;
      const left = heap[leftIndex];
      if (left === undefined) break;
      const right = heap[leftIndex + 1];
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!isBefore(child, last)) break;
      heap[index] = child;
      index = isRight ? leftIndex + 1 : leftIndex;
    }
    heap[index] = last;
  }
}
