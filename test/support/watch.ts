import { isChatError } from "../../src/errors";

/** What has become of a promise so far. */
export function watch(promise: Promise<unknown>): { outcome: string } {
  const watched = { outcome: "pending" };
  promise.then(
    () => (watched.outcome = "resolved"),
    (error: unknown) => (watched.outcome = isChatError(error) ? error.code : "thrown"),
  );
  return watched;
}
