import type { SessionConnection } from "./types";

/**
 * How long a socket's URL stays valid after the service issues it. The service uses the same value for every client.
 */
const URL_LIFETIME_MS = 100_000;

/** When the service issued a connection, by its own clock: epoch milliseconds, or NaN if the answer doesn't show it. */
export function issuedAtMs({ url, expiry }: Pick<SessionConnection, "url" | "expiry">): number {
  const [, signedAt] = /X-Amz-Date=(\w+)/.exec(url ?? "") ?? [];
  return signedAt
    ? Date.parse(signedAt.replace(/(....)(..)(..T..)(..)/, "$1-$2-$3:$4:"))
    : Date.parse(expiry ?? "") - URL_LIFETIME_MS;
}
