/**
 * Protects the routes that control the simulator from other sites. A page from another origin must not call these
 * routes, even if it can reach this machine. A host name that an attacker points to this machine is rejected.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { URL } from "node:url";
import { originOf } from "./address";
import { headerOf } from "./http";
import type { ReportProblem } from "./problems";

export interface GuardOptions {
  /**
   * Origins that may call these routes, in addition to the simulator's own origin. Example: `http://localhost:5173`.
   */
  readonly allowOrigins: readonly string[];
  /** The address the simulator listens on. */
  readonly host: string;
  readonly reportProblem: ReportProblem;
}

const HEADERS = "content-type,last-event-id";
const METHODS = "GET,POST,PUT,PATCH,DELETE";

/** How many refused origins are reported. A sender can make up any number of origins. */
const MAX_REPORTED_ORIGINS = 100;

/** Whether a host name or address, without its port, means this machine only. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|(?:[a-z\d-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)$/i.test(host);

const withoutPort = (host: string): string => host.replace(/:\d+$/, "");

/** Returns an origin in its normal form; undefined if the text isn't an origin. `null` is a local file's origin. */
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
  readonly #reportProblem: ReportProblem;
  readonly #reportedOrigins = new Set<string>();

  /** Throws a RangeError if an entry of `allowOrigins` isn't an origin. */
  constructor({ allowOrigins, host, reportProblem }: GuardOptions) {
    this.#reportProblem = reportProblem;
    const origins = allowOrigins.map(checkedOrigin);
    this.#origins = new Set(origins);
    this.#hosts = new Set(origins.filter((each) => each !== "null").map((each) => new URL(each).host));
    this.#isLocalOnly = isLoopback(host);
  }

  /**
   * Answers preflights and requests that aren't allowed. Returns true for all other requests, after adding the CORS
   * headers that the origin needs to the response.
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
    // Not a forwarded host, because a page can set that header on requests to its simulatorOrigin origin.
    if (this.#isLocalOnly && !isLoopback(withoutPort(host)) && !this.#hosts.has(host.toLowerCase())) {
      return (
        `The host "${host}" isn't allowed, because the simulator listens on this machine only. Use localhost, or ` +
        `allow it: --allow-origin http://${host}, or the option control: { allowOrigins: ["http://${host}"] }.`
      );
    }
    const origin = headerOf(request, "origin");
    if (origin === undefined) return isForeignFetch(request) ? refusedOrigin("another site") : null;
    const callerOrigin = originIn(origin);
    const simulatorOrigin = originIn(originOf(request) ?? "");
    const isAllowed =
      callerOrigin !== undefined && (callerOrigin === simulatorOrigin || this.#origins.has(callerOrigin));
    if (isAllowed) return null;
    if (callerOrigin !== undefined) this.#reportOrigin(callerOrigin);
    return refusedOrigin(origin);
  }

  /** Reports an origin's first refused request. */
  #reportOrigin(origin: string): void {
    const reported = this.#reportedOrigins;
    if (reported.has(origin) || reported.size >= MAX_REPORTED_ORIGINS) return;
    reported.add(origin);
    const message =
      `A page from ${origin} was refused the control API. ` +
      `To allow its origin, start the simulator with --allow-origin ${origin}`;
    this.#reportProblem({ kind: "originRefused", message, origin });
  }
}

/** Whether the request comes from another site without an Origin header, for example for an image or a script. */
function isForeignFetch(request: IncomingMessage): boolean {
  const site = headerOf(request, "sec-fetch-site");
  return (
    (site === "cross-site" || site === "same-site") && headerOf(request, "sec-fetch-mode") !== "navigate"
  );
}

const refusedOrigin = (origin: string): string =>
  `Requests from ${origin} aren't allowed. Allow an origin with --allow-origin, or with the option ` +
  `control: { allowOrigins: ["http://localhost:5173"] }.`;
