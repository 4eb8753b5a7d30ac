import { clearTimeout, setTimeout } from "./node-timers";

/** Waits, and gives its timers back. */
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

  /** What still waits never goes on. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
