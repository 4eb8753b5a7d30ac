import type { LibraryLogger } from "../api/logging";
import type { Platform } from "../platform";

/** The minimum time between typing events in a session. */
export const TYPING_THROTTLE_MS = 10_000;

/** Throttles typing events. A call within ten seconds of the last event shares that event's outcome. */
export class TypingThrottle<Result> {
  readonly #platform: Pick<Platform, "monotonicMs">;
  readonly #logger: LibraryLogger;
  #lastEvent: { readonly sentAtMs: number; readonly result: Promise<Result> } | null = null;

  constructor(platform: Pick<Platform, "monotonicMs">, logger: LibraryLogger) {
    this.#platform = platform;
    this.#logger = logger;
  }

  send(sendEvent: () => Promise<Result>): Promise<Result> {
    const now = this.#platform.monotonicMs();
    if (this.#lastEvent && now - this.#lastEvent.sentAtMs < TYPING_THROTTLE_MS) {
      this.#logger.debug("A typing event needed no request");
      return this.#lastEvent.result;
    }
    const event = { sentAtMs: now, result: sendEvent() };
    this.#lastEvent = event;
    // Nobody received an event that failed, so the next call sends another event.
    event.result.catch(() => {
      if (this.#lastEvent === event) this.#lastEvent = null;
    });
    return event.result;
  }
}
