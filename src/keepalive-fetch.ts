import type { Platform } from "./platform";

/** Browsers allow 64 KiB of `keepalive` bodies in flight per page. This limit leaves some for other scripts. */
const MAX_IN_FLIGHT_BYTES = 61_440;

/** A resolved promise, whose callbacks run in the next microtask. */
const MICROTASK = Promise.resolve();

/** A request with a text body, or without a body. */
export interface TextRequest extends RequestInit {
  readonly body: string | null;
}

/** A `fetch` for requests that must arrive even if the user leaves the page. Uses `keepalive` within its limit. */
export class KeepaliveFetch {
  readonly #platform: Pick<Platform, "fetch">;
  #inFlightBytes = 0;

  constructor(platform: Pick<Platform, "fetch">) {
    this.#platform = platform;
  }

  /** Sends a request one microtask later. Firefox aborts a fetch that starts in the task that leaves the page. */
  fetch(url: string, init: TextRequest): Promise<Response> {
    return MICROTASK.then(() => this.#begin(url, init));
  }

  async #begin(url: string, init: TextRequest): Promise<Response> {
    const size = maxUtf8SizeOf(init.body ?? "");
    const keepalive = this.#inFlightBytes + size <= MAX_IN_FLIGHT_BYTES;
    const bytes = keepalive ? size : 0;
    this.#inFlightBytes += bytes;
    try {
      // If the browser's limit is exceeded, `fetch` rejects within a microtask, faster than any network failure.
      let isImmediate = true;
      const response = this.#platform.fetch(url, { ...init, keepalive }).catch((error: unknown) => {
        if (keepalive && isImmediate) return this.#platform.fetch(url, init);
        throw error;
      });
      await MICROTASK;
      isImmediate = false;
      return await response;
    } finally {
      this.#inFlightBytes -= bytes;
    }
  }
}

/** Returns the maximum size of a text in UTF-8, where each code unit takes at most three bytes. */
const maxUtf8SizeOf = (text: string): number => text.replace(/[^\0-\x7f]/g, "xxx").length;
