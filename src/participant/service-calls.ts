import type { CallOptions, ChatClient } from "../api/client";
import type { LibraryLogger } from "../api/logging";
import { ChatError, toChatError } from "../errors";
import { describeThrown } from "../observability/redact";
import type { Platform } from "../platform";
import { RequestBudget, withinTime } from "../waiting";
import { RETRY, withRetry, type OfflineHold, type RetryPolicy } from "./retry";

/** What each call costs and whether it failed, for those who count. */
export interface CallMetrics {
  called(operation: string, tookMs: number, failed: boolean, contentType?: string): void;
}

/** Who makes the calls, and who counts them. */
export interface CallSetup {
  readonly client: ChatClient;
  readonly metrics?: CallMetrics | null;
}

/** What a call is given beside its client's own options. */
export interface RunOptions extends CallOptions {
  /** How often the call is tried; default RETRY.standard. */
  readonly policy?: RetryPolicy;
  /** Of what is sent; told to the metrics. */
  readonly contentType?: string;
  /** Where the call may wait for the network. */
  readonly hold?: OfflineHold | undefined;
  readonly onHold?: () => void;
  /** The library calls for its own purposes: within its budget. */
  readonly isOwn?: boolean;
}

/** One session's calls to its chat client, bundled or the application's own: each is tried as its policy says. */
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

  /** Rejects with a ChatError, whatever the client throws. */
  async run<T>(
    operation: string,
    attempt: (client: ChatClient, options: CallOptions) => Promise<T>,
    { policy = RETRY.standard, contentType, hold, onHold, isOwn, ...options }: RunOptions = {},
  ): Promise<T> {
    const signals = this.#signals(options.signal);
    if (isOwn) await this.budget.turn(signals);
    const startedAt = this.#platform.monotonicMs();
    const guarded = this.#guarded(options);
    let attempts = 0;
    const told = (failed: boolean, ...error: unknown[]): void => {
      const tookMs = this.#platform.monotonicMs() - startedAt;
      const level = failed ? "error" : "debug";
      this.#logger[level](`${operation} ${failed ? "failed" : "succeeded"}`, { attempts, tookMs }, ...error);
      this.#metrics?.called(operation, tookMs, failed, contentType);
    };
    const retrying = (what: string, error: Error, delayMs: number, more?: { attempts: number }): void =>
      void this.#logger.warn(`${what} is tried again`, { ...more, delayMs: Math.round(delayMs) }, error);
    try {
      const result = await withRetry(
        this.#platform,
        policy,
        async (signal) => {
          attempts += 1;
          if (isOwn && attempts > 1) this.budget.take();
          try {
            return await attempt(this.client, {
              ...options,
              ...guarded,
              signal,
              onRetry: (error, delayMs) => retrying(`A step of ${operation}`, error, delayMs),
            });
          } catch (error) {
            throw toChatError(error, "ClientError", `The chat client failed in ${operation}.`);
          }
        },
        {
          operation,
          signals,
          noMoreAttempts: this.#noMoreAttempts.signal,
          hold,
          onHold: () => {
            this.#logger.warn(`${operation} waits for the network`, { attempts });
            onHold?.();
          },
          onRetry: (error, delayMs) => retrying(operation, error, delayMs, { attempts }),
        },
      );
      told(false);
      return result;
    } catch (error) {
      told(true, error);
      throw error;
    }
  }

  /** Waits for the application's own answer, so long and no longer; ends as a call does. `what` is as of a TimeLimit. */
  ask<T>(ms: number, what: string, answer: () => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
    return withinTime(answer, this.#signals(signal), { platform: this.#platform, ms, what });
  }

  #signals(signal: AbortSignal | undefined): AbortSignal[] {
    return signal ? [this.#aborted.signal, signal] : [this.#aborted.signal];
  }

  /** What the application's callback throws harms no transfer. It runs in the zone of the call, as a handler would. */
  #guarded({ onProgress }: CallOptions): Pick<CallOptions, "onProgress"> {
    if (!onProgress) return {};
    const zone = this.#platform.currentZone();
    return {
      onProgress: (progress) => {
        try {
          if (zone) zone.run(() => onProgress(progress));
          else onProgress(progress);
        } catch (error) {
          this.#logger.error("onProgress failed", describeThrown(error));
        }
      },
    };
  }

  /** An attempt under way may still succeed; none follows it. */
  stopRetrying(): void {
    this.#noMoreAttempts.abort();
  }

  /** Rejects pending calls and all later ones. `because` is the end of a sentence. */
  dispose(because: string): void {
    this.#aborted.abort(new ChatError("Aborted", `The call was aborted: ${because}`));
  }
}
