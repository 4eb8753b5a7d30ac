import type { NetworkOnlineCheck } from "../api/config";
import type { LibraryLogger } from "../api/logging";
import type { Platform } from "../platform";
import { pause, withinTime } from "../waiting";

/** A slower answer counts as online: an unnecessary attempt does no harm, an unnecessary wait may. */
const ANSWER_WITHIN_MS = 2_000;
/** How often the application is asked again, since no event reports that its answer has changed. */
const POLL_EVERY_MS = 2_000;
/** Even if the device seems offline, an attempt is made after this long: its network status is only a hint. */
const TRY_ANYWAY_MS = 30_000;

/** Settings of a session that its link needs. */
export interface LinkSettings {
  readonly isNetworkOnline: () => NetworkOnlineCheck | null;
  /** The host of an `http://` endpoint, to which a socket may be opened without encryption. */
  readonly unencryptedHost: () => string | null;
}

/** Reports whether there is a network, and when it comes back. */
export class NetworkMonitor {
  readonly #platform: Platform;
  readonly #isNetworkOnline: () => NetworkOnlineCheck | null;
  readonly #logger: LibraryLogger;
  readonly #disposed = new AbortController();

  constructor(platform: Platform, isNetworkOnline: () => NetworkOnlineCheck | null, logger: LibraryLogger) {
    this.#platform = platform;
    this.#isNetworkOnline = isNetworkOnline;
    this.#logger = logger;
  }

  /** Resolves with the application's answer. Without one, resolves with `fallback`, by default the device's status. */
  isOnline(fallback = this.#platform.isOnline()): Promise<boolean> {
    const ask = this.#isNetworkOnline();
    if (ask === null) return Promise.resolve(fallback);
    const limit = { platform: this.#platform, ms: ANSWER_WITHIN_MS, what: "isNetworkOnline did not settle" };
    // Async, because the call itself may throw. Anything but `false` counts as online.
    const isOnline = async (): Promise<boolean> => {
      const answer: unknown = await ask();
      return answer !== false;
    };
    return withinTime(isOnline, [this.#disposed.signal], limit).catch((error: unknown) => {
      if (!this.#disposed.signal.aborted)
        this.#logger.warn("isNetworkOnline failed; the network counts as online", error);
      return true;
    });
  }

  /** Stops waiting for answers, so that calls that depend on them settle. */
  dispose(): void {
    this.#disposed.abort();
  }

  /**
   * Calls `callback` once the network is back, or when it is time to try anyway. Returns a function that cancels it.
   */
  whenWorthTrying(callback: () => void): () => void {
    const controller = new AbortController();
    const stop = (): void => {
      unsubscribe();
      controller.abort();
    };
    const done = (): void => {
      if (controller.signal.aborted) return;
      stop();
      callback();
    };
    const unsubscribe = this.#platform.onSignal((signal) => {
      if (signal === "online" || signal === "resumed") done();
    });
    const poll = async (): Promise<void> => {
      for (let waitedMs = 0; waitedMs < TRY_ANYWAY_MS; waitedMs += POLL_EVERY_MS) {
        if (!(await pause(this.#platform, POLL_EVERY_MS, [controller.signal]))) return;
        if (await this.isOnline()) break;
      }
      done();
    };
    void poll();
    return stop;
  }
}
