/** Waiting: how long until the next attempt, and what ends a wait. */
import { ChatError, copyOf, isChatError, isThrottled } from "./errors";
import type { Platform, Timer } from "./platform";
import { fullJitterMs } from "./util/backoff";

/** Where the service said that there are too many calls, the pauses grow up to this. */
const THROTTLED_CAP_MS = 120_000;
/** A Retry-After that asks for more is cut off here: a gateway's mistake must not silence a chat for a day. */
const LONGEST_RETRY_AFTER_MS = 120_000;
/** Those that were cut off would all come back at one instant. */
const CUT_OFF_SPREAD_MS = 30_000;

/** The page's signals, of which there may be many a second, cause one attempt in this time at most. */
export const SIGNALS_EVERY_MS = 2_000;

/** How long the service asks to be left alone after a failure, as far as it is believed. */
export function askedForMs(error: unknown, platform: Pick<Platform, "random">): number {
  const { retryAfterMs = 0 }: Partial<ChatError> = isChatError(error) ? error : {};
  const isCutOff = retryAfterMs > LONGEST_RETRY_AFTER_MS;
  return isCutOff ? LONGEST_RETRY_AFTER_MS + platform.random() * CUT_OFF_SPREAD_MS : retryAfterMs;
}

/** How long to wait after a failure: as long as the service asks, and full jitter beyond that. */
export function pauseAfterMs(
  error: unknown,
  platform: Pick<Platform, "random">,
  attempt: number,
  baseMs: number,
  capMs: number,
): number {
  const maxJitterMs = isThrottled(error) ? THROTTLED_CAP_MS : capMs;
  return askedForMs(error, platform) + fullJitterMs(platform.random(), attempt, baseMs, maxJitterMs);
}

/** How soon a signal may cause another attempt after a failure. */
export const soonestAfterMs = (error: unknown, platform: Pick<Platform, "random">): number =>
  Math.max(SIGNALS_EVERY_MS, askedForMs(error, platform));

/** The library's own requests, sockets among them: at most so many at once, … */
const BURST = 20;
/** … and then one in this time: with a second attempt here and there, at most 60 in ten minutes. */
const ONE_EVERY_MS = 15_000;
/** Attempts to connect leave so many to what follows: a link without the missed messages is of no use. */
export const SPARED_BY_SOCKETS = 6;

/** Limits what a client asks of the service for the library's own purposes, in every kind of outage. */
export class RequestBudget {
  readonly #platform: Pick<Platform, "monotonicMs" | "startTimer">;
  readonly #burst: number;
  readonly #oneEveryMs: number;
  /** When all that was sent will be made up for. */
  #evenAtMs = 0;

  constructor(
    platform: Pick<Platform, "monotonicMs" | "startTimer">,
    burst = BURST,
    oneEveryMs = ONE_EVERY_MS,
  ) {
    this.#platform = platform;
    this.#burst = burst;
    this.#oneEveryMs = oneEveryMs;
  }

