import { abortReason, withinTime } from "../waiting";

/** One at a time, in the order they were called: one that fails lets the next go. */
export class Outbox {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /**
   * Runs `send` after everything given before it has settled; settles as it does. One whose `signal` is aborted while it
   * waits rejects at once, and is never sent.
   */
  push<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#waiting += 1;
    // An empty lane is taken at once, so that a single message pays nothing for the order.
    const isFirst = this.#waiting === 1;
    const turn = isFirst ? send() : this.#last.then(() => (signal?.aborted ? gaveUp(signal) : send()));
    this.#last = turn
      .catch(() => undefined)
      .then(() => {
        this.#waiting -= 1;
      });
    return isFirst || !signal ? turn : withinTime(() => turn, [signal]);
  }
}

const gaveUp = (signal: AbortSignal): Promise<never> => Promise.reject(abortReason(signal));
