/** Fault injection. A test adds a fault, which hits calls, uploads, sockets or frames until it is used up. */
import { checkStatus, faultOperationOf } from "./fault-checks";
import type {
  ActiveFault,
  CustomFault,
  FaultScopeInput,
  LatencyFault,
  PlannedFault,
  StorageRefusalFault,
} from "./fault-effects";
import {
  FaultRules,
  type FaultScope,
  type Hit,
  type Hold,
  type ParticipantRef,
  type Withdraw,
} from "./fault-rules";
import type {
  CallFault,
  CutAt,
  DelayAt,
  FailWith,
  GarbleWith,
  StalledFrames,
  StorageAction,
  StorageFault,
} from "./fault-types";
import { frameFaultName, type FrameTransform, type OutgoingFrame } from "./frame-faults";
import type { SimulatorEvent } from "./observer";
import { garbleOf, refusalOf, scopeOf, storageFaultOf, transformOf } from "./planned-faults";
import { seededRandom, type RandomSource } from "./random";
import { ANY_OPERATION } from "./service-operations";

/** Conditions that last until the simulator closes. They have no scope, and `clear()` doesn't remove them. */
export interface LastingConditions {
  /** How long each call, upload and download waits before the service acts. Default 0. */
  latencyMs?: number;
  /** How far transcripts lag behind the sockets. Default 0. */
  transcriptLagMs?: number;
  /** The seed of the random source. Default 1. */
  seed?: number;
}

/** A delay or lag, and the ID of the fault that causes it. */
export interface Waiting {
  readonly ms: number;
  readonly id?: string;
}

/**
 * The simulator's faults. Most methods add a fault with a scope, which says whom the fault hits, how often, with what
 * probability, and for how long. These methods return a function that withdraws the fault.
 */
export class Faults {
  readonly #all: readonly FaultRules<unknown>[];
  readonly #calls: FaultRules<{ operation: string; fault: CallFault }>;
  readonly #latency: FaultRules<{ operation: string; delayMs: number; jitterMs: number }>;
  readonly #lag: FaultRules<number>;
  readonly #storage: FaultRules<{ action: StorageAction; fault: StorageFault }>;
  readonly #frames: FaultRules<FrameTransform>;
  readonly #refusals: FaultRules<number>;
  readonly #refusedSubscriptions: FaultRules<true>;
  readonly #stalls: FaultRules<StalledFrames>;
  readonly #conditions: Required<LastingConditions>;
  readonly #report: (event: SimulatorEvent) => void;
  #random: RandomSource;
  #added = 0;
  #reportStalls = (): void => undefined;

