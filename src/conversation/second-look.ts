import type { Platform } from "../platform";
import { pause } from "../waiting";
import type { Recovered } from "./delivery";

/** The transcript may lag behind the socket: after a loss, a second look follows this long after the recovery. */
export const SOONEST_LOOK_MS = 3_000;
const LATEST_LOOK_MS = 15_000;

/** The second look after one loss. */
export class SecondLook {
  readonly #controller = new AbortController();
  state: "wanted" | "due" | "looking" = "wanted";
  /** What was new on the page for the transcript; null until that has shown everything since the hole. */
  found: Recovered | null = null;

  /** Waits for a random moment, since many clients may have lost their links at once. False if it's stopped before. */
  wait(platform: Platform): Promise<boolean> {
    this.state = "due";
    const delayMs = SOONEST_LOOK_MS + platform.random() * (LATEST_LOOK_MS - SOONEST_LOOK_MS);
    return pause(platform, delayMs, [this.#controller.signal]);
  }

  stop(): void {
    this.#controller.abort();
  }
}
