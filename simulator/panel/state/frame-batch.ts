/** Calls a function later. Returns the function that cancels the call. */
export type Schedule = (run: () => void) => () => void;

/** A hidden page gets no frames. */
const HIDDEN_PAGE_MS = 100;

/** Runs a function before the browser's next frame, or soon if the page is hidden. */
export const beforeNextFrame: Schedule = (run) => {
  const cancel = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const once = (): void => {
    cancel();
    run();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, HIDDEN_PAGE_MS);
  return cancel;
};

/** Collects values, and delivers all of them at once. */
export class Batch<Value> {
  readonly #deliver: (values: readonly Value[]) => void;
  readonly #schedule: Schedule;
  #values: Value[] = [];
  #cancel: (() => void) | null = null;

  constructor(deliver: (values: readonly Value[]) => void, schedule: Schedule = beforeNextFrame) {
    this.#deliver = deliver;
    this.#schedule = schedule;
  }

  add(value: Value): void {
    this.#values.push(value);
    this.#cancel ??= this.#schedule(() => this.flush());
  }

  /** Delivers the collected values now. */
  flush(): void {
    this.#stop();
    const values = this.#values;
    if (values.length === 0) return;
    this.#values = [];
    this.#deliver(values);
  }

  /** Drops the collected values. */
  close(): void {
    this.#stop();
    this.#values = [];
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
