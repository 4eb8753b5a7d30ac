/** Decides whom a fault hits, how often, with what probability, and for how long. */
import { checkEffect, checkScope } from "./fault-checks";
import type { ActiveFault, CustomFault, FaultScopeInput, PlannedFault } from "./fault-effects";
import { clearTimeout, setTimeout } from "./node-timers";
import type { RandomSource } from "./random";

/** Whom a fault hits: a contact's participants, or one or more participants. Without either field, everybody. */
export interface FaultTarget {
  contactId?: string;
  participantId?: string | readonly string[];
}

export interface FaultScope extends FaultTarget {
  /** How many times it hits: a whole number, or Infinity. Default 1, or unlimited if `chance` or `forMs` is set. */
  times?: number;
  /** The probability of each hit, from 0 to 1, drawn from the source that `seed()` sets. Default 1. */
  chance?: number;
  /** How long it lasts from now, in milliseconds by the simulator's clock. At most 86,400,000 (24 hours). */
  forMs?: number;
}

/** Withdraws a fault. Does nothing if the fault is already used up. */
export type Withdraw = () => void;

/** Identifies a participant: a caller, or an owner of a socket. */
export interface ParticipantRef {
  readonly contactId: string;
  readonly participantId: string;
}

export const participantRef = ({
  participantId,
  contact: { contactId },
}: {
  participantId: string;
  contact: { contactId: string };
}): ParticipantRef => ({ participantId, contactId });

export function isHit(
  { contactId, participantId }: FaultTarget,
  participants: readonly ParticipantRef[],
): boolean {
  if (contactId === undefined && participantId === undefined) return true;
  return participants.some(
    (each) =>
      (contactId === undefined || each.contactId === contactId) &&
      (participantId === undefined || [participantId].flat().includes(each.participantId)),
  );
}

interface Rule<Fault> {
  readonly id: string;
  readonly fault: Fault;
  readonly effect: PlannedFault | CustomFault;
  readonly target: FaultTarget;
  readonly scope: FaultScope;
  readonly chance: number;
  readonly addedAt: number;
  readonly until: number;
  timer: NodeJS.Timeout | null;
  left: number;
  hits: number;
  /** How many sockets the fault is stalling. A used-up rule stays until there are none. */
  holds: number;
}

/** A fault that hits, and the ID of its rule. */
export interface Hit<Fault> {
  readonly id: string;
  readonly fault: Fault;
}

/** A fault that hits one socket for a while: until the fault is over, or the socket releases it. */
export interface Hold<Fault> extends Hit<Fault> {
  readonly isOver: boolean;
  /** Can be called more than once. */
  readonly release: () => void;
}

export interface RulesParts {
  readonly now: () => number;
  readonly random: RandomSource;
  readonly nextId: () => string;
  /** Called once for each rule that is added, removed, used up or out of time. */
  readonly onChange: (what: "added" | "removed", id: string) => void;
}

/** A rule's end is checked this long after it is due, because timers can fire a little early. */
const TIMER_SLACK_MS = 5;
/** A test's clock can be slower than the timers, so the end is checked again. This is the minimum interval. */
const MIN_RECHECK_MS = 50;
/** A longer timer would fire immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Faults of one kind, in the order they were added. The first matching fault is used. */
export class FaultRules<Fault> {
  readonly #parts: RulesParts;
  #rules: Rule<Fault>[] = [];

  constructor(parts: RulesParts) {
    this.#parts = parts;
  }

  /** Adds a rule. `effect` describes it in lists. Returns its ID. Throws a SimulatorInputError for a wrong number. */
  add(fault: Fault, effect: PlannedFault | CustomFault, scope: FaultScope): string {
    checkScope(scope);
    checkEffect(effect);
    const { times, chance, forMs, ...target } = scope;
    const unlimited = chance !== undefined || forMs !== undefined;
    const { now, nextId, onChange } = this.#parts;
    const rule: Rule<Fault> = {
      ...{ id: nextId(), fault, effect, target, scope },
      chance: chance ?? 1,
      addedAt: now(),
      until: forMs === undefined ? Number.POSITIVE_INFINITY : now() + forMs,
      timer: null,
      left: times ?? (unlimited ? Number.POSITIVE_INFINITY : 1),
      hits: 0,
      holds: 0,
    };
    this.#rules.push(rule);
    if (forMs !== undefined) this.#endInTime(rule, forMs);
    onChange("added", rule.id);
    return rule.id;
  }

