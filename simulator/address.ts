/**
 * The address that a request was sent to, as its sender sees it. Every URL in the response starts with this address, so
 * that pages work at localhost, at a LAN address, in a container, and behind a proxy with a path.
 */
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { headerOf } from "./http";

/** A host name, IPv4 address or bracketed IPv6 address, with or without a port. */
const HOST = /^(?:[a-z\d._-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/i;
const MAX_PORT = 65_535;
/** Ports that browsers omit. Behind several proxies, the port may be that of another scheme than the page's. */
const DEFAULT_PORTS = ["80", "443"];

/** A path of plain segments. */
const PREFIX = /^(?:\/[\w.~%@-]+)+\/?$/;
/** A segment that leads out of its folder. */
const DOTS = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

/**
 * Returns scheme, host, port and path prefix, without a trailing slash: `https://proxy.test/chat`. Without a valid Host
 * header, returns `fallback`.
 */
export function addressOf(request: IncomingMessage, fallback: string): string {
  const origin = originOf(request);
  if (origin === null) return fallback;
  const prefix = xForwarded(request, "prefix");
  return prefix !== undefined && PREFIX.test(prefix) && !DOTS.test(prefix)
    ? origin + prefix.replace(/\/$/, "")
    : origin;
}

/** The origin that a request was sent to, as its sender sees it; null without a valid Host header. */
export function originOf(request: IncomingMessage): string | null {
  const host = xForwarded(request, "host") ?? forwarded(request, "host") ?? headerOf(request, "host");
  const found = host === undefined ? null : HOST.exec(host);
  if (!found || (found[1] !== undefined && !isPort(found[1]))) return null;
  const isComplete = found[1] !== undefined;
  return `${schemeOf(request)}://${found[0].toLowerCase()}${isComplete ? "" : forwardedPort(request)}`;
}

/** Returns a proxy's port as `:8443`, or nothing. Some proxies send the host without its port. */
function forwardedPort(request: IncomingMessage): string {
  const port = xForwarded(request, "port");
  return port !== undefined && isPort(port) && !DEFAULT_PORTS.includes(port) ? `:${port}` : "";
}

const isPort = (text: string): boolean =>
  /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_PORT;

function schemeOf(request: IncomingMessage): "http" | "https" {
  // For a socket, a proxy may send ws or wss.
  const scheme = (xForwarded(request, "proto") ?? forwarded(request, "proto"))
    ?.toLowerCase()
    .replace(/^ws/, "http");
  if (scheme === "http" || scheme === "https") return scheme;
  return request.socket instanceof TLSSocket ? "https" : "http";
}

/** Returns the header's first value, because each proxy in a chain appends its own value to the sender's. */
function xForwarded(
  request: IncomingMessage,
  name: "proto" | "host" | "port" | "prefix",
): string | undefined {
  return headerOf(request, `x-forwarded-${name}`)?.split(",", 1)[0]?.trim() || undefined;
}

/** Returns a field of the standard header's first element: `for=10.0.0.1;host="[::1]:8443";proto=https`. */
function forwarded(request: IncomingMessage, name: "proto" | "host"): string | undefined {
  const pairs = headerOf(request, "forwarded")?.split(",", 1)[0]?.split(";") ?? [];
  for (const pair of pairs) {
    const [, field, quoted, plain] = /^\s*([a-z]+)=(?:"([^"]*)"|([^"\s]*))\s*$/i.exec(pair) ?? [];
    if (field?.toLowerCase() === name) return (quoted ?? plain) || undefined;
  }
  return undefined;
}

/** The same address with a socket's scheme. */
export const socketAddress = (address: string): string => address.replace(/^http/, "ws");
