import type { NetworkOnlineCheck } from "../api/config";
import type { LibraryLogger } from "../api/logging";
import type { Platform } from "../platform";
import { pause, withinTime } from "../waiting";

/**
 * If a check takes longer, the network counts as online, because an unnecessary attempt does less harm than an
 * unnecessary wait.
 */
const CHECK_TIMEOUT_MS = 2_000;
/** The time between calls of `isNetworkOnline` during a wait. No event reports when its result changes. */
const POLL_INTERVAL_MS = 2_000;
/** The maximum wait for the network. The reported status is only a hint, so an attempt is made after this time. */
const MAX_WAIT_MS = 30_000;

/** The session settings that its link uses. */
export interface LinkSettings {
  readonly isNetworkOnline: () => NetworkOnlineCheck | null;
  /** The host of an `http://` endpoint, to which unencrypted sockets are allowed. */
  readonly unencryptedHost: () => string | null;
}

/** Checks whether there is a network, and waits until it comes back. */
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

  /**
   * Resolves with the result of the application's `isNetworkOnline`. If it isn't set, resolves with `fallback`, which
   * defaults to the device's status.
   */
  isOnline(fallback = this.#platform.isOnline()): Promise<boolean> {
    const check = this.#isNetworkOnline();
    if (check === null) return Promise.resolve(fallback);
    const limit = { platform: this.#platform, ms: CHECK_TIMEOUT_MS, what: "isNetworkOnline did not settle" };
    // Async, so that an exception becomes a rejection. Any result other than `false` counts as online.
    const isOnline = async (): Promise<boolean> => {
      const result: unknown = await check();
      return result !== false;
    };
    return withinTime(isOnline, [this.#disposed.signal], limit).catch((error: unknown) => {
      if (!this.#disposed.signal.aborted)
        this.#logger.warn("isNetworkOnline failed; the network counts as online", error);
      return true;
    });
  }

  /** Stops waiting for pending checks, so that calls that depend on them settle. */
  dispose(): void {
    this.#disposed.abort();
  }

  /** Calls `callback` when the network is back, or after the maximum wait. Returns a function that cancels the wait. */
  waitForNetwork(callback: () => void): () => void {
    const controller = new AbortController();
    const stop = (): void => {
      unsubscribe();
      controller.abort();
    };
    const finish = (): void => {
      if (controller.signal.aborted) return;
      stop();
      callback();
    };
    const unsubscribe = this.#platform.onSignal((signal) => {
      if (signal === "online" || signal === "resumed") finish();
    });
    const poll = async (): Promise<void> => {
      for (let waitedMs = 0; waitedMs < MAX_WAIT_MS; waitedMs += POLL_INTERVAL_MS) {
        if (!(await pause(this.#platform, POLL_INTERVAL_MS, [controller.signal]))) return;
        if (await this.isOnline()) break;
      }
      finish();
    };
    void poll();
    return stop;
  }
}
