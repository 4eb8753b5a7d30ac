/** One at a time, in the order they were called: one that fails lets the next go. */
export class Outbox {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Runs `send` after everything given before it has settled; settles as it does. */
  push<T>(send: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    // An empty lane is taken at once, so that a single message pays nothing for the order.
    const sent = this.#waiting === 1 ? send() : this.#last.then(send);
    this.#last = sent
      .catch(() => undefined)
      .then(() => {
        this.#waiting -= 1;
      });
    return sent;
  }
}
