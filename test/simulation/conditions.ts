/** The currently active faults and their effects on calls, frames and subscriptions. */
import type { RandomSource } from "./random";
import type { VirtualClock } from "./clock";
import { hits, rateOf, type Fault, type FaultKind } from "./faults";
import type { ServiceResponse, ServiceConditions } from "./service";

/** The outcome of an API call. */
export type CallFate =
  /** `edit` changes the response body before it reaches the page. */
  | { readonly kind: "responded"; readonly delayMs: number; readonly edit?: (body: string) => string }
  /** An intermediary responds, and the call never reaches the service. */
  | { readonly kind: "intercepted"; readonly response: ServiceResponse; readonly delayMs: number }
  /** The page gets a network error or no response. `acted` means that the service processed the call. */
  | { readonly kind: "failed"; readonly acted: boolean; readonly delayMs: number }
  | { readonly kind: "unanswered"; readonly acted: boolean }
  /** The response body is cut off. */
  | { readonly kind: "truncated"; readonly delayMs: number };

/** One copy of a chat frame. */
export interface FrameCopy {
  readonly delayMs: number;
  /** Whether the copy arrives after all earlier frames. */
  readonly isInOrder: boolean;
  readonly isIntact: boolean;
  /** Changes the frame's text before it reaches the page. */
  readonly edit?: (text: string) => string;
}

const HTML = { "content-type": "text/html" };
const JSON_TYPE = { "content-type": "application/json" };
const errorPage = (status: number): ServiceResponse => ({
  status,
  headers: HTML,
  body: "<!doctype html><title>Sign in</title><p>Please sign in to the network.</p>",
});

const THROTTLED: CallFate = {
  kind: "intercepted",
  delayMs: 0,
  response: { status: 429, headers: JSON_TYPE, body: '{"message":"ThrottlingException"}' },
};

/** One account's rate limits in one region. */
const QUOTAS: Readonly<Record<string, { readonly perSecond: number; readonly burst: number }>> = {
  CreateParticipantConnection: { perSecond: 6, burst: 9 },
  GetTranscript: { perSecond: 8, burst: 12 },
  SendMessage: { perSecond: 10, burst: 15 },
  SendEvent: { perSecond: 10, burst: 15 },
};

/** Token buckets, one per operation. */
export class Quotas {
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();
  /** The numbers of throttled calls by operation. */
  readonly refused = new Map<string, number>();

  allows(operation: string, nowMs: number): boolean {
    const quota = QUOTAS[operation];
    if (quota === undefined) return true;
    const { tokens, atMs } = this.#buckets.get(operation) ?? { tokens: quota.burst, atMs: nowMs };
    const left = Math.min(quota.burst, tokens + ((nowMs - atMs) / 1_000) * quota.perSecond);
    this.#buckets.set(operation, { tokens: left >= 1 ? left - 1 : left, atMs: nowMs });
    if (left < 1) this.refused.set(operation, (this.refused.get(operation) ?? 0) + 1);
    return left >= 1;
  }
}

/** Retry-After values in seconds. A fault's amount selects one. The longest values imitate a misconfigured gateway. */
const RETRY_AFTER_SECONDS = [1, 2, 5, 20, 60, 119, 121, 3_600, 86_400] as const;

