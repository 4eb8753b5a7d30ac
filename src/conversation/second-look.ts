import type { Platform } from "../platform";
import { pause } from "../waiting";
import type { PageOutcome } from "./delivery";

/** The minimum delay before a second look. */
export const MIN_SECOND_LOOK_MS = 3_000;
const MAX_SECOND_LOOK_MS = 15_000;

/**
 * A second look repeats the recovery after a lost link. It finds items that the first recovery missed, because the
 * transcript may lag behind the socket.
 */
export class SecondLook {
  readonly #controller = new AbortController();
  state: "needed" | "scheduled" | "running" = "needed";
  /** The outcome of a page that was fetched for the kept transcript; null until such a page covers the whole gap. */
  outcome: PageOutcome | null = null;

  /** Waits for a random time, because many clients may lose their links at once. Resolves with false if stopped. */
  wait(platform: Platform): Promise<boolean> {
    this.state = "scheduled";
    const delayMs = MIN_SECOND_LOOK_MS + platform.random() * (MAX_SECOND_LOOK_MS - MIN_SECOND_LOOK_MS);
    return pause(platform, delayMs, [this.#controller.signal]);
  }

  stop(): void {
    this.#controller.abort();
  }
}
