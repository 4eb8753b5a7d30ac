import type { Platform } from "../platform";
import type { SocketEnd } from "./managed-socket";
import type { ConnectionLost, ConnectionOpened, InitFailure } from "./manager-events";

/** Records the times of a link's attempts and losses, and converts them to dates for manager events. */
export class LinkTimes {
  readonly #platform: Pick<Platform, "now" | "monotonicMs">;
  /** When the current attempt started, on the monotonic clock; null between attempts. */
  attemptStartedAtMs: number | null = null;
  /** When the link was lost, on the monotonic clock; null if the link is up or has never been up. */
  downSinceMs: number | null = null;

  constructor(platform: Pick<Platform, "now" | "monotonicMs">) {
    this.#platform = platform;
  }

  /** Ends the current attempt, because a socket is open. Returns the payload for `connectionOpen`. */
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

  /** Converts a time on the monotonic clock to a date, in epoch milliseconds. */
  #dateOf<Moment extends number | null>(moment: Moment): Moment | number {
    return moment && moment + this.#platform.now() - this.#platform.monotonicMs();
  }
}
