import { clearTimeout, setTimeout } from "./node-timers";

/** Timed waits that can be canceled together. */
export class Delays {
  readonly #timers = new Set<NodeJS.Timeout>();

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, delayMs);
      this.#timers.add(timer);
    });
  }

  /** Cancels all timers. Pending waits never resolve. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
