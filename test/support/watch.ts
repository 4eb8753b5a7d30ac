import { isChatError } from "../../src/errors";

/** Tracks a promise: "pending", "resolved", the error's code, or "thrown" for other errors. */
export function watch(promise: Promise<unknown>): { outcome: string } {
  const watched = { outcome: "pending" };
  promise.then(
    () => (watched.outcome = "resolved"),
    (error: unknown) => (watched.outcome = isChatError(error) ? error.code : "thrown"),
  );
  return watched;
}
