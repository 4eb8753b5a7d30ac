import type { Platform } from "../platform";
import { abortReason, withinTime } from "../waiting";

/** How a job waits for its turn. */
export interface TurnOptions {
  /** Aborted while the job waits: it rejects at once, and never runs. */
  readonly signal?: AbortSignal | undefined;
  /** It is sent out of its turn after this many milliseconds, and as soon as one before it waits for the network. */
  readonly maxWaitMs?: number;
}

interface Waiting {
  readonly isPatient: boolean;
  readonly run: () => void;
}

/** One at a time, in the order they were called: one that fails lets the next go. All that wait go when the page is left. */
export class Outbox {
  readonly #platform: Pick<Platform, "startTimer" | "onSignal">;
  readonly #waiting = new Set<Waiting>();
  #pending = 0;
  /** One that is pending waits for the network. */
  #isHeld = false;
  #isLeaving = false;
  /** Whether the page is watched even while nothing waits. */
  #isStarted = false;
  #unsubscribe: (() => void) | null = null;

  constructor(platform: Pick<Platform, "startTimer" | "onSignal">) {
    this.#platform = platform;
  }

  /**
   * Watches, until `stop()`, for the page being left: what the application sends in its own `pagehide` can't wait either.
   * While something waits, it is watched in any case.
   */
  start(): void {
    this.#isStarted = true;
    this.#watch();
  }

  stop(): void {
    this.#isStarted = false;
    this.#release();
  }

  #watch(): void {
    this.#unsubscribe ??= this.#platform.onSignal((said) => {
      this.#isLeaving = said === "leaving";
      if (this.#isLeaving) this.#run(() => true);
    });
  }

  #release(): void {
    if (this.#isStarted || this.#waiting.size > 0) return;
    this.#isLeaving = false;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  /** Runs `send` after everything given before it has settled; settles as it does. */
  push<T>(send: () => Promise<T>, { signal, maxWaitMs }: TurnOptions = {}): Promise<T> {
    const isPatient = maxWaitMs === undefined;
    // An empty lane is taken at once, so that a single message pays nothing for the order.
    if (this.#pending === 0 || this.#isLeaving || (this.#isHeld && !isPatient)) return this.#start(send);
    const turn = new Promise<T>((resolve) => {
      const run = (): void => {
        this.#waiting.delete(waiting);
        this.#release();
        timer?.cancel();
        resolve(this.#start(signal?.aborted ? () => Promise.reject(abortReason(signal)) : send));
      };
      const timer = isPatient ? null : this.#platform.startTimer(run, maxWaitMs);
      const waiting: Waiting = { isPatient, run };
      this.#waiting.add(waiting);
    });
    this.#watch();
    return signal ? withinTime(() => turn, [signal]) : turn;
  }

  /** One that is pending waits for the network: those that need not stay behind it go now. */
  hurry(): void {
    this.#isHeld = true;
    this.#run(({ isPatient }) => !isPatient);
  }

  #run(which: (waiting: Waiting) => boolean): void {
    for (const waiting of [...this.#waiting].filter(which)) waiting.run();
  }

  #start<T>(send: () => Promise<T>): Promise<T> {
    this.#pending += 1;
    return send().finally(() => {
      this.#pending -= 1;
      if (this.#pending > 0) return;
      this.#isHeld = false;
      const [next] = this.#waiting;
      next?.run();
    });
  }
}
