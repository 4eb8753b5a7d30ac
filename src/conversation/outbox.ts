import type { Platform } from "../platform";
import { abortReason, withinTime } from "../waiting";

/** Options for a job's turn. */
export interface TurnOptions {
  /** If it is aborted while the job waits, the job rejects immediately and never runs. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long the job waits for its turn, in milliseconds; indefinitely by default. With a limit, the job may also go
   * ahead of one that waits for the network.
   */
  readonly maxWaitMs?: number;
}

interface WaitingJob {
  readonly keepsOrder: boolean;
  readonly run: () => void;
}

/**
 * Runs jobs one at a time, in call order; a failed one doesn't stop the next. All waiting jobs run when the page is
 * left.
 */
export class Outbox {
  readonly #platform: Pick<Platform, "startTimer" | "onSignal">;
  readonly #waiting = new Set<WaitingJob>();
  #pendingCount = 0;
  /** Whether a pending job waits for the network. */
  #isBlocked = false;
  #isLeaving = false;
  /** Whether the page is watched even while no job waits. */
  #isStarted = false;
  #unsubscribe: (() => void) | null = null;

  constructor(platform: Pick<Platform, "startTimer" | "onSignal">) {
    this.#platform = platform;
  }

  /**
   * Watches for the page being left until `stop()`: what the application sends in its own `pagehide` handler can't wait
   * either. While a job waits, the page is watched in any case.
   */
  start(): void {
    this.#isStarted = true;
    this.#watch();
  }

  stop(): void {
    this.#isStarted = false;
    this.#stopWatching();
  }

  #watch(): void {
    this.#unsubscribe ??= this.#platform.onSignal((signal) => {
      this.#isLeaving = signal === "leaving";
      if (this.#isLeaving) this.#runMatching(() => true);
    });
  }

  #stopWatching(): void {
    if (this.#isStarted || this.#waiting.size > 0) return;
    this.#isLeaving = false;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  /** Runs `send` after all earlier jobs have settled, and settles as it does. */
  push<T>(job: () => Promise<T>, { signal, maxWaitMs }: TurnOptions = {}): Promise<T> {
    const keepsOrder = maxWaitMs === undefined;
    // With nothing pending, the job starts immediately: a single message isn't delayed for the order's sake.
    if (this.#pendingCount === 0 || this.#isLeaving || (this.#isBlocked && !keepsOrder))
      return this.#start(job);
    const turn = new Promise<T>((resolve) => {
      const run = (): void => {
        this.#waiting.delete(waiting);
        this.#stopWatching();
        timer?.cancel();
        resolve(this.#start(signal?.aborted ? () => Promise.reject(abortReason(signal)) : job));
      };
      const timer = keepsOrder ? null : this.#platform.startTimer(run, maxWaitMs);
      const waiting: WaitingJob = { keepsOrder, run };
      this.#waiting.add(waiting);
    });
    this.#watch();
    return signal ? withinTime(() => turn, [signal]) : turn;
  }

  /** Runs the jobs that may go ahead of a pending one, which waits for the network. */
  runBypassing(): void {
    this.#isBlocked = true;
    this.#runMatching(({ keepsOrder }) => !keepsOrder);
  }

  #runMatching(matches: (waiting: WaitingJob) => boolean): void {
    for (const waiting of [...this.#waiting].filter(matches)) waiting.run();
  }

  #start<T>(job: () => Promise<T>): Promise<T> {
    this.#pendingCount += 1;
    return job().finally(() => {
      this.#pendingCount -= 1;
      if (this.#pendingCount > 0) return;
      this.#isBlocked = false;
      const [next] = this.#waiting;
      next?.run();
    });
  }
}
