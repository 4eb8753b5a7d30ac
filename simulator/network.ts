/** The machine's addresses. */
import { networkInterfaces } from "node:os";

export const DEFAULT_HOST = "127.0.0.1";

/** Hosts that mean all of the machine's addresses. */
const ANY_HOST = ["0.0.0.0", "::"];

export const isAnyHost = (host: string): boolean => ANY_HOST.includes(host);

/** A host as a URL writes it: IPv6 addresses in brackets. */
export const hostInUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** The machine's IP addresses on its networks. */
export function networkAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map(({ address }) => address);
}
