/**
 * Keeps all of a session's events in one order. A frame's or timer's events run immediately; a call's events run in a
 * later task, never inside the call or its promise's microtasks; neither overtakes what was queued earlier.
 */
export class EventQueue {
  readonly #queueTask: (callback: () => void) => void;
  readonly #onError: (error: unknown) => void;
  readonly #queued: (() => void)[] = [];
  #isRunning = false;

  /** `onError` is called with what a job throws; the jobs after it still run. */
  constructor(queueTask: (callback: () => void) => void, onError: (error: unknown) => void) {
    this.#queueTask = queueTask;
    this.#onError = onError;
  }

  /** Runs a job that a frame or a timer causes: immediately, unless another job is running or waiting. */
  run(job: () => void): void {
    if (this.#isRunning || this.#queued.length > 0) this.later(job);
    else this.#runNow(job);
  }

  /** Runs a job that an application's call causes: in a later task. */
  later(job: () => void): void {
    // The first waiting job schedules the task for all of them.
    if (this.#queued.push(job) === 1) this.#queueTask(() => this.#drain());
  }

  #drain(): void {
    // No frame can arrive in between: it would be a separate task. Jobs caused by these jobs wait for the next task.
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
