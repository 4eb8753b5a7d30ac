/** What goes wrong on purpose: each fault is asked for by a test and used up by what it hits. */
import { FaultRules, type FaultScope, type FaultTarget, type Somebody, type Withdraw } from "./fault-rules";
import type { FrameTransform, OutgoingFrame } from "./frame-faults";
import { seededRandom } from "./random";

/** The fields of every refusal. */
interface AnyRefusal {
  status: number;
  /** Sent as Retry-After. */
  retryAfterSeconds?: number;
}

/** The service refuses, and names its refusal. */
export interface ServiceRefusal extends AnyRefusal {
  from?: "service";
  /** The name of the refusal; by default the service's name for the status. */
  errorType?: string;
  /**
   * Where the name is: in the header `x-amzn-errortype` (default), or only in the body's `__type`, as for a page that is
   * not allowed to read the header.
   */
  namedIn?: "header" | "body";
  message?: string;
  /** Replaces the JSON body; sent as HTML. */
  body?: string;
}

/** An API gateway in front of the service refuses: JSON that names no refusal. */
export interface GatewayRefusal extends AnyRefusal {
  from: "gateway";
  /** Default "Forbidden". */
  message?: string;
}

/** A proxy between the page and the service refuses with an HTML page. */
export interface ProxyRefusal extends AnyRefusal {
  from: "proxy";
  /** The page. */
  body?: string;
}

/** An empty answer: nothing says who refuses. */
export interface EmptyRefusal extends AnyRefusal {
  from: "nobody";
}

/** How a call is refused, by who refuses it: the service unless `from` says otherwise. */
export type FailWith = ServiceRefusal | GatewayRefusal | ProxyRefusal | EmptyRefusal;

/** A call's answer that is not what the service gave. */
export interface GarbleWith {
  /** The body that is sent, or what is made of the service's own: an HTML page, half of the JSON, nothing. */
  body: string | ((body: string) => string);
  /** Default 200. */
  status?: number;
  /** Default `application/json`. */
  contentType?: string;
}

/** Where a call's connection breaks: before the service acts, after it, or in the middle of its answer. */
export type CutAt = "before" | "after" | "midAnswer";

/** When a call waits: before the service acts, or between that and its answer. */
export type DelayAt = "before" | "after";

/** What happens to one call. */
export type CallFault =
  | { kind: "fail"; refusal: FailWith }
  | ({ kind: "garble" } & GarbleWith)
  | { kind: "cut"; when: CutAt }
  | { kind: "delay"; delayMs: number; when: DelayAt };

export type StorageAction = "put" | "get";

export type StorageFault =
  { kind: "fail"; status: number; code: string } | { kind: "cut" } | { kind: "delay"; delayMs: number };

/** What becomes of the frames of a socket that is stalled: lost, or held back until it goes on. */
export type StalledFrames = "lose" | "hold";

/** Matches every operation of the service. */
export const ANY_OPERATION = "*";

/**
 * The simulator's faults. Each takes a scope: whom it hits, how often, how likely, for how long. Each returns a
 * function that takes it back.
 */
export class Faults {
  readonly #calls: FaultRules<{ operation: string; fault: CallFault }>;
  readonly #storage: FaultRules<{ action: StorageAction; fault: StorageFault }>;
  readonly #frames: FaultRules<FrameTransform>;
  readonly #refusals: FaultRules<number>;
  readonly #refusedSubscriptions: FaultRules<true>;
  readonly #stalls: FaultRules<StalledFrames>;
  #random = seededRandom(1);
  #resumed = (): void => undefined;

  /** `now`: the simulator's clock, in epoch milliseconds. */
  constructor(now: () => number = Date.now) {
    const random = (): number => this.#random();
    this.#calls = new FaultRules(now, random);
    this.#storage = new FaultRules(now, random);
    this.#frames = new FaultRules(now, random);
    this.#refusals = new FaultRules(now, random);
    this.#refusedSubscriptions = new FaultRules(now, random);
    this.#stalls = new FaultRules(now, random);
  }

  /** What `chance` draws from starts anew: the same seed gives the same draws. 1 until this is called. */
  seed(seed: number): void {
    this.#random = seededRandom(seed);
  }

  // --- calls -------------------------------------------------------------------------------------------------------

