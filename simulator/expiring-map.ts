/** Tokens and signed URLs by their secret. Forgets expired entries, so that a simulator can run for days. */

/**
 * Below this size, expired entries are kept, so that a late use is refused as expired and is attributed to its owner.
 */
const MIN_PRUNED_SIZE = 1_000;

export class ExpiringMap<Value extends { readonly expiresAt: number }> {
  readonly #now: () => number;
  readonly #values = new Map<string, Value>();
  #pruneAt = MIN_PRUNED_SIZE;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    if (this.#values.size >= this.#pruneAt) this.#prune();
    this.#values.set(key, value);
  }

  values(): IterableIterator<Value> {
    return this.#values.values();
  }

  entries(): IterableIterator<[string, Value]> {
    return this.#values.entries();
  }

  clear(): void {
    this.#values.clear();
  }

  #prune(): void {
    const now = this.#now();
    for (const [key, { expiresAt }] of this.#values) if (expiresAt <= now) this.#values.delete(key);
    // Twice the number of valid entries, so that pruning costs a constant time for each new entry.
    this.#pruneAt = Math.max(MIN_PRUNED_SIZE, 2 * this.#values.size);
  }
}
