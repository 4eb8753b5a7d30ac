/** The machine's addresses. */
import { networkInterfaces } from "node:os";

export const DEFAULT_HOST = "127.0.0.1";

/** Hosts that mean all of the machine's addresses. */
const ANY_HOST = ["0.0.0.0", "::"];

export const isAnyHost = (host: string): boolean => ANY_HOST.includes(host);

/** A host as it appears in a URL: IPv6 addresses are in brackets. */
export const hostInUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** Returns the addresses at which other devices can reach a simulator that listens on this host. */
export function networkAddresses(host: string): string[] {
  if (!isAnyHost(host)) return [];
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, family, scopeid }) => !internal && !scopeid && (family === "IPv4" || host === "::"))
    .map(({ address }) => address);
}
