import { ChatError, toChatError, wrongArgument } from "../errors";
import type { Platform } from "../platform";
import { isObject, objectOf, textOrNull } from "../util/json";
import { isSocketUrl } from "../util/socket-url";
import { withinTime } from "../waiting";
import type { GetWebSocketTransport, WebSocketTransport } from "./manager-events";

/** A socket's URL may be used this long after it was issued. */
const URL_LIFE_MS = 85_000;
/** An application's own function may never settle: that must not be the end of all attempts. */
const ANSWER_WITHIN_MS = 30_000;
/** A shorter life than that would mean a new socket all the time: the configuration is wrong. */
const MIN_LIFETIME_SECONDS = 300;
/** Beyond what a timer can hold. */
const MAX_LIFETIME_SECONDS = 2_000_000;

/** Where the sockets' URLs come from: fetched, checked, and used again while they are fresh. */
export class TransportSource {
  readonly #platform: Pick<Platform, "monotonicMs" | "startTimer">;
  readonly #get: GetWebSocketTransport;
  readonly #plainHost: () => string | null;
  readonly #disposed = new AbortController();
  #last: { readonly transport: WebSocketTransport; readonly issuedAt: number } | null = null;

  /** `plainHost`: besides this machine, the host to which a socket may be opened without encryption. */
  constructor(
    platform: Pick<Platform, "monotonicMs" | "startTimer">,
    get: GetWebSocketTransport,
    plainHost: () => string | null,
  ) {
    if (typeof get !== "function")
      throw wrongArgument("getTransport", "a function that resolves { webSocketTransport }", get);
    this.#platform = platform;
    this.#get = get;
    this.#plainHost = plainHost;
  }

  /** A transport to open a socket with. Rejects with what `get` rejected with, or IllegalArgument if it is invalid. */
  async next(): Promise<WebSocketTransport> {
    const fresh = this.#last !== null && this.#platform.monotonicMs() - this.#last.issuedAt < URL_LIFE_MS;
    if (this.#last && fresh) return this.#last.transport;
    return this.fetch();
  }

  /** A new one in any case. */
  async fetch(): Promise<WebSocketTransport> {
    this.#last = null;
    let answer: unknown;
    try {
      answer = await withinTime(() => this.#get(), [this.#disposed.signal], {
        platform: this.#platform,
        ms: ANSWER_WITHIN_MS,
        what: "The function given to init() did not settle",
      });
    } catch (error) {
      throw toChatError(error, "ClientError", "The socket's details could not be fetched.");
    }
    const transport = checkTransport(objectOf(answer)["webSocketTransport"], this.#plainHost());
    this.#last = { transport, issuedAt: this.#platform.monotonicMs() };
    return transport;
  }

  /** What was asked for is waited for no longer. */
  dispose(): void {
    this.#disposed.abort();
  }

  /** The URL did not open: it may be spent or refused, so that the next attempt fetches a new one. */
  forget(): void {
    this.#last = null;
  }
}

function checkTransport(transport: unknown, plainHost: string | null): WebSocketTransport {
  if (!isObject(transport)) throw invalid("webSocketTransport is missing");
  const { url, expiry, transportLifeTimeInSeconds: lifetime } = transport;
  if (!isSocketUrl(url, plainHost)) {
    throw invalid(
      "its URL must begin with wss://; ws:// is for this machine and the host of an http:// endpoint",
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
  return new ChatError("IllegalArgument", `The socket's configuration is invalid: ${problem}.`, {
    field: "webSocketTransport",
  });
}
