import type { Platform } from "../platform";
import type { SocketEnd } from "./managed-socket";
import type { ConnectionLost, ConnectionOpened, InitFailure } from "./manager-events";

/** The times of a link's attempts and losses, reported as dates in manager events. */
export class LinkTimes {
  readonly #platform: Pick<Platform, "now" | "monotonicMs">;
  // On the monotonic clock.
  attemptStartedAtMs: number | null = null;
  downSinceMs: number | null = null;

  constructor(platform: Pick<Platform, "now" | "monotonicMs">) {
    this.#platform = platform;
  }

  /** Ends the attempt: a socket is open. */
  endAttempt(retryCount: number): ConnectionOpened {
    const { attemptStartedAtMs, downSinceMs } = this;
    const now = this.#platform.monotonicMs();
    this.attemptStartedAtMs = null;
    return {
      connectWebSocketRetryCount: retryCount,
      connectionAttemptStartTime: this.#dateOf(attemptStartedAtMs),
      noOpenConnectionsTimestamp: this.#dateOf(downSinceMs),
      connectionEstablishedTime: this.#platform.now(),
      timeToConnect: attemptStartedAtMs && now - attemptStartedAtMs,
      timeWithoutConnection: downSinceMs && now - downSinceMs,
    };
  }

  connectionLostOf({ openedAt, closedAt, code, reason }: SocketEnd): ConnectionLost {
    return {
      openTimestamp: this.#dateOf(openedAt),
      closeTimestamp: this.#dateOf(closedAt),
      connectionDuration: openedAt === null ? 0 : closedAt - openedAt,
      code,
      reason,
    };
  }

  initFailureOf(retryCount: number, reason: string): InitFailure {
    return {
      connectWebSocketRetryCount: retryCount,
      connectionAttemptStartTime: this.#dateOf(this.attemptStartedAtMs),
      reason,
    };
  }

  /** Converts a time on the monotonic clock to the page's date. */
  #dateOf<Moment extends number | null>(moment: Moment): Moment | number {
    return moment && moment + this.#platform.now() - this.#platform.monotonicMs();
  }
}
