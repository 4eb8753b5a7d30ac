/** Finds the sizes of answers without Content-Length. The browser's resource timing reports them after the body. */

interface PendingSize {
  readonly id: number;
  /** As the page passed it to `fetch`; may be just a path. */
  readonly url: string;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
}

const MAX_PENDING = 100;

export class AnswerSizes {
  readonly #onSize: (id: number, bytes: number) => void;
  readonly #observer: PerformanceObserver | null = null;
  #pending: PendingSize[] = [];

  constructor(onSize: (id: number, bytes: number) => void) {
    this.#onSize = onSize;
    if (typeof PerformanceObserver !== "function") return;
    this.#observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.#match(entry);
    });
    this.#observer.observe({ type: "resource" });
  }

  request(id: number, url: string, startedAt: number): void {
    if (!this.#observer) return;
    this.#pending.push({ id, url, startedAt });
    if (this.#pending.length > MAX_PENDING) this.#pending.shift();
  }

  stop(): void {
    this.#observer?.disconnect();
    this.#pending = [];
  }

  /** For another origin that doesn't send Timing-Allow-Origin, the size is 0, meaning unknown. */
  #match(entry: PerformanceEntry): void {
    const bytes: unknown = Reflect.get(entry, "encodedBodySize");
    if (typeof bytes !== "number" || bytes === 0) return;
    // The request was recorded just before the browser started it.
    const index = this.#pending.findIndex(
      ({ url, startedAt }) => entry.name.endsWith(url) && entry.startTime >= startedAt - 1,
    );
    const [found] = index === -1 ? [] : this.#pending.splice(index, 1);
    if (found) this.#onSize(found.id, bytes);
  }
}
