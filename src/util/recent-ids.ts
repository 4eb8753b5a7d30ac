/** A bounded set of recent IDs, the oldest first: the oldest is evicted. */
export class RecentIds extends Set<string> {
  readonly #max: number;

  constructor(max = 5_000) {
    super();
    this.#max = max;
  }

  /** An ID that is there already counts as the newest. */
  override add(id: string): this {
    this.delete(id);
    super.add(id);
    const [oldest = id] = this;
    if (this.size > this.#max) this.delete(oldest);
    return this;
  }
}
