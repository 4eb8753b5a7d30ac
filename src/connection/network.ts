import type { IsNetworkOnline } from "../api/config";
import type { LibraryLogger } from "../api/logging";
import type { Platform } from "../platform";
import { pause, withinTime } from "../waiting";

/** An answer that takes longer than this counts as online: trying is never wrong, waiting may be. */
const ANSWER_WITHIN_MS = 2_000;
/** How often the application's own word is asked again, where no event tells of a change. */
const ASK_AGAIN_MS = 2_000;
/** Even an offline device is tried again after this long: what it says of its network is a hint. */
const TRY_ANYWAY_MS = 30_000;

/** What a link needs to know of its session's surroundings. */
export interface LinkSettings {
  readonly isNetworkOnline: () => IsNetworkOnline | null;
  /** The host of an `http://` endpoint: a socket may be opened there without encryption. */
  readonly plainHost: () => string | null;
}

/** Whether there is a network, and when it comes back. */
export class NetworkMonitor {
  readonly #platform: Platform;
  readonly #isNetworkOnline: () => IsNetworkOnline | null;
  readonly #logger: LibraryLogger;
  readonly #disposed = new AbortController();

  constructor(platform: Platform, isNetworkOnline: () => IsNetworkOnline | null, logger: LibraryLogger) {
    this.#platform = platform;
    this.#isNetworkOnline = isNetworkOnline;
    this.#logger = logger;
  }

  /** What the application says of the network; where it says nothing, the device's word, or `unsaid`. */
  isOnline(unsaid = this.#platform.isOnline()): Promise<boolean> {
    const ask = this.#isNetworkOnline();
    if (ask === null) return Promise.resolve(unsaid);
    const limit = { platform: this.#platform, ms: ANSWER_WITHIN_MS, what: "isNetworkOnline did not settle" };
    // The call itself may throw, too, and what is not exactly false counts as online.
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

  /** What was asked is waited for no longer: a call that hangs on it has to settle, too. */
  dispose(): void {
    this.#disposed.abort();
  }

  /** Calls `callback` once: when the network is back, or when it is time to try all the same. Returns its cancellation. */
  whenWorthTrying(callback: () => void): () => void {
    const over = new AbortController();
    const stop = (): void => {
      unsubscribe();
      over.abort();
    };
    const done = (): void => {
      if (over.signal.aborted) return;
      stop();
      callback();
    };
    const unsubscribe = this.#platform.onSignal((signal) => {
      if (signal === "online" || signal === "resumed") done();
    });
    const ask = async (): Promise<void> => {
      for (let waitedMs = 0; waitedMs < TRY_ANYWAY_MS; waitedMs += ASK_AGAIN_MS) {
        if (!(await pause(this.#platform, ASK_AGAIN_MS, [over.signal]))) return;
        if (await this.isOnline()) break;
      }
      done();
    };
    void ask();
    return stop;
  }
}
