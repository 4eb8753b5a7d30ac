/** The size of an answer that has no Content-Length: the browser's own timing tells it once the body has come. */

interface Asked {
  readonly id: number;
  /** As the page gave it, which may be a path alone. */
  readonly url: string;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
}

const MAX_ASKED = 100;

export class AnswerSizes {
  readonly #told: (id: number, bytes: number) => void;
  readonly #observer: PerformanceObserver | null = null;
  #asked: Asked[] = [];

  constructor(told: (id: number, bytes: number) => void) {
    this.#told = told;
    if (typeof PerformanceObserver !== "function") return;
    this.#observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.#look(entry);
    });
    this.#observer.observe({ type: "resource" });
  }

  ask(id: number, url: string, startedAt: number): void {
    if (!this.#observer) return;
    this.#asked.push({ id, url, startedAt });
    if (this.#asked.length > MAX_ASKED) this.#asked.shift();
  }

  stop(): void {
    this.#observer?.disconnect();
    this.#asked = [];
  }

  /** Another origin has to allow it (Timing-Allow-Origin); without that the size is 0, that is, not told. */
  #look(entry: PerformanceEntry): void {
    const bytes: unknown = Reflect.get(entry, "encodedBodySize");
    if (typeof bytes !== "number" || bytes === 0) return;
    // The request was noted just before the browser began it.
    const index = this.#asked.findIndex(
      ({ url, startedAt }) => entry.name.endsWith(url) && entry.startTime >= startedAt - 1,
    );
    const [asked] = index === -1 ? [] : this.#asked.splice(index, 1);
    if (asked) this.#told(asked.id, bytes);
  }
}
