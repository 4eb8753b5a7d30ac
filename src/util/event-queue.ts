/**
 * One order for all of a session's events. What a frame or a timer causes runs at once; what a call causes runs in a
 * later task, never inside the call or its promise's microtasks; and neither overtakes what was queued before it.
 */
export class EventQueue {
  readonly #queueTask: (callback: () => void) => void;
  readonly #onError: (error: unknown) => void;
  readonly #waiting: (() => void)[] = [];
  #running = false;

  /** `onError` is told of a job that throws; the jobs behind it run all the same. */
  constructor(queueTask: (callback: () => void) => void, onError: (error: unknown) => void) {
    this.#queueTask = queueTask;
    this.#onError = onError;
  }

  /** For what comes from outside (a frame, a timer): now, unless something waits or runs before it. */
  run(job: () => void): void {
    if (this.#running || this.#waiting.length > 0) this.later(job);
    else this.#runNow(job);
  }

  /** For what a call of the application causes: in a later task. */
  later(job: () => void): void {
    // The first to wait schedules the task for all of them.
    if (this.#waiting.push(job) === 1) this.#queueTask(() => this.#drain());
  }

  #drain(): void {
    // A frame cannot come in between: it is a task of its own. What the jobs' handlers cause waits for the next task.
    for (const job of this.#waiting.splice(0)) this.#runNow(job);
  }

  #runNow(job: () => void): void {
    this.#running = true;
    try {
      job();
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#running = false;
    }
  }
}
