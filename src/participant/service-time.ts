import type { SessionConnection } from "./types";

/** How long a socket URL stays valid after it's issued. The service uses the same value for all clients. */
const URL_LIFETIME_MS = 100_000;

/**
 * Returns the time at which the service issued a socket URL, in epoch milliseconds on the service's clock. NaN if the
 * response doesn't contain the time.
 */
export function issuedAtMs({ url, expiry }: Pick<SessionConnection, "url" | "expiry">): number {
  const [, signedAt] = /X-Amz-Date=(\w+)/.exec(url ?? "") ?? [];
  return signedAt
    ? Date.parse(signedAt.replace(/(....)(..)(..T..)(..)/, "$1-$2-$3:$4:"))
    : Date.parse(expiry ?? "") - URL_LIFETIME_MS;
}
