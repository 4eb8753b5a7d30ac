import { DEFAULT_HOST, hostInUrl, isAnyHost, networkAddresses } from "../network";
import type { Flags } from "./flags";

/** The address to open in a browser on this machine. */
export function localAddress({ host, https }: Pick<Flags, "host" | "https">, port: number): string {
  const displayedHost = host === DEFAULT_HOST || isAnyHost(host) ? "localhost" : hostInUrl(host);
  return `${https ? "https" : "http"}://${displayedHost}:${port}`;
}

/** The text that the program prints when it is ready. */
export function banner(flags: Pick<Flags, "host" | "https" | "certificate">, port: number): string {
  const address = localAddress(flags, port);
  const { protocol } = new URL(address);
  const otherHosts = networkAddresses(flags.host);
  return [
    `Endpoint: ${address}`,
    ...otherHosts.map((host) => `          ${protocol}//${hostInUrl(host)}:${port}`),
    `Panel:    ${address}/_panel/`,
    `Demo:     ${address}/`,
    ...(flags.https && !flags.certificate
      ? ["The certificate is self-signed: open the endpoint once in each browser, and accept it."]
      : []),
    `In your page: ChatSession.setGlobalConfig({ endpoint: "${address}" })`,
    "Press Ctrl+C to stop.",
  ].join("\n");
}
