/** Ids of late: a set that forgets its oldest, so that it does not grow for as long as a page lives. */
export class RecentIds {
  readonly #most: number;
  readonly #ids = new Set<string>();

  constructor(most = 5_000) {
    this.#most = most;
  }

  /** The oldest first. */
  get all(): string[] {
    return [...this.#ids];
  }

  get size(): number {
    return this.#ids.size;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    const [oldest = id] = this.#ids;
    if (this.#ids.size > this.#most) this.#ids.delete(oldest);
  }

  delete(id: string): void {
    this.#ids.delete(id);
  }
}
