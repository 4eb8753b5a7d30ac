/** The certificate of a simulator that serves HTTPS. */
import { hostname } from "node:os";
import { selfSigned, type KeyAndCertificate } from "./certificate";
import { isAnyHost, networkAddresses } from "./network";

/** Valid for every simulator. Includes localhost's subdomains, because browsers resolve them to localhost. */
const LOOPBACK_NAMES = ["localhost", "*.localhost", "127.0.0.1", "::1"];

/**
 * Other names of this machine: a second loopback address, to emulate a second device; the Android emulator's address
 * for its host; and a container's name for its host.
 */
const ALIASES = ["127.0.0.2", "10.0.2.2", "host.docker.internal"];

/** Returns the certificate for the option `https`; null for HTTP. */
export function certificateFor(
  https: boolean | KeyAndCertificate,
  host: string,
  nowMs: number,
): KeyAndCertificate | null {
  if (typeof https === "object") return https;
  if (!https) return null;
  const others = isAnyHost(host) ? [hostname(), ...networkAddresses(host), ...ALIASES] : [host];
  return selfSigned([...new Set([...LOOPBACK_NAMES, ...others])], nowMs);
}
