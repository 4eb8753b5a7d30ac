import type { Platform } from "./platform";

/** Browsers allow a page 64 KiB of `keepalive` bodies in flight. The page's other scripts may need some of it. */
const MAX_IN_FLIGHT_BYTES = 61_440;

/** A resolved promise: its callbacks run in the next microtask. */
const MICROTASK = Promise.resolve();

/** A request whose body, if any, is text. */
export interface TextRequest extends RequestInit {
  readonly body: string | null;
}

/** A `fetch` for requests that must arrive even if the page is left. Uses `keepalive` as far as the browser allows. */
export class KeepaliveFetch {
  readonly #platform: Pick<Platform, "fetch">;
  #inFlightBytes = 0;

  constructor(platform: Pick<Platform, "fetch">) {
    this.#platform = platform;
  }

  /** Starts one microtask later: Firefox aborts a fetch that starts in the task that navigates away. */
  fetch(url: string, init: TextRequest): Promise<Response> {
    return MICROTASK.then(() => this.#begin(url, init));
  }

  async #begin(url: string, init: TextRequest): Promise<Response> {
    const size = maxUtf8SizeOf(init.body ?? "");
    const keepalive = this.#inFlightBytes + size <= MAX_IN_FLIGHT_BYTES;
    const bytes = keepalive ? size : 0;
    this.#inFlightBytes += bytes;
    try {
      // The browser rejects a request beyond its limit within a microtask; no network fails that fast.
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

/** The maximum size in UTF-8, where a string's code unit takes at most three bytes. */
const maxUtf8SizeOf = (text: string): number => text.replace(/[^\0-\x7f]/g, "xxx").length;
