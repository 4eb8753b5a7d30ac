/**
 * Keeps other sites away from the routes that control the simulator. A page of another origin may not call them, even
 * if it can reach this machine; and a name that an attacker points to this machine is refused.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { URL } from "node:url";
import { originOf } from "./address";
import { headerOf } from "./http";

export interface GuardOptions {
  /** Origins that may call these routes, besides the simulator's own: `http://localhost:5173`. */
  readonly allowOrigins: readonly string[];
  /** The address the simulator listens on. */
  readonly host: string;
}

const HEADERS = "content-type,last-event-id";
const METHODS = "GET,POST,PUT,PATCH,DELETE";

/** Whether a host name or address, without its port, means this machine only. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|(?:[a-z\d-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)$/i.test(host);

const withoutPort = (host: string): string => host.replace(/:\d+$/, "");

/** An origin in its normal form, or undefined if the text isn't one. `null` is the origin of a local file. */
export function originIn(text: string): string | undefined {
  if (text === "null") return text;
  try {
    const { origin, href } = new URL(text);
    return origin !== "null" && href === `${origin}/` ? origin : undefined;
  } catch {
    return undefined;
  }
}

function checkedOrigin(text: string): string {
  const origin = originIn(text);
  if (origin !== undefined) return origin;
  throw new RangeError(
    `allowOrigins must list origins such as "http://localhost:5173": scheme, host and port, without a path; ` +
      `got "${text}".`,
  );
}

export class Guard {
  readonly #origins: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string>;
  readonly #isLocalOnly: boolean;

  /** Throws a RangeError if `allowOrigins` has an entry that isn't an origin. */
  constructor({ allowOrigins, host }: GuardOptions) {
    const origins = allowOrigins.map(checkedOrigin);
    this.#origins = new Set(origins);
    this.#hosts = new Set(origins.filter((each) => each !== "null").map((each) => new URL(each).host));
    this.#isLocalOnly = isLoopback(host);
  }

  /**
   * Answers requests that may go no further: refused ones and preflights. Returns whether the request may go on; then
   * the response has the CORS headers that its origin needs.
   */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    const problem = this.#problemOf(request);
    const origin = headerOf(request, "origin");
    response.setHeader("vary", "Origin");
    if (problem !== null) {
      response.writeHead(403, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { code: "Forbidden", message: problem } }));
      return false;
    }
    if (origin !== undefined) response.setHeader("access-control-allow-origin", origin);
    if (request.method !== "OPTIONS") return true;
    response.writeHead(204, {
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": HEADERS,
    });
    response.end();
    return false;
  }

  #problemOf(request: IncomingMessage): string | null {
    const host = headerOf(request, "host") ?? "";
    // The header itself, not a forwarded one: a page can set that on requests to its own origin.
    if (this.#isLocalOnly && !isLoopback(withoutPort(host)) && !this.#hosts.has(host.toLowerCase())) {
      return (
        `The host "${host}" isn't allowed, because the simulator listens on this machine only. Use localhost, or ` +
        `allow it: --allow-origin http://${host}, or the option control: { allowOrigins: ["http://${host}"] }.`
      );
    }
    const origin = headerOf(request, "origin");
    if (origin === undefined) return isForeignFetch(request) ? refusedOrigin("another site") : null;
    const given = originIn(origin);
    const own = originIn(originOf(request) ?? "");
    const isAllowed = given !== undefined && (given === own || this.#origins.has(given));
    return isAllowed ? null : refusedOrigin(origin);
  }
}

/** Whether a page of another origin sends it in a way that names no origin, as an image or a script does. */
function isForeignFetch(request: IncomingMessage): boolean {
  const site = headerOf(request, "sec-fetch-site");
  return (
    (site === "cross-site" || site === "same-site") && headerOf(request, "sec-fetch-mode") !== "navigate"
  );
}

const refusedOrigin = (origin: string): string =>
  `Requests from ${origin} aren't allowed. Allow an origin with --allow-origin, or with the option ` +
  `control: { allowOrigins: ["http://localhost:5173"] }.`;
