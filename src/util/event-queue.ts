/**
 * Emits all of a session's events in one order. Events caused by a frame or a timer are emitted immediately, unless
 * earlier ones are queued. Events caused by a call are emitted in a later task, never during the call or in the
 * microtasks of its promise.
 */
export class EventQueue {
  readonly #queueTask: (callback: () => void) => void;
  readonly #onError: (error: unknown) => void;
  readonly #queued: (() => void)[] = [];
  #isRunning = false;

  /** `onError` is called with an error that a job throws. The jobs after it still run. */
  constructor(queueTask: (callback: () => void) => void, onError: (error: unknown) => void) {
    this.#queueTask = queueTask;
    this.#onError = onError;
  }

  /** Runs a job caused by a frame or a timer: immediately, unless another job is running or queued. */
  run(job: () => void): void {
    if (this.#isRunning || this.#queued.length > 0) this.later(job);
    else this.#runNow(job);
  }

  /** Runs a job caused by an application's call, in a later task. */
  later(job: () => void): void {
    // The first queued job schedules the task for all of them.
    if (this.#queued.push(job) === 1) this.#queueTask(() => this.#drain());
  }

  #drain(): void {
    // Jobs that these jobs queue wait for the next task. No frame can arrive in between, because it's a separate task.
    for (const job of this.#queued.splice(0)) this.#runNow(job);
  }

  #runNow(job: () => void): void {
    this.#isRunning = true;
    try {
      job();
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#isRunning = false;
    }
  }
}
