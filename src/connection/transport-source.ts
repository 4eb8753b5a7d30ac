import { ChatError, toChatError, wrongArgument } from "../errors";
import type { Platform } from "../platform";
import { isObject, objectOf, textOrNull } from "../util/json";
import { isSocketUrl } from "../util/socket-url";
import { withinTime } from "../waiting";
import type { GetWebSocketTransport, WebSocketTransport } from "./manager-events";

/** How long a socket URL may be used after it was fetched. */
const URL_LIFETIME_MS = 85_000;
/** Limits the wait for the application's function, which may never settle. Attempts would then stop. */
const FETCH_TIMEOUT_MS = 30_000;
/** A shorter lifetime is rejected as a configuration error, because it would require new sockets all the time. */
const MIN_LIFETIME_SECONDS = 300;
/** Caps the lifetime, because a timer's delay can't be longer than 2³¹ ms. */
const MAX_LIFETIME_SECONDS = 2_000_000;

/** Provides socket URLs. Fetches and validates them, and reuses a URL while it is fresh. */
export class TransportSource {
  readonly #platform: Pick<Platform, "monotonicMs" | "startTimer">;
  readonly #get: GetWebSocketTransport;
  readonly #unencryptedHost: () => string | null;
  readonly #disposed = new AbortController();
  #lastIssued: { readonly transport: WebSocketTransport; readonly issuedAt: number } | null = null;

  /** `unencryptedHost` returns a host, in addition to localhost, to which unencrypted sockets are allowed. */
  constructor(
    platform: Pick<Platform, "monotonicMs" | "startTimer">,
    get: GetWebSocketTransport,
    unencryptedHost: () => string | null,
  ) {
    if (typeof get !== "function")
      throw wrongArgument("getTransport", "a function that resolves to { webSocketTransport }", get);
    this.#platform = platform;
    this.#get = get;
    this.#unencryptedHost = unencryptedHost;
  }

  /** Returns a transport for a new socket. Rejects if `get` does, or with IllegalArgument if its result is invalid. */
  async next(): Promise<WebSocketTransport> {
    const isFresh =
      this.#lastIssued !== null && this.#platform.monotonicMs() - this.#lastIssued.issuedAt < URL_LIFETIME_MS;
    if (this.#lastIssued && isFresh) return this.#lastIssued.transport;
    return this.fetch();
  }

  /** Fetches a new transport, even if the last URL is fresh. */
  async fetch(): Promise<WebSocketTransport> {
    this.#lastIssued = null;
    let result: unknown;
    try {
      result = await withinTime(() => this.#get(), [this.#disposed.signal], {
        platform: this.#platform,
        ms: FETCH_TIMEOUT_MS,
        what: "The function passed to init() did not settle",
      });
    } catch (error) {
      throw toChatError(error, "ClientError", "The socket's details could not be fetched.");
    }
    const transport = validTransport(objectOf(result)["webSocketTransport"], this.#unencryptedHost());
    this.#lastIssued = { transport, issuedAt: this.#platform.monotonicMs() };
    return transport;
  }

  /** Stops waiting for a pending fetch. */
  dispose(): void {
    this.#disposed.abort();
  }

  /** Discards a URL whose socket didn't open, because the URL may be used up. The next attempt then fetches another. */
  discard(): void {
    this.#lastIssued = null;
  }
}

function validTransport(transport: unknown, unencryptedHost: string | null): WebSocketTransport {
  if (!isObject(transport)) throw invalidTransport("webSocketTransport is missing");
  const { url, expiry, transportLifeTimeInSeconds: lifetime } = transport;
  if (!isSocketUrl(url, unencryptedHost)) {
    throw invalidTransport(
      "its URL must begin with wss://; ws:// is allowed only for localhost and for the host of an http:// endpoint",
    );
  }
  if (typeof lifetime !== "number" || !(lifetime >= MIN_LIFETIME_SECONDS)) {
    throw invalidTransport(`transportLifeTimeInSeconds must be a number of at least ${MIN_LIFETIME_SECONDS}`);
  }
  return {
    url,
    expiry: textOrNull(expiry),
    transportLifeTimeInSeconds: Math.min(lifetime, MAX_LIFETIME_SECONDS),
  };
}

function invalidTransport(problem: string): ChatError {
  return new ChatError("IllegalArgument", `The socket configuration is invalid: ${problem}.`, {
    field: "webSocketTransport",
  });
}
