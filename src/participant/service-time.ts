import type { ConnectionDetails } from "./types";

/** How long a socket's URL may be used after it was issued: the same for every client. */
const URL_LIFE_MS = 100_000;

/** When the service issued a connection, by its own clock: epoch milliseconds, NaN where the answer doesn't show it. */
export function issuedAtMs({ url, expiry }: Pick<ConnectionDetails, "url" | "expiry">): number {
  const signed = /X-Amz-Date=(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)/.exec(url ?? "");
  if (!signed) return Date.parse(expiry ?? "") - URL_LIFE_MS;
  const [, year, month, hour, minute, second] = signed;
  return Date.parse(`${year}-${month}-${hour}:${minute}:${second}`);
}
