import { ChatError, toChatError } from "../errors";
import type { ChatLogger } from "../observability/logger";
import type { Platform } from "../platform";
import type { CallOptions, ChatClient } from "./chat-client";
import { withRetry, type RetryPolicy } from "./retry";

/** One session's calls to its chat client, bundled or the application's own: each is tried as its policy says. */
export class ServiceCalls {
  readonly client: ChatClient;
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #aborted = new AbortController();
  readonly #noMoreAttempts = new AbortController();

  constructor(client: ChatClient, platform: Platform, logger: ChatLogger) {
    this.client = client;
    this.#platform = platform;
    this.#logger = logger;
  }

  /** Rejects with a ChatError, whatever the client throws. */
  async run<T>(
    operation: string,
    policy: RetryPolicy,
    attempt: (client: ChatClient, options: CallOptions) => Promise<T>,
    options: CallOptions = {},
  ): Promise<T> {
    const startedAt = this.#platform.now();
    let attempts = 0;
    try {
      const result = await withRetry(
        this.#platform,
        policy,
        async (signal) => {
          attempts += 1;
          try {
            return await attempt(this.client, { ...options, signal });
          } catch (error) {
            throw toChatError(error, "ClientError", `The chat client failed in ${operation}.`);
          }
        },
        {
          signals: options.signal ? [this.#aborted.signal, options.signal] : [this.#aborted.signal],
          noMoreAttempts: this.#noMoreAttempts.signal,
          onRetry: (error, delayMs) =>
            this.#logger.warn(
              `${operation} is tried again`,
              { attempts, delayMs: Math.round(delayMs) },
              error,
            ),
        },
      );
      this.#logger.debug(`${operation} succeeded`, { attempts, tookMs: this.#platform.now() - startedAt });
      return result;
    } catch (error) {
      this.#logger.error(
        `${operation} failed`,
        { attempts, tookMs: this.#platform.now() - startedAt },
        error,
      );
      throw error;
    }
  }

  /** An attempt under way may still succeed; none follows it. */
  stopRetrying(): void {
    this.#noMoreAttempts.abort();
  }

  /** Rejects what is under way and whatever is called later. */
  abort(message: string): void {
    this.#aborted.abort(new ChatError("Aborted", message));
  }
}
