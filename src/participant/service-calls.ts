import type { CallOptions, ChatClient } from "../api/client";
import type { LibraryLogger } from "../api/logging";
import { ChatError, toChatError } from "../errors";
import { describeThrown } from "../observability/redact";
import type { Platform } from "../platform";
import { RequestBudget, withinTime } from "../waiting";
import { RETRY, withRetry, type OfflineHold, type RetryPolicy } from "./retry";

/** Records the duration and the outcome of each call. */
export interface CallMetrics {
  recordCall(operation: string, tookMs: number, failed: boolean, contentType?: string): void;
}

/** The client that makes a session's calls, and the metrics that record them. */
export interface CallSetup {
  readonly client: ChatClient;
  readonly metrics?: CallMetrics | null;
}

/** Options for a call, in addition to the options that are passed to the client. */
export interface RunOptions extends CallOptions {
  /** The retry policy; RETRY.standard by default. */
  readonly policy?: RetryPolicy;
  /** The content type of the message, event, or file, for metrics. */
  readonly contentType?: string;
  /** How the call waits for the network. If omitted, the call doesn't wait. */
  readonly hold?: OfflineHold | undefined;
  readonly onHold?: () => void;
  /** Whether the library makes the call for its own purposes. Such calls count against the request budget. */
  readonly isInternal?: boolean;
}

/** Makes one session's calls to its chat client, bundled or custom. Each call is retried according to its policy. */
export class ServiceCalls {
  readonly client: ChatClient;
  readonly budget: RequestBudget;
  readonly #platform: Platform;
  readonly #logger: LibraryLogger;
  readonly #metrics: CallMetrics | null;
  readonly #aborted = new AbortController();
  readonly #noMoreAttempts = new AbortController();

  constructor({ client, metrics = null }: CallSetup, platform: Platform, logger: LibraryLogger) {
    this.#metrics = metrics;
    this.client = client;
    this.budget = new RequestBudget(platform);
    this.#platform = platform;
    this.#logger = logger;
  }

  /** Makes a call. Always rejects with a ChatError, even if the client throws another kind of value. */
  async run<T>(
    operation: string,
    attempt: (client: ChatClient, options: CallOptions) => Promise<T>,
    { policy = RETRY.standard, contentType, hold, onHold, isInternal, ...options }: RunOptions = {},
  ): Promise<T> {
    const signals = this.#signals(options.signal);
    if (isInternal) await this.budget.acquire(signals);
    const startedAt = this.#platform.monotonicMs();
    const callbacks = this.#guardedCallbacks(options);
    let attempts = 0;
    const report = (failed: boolean, ...error: unknown[]): void => {
      const tookMs = this.#platform.monotonicMs() - startedAt;
      const level = failed ? "error" : "debug";
      this.#logger[level](`${operation} ${failed ? "failed" : "succeeded"}`, { attempts, tookMs }, ...error);
      this.#metrics?.recordCall(operation, tookMs, failed, contentType);
    };
    const logRetry = (what: string, error: Error, delayMs: number, details?: { attempts: number }): void =>
      void this.#logger.warn(`${what} will be retried`, { ...details, delayMs: Math.round(delayMs) }, error);
    try {
      const result = await withRetry(
        this.#platform,
        policy,
        async (signal) => {
          attempts += 1;
          if (isInternal && attempts > 1) this.budget.spend();
          try {
            return await attempt(this.client, {
              ...options,
              ...callbacks,
              signal,
              onRetry: (error, delayMs) => logRetry(`A step of ${operation}`, error, delayMs),
            });
          } catch (error) {
            throw toChatError(
              error,
              "ClientError",
              `The chat client failed in ${operation} without a message.`,
            );
          }
        },
        {
          operation,
          signals,
          noMoreAttempts: this.#noMoreAttempts.signal,
          hold,
          onHold: () => {
            this.#logger.warn(`${operation} is waiting for the network`, { attempts });
            onHold?.();
          },
          onRetry: (error, delayMs) => logRetry(operation, error, delayMs, { attempts }),
        },
      );
      report(false);
      return result;
    } catch (error) {
      report(true, error);
      throw error;
    }
  }

  /**
   * Runs one of the application's functions. Rejects if it takes longer than `ms` or the call is aborted. `what` begins
   * the timeout error's message; see `TimeLimit`.
   */
  waitFor<T>(ms: number, what: string, run: () => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
    return withinTime(run, this.#signals(signal), { platform: this.#platform, ms, what });
  }

  #signals(signal: AbortSignal | undefined): AbortSignal[] {
    return signal ? [this.#aborted.signal, signal] : [this.#aborted.signal];
  }

  /**
   * Wraps the application's progress callback. If the callback throws, logs the error instead of failing the transfer.
   * Like handlers, the callback runs in the zone in which the call was made.
   */
  #guardedCallbacks({ onProgress }: CallOptions): Pick<CallOptions, "onProgress"> {
    if (!onProgress) return {};
    const zone = this.#platform.currentZone();
    return {
      onProgress: (progress) => {
        try {
          if (zone) zone.run(() => onProgress(progress));
          else onProgress(progress);
        } catch (error) {
          this.#logger.error("The onProgress callback failed", describeThrown(error));
        }
      },
    };
  }

  /** Stops retrying calls. An attempt in flight may still succeed. */
  stopRetrying(): void {
    this.#noMoreAttempts.abort();
  }

  /** Rejects pending and later calls. `reason` completes the message "The call was aborted: …". */
  dispose(reason: string): void {
    this.#aborted.abort(new ChatError("Aborted", `The call was aborted: ${reason}`));
  }
}
