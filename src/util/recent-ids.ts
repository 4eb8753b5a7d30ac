/** A bounded set of recent IDs. The oldest ID is evicted first. */
export class RecentIds extends Set<string> {
  readonly #max: number;

  constructor(max = 5_000) {
    super();
    this.#max = max;
  }

  /** Adds an ID as the newest, even if the set already contains it. */
  override add(id: string): this {
    this.delete(id);
    super.add(id);
    const [oldest = id] = this;
    if (this.size > this.#max) this.delete(oldest);
    return this;
  }
}