export class Conditions implements ServiceConditions {
  readonly #clock: VirtualClock;
  readonly #random: RandomSource;
  readonly #startMs: number;
  /** The account's quotas, or null for no limits. */
  quotas: Quotas | null = null;
  readonly #faults: Fault[];
  /** The outcomes of upcoming calls, set by a test. */
  readonly #scripted: {
    readonly operation: string;
    readonly fate: CallFate;
    readonly untilMs: number | null;
  }[] = [];
  readonly #scriptedFrames: (readonly FrameCopy[])[] = [];
  /** Called whenever a fault changes something, for the coverage report. */
  onHit: (kind: FaultKind) => void = () => undefined;

  constructor(clock: VirtualClock, random: RandomSource, faults: readonly Fault[]) {
    this.#clock = clock;
    this.#random = random;
    this.#startMs = clock.nowMs;
    this.#faults = [...faults];
  }

  /** Starts a fault now. Only for tests. */
  begin(kind: FaultKind, amount: number, forMs: number): void {
    const fromMs = this.#clock.nowMs - this.#startMs;
    this.#faults.push({ kind, amount, fromMs, toMs: fromMs + forMs });
  }

  /**
   * Sets the outcome of an operation's next call that has no scripted outcome yet. With `forMs`, the outcome applies to
   * all calls during that time. Only for tests.
   */
  script(operation: string, fate: CallFate, forMs: number | null = null): void {
    this.#scripted.push({ operation, fate, untilMs: forMs === null ? null : this.#clock.nowMs + forMs });
  }

  /** Sets which copies of the next chat frame reach a page. An empty list drops the frame. Only for tests. */
  scriptFrame(copies: readonly FrameCopy[]): void {
    this.#scriptedFrames.push(copies);
  }

  active(kind: FaultKind): Fault | null {
    const atMs = this.#clock.nowMs - this.#startMs;
    return (
      this.#faults.find((fault) => fault.kind === kind && fault.fromMs <= atMs && atMs < fault.toMs) ?? null
    );
  }

  /** Draws whether an active fault of this kind hits the current call or frame. Returns that fault, or null. */
  #strikes(kind: FaultKind): Fault | null {
    const fault = this.active(kind);
    if (fault === null || !this.#random.chance(rateOf(fault))) return null;
    this.onHit(kind);
    return fault;
  }

  isNetworkDown(): boolean {
    return this.active("offline") !== null || this.active("lying-online") !== null;
  }

  isRegionDown(): boolean {
    return this.active("region-down") !== null;
  }

  // --- API calls -----------------------------------------------------------------------------------------------------

  callFate(operation: string): CallFate {
    const scripted = this.#scripted.find(
      (each) => each.operation === operation && this.#clock.nowMs < (each.untilMs ?? Infinity),
    );
    if (scripted?.untilMs === null) this.#scripted.splice(this.#scripted.indexOf(scripted), 1);
    if (scripted) return scripted.fate;
    if (this.quotas?.allows(operation, this.#clock.nowMs) === false) return THROTTLED;
    if (this.active("offline")) {
      this.onHit("offline");
      return { kind: "failed", acted: false, delayMs: this.#random.between(0, 50) };
    }
    if (this.active("lying-online")) {
      this.onHit("lying-online");
      return this.#random.chance(0.5)
        ? { kind: "unanswered", acted: false }
        : { kind: "failed", acted: false, delayMs: this.#random.logUniform(10, 9_000) };
    }
    if (this.active("region-down")) {
      this.onHit("region-down");
      return this.#random.chance(0.5)
        ? { kind: "intercepted", response: { status: 503, headers: HTML, body: "" }, delayMs: 0 }
        : { kind: "failed", acted: false, delayMs: this.#random.logUniform(10, 3_000) };
    }
    return this.#restFate(operation);
  }

  #restFate(operation: string): CallFate {
    const strikes = (kind: FaultKind): Fault | null => {
      const fault = this.active(kind);
      return fault && hits(fault, operation) ? this.#strikes(kind) : null;
    };
    const intercept = (response: ServiceResponse): CallFate => ({
      kind: "intercepted",
      response,
      delayMs: 0,
    });
    if (strikes("rest-timeout")) return { kind: "unanswered", acted: this.#random.chance(0.5) };
    if (strikes("rest-reset")) {
      return { kind: "failed", acted: false, delayMs: this.#random.logUniform(1, 2_000) };
    }
    if (strikes("rest-lost-answer")) {
      return { kind: "failed", acted: true, delayMs: this.#random.logUniform(1, 4_000) };
    }
    if (strikes("rest-truncated")) return { kind: "truncated", delayMs: 0 };
    if (strikes("rest-html")) return intercept(errorPage(200));
    if (strikes("rest-html-503")) return intercept(errorPage(503));
    if (strikes("rest-403-html")) return intercept(errorPage(403));
    if (strikes("rest-403-empty")) return intercept({ status: 403, headers: {}, body: "" });
    if (strikes("rest-500")) {
      const status = this.#random.pick([500, 502, 503]);
      return intercept({ status, headers: JSON_TYPE, body: '{"message":"InternalServerException"}' });
    }
    if (strikes("rest-429")) {
      return intercept({ status: 429, headers: JSON_TYPE, body: '{"message":"ThrottlingException"}' });
    }
    const retryAfter = strikes("rest-retry-after");
    if (retryAfter) {
      const seconds =
        RETRY_AFTER_SECONDS[Math.floor(retryAfter.amount * 31) % RETRY_AFTER_SECONDS.length] ?? 1;
      const status = this.#random.pick([429, 503]);
      return intercept({
        status,
        headers: { ...JSON_TYPE, "retry-after": String(seconds) },
        body: '{"message":"Slow down"}',
      });
    }
    const slow = strikes("rest-slow");
    return { kind: "responded", delayMs: slow ? this.#random.logUniform(300, 12_000) : 0 };
  }

  // --- the service ---------------------------------------------------------------------------------------------------

  lagMs(): number {
    const fault = this.active("lag");
    if (fault === null) return 0;
    this.onHit("lag");
    return this.#random.logUniform(20, 500 + 2_500 * fault.amount);
  }

  lateByMs(): number {
    return this.#strikes("late-commits") ? this.#random.logUniform(1, 2_000) : 0;
  }

  subscription(): ReturnType<ServiceConditions["subscription"]> {
    const delayMs = this.#random.logUniform(1, 30);
    if (this.#strikes("ignored-subscriptions")) return { kind: "ignored", delayMs };
    if (this.#strikes("refused-subscriptions")) return { kind: "refused", delayMs };
    const late = this.#strikes("late-subscriptions");
    return { kind: "granted", delayMs: late ? this.#random.logUniform(200, 4_000) : delayMs };
  }

  isPingHealthy(): boolean {
    return this.#strikes("failing-pings") === null;
  }

  hasEmptyUrl(): boolean {
    return this.#strikes("empty-url") !== null;
  }

  // --- sockets -------------------------------------------------------------------------------------------------------

  /** The outcome of a new socket's upgrade. */
  upgrade(): "accepted" | "refused" | "unanswered" {
    if (this.isRegionDown() || this.active("offline")) return "refused";
    if (this.active("lying-online")) return "unanswered";
    if (this.#strikes("hanging-upgrades")) return "unanswered";
    return this.#strikes("refused-upgrades") ? "refused" : "accepted";
  }

  /** The copies of a chat frame that reach the page. */
  frame(): readonly FrameCopy[] {
    const scripted = this.#scriptedFrames.shift();
    if (scripted) return scripted;
    const late = this.#strikes("late-frames");
    const isIntact = this.#strikes("damaged-frames") === null;
    const isReordered = this.#strikes("reordered-frames") !== null;
    const first = {
      delayMs: late
        ? this.#random.logUniform(50, 8_000)
        : isReordered
          ? this.#random.logUniform(20, 5_000)
          : 0,
      isInOrder: !isReordered,
      isIntact,
    };
    if (!this.#strikes("duplicate-frames")) return [first];
    return [
      first,
      {
        ...first,
        delayMs: first.delayMs + this.#random.logUniform(1, 5_000),
        isInOrder: false,
        isIntact: true,
      },
    ];
  }
}
