import type { Platform } from "./platform";

/** Browsers allow a page 64 KiB of bodies in flight with `keepalive`; what else is on the page may need some, too. */
const MAX_IN_FLIGHT_BYTES = 61_440;

/** Its callbacks run in the next microtask. */
const A_MICROTASK = Promise.resolve();

/** A request whose body, if it has one, is text. */
export interface TextRequest extends RequestInit {
  readonly body: string | null;
}

/** `fetch` for what has to arrive even if the page is left meanwhile: with `keepalive`, as far as the browser's limit allows. */
export class LastingFetch {
  readonly #platform: Pick<Platform, "fetch">;
  #inFlightBytes = 0;

  constructor(platform: Pick<Platform, "fetch">) {
    this.#platform = platform;
  }

  /** Begins one microtask later: Firefox aborts a fetch that begins in the very task that navigates away. */
  fetch(url: string, init: TextRequest): Promise<Response> {
    return A_MICROTASK.then(() => this.#begin(url, init));
  }

  async #begin(url: string, init: TextRequest): Promise<Response> {
    const size = sizeOf(init.body ?? "");
    const keepalive = this.#inFlightBytes + size <= MAX_IN_FLIGHT_BYTES;
    const bytes = keepalive ? size : 0;
    this.#inFlightBytes += bytes;
    try {
      // The browser refuses one beyond its limit at once; no network fails that soon.
      let isAtOnce = true;
      const answer = this.#platform.fetch(url, { ...init, keepalive }).catch((error: unknown) => {
        if (keepalive && isAtOnce) return this.#platform.fetch(url, init);
        throw error;
      });
      await A_MICROTASK;
      isAtOnce = false;
      return await answer;
    } finally {
      this.#inFlightBytes -= bytes;
    }
  }
}

/** In UTF-8, where no unit of a string takes more than three bytes. */
const sizeOf = (text: string): number => text.replace(/[^\0-\x7f]/g, "xxx").length;
