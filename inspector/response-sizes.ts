/**
 * Finds the sizes of responses without a Content-Length header. The browser's resource timing reports these sizes after
 * the body has arrived.
 */

interface PendingSize {
  readonly id: number;
  /** The URL that the page passed to `fetch`, which may be just a path. */
  readonly url: string;
  /** The start time, on the clock of `performance.now()`. */
  readonly startedAt: number;
}

const MAX_PENDING = 100;

export class ResponseSizes {
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

  /** Reports an entry's size. A size of 0 means unknown: another origin didn't send Timing-Allow-Origin. */
  #match(entry: PerformanceEntry): void {
    const bytes: unknown = Reflect.get(entry, "encodedBodySize");
    if (typeof bytes !== "number" || bytes === 0) return;
    // The inspector recorded the request just before the browser started it.
    const index = this.#pending.findIndex(
      ({ url, startedAt }) => entry.name.endsWith(url) && entry.startTime >= startedAt - 1,
    );
    const [request] = index === -1 ? [] : this.#pending.splice(index, 1);
    if (request) this.#onSize(request.id, bytes);
  }
}