  /**
   * Calls of an operation (ANY_OPERATION: of all) are refused, and the service does not act. `from` says who refuses: the
   * service (default), a gateway, a proxy or nobody.
   */
  failNext(
    operation: string,
    { times, chance, forMs, contactId, participantId, ...refusal }: FailWith & FaultScope,
  ): Withdraw {
    return this.#plan(
      operation,
      { kind: "fail", refusal },
      given({ times, chance, forMs, contactId, participantId }),
    );
  }

  /** The connection of calls is cut: before the service acts, after it, or within the answer. */
  cutNext(operation: string, { when, ...scope }: { when: CutAt } & FaultScope): Withdraw {
    return this.#plan(operation, { kind: "cut", when }, scope);
  }

  /** Calls wait: before the service acts (default), or after it, so that sockets receive the result before the answer. */
  delayNext(
    operation: string,
    { delayMs, when = "before", ...scope }: { delayMs: number; when?: DelayAt } & FaultScope,
  ): Withdraw {
    return this.#plan(operation, { kind: "delay", delayMs, when }, scope);
  }

  /** The service acts, and something else than its answer is sent. */
  garbleNext(operation: string, { body, status, contentType, ...scope }: GarbleWith & FaultScope): Withdraw {
    const fault = { body, ...(status !== undefined && { status }), ...(contentType && { contentType }) };
    return this.#plan(operation, { kind: "garble", ...fault }, scope);
  }

  // --- the storage -------------------------------------------------------------------------------------------------

  /** The storage refuses uploads or downloads with an XML error. */
  failNextStorage(
    action: StorageAction,
    { status, code = "AccessDenied", ...scope }: { status: number; code?: string } & FaultScope,
  ): Withdraw {
    return this.#storage.add({ action, fault: { kind: "fail", status, code } }, scope);
  }

  /** The connection of uploads or downloads is cut, and nothing is stored. */
  cutNextStorage(action: StorageAction, scope: FaultScope = {}): Withdraw {
    return this.#storage.add({ action, fault: { kind: "cut" } }, scope);
  }

  /** Uploads or downloads wait. */
  delayNextStorage(action: StorageAction, { delayMs, ...scope }: { delayMs: number } & FaultScope): Withdraw {
    return this.#storage.add({ action, fault: { kind: "delay", delayMs } }, scope);
  }

  // --- sockets -----------------------------------------------------------------------------------------------------

  /**
   * Sockets are refused at their upgrade with a status (403 by default): so many, or by a scope. Without either all are,
   * until the faults are cleared. Sockets that are open stay.
   */
  refuseSockets(scope: number | (FaultScope & { status?: number }) = {}): Withdraw {
    const { status = 403, ...wanted } = typeof scope === "number" ? { times: scope } : scope;
    return this.#refusals.add(status, lasting(wanted));
  }

  /** Subscriptions are answered with a failure. */
  refuseSubscriptions(scope: FaultScope = {}): Withdraw {
    return this.#refusedSubscriptions.add(true, scope);
  }

  /**
   * Half-open: the TCP link of sockets stays, also that of new ones, but nothing comes in or goes out until
   * `resumeSockets()`, or the function that this returns. Frames of that time are lost, or held back until then.
   */
  stallSockets({ frames = "lose", ...target }: FaultTarget & { frames?: StalledFrames } = {}): Withdraw {
    const withdraw = this.#stalls.add(frames, { ...target, times: Number.POSITIVE_INFINITY });
    return () => {
      withdraw();
      this.#resumed();
    };
  }

  resumeSockets(): void {
    this.#stalls.clear();
    this.#resumed();
  }

  /** Chat frames pass through `transform`: one by default, or so many, or by a scope. Each socket has its own frames. */
  transformFrames(transform: FrameTransform, scope: number | FaultScope = 1): Withdraw {
    return this.#frames.add(transform, typeof scope === "number" ? { times: scope } : scope);
  }

  /** No fault is left. */
  clear(): void {
    for (const rules of [this.#calls, this.#storage, this.#frames, this.#refusals]) rules.clear();
    this.#refusedSubscriptions.clear();
    this.resumeSockets();
  }

  // --- for the simulator -------------------------------------------------------------------------------------------

  takeCall(operation: string, caller: readonly Somebody[]): CallFault | undefined {
    return this.#calls.take(caller, (rule) => [operation, ANY_OPERATION].includes(rule.operation))?.fault;
  }

  takeStorage(action: StorageAction, uploader: readonly Somebody[]): StorageFault | undefined {
    return this.#storage.take(uploader, (rule) => rule.action === action)?.fault;
  }

  /** The status that an upgrade is refused with. */
  takeRefusal(those: readonly Somebody[]): number | undefined {
    return this.#refusals.take(those);
  }

  takeRefusedSubscription(those: readonly Somebody[]): boolean {
    return this.#refusedSubscriptions.take(those) ?? false;
  }

  /** Whether a socket of theirs is stalled, and what becomes of its frames. */
  stallOf(those: readonly Somebody[]): StalledFrames | undefined {
    return this.#stalls.has(those);
  }

  /** `listener` is called whenever sockets may go on. */
  onResume(listener: () => void): void {
    this.#resumed = listener;
  }

  passFrame(text: string, those: readonly Somebody[]): readonly OutgoingFrame[] {
    const transform = this.#frames.take(those);
    return transform ? transform(text, () => this.#random()) : [text];
  }

  #plan(operation: string, fault: CallFault, scope: FaultScope): Withdraw {
    return this.#calls.add({ operation, fault }, scope);
  }
}

/** Without a limit where none is asked for. */
const lasting = (scope: FaultScope): FaultScope => ({ times: Number.POSITIVE_INFINITY, ...scope });

/** A scope without the fields that were not given. */
function given(scope: { [Key in keyof FaultScope]: FaultScope[Key] | undefined }): FaultScope {
  return Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined));
}
