/** The part of a zone.js zone that the library uses. */
export interface Zone {
  /** Null for the root zone. */
  readonly parent: Zone | null;
  run<Result>(callback: () => Result): Result;
}
