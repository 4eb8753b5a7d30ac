import type { ChatLogger } from "../observability/logger";
import type { Platform, Timer } from "../platform";

/** What an application may say of the network in the page's stead: at once, or as a promise. */
export type IsNetworkOnline = () => boolean | Promise<boolean>;

/** An answer that takes longer than this counts as online: trying is never wrong, waiting may be. */
const ANSWER_WITHIN_MS = 2_000;
/** How often the application's own word is asked again, where no event tells of a change. */
const ASK_AGAIN_MS = 2_000;
/** Even an offline device is tried again after this long: what it says of its network is a hint. */
const TRY_ANYWAY_MS = 30_000;

/** Whether there is a network, and when it comes back. */
export class NetworkMonitor {
  readonly #platform: Platform;
  readonly #isNetworkOnline: () => IsNetworkOnline | null;
  readonly #logger: ChatLogger;
  /** Questions that the application has not answered yet. */
  readonly #asked = new Set<(online: boolean) => void>();

  constructor(platform: Platform, isNetworkOnline: () => IsNetworkOnline | null, logger: ChatLogger) {
    this.#platform = platform;
    this.#isNetworkOnline = isNetworkOnline;
    this.#logger = logger;
  }

  isOnline(): Promise<boolean> {
    const ask = this.#isNetworkOnline();
    if (ask === null) return Promise.resolve(this.#platform.isOnline());
    return new Promise((resolve) => {
      const limit = this.#platform.startTimer(() => answer(true), ANSWER_WITHIN_MS);
      const answer = (online: boolean): void => {
        limit.cancel();
        this.#asked.delete(answer);
        resolve(online);
      };
      this.#asked.add(answer);
      // The call itself may throw, too.
      Promise.resolve()
        .then(ask)
        .then(
          (online: unknown) => answer(online !== false),
          (error: unknown) => {
            this.#logger.warn("isNetworkOnline failed; the network counts as online", error);
            answer(true);
          },
        );
    });
  }

  /** What a call needs to wait for the network, `maxMs` milliseconds in all. */
  hold(maxMs: number): { maxMs: number } & Pick<NetworkMonitor, "isOnline" | "whenWorthTrying"> {
    return {
      maxMs,
      isOnline: () => this.isOnline(),
      whenWorthTrying: (callback) => this.whenWorthTrying(callback),
    };
  }

  /** What was asked is waited for no longer: a call that hangs on it has to settle, too. */
  dispose(): void {
    this.#asked.forEach((answer) => answer(true));
  }

  /** Calls `callback` once: when the network is back, or when it is time to try all the same. Returns its cancellation. */
  whenWorthTrying(callback: () => void): () => void {
    let poll: Timer | null = null;
    let over = false;
    const stop = (): void => {
      over = true;
      takeOff();
      limit.cancel();
      poll?.cancel();
    };
    const done = (): void => {
      if (over) return;
      stop();
      callback();
    };
    const takeOff = this.#platform.onSignal((signal) => {
      if (signal === "online" || signal === "resumed") done();
    });
    const limit = this.#platform.startTimer(done, TRY_ANYWAY_MS);
    const ask = (): void => {
      poll = this.#platform.startTimer(() => {
        void this.isOnline().then((online) => {
          if (over) return;
          if (online) done();
          else ask();
        });
      }, ASK_AGAIN_MS);
    };
    ask();
    return stop;
  }
}