  /** Ends the rule with a timer, because held-back frames and listeners wait for its end. */
  #endInTime(rule: Rule<Fault>, leftMs: number): void {
    const recheck = (): void => {
      this.#sweep();
      const isActive = this.#rules.includes(rule);
      if (isActive) this.#endInTime(rule, Math.max(rule.until - this.#parts.now(), MIN_RECHECK_MS));
    };
    rule.timer = setTimeout(recheck, Math.min(leftMs + TIMER_SLACK_MS, MAX_TIMER_MS)).unref();
  }

  /** Returns whether there was such a rule. */
  remove(id: string): boolean {
    return this.#removeIf((rule) => rule.id === id);
  }

  /** Returns the first fault that hits, and counts one use of it; undefined if none hits. */
  take(
    participants: readonly ParticipantRef[],
    matches: (fault: Fault) => boolean = () => true,
  ): Hit<Fault> | undefined {
    const rule = this.#hit(({ fault, target }) => matches(fault) && isHit(target, participants));
    this.#sweep();
    return rule;
  }

  /**
   * Returns the first fault that hits a socket, and counts one use of it. The fault lasts until the socket releases it,
   * even if this was its last use. Each fault decides once for each socket: `decided` has the IDs of those that have.
   */
  hold(participants: readonly ParticipantRef[], decided: Set<string>): Hold<Fault> | undefined {
    const rule = this.#hit(({ id, target }) => {
      if (decided.has(id) || !isHit(target, participants)) return false;
      decided.add(id);
      return true;
    });
    if (!rule) return undefined;
    rule.holds += 1;
    const isOver = (): boolean => !this.#rules.includes(rule) || rule.until <= this.#parts.now();
    let isReleased = false;
    return {
      ...{ id: rule.id, fault: rule.fault },
      get isOver() {
        return isReleased || isOver();
      },
      release: () => {
        if (isReleased) return;
        isReleased = true;
        rule.holds -= 1;
        this.#sweep();
      },
    };
  }

  /** Counts one use of the first rule that matches and that hits by chance. */
  #hit(matches: (rule: Rule<Fault>) => boolean): Rule<Fault> | undefined {
    this.#sweep();
    const rule = this.#rules.find(
      (each) => each.left > 0 && matches(each) && (each.chance >= 1 || this.#parts.random() < each.chance),
    );
    if (!rule) return undefined;
    rule.left -= 1;
    rule.hits += 1;
    return rule;
  }

  list(): ActiveFault[] {
    this.#sweep();
    return this.#rules.map(({ id, effect, scope, addedAt, until, left, hits }) => ({
      id,
      addedAt: new Date(addedAt).toISOString(),
      fault: { ...effect, scope: describedScope(scope, left + hits) },
      hits,
      hitsLeft: Number.isFinite(left) ? left : null,
      endsAt: Number.isFinite(until) ? new Date(until).toISOString() : null,
    }));
  }

  clear(): void {
    this.#removeIf(() => true);
  }

  /** Removes rules that are used up and hold no socket, or that are out of time. */
  #sweep(): void {
    const now = this.#parts.now();
    this.#removeIf(({ left, holds, until }) => (left <= 0 && holds === 0) || until <= now);
  }

  #removeIf(isOver: (rule: Rule<Fault>) => boolean): boolean {
    const removed = this.#rules.filter(isOver);
    if (removed.length === 0) return false;
    this.#rules = this.#rules.filter((each) => !removed.includes(each));
    for (const { id, timer } of removed) {
      if (timer) clearTimeout(timer);
      this.#parts.onChange("removed", id);
    }
    return true;
  }
}

function describedScope(
  { contactId, participantId, chance, forMs }: FaultScope,
  times: number,
): FaultScopeInput {
  const only = [participantId ?? []].flat();
  return {
    ...(contactId !== undefined && { contactId }),
    ...(only.length === 1 && only[0] !== undefined && { participantId: only[0] }),
    ...(Number.isFinite(times) && { times }),
    ...(chance !== undefined && { chance }),
    ...(forMs !== undefined && { forMs }),
    ...(!Number.isFinite(times) && forMs === undefined && { untilCleared: true }),
  };
}