  /** How long a request has to wait, so that `spared` more could follow it at once. */
  waitMs(spared = 0): number {
    const earliestMs = this.#evenAtMs - (this.#burst - 1 - spared) * this.#oneEveryMs;
    return Math.max(0, earliestMs - this.#platform.monotonicMs());
  }

  /** A request is sent. */
  take(): void {
    this.#evenAtMs = Math.max(this.#evenAtMs, this.#platform.monotonicMs()) + this.#oneEveryMs;
  }

  /** Resolves when a request may be sent, and counts it; or when one of the signals is aborted. */
  async turn(signals: readonly AbortSignal[]): Promise<void> {
    // Others may have had their turn during the pause.
    for (let waitMs = this.waitMs(); waitMs > 0; waitMs = this.waitMs()) {
      if (!(await pause(this.#platform, waitMs, signals))) return;
    }
    this.take();
  }
}

/**
 * Resolves true when the time is over, false when one of the signals ends it. With `until`, that is what is waited for:
 * true once it calls back, false when the time is over. It returns its cancellation.
 */
export function pause(
  platform: Pick<Platform, "startTimer">,
  maxMs: number,
  signals: readonly AbortSignal[],
  until?: (callback: () => void) => () => void,
): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    let unsubscribe = (): void => undefined;
    const done = (result: boolean): void => {
      timer.cancel();
      stop?.();
      unsubscribe();
      resolve(result);
    };
    const timer = platform.startTimer(() => done(!until), maxMs);
    const stop = until?.(() => done(true));
    unsubscribe = onAbort(signals, () => done(false));
  });
}

/** What waits for a signal, and the one listener that calls it. */
interface Waiting {
  readonly handlers: Set<() => void>;
  readonly listener: () => void;
}

/** Where a signal keeps what waits for it. It has one listener for all: from the eleventh on, Node warns of a leak. */
const WAITING = Symbol("what waits for the signal");

interface AwaitedSignal extends AbortSignal {
  readonly [WAITING]?: Waiting;
}

function listenTo(signal: AwaitedSignal): Waiting {
  const handlers = new Set<() => void>();
  const waiting: Waiting = { handlers, listener: () => handlers.forEach((handler) => handler()) };
  // Not an assignment, which throws where an object takes no more properties.
  Reflect.set(signal, WAITING, waiting);
  signal.addEventListener("abort", waiting.listener);
  return waiting;
}

/** Calls `listener` when any of the signals is aborted, at once if one is already; returns the function that stops it. */
function onAbort(signals: readonly AbortSignal[], listener: (signal: AbortSignal) => void): () => void {
  const taken = signals.map((signal: AwaitedSignal) => {
    const handler = (): void => listener(signal);
    if (signal.aborted) {
      handler();
      return () => undefined;
    }
    const waiting = signal[WAITING] ?? listenTo(signal);
    waiting.handlers.add(handler);
    return () => {
      waiting.handlers.delete(handler);
      if (waiting.handlers.size > 0) return;
      Reflect.deleteProperty(signal, WAITING);
      signal.removeEventListener("abort", waiting.listener);
    };
  });
  return () => taken.forEach((unsubscribe) => unsubscribe());
}

/** Why a signal was aborted, as an error of ours. */
export function abortReason(signal: AbortSignal): ChatError {
  const reason: unknown = signal.reason;
  if (isChatError(reason)) return copyOf(reason);
  return new ChatError("Aborted", "The call was aborted by its signal.", { cause: reason });
}

/** The longest that a job may take. */
export interface TimeLimit {
  readonly platform: Pick<Platform, "startTimer">;
  readonly ms: number;
  /** What has not happened by then, as the beginning of the error's sentence: "SendMessage got no answer". */
  readonly what: string;
}

/** A job that the signals and the time end, with Aborted or Timeout, even if it heeds neither. */
export function withinTime<T>(
  job: (signal: AbortSignal) => Promise<T>,
  signals: readonly AbortSignal[],
  limit?: TimeLimit,
): Promise<T> {
  const controller = new AbortController();
  let timer: Timer | undefined;
  let unsubscribe = (): void => undefined;
  const stop = (): void => {
    timer?.cancel();
    unsubscribe();
  };
  return new Promise<T>((resolve, reject) => {
    const giveUp = (reason: ChatError): void => {
      stop();
      reject(reason);
      controller.abort(reason);
    };
    unsubscribe = onAbort(signals, (signal) => giveUp(abortReason(signal)));
    if (controller.signal.aborted) return;
    if (limit) {
      const { platform, ms, what } = limit;
      const seconds = Math.round(ms / 100) / 10;
      timer = platform.startTimer(
        () =>
          giveUp(
            new ChatError("Timeout", `${what} within ${seconds} s. Try again later.`, { retryable: true }),
          ),
        ms,
      );
    }
    job(controller.signal).then(resolve, reject);
  }).finally(stop);
}
