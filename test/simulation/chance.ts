/** Seeded randomness: one number decides a whole run. */

/** FNV-1a over the text's units: a seed for `mulberry`. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // A final mix: neighboring seeds must not give neighboring draws.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Draws from a seed. Each purpose takes its own `fork`, so that a step removed from a schedule doesn't shift the draws of
 * the others: that is what lets a failing schedule shrink.
 */
export class Chance {
  readonly #seed: string;
  #state: number;

  constructor(seed: string | number) {
    this.#seed = String(seed);
    this.#state = hashOf(this.#seed);
  }

  /** An independent stream of draws; the same purpose always gives the same one. */
  fork(purpose: string): Chance {
    return new Chance(`${this.#seed}/${purpose}`);
  }

  /** From 0 up to, and without, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  /** Uniform in the logarithm: short times are as likely as long ones. */
  spread(from: number, to: number): number {
    return Math.exp(this.between(Math.log(from), Math.log(to)));
  }

  /** A whole number, both ends included. */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }

  yes(probability: number): boolean {
    return this.next() < probability;
  }

  of<Value>(values: readonly Value[]): Value {
    const value = values[Math.floor(this.next() * values.length)];
    if (value === undefined) throw new Error("There is nothing to choose from.");
    return value;
  }

  /** Each value with this probability. */
  some<Value>(values: readonly Value[], probability: number): Value[] {
    return values.filter(() => this.yes(probability));
  }

  /** A UUID, version 4. */
  uuid(): string {
    const hex = Array.from({ length: 4 }, () =>
      Math.floor(this.next() * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    ).join("");
    const variant = "89ab".charAt(Number.parseInt(hex.charAt(16), 16) & 3);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}
