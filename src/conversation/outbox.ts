import type { Platform } from "../platform";
import { abortReason, withinTime } from "../waiting";

/** Options for a queued job. */
export interface TurnOptions {
  /** If this signal is aborted while the job is waiting, the job never runs, and its promise rejects immediately. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long the job waits for earlier jobs, in milliseconds; indefinitely by default. If an earlier job is waiting for
   * the network, a job with a limit doesn't wait for it.
   */
  readonly maxWaitMs?: number;
}

interface WaitingJob {
  readonly keepsOrder: boolean;
  readonly run: () => void;
}

/**
 * Runs jobs one at a time, in call order. A failed job doesn't affect the jobs after it. When the user leaves the page,
 * all waiting jobs run immediately.
 */
export class Outbox {
  readonly #platform: Pick<Platform, "startTimer" | "onSignal">;
  readonly #waiting = new Set<WaitingJob>();
  #pendingCount = 0;
  /** Whether a running job is waiting for the network. */
  #isBlocked = false;
  #isLeaving = false;
  /** Whether to watch for the user leaving the page even if no job is waiting. */
  #isStarted = false;
  #unsubscribe: (() => void) | null = null;

  constructor(platform: Pick<Platform, "startTimer" | "onSignal">) {
    this.#platform = platform;
  }

  /**
   * Watches for the user leaving the page until `stop()` is called, so that jobs from the application's `pagehide`
   * handler also run immediately. The outbox always watches while a job is waiting.
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

  /** Runs a job after all earlier jobs have settled. Settles with the job's outcome. */
  push<T>(job: () => Promise<T>, { signal, maxWaitMs }: TurnOptions = {}): Promise<T> {
    const keepsOrder = maxWaitMs === undefined;
    // If no other job is running, the job starts synchronously.
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

  /** Runs the waiting jobs that have a limit, because the running job is waiting for the network. */
  runLimitedJobs(): void {
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
