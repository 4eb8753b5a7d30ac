/**
 * The address that a request was sent to, as its sender sees it. Every URL in the response starts with this address, so
 * that pages work at localhost, at a LAN address, in a container, and behind a proxy with a path.
 */
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { headerOf } from "./http";

/** A host name, IPv4 address or bracketed IPv6 address, with or without a port. */
const HOST = /^(?:[a-z\d._-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** A path of plain segments. */
const PREFIX = /^(?:\/[\w.~%@-]+)+\/?$/;

/**
 * Returns scheme, host, port and path prefix, without a trailing slash: `https://proxy.test/chat`. Without a valid Host
 * header, returns `fallback`.
 */
export function addressOf(request: IncomingMessage, fallback: string): string {
  const origin = originOf(request);
  if (origin === null) return fallback;
  const prefix = forwarded(request, "prefix");
  return prefix !== undefined && PREFIX.test(prefix) ? origin + prefix.replace(/\/$/, "") : origin;
}

/** The origin that a request was sent to, as its sender sees it; null without a valid Host header. */
export function originOf(request: IncomingMessage): string | null {
  const host = forwarded(request, "host") ?? headerOf(request, "host");
  return host !== undefined && HOST.test(host) ? `${schemeOf(request)}://${host.toLowerCase()}` : null;
}

function schemeOf(request: IncomingMessage): "http" | "https" {
  // For a socket, a proxy may send ws or wss.
  const scheme = forwarded(request, "proto")?.toLowerCase().replace(/^ws/, "http");
  if (scheme === "http" || scheme === "https") return scheme;
  return request.socket instanceof TLSSocket ? "https" : "http";
}

/** Returns the header's first value, because each proxy in a chain appends its own value to the sender's. */
function forwarded(request: IncomingMessage, name: "proto" | "host" | "prefix"): string | undefined {
  return headerOf(request, `x-forwarded-${name}`)?.split(",", 1)[0]?.trim() || undefined;
}

/** The same address with a socket's scheme. */
export const socketAddress = (address: string): string => address.replace(/^http/, "ws");
