import type { Platform } from "../platform";
import { pause } from "../waiting";
import type { PageOutcome } from "./delivery";

/** The transcript may lag behind the socket, so a second look follows a loss's recovery, no sooner than this. */
export const MIN_SECOND_LOOK_MS = 3_000;
const MAX_SECOND_LOOK_MS = 15_000;

/** The second look after a loss. */
export class SecondLook {
  readonly #controller = new AbortController();
  state: "wanted" | "due" | "looking" = "wanted";
  /** What was new on the transcript's page; null until that page has shown everything since the hole. */
  outcome: PageOutcome | null = null;

  /**
   * Waits for a random time, since many clients may have lost their links at once. Resolves to false if it is stopped.
   */
  wait(platform: Platform): Promise<boolean> {
    this.state = "due";
    const delayMs = MIN_SECOND_LOOK_MS + platform.random() * (MAX_SECOND_LOOK_MS - MIN_SECOND_LOOK_MS);
    return pause(platform, delayMs, [this.#controller.signal]);
  }

  stop(): void {
    this.#controller.abort();
  }
}
