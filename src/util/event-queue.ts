/**
 * Keeps a session's events in order. Events caused by a frame or a timer are emitted immediately, unless earlier events
 * are queued. Events caused by a call are emitted in a later task, never during the call or in the microtasks of the
 * call's promise.
 */
export class EventQueue {
  readonly #queueTask: (callback: () => void) => void;
  readonly #onError: (error: unknown) => void;
  readonly #jobs: (() => void)[] = [];
  #isRunning = false;

  /** `onError` is called with each error that a job throws. The remaining jobs still run. */
  constructor(queueTask: (callback: () => void) => void, onError: (error: unknown) => void) {
    this.#queueTask = queueTask;
    this.#onError = onError;
  }

  /** Runs a job caused by a frame or a timer: immediately, unless another job is running or queued. */
  run(job: () => void): void {
    if (this.#isRunning || this.#jobs.length > 0) this.later(job);
    else this.#runNow(job);
  }

  /** Runs a job caused by an application's call, in a later task. */
  later(job: () => void): void {
    // The first queued job schedules the task for all of them.
    if (this.#jobs.push(job) === 1) this.#queueTask(() => this.#drain());
  }

  #drain(): void {
    // Jobs that these jobs queue wait for the next task. Each frame arrives in its own task, so none arrives meanwhile.
    for (const job of this.#jobs.splice(0)) this.#runNow(job);
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
