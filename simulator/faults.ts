/** Fault injection: a test adds a fault, and the calls, uploads, sockets or frames that it hits use it up. */
import {
  FaultRules,
  type FaultScope,
  type FaultTarget,
  type ParticipantRef,
  type Withdraw,
} from "./fault-rules";
import type { FrameTransform, OutgoingFrame } from "./frame-faults";
import { seededRandom } from "./random";

/** The fields common to all refusals. */
interface AnyRefusal {
  status: number;
  /** Sent as Retry-After. */
  retryAfterSeconds?: number;
}

/** A refusal by the service, which names the error type. */
export interface ServiceRefusal extends AnyRefusal {
  from?: "service";
  /** The error type. Default: the service's for the status. */
  errorType?: string;
  /**
   * Where the error type is sent: in the header `x-amzn-errortype` (default), or only in the body's `__type`, as for a
   * page that isn't allowed to read the header.
   */
  namedIn?: "header" | "body";
  message?: string;
  /** Replaces the JSON body; sent as HTML. */
  body?: string;
}

/** A refusal by an API gateway in front of the service: JSON without an error type. */
export interface GatewayRefusal extends AnyRefusal {
  from: "gateway";
  /** Default "Forbidden". */
  message?: string;
}

/** A refusal by a proxy between the page and the service: an HTML page. */
export interface ProxyRefusal extends AnyRefusal {
  from: "proxy";
  /** The HTML page. */
  body?: string;
}

/** A refusal with an empty body: nothing in it says who refused. */
export interface EmptyRefusal extends AnyRefusal {
  from: "nobody";
}

/** How a call is refused. `from` says by whom: the service by default. */
export type FailWith = ServiceRefusal | GatewayRefusal | ProxyRefusal | EmptyRefusal;

/** Replaces the service's answer. */
export interface GarbleWith {
  /** The body to send, or a function of the service's body: an HTML page, half of the JSON, an empty string. */
  body: string | ((body: string) => string);
  /** Default 200. */
  status?: number;
  /** Default `application/json`. */
  contentType?: string;
}

/** When a call's connection breaks: before the service acts, after that, or in the middle of the answer. */
export type CutAt = "before" | "after" | "midAnswer";

/** When a call is delayed: before the service acts, or after that but before the answer. */
export type DelayAt = "before" | "after";

/** A fault of one call. */
export type CallFault =
  | { kind: "fail"; refusal: FailWith }
  | ({ kind: "garble" } & GarbleWith)
  | { kind: "cut"; when: CutAt }
  | { kind: "delay"; delayMs: number; when: DelayAt };

export type StorageAction = "put" | "get";

export type StorageFault =
  { kind: "fail"; status: number; code: string } | { kind: "cut" } | { kind: "delay"; delayMs: number };

/** Whether the frames of a stalled socket are lost, or held back until it resumes. */
export type StalledFrames = "lose" | "hold";

/** Matches all service operations. */
export const ANY_OPERATION = "*";

/**
 * The simulator's faults. Each takes a scope: whom it hits, how often, how likely, and for how long. Each returns a
 * function that withdraws it.
 */
export class Faults {
  readonly #calls: FaultRules<{ operation: string; fault: CallFault }>;
  readonly #storage: FaultRules<{ action: StorageAction; fault: StorageFault }>;
  readonly #frames: FaultRules<FrameTransform>;
  readonly #refusals: FaultRules<number>;
  readonly #refusedSubscriptions: FaultRules<true>;
  readonly #stalls: FaultRules<StalledFrames>;
  #random = seededRandom(1);
  #reportResumed = (): void => undefined;

  /** `now` is the simulator's clock, in epoch milliseconds. */
  constructor(now: () => number = Date.now) {
    const random = (): number => this.#random();
    this.#calls = new FaultRules(now, random);
    this.#storage = new FaultRules(now, random);
    this.#frames = new FaultRules(now, random);
    this.#refusals = new FaultRules(now, random);
    this.#refusedSubscriptions = new FaultRules(now, random);
    this.#stalls = new FaultRules(now, random);
  }

  /** Restarts the random source that `chance` draws from. The same seed gives the same draws; the initial seed is 1. */
  seed(seed: number): void {
    this.#random = seededRandom(seed);
  }

  // --- calls -------------------------------------------------------------------------------------------------------

