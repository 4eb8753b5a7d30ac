/** A zone of zone.js, as far as the library uses it. */
export interface Zone {
  /** Null for the root zone. */
  readonly parent: Zone | null;
  run<Result>(callback: () => Result): Result;
}
