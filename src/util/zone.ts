/** A zone of zone.js, as far as the library uses it. */
export interface Zone {
  /** Null for the root zone. */
  readonly parent: Zone | null;
  run<Result>(callback: () => Result): Result;
}

/** Calls `callback` in a zone; null is a page without zone.js. */
export const runIn = <Result>(zone: Zone | null, callback: () => Result): Result =>
  zone ? zone.run(callback) : callback();