  /** `now` is the simulator's clock, in epoch milliseconds. */
  constructor(
    now: () => number = Date.now,
    { latencyMs = 0, transcriptLagMs = 0, seed = 1 }: LastingConditions = {},
    report: (event: SimulatorEvent) => void = () => undefined,
  ) {
    this.#conditions = { latencyMs, transcriptLagMs, seed };
    this.#random = seededRandom(seed);
    this.#report = report;
    const parts = {
      now,
      random: () => this.#random(),
      nextId: () => this.nextId(),
      onChange: (what: "added" | "removed", faultId: string) =>
        this.#report({ kind: "fault", what, faultId }),
    };
    this.#calls = new FaultRules(parts);
    this.#latency = new FaultRules(parts);
    this.#lag = new FaultRules(parts);
    this.#storage = new FaultRules(parts);
    this.#frames = new FaultRules(parts);
    this.#refusals = new FaultRules(parts);
    this.#refusedSubscriptions = new FaultRules(parts);
    this.#stalls = new FaultRules({
      ...parts,
      onChange: (what, id) => {
        // A new fault stalls the open sockets first, so that listeners see its hits.
        if (what === "added") this.#reportStalls();
        parts.onChange(what, id);
        if (what === "removed") this.#reportStalls();
      },
    });
    this.#all = [
      ...[this.#calls, this.#latency, this.#lag, this.#storage, this.#frames],
      ...[this.#refusals, this.#refusedSubscriptions, this.#stalls],
    ];
  }

  /** Restarts the random source for `chance`. The same seed produces the same numbers. The initial seed is 1. */
  seed(seed: number): void {
    this.#conditions.seed = seed;
    this.#random = seededRandom(seed);
  }

  // --- as data -----------------------------------------------------------------------------------------------------

  /**
   * Adds a fault that is described as data. Returns its ID. Without `times`, `chance`, `forMs` and `untilCleared`, the
   * fault hits once. A condition such as latency instead lasts until it is removed.
   */
  add(fault: PlannedFault, scope: FaultScopeInput = {}): string {
    return this.#add(fault, scopeOf(fault, scope));
  }

  /** Withdraws a fault. Returns false if the fault was neither planned nor active. */
  remove(id: string): boolean {
    return this.#all.some((rules) => rules.remove(id));
  }

  /** The faults that are planned or active, in the order they were added. */
  list(): ActiveFault[] {
    const numberOf = ({ id }: ActiveFault): number => Number(id.replace(/\D/g, ""));
    return this.#all.flatMap((rules) => rules.list()).sort((a, b) => numberOf(a) - numberOf(b));
  }

  #add(fault: PlannedFault, scope: FaultScope): string {
    switch (fault.kind) {
      case "latency": {
        const { operation = ANY_OPERATION, delayMs, jitterMs = 0 } = fault;
        return this.#latency.add({ operation, delayMs, jitterMs }, fault, scope);
      }
      case "transcriptLag":
        return this.#lag.add(fault.lagMs, fault, scope);
      case "error": {
        const { operation } = fault;
        return this.#calls.add(
          { operation, fault: { kind: "fail", refusal: refusalOf(fault) } },
          fault,
          scope,
        );
      }
      case "cut":
        return this.#calls.add(
          { operation: fault.operation, fault: { kind: "cut", when: fault.when } },
          fault,
          scope,
        );
      case "garble": {
        const { operation } = fault;
        return this.#calls.add({ operation, fault: { kind: "garble", ...garbleOf(fault) } }, fault, scope);
      }
      case "halfOpen":
        return this.#stalls.add(fault.frames, fault, scope);
      case "refuseSockets":
        return this.#refusals.add(fault.status ?? 403, fault, scope);
      case "refuseSubscriptions":
        return this.#refusedSubscriptions.add(true, fault, scope);
      case "frames":
        return this.#frames.add(transformOf(fault), fault, scope);
      case "storage":
        return this.#storage.add({ action: fault.action, fault: storageFaultOf(fault) }, fault, scope);
      default:
        return fault satisfies never;
    }
  }

  // --- calls -------------------------------------------------------------------------------------------------------

  /**
   * Refuses an operation's calls (all calls with ANY_OPERATION) before the service acts. `from` says who refuses: the
   * service (default), a gateway, a proxy or nobody.
   */
  failNext(
    name: string,
    { times, chance, forMs, contactId, participantId, ...refusal }: FailWith & FaultScope,
  ): Withdraw {
    const operation = faultOperationOf(name);
    const { status, from, retryAfterSeconds } = refusal;
    const message = "message" in refusal ? refusal.message : undefined;
    const described = {
      ...({ kind: "error", operation, status } as const),
      ...(from !== undefined && { from }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      ...(message !== undefined && { message }),
    };
    return this.#addCallFault(
      operation,
      { kind: "fail", refusal },
      described,
      withoutUndefined({ times, chance, forMs, contactId, participantId }),
    );
  }

  /** Cuts the connection of calls before the service acts, after that, or in the middle of the response. */
  cutNext(name: string, { when, ...scope }: { when: CutAt } & FaultScope): Withdraw {
    const operation = faultOperationOf(name);
    return this.#addCallFault(operation, { kind: "cut", when }, { kind: "cut", operation, when }, scope);
  }

  /**
   * Delays calls before the service acts (default), or after that, so that sockets get the result before the response.
   */
  delayNext(
    name: string,
    { delayMs, when = "before", ...scope }: { delayMs: number; when?: DelayAt } & FaultScope,
  ): Withdraw {
    const operation = faultOperationOf(name);
    const described = { kind: "latency", operation, delayMs } as const;
    return this.#addCallFault(operation, { kind: "delay", delayMs, when }, described, scope);
  }

  /** Lets the service act, then sends something other than its response. */
  garbleNext(name: string, { body, status, contentType, ...scope }: GarbleWith & FaultScope): Withdraw {
    const operation = faultOperationOf(name);
    if (status !== undefined) checkStatus(status);
    const fault = { body, ...(status !== undefined && { status }), ...(contentType && { contentType }) };
    const described = { kind: "garble", operation, ...(typeof body === "string" && { body }) } as const;
    return this.#addCallFault(operation, { kind: "garble", ...fault }, described, scope);
  }

  /**
   * Delays calls, uploads and downloads before the service acts, in addition to other faults. Lasts until the fault is
   * withdrawn or cleared, unless the scope says otherwise.
   */
  slowDown({
    delayMs,
    jitterMs,
    operation,
    ...scope
  }: Omit<LatencyFault, "kind" | "operation"> & { operation?: string } & FaultScope): Withdraw {
    const fault = {
      ...({ kind: "latency", delayMs } as const),
      ...(jitterMs !== undefined && { jitterMs }),
      ...(operation !== undefined && { operation: faultOperationOf(operation) }),
    };
    const id = this.#add(fault, unlimitedByDefault(scope));
    return () => void this.remove(id);
  }

  /**
   * Makes GetTranscript omit items newer than `lagMs`. Lasts until the fault is withdrawn or cleared, unless the scope
   * says otherwise.
   */
  lagTranscripts({ lagMs, ...scope }: { lagMs: number } & FaultScope): Withdraw {
    const id = this.#add({ kind: "transcriptLag", lagMs }, unlimitedByDefault(scope));
    return () => void this.remove(id);
  }

  // --- attachment storage ------------------------------------------------------------------------------------------

  /** Refuses uploads or downloads with an XML error. */
  failNextStorage(
    action: StorageAction,
    { status, code = "AccessDenied", ...scope }: { status: number; code?: string } & FaultScope,
  ): Withdraw {
    return this.#addStorageFault({ kind: "storage", action, status, code }, scope);
  }

  /** Cuts the connection of uploads or downloads. Nothing is stored. */
  cutNextStorage(action: StorageAction, scope: FaultScope = {}): Withdraw {
    return this.#addStorageFault({ kind: "storage", action }, scope);
  }

  /** Delays uploads or downloads. */
  delayNextStorage(action: StorageAction, { delayMs, ...scope }: { delayMs: number } & FaultScope): Withdraw {
    return this.#addStorageFault({ kind: "storage", action, delayMs }, scope);
  }

  // --- sockets -----------------------------------------------------------------------------------------------------

  /**
   * Refuses socket upgrades with a status (default 403). By default, refuses all upgrades until the fault is withdrawn
   * or cleared; a number limits the count. Open sockets stay open.
   */
  refuseSockets(scope: number | (FaultScope & { status?: number }) = {}): Withdraw {
    const { status = 403, ...limits } = typeof scope === "number" ? { times: scope } : scope;
    const id = this.#add({ kind: "refuseSockets", status }, unlimitedByDefault(limits));
    return () => void this.remove(id);
  }

  /** Answers subscriptions with a failure. */
  refuseSubscriptions(scope: FaultScope = {}): Withdraw {
    const id = this.#add({ kind: "refuseSubscriptions" }, scope);
    return () => void this.remove(id);
  }

  /**
   * Makes all sockets half-open, including new ones. Their TCP connections stay up, but no frames pass until you call
   * `resumeSockets()` or the returned function. Until then, frames are lost (default) or held back. With `times`, stalls
   * only that many sockets, each until it closes.
   */
  stallSockets({ frames = "lose", ...scope }: FaultScope & { frames?: StalledFrames } = {}): Withdraw {
    const id = this.#add({ kind: "halfOpen", frames }, unlimitedByDefault(scope));
    return () => void this.remove(id);
  }

  resumeSockets(): void {
    this.#stalls.clear();
  }

  /**
   * Passes chat frames through `transform`. The default is one frame; a number or a scope sets another limit. An item
   * that is sent to two sockets counts as two frames.
   */
  transformFrames(transform: FrameTransform, scope: number | FaultScope = 1): Withdraw {
    const name = frameFaultName(transform);
    const described: PlannedFault | CustomFault = name
      ? { kind: "frames", transform: name }
      : { kind: "custom", text: "Changes chat frames." };
    const id = this.#frames.add(transform, described, typeof scope === "number" ? { times: scope } : scope);
    return () => void this.#frames.remove(id);
  }

  /** Withdraws all faults. */
  clear(): void {
    for (const rules of this.#all) rules.clear();
  }

  // --- for the simulator's own use ---------------------------------------------------------------------------------

  get conditions(): Readonly<Required<LastingConditions>> {
    return this.#conditions;
  }

  nextId(): string {
    this.#added += 1;
    return `fault-${this.#added}`;
  }

  takeCall(operation: string, caller: readonly ParticipantRef[]): Hit<CallFault> | undefined {
    const hit = this.#calls.take(caller, (rule) => [operation, ANY_OPERATION].includes(rule.operation));
    return hit && { id: hit.id, fault: hit.fault.fault };
  }

  /** Returns how long a call, an upload (`put`) or a download (`get`) waits before the service acts. */
  takeLatency(operation: string, caller: readonly ParticipantRef[]): Waiting {
    const hit = this.#latency.take(caller, (rule) => [operation, ANY_OPERATION].includes(rule.operation));
    const { latencyMs } = this.#conditions;
    if (!hit) return { ms: latencyMs };
    const { delayMs, jitterMs } = hit.fault;
    return {
      id: hit.id,
      ms: latencyMs + delayMs + (jitterMs > 0 ? Math.round(this.#random() * jitterMs) : 0),
    };
  }

  /** Returns how far the transcript lags behind for this caller. */
  takeLag(caller: readonly ParticipantRef[]): Waiting {
    const hit = this.#lag.take(caller);
    const { transcriptLagMs } = this.#conditions;
    return hit ? { id: hit.id, ms: Math.max(transcriptLagMs, hit.fault) } : { ms: transcriptLagMs };
  }

  takeStorage(action: StorageAction, uploader: readonly ParticipantRef[]): Hit<StorageFault> | undefined {
    const hit = this.#storage.take(uploader, (rule) => rule.action === action);
    return hit && { id: hit.id, fault: hit.fault.fault };
  }

  /** Returns the status for refusing these participants' upgrade; undefined to accept it. */
  takeRefusal(owners: readonly ParticipantRef[]): Hit<number> | undefined {
    return this.#refusals.take(owners);
  }

  takeRefusedSubscription(owners: readonly ParticipantRef[]): Hit<true> | undefined {
    return this.#refusedSubscriptions.take(owners);
  }

  /**
   * Stalls a socket of these participants if a fault hits it. `decided` has the IDs of the faults that have decided about
   * this socket. Each fault decides once.
   */
  holdStall(owners: readonly ParticipantRef[], decided: Set<string>): Hold<StalledFrames> | undefined {
    return this.#stalls.hold(owners, decided);
  }

  /** Sets the function that is called when sockets may have stalled or resumed. */
  onStallsChanged(listener: () => void): void {
    this.#reportStalls = listener;
  }

  /** Returns the frames to send instead of a frame; undefined to send the frame unchanged. */
  takeFrames(text: string, owners: readonly ParticipantRef[]): Hit<readonly OutgoingFrame[]> | undefined {
    const hit = this.#frames.take(owners);
    return hit && { id: hit.id, fault: hit.fault(text, () => this.#random()) };
  }

  #addCallFault(operation: string, fault: CallFault, described: PlannedFault, scope: FaultScope): Withdraw {
    const id = this.#calls.add({ operation, fault }, described, scope);
    return () => void this.#calls.remove(id);
  }

  #addStorageFault(fault: StorageRefusalFault, scope: FaultScope): Withdraw {
    const id = this.#add(fault, scope);
    return () => void this.remove(id);
  }
}

const unlimitedByDefault = (scope: FaultScope): FaultScope => ({ times: Number.POSITIVE_INFINITY, ...scope });

function withoutUndefined(scope: { [Key in keyof FaultScope]: FaultScope[Key] | undefined }): FaultScope {
  return Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined));
}