  /**
   * Refuses calls of an operation, or of all with ANY_OPERATION, before the service acts. `from` says who refuses: the
   * service (default), a gateway, a proxy or nobody.
   */
  failNext(
    operation: string,
    { times, chance, forMs, contactId, participantId, ...refusal }: FailWith & FaultScope,
  ): Withdraw {
    return this.#addCallFault(
      operation,
      { kind: "fail", refusal },
      withoutUndefined({ times, chance, forMs, contactId, participantId }),
    );
  }

  /** Cuts the connection of calls: before the service acts, after that, or in the middle of the answer. */
  cutNext(operation: string, { when, ...scope }: { when: CutAt } & FaultScope): Withdraw {
    return this.#addCallFault(operation, { kind: "cut", when }, scope);
  }

  /**
   * Delays calls: before the service acts (default), or after that, so that sockets get the result before the answer.
   */
  delayNext(
    operation: string,
    { delayMs, when = "before", ...scope }: { delayMs: number; when?: DelayAt } & FaultScope,
  ): Withdraw {
    return this.#addCallFault(operation, { kind: "delay", delayMs, when }, scope);
  }

  /** Lets the service act, then sends something other than its answer. */
  garbleNext(operation: string, { body, status, contentType, ...scope }: GarbleWith & FaultScope): Withdraw {
    const fault = { body, ...(status !== undefined && { status }), ...(contentType && { contentType }) };
    return this.#addCallFault(operation, { kind: "garble", ...fault }, scope);
  }

  // --- attachment storage ------------------------------------------------------------------------------------------

  /** Refuses uploads or downloads with an XML error. */
  failNextStorage(
    action: StorageAction,
    { status, code = "AccessDenied", ...scope }: { status: number; code?: string } & FaultScope,
  ): Withdraw {
    return this.#storage.add({ action, fault: { kind: "fail", status, code } }, scope);
  }

  /** Cuts the connection of uploads or downloads. Nothing is stored. */
  cutNextStorage(action: StorageAction, scope: FaultScope = {}): Withdraw {
    return this.#storage.add({ action, fault: { kind: "cut" } }, scope);
  }

  /** Delays uploads or downloads. */
  delayNextStorage(action: StorageAction, { delayMs, ...scope }: { delayMs: number } & FaultScope): Withdraw {
    return this.#storage.add({ action, fault: { kind: "delay", delayMs } }, scope);
  }

  // --- sockets -----------------------------------------------------------------------------------------------------

  /**
   * Refuses socket upgrades with a status (default 403): all of them by default, until the fault is withdrawn or
   * cleared. A number refuses that many. Open sockets stay open.
   */
  refuseSockets(scope: number | (FaultScope & { status?: number }) = {}): Withdraw {
    const { status = 403, ...given } = typeof scope === "number" ? { times: scope } : scope;
    return this.#refusals.add(status, unlimitedByDefault(given));
  }

  /** Answers subscriptions with a failure. */
  refuseSubscriptions(scope: FaultScope = {}): Withdraw {
    return this.#refusedSubscriptions.add(true, scope);
  }

  /**
   * Makes sockets half-open, new ones included: their TCP connections stay up, but no frames pass until you call
   * `resumeSockets()` or the returned function. Until then, frames are lost (default) or held back.
   */
  stallSockets({ frames = "lose", ...target }: FaultTarget & { frames?: StalledFrames } = {}): Withdraw {
    const withdraw = this.#stalls.add(frames, { ...target, times: Number.POSITIVE_INFINITY });
    return () => {
      withdraw();
      this.#reportResumed();
    };
  }

  resumeSockets(): void {
    this.#stalls.clear();
    this.#reportResumed();
  }

  /**
   * Passes chat frames through `transform`: one by default, or as many as the number or the scope says. An item sent to
   * two sockets counts as two frames.
   */
  transformFrames(transform: FrameTransform, scope: number | FaultScope = 1): Withdraw {
    return this.#frames.add(transform, typeof scope === "number" ? { times: scope } : scope);
  }

  /** Withdraws all faults. */
  clear(): void {
    for (const rules of [this.#calls, this.#storage, this.#frames, this.#refusals]) rules.clear();
    this.#refusedSubscriptions.clear();
    this.resumeSockets();
  }

  // --- for the simulator's own use ---------------------------------------------------------------------------------

  takeCall(operation: string, caller: readonly ParticipantRef[]): CallFault | undefined {
    return this.#calls.take(caller, (rule) => [operation, ANY_OPERATION].includes(rule.operation))?.fault;
  }

  takeStorage(action: StorageAction, uploader: readonly ParticipantRef[]): StorageFault | undefined {
    return this.#storage.take(uploader, (rule) => rule.action === action)?.fault;
  }

  /** The status to refuse these participants' upgrade with; undefined to accept it. */
  takeRefusal(owners: readonly ParticipantRef[]): number | undefined {
    return this.#refusals.take(owners);
  }

  takeRefusedSubscription(owners: readonly ParticipantRef[]): boolean {
    return this.#refusedSubscriptions.take(owners) ?? false;
  }

  /** What happens to frames of these participants' socket if it's stalled; undefined if it isn't. */
  stallOf(owners: readonly ParticipantRef[]): StalledFrames | undefined {
    return this.#stalls.peek(owners);
  }

  /** Sets the function that is called when sockets may have resumed. */
  onResume(listener: () => void): void {
    this.#reportResumed = listener;
  }

  passFrame(text: string, owners: readonly ParticipantRef[]): readonly OutgoingFrame[] {
    const transform = this.#frames.take(owners);
    return transform ? transform(text, () => this.#random()) : [text];
  }

  #addCallFault(operation: string, fault: CallFault, scope: FaultScope): Withdraw {
    return this.#calls.add({ operation, fault }, scope);
  }
}

const unlimitedByDefault = (scope: FaultScope): FaultScope => ({ times: Number.POSITIVE_INFINITY, ...scope });

function withoutUndefined(scope: { [Key in keyof FaultScope]: FaultScope[Key] | undefined }): FaultScope {
  return Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined));
}
