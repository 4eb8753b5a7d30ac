import type { Platform } from "../platform";
import type { SocketEnd } from "./managed-socket";
import type { ConnectionLost, ConnectionOpened, InitFailure } from "./manager-events";

/** When a link's attempts and losses were: what a manager's events say of them, as dates. */
export class LinkTimes {
  readonly #platform: Pick<Platform, "now" | "monotonicMs">;
  // On the monotonic clock.
  attemptStartedAt: number | null = null;
  noOpenSince: number | null = null;

  constructor(platform: Pick<Platform, "now" | "monotonicMs">) {
    this.#platform = platform;
  }

  /** A socket is open: the attempt is over. */
  opened(retryCount: number): ConnectionOpened {
    const { attemptStartedAt, noOpenSince } = this;
    const now = this.#platform.monotonicMs();
    this.attemptStartedAt = null;
    return {
      connectWebSocketRetryCount: retryCount,
      connectionAttemptStartTime: this.#dateOf(attemptStartedAt),
      noOpenConnectionsTimestamp: this.#dateOf(noOpenSince),
      connectionEstablishedTime: this.#platform.now(),
      timeToConnect: attemptStartedAt && now - attemptStartedAt,
      timeWithoutConnection: noOpenSince && now - noOpenSince,
    };
  }

  closed({ openedAt, closedAt, code, reason }: SocketEnd): ConnectionLost {
    return {
      openTimestamp: this.#dateOf(openedAt),
      closeTimestamp: this.#dateOf(closedAt),
      connectionDuration: openedAt === null ? 0 : closedAt - openedAt,
      code,
      reason,
    };
  }

  failed(retryCount: number, reason: string): InitFailure {
    return {
      connectWebSocketRetryCount: retryCount,
      connectionAttemptStartTime: this.#dateOf(this.attemptStartedAt),
      reason,
    };
  }

  /** A moment of the monotonic clock, as the page's date. */
  #dateOf<Moment extends number | null>(moment: Moment): Moment | number {
    return moment && moment + this.#platform.now() - this.#platform.monotonicMs();
  }
}
