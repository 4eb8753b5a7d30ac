import { ChatError, toChatError, wrongArgument } from "../errors";
import type { Platform } from "../platform";
import { isObject, objectOf, textOrNull } from "../util/json";
import { isSocketUrl } from "../util/socket-url";
import { withinTime } from "../waiting";
import type { GetWebSocketTransport, WebSocketTransport } from "./manager-events";

/** How long a socket URL may be used after it was issued. */
const URL_LIFE_MS = 85_000;
/** A custom function may never settle, which must not end all attempts. */
const ANSWER_WITHIN_MS = 30_000;
/** A shorter lifetime would require a new socket all the time: the configuration is wrong. */
const MIN_LIFETIME_SECONDS = 300;
/** Keeps a lifetime within the maximum delay of a timer. */
const MAX_LIFETIME_SECONDS = 2_000_000;

/** Provides socket URLs: fetches and checks them, and reuses one while it is fresh. */
export class TransportSource {
  readonly #platform: Pick<Platform, "monotonicMs" | "startTimer">;
  readonly #get: GetWebSocketTransport;
  readonly #unencryptedHost: () => string | null;
  readonly #disposed = new AbortController();
  #last: { readonly transport: WebSocketTransport; readonly issuedAt: number } | null = null;

  /** `unencryptedHost` returns the host to which, besides this machine, a socket may be opened without encryption. */
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

  /**
   * Returns a transport for a new socket. Rejects as `get` does, or with IllegalArgument if the transport is invalid.
   */
  async next(): Promise<WebSocketTransport> {
    const fresh = this.#last !== null && this.#platform.monotonicMs() - this.#last.issuedAt < URL_LIFE_MS;
    if (this.#last && fresh) return this.#last.transport;
    return this.fetch();
  }

  /** Fetches a new transport in any case. */
  async fetch(): Promise<WebSocketTransport> {
    this.#last = null;
    let answer: unknown;
    try {
      answer = await withinTime(() => this.#get(), [this.#disposed.signal], {
        platform: this.#platform,
        ms: ANSWER_WITHIN_MS,
        what: "The function passed to init() did not settle",
      });
    } catch (error) {
      throw toChatError(error, "ClientError", "The socket's details could not be fetched.");
    }
    const transport = checkTransport(objectOf(answer)["webSocketTransport"], this.#unencryptedHost());
    this.#last = { transport, issuedAt: this.#platform.monotonicMs() };
    return transport;
  }

  /** Stops waiting for a pending fetch. */
  dispose(): void {
    this.#disposed.abort();
  }

  /** Discards a URL that didn't open. It may be used up or refused, so the next attempt fetches a new one. */
  forget(): void {
    this.#last = null;
  }
}

function checkTransport(transport: unknown, unencryptedHost: string | null): WebSocketTransport {
  if (!isObject(transport)) throw invalid("webSocketTransport is missing");
  const { url, expiry, transportLifeTimeInSeconds: lifetime } = transport;
  if (!isSocketUrl(url, unencryptedHost)) {
    throw invalid(
      "its URL must begin with wss://; ws:// is only for this machine and an http:// endpoint's host",
    );
  }
  if (typeof lifetime !== "number" || !(lifetime >= MIN_LIFETIME_SECONDS)) {
    throw invalid(`transportLifeTimeInSeconds must be a number of at least ${MIN_LIFETIME_SECONDS}`);
  }
  return {
    url,
    expiry: textOrNull(expiry),
    transportLifeTimeInSeconds: Math.min(lifetime, MAX_LIFETIME_SECONDS),
  };
}

function invalid(problem: string): ChatError {
  return new ChatError("IllegalArgument", `The socket configuration is invalid: ${problem}.`, {
    field: "webSocketTransport",
  });
}
