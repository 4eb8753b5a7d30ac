/** Which of what passes is hit by a fault: whom it concerns, how often, how likely and for how long. */
import type { RandomSource } from "./random";

/** Whom a fault hits: a contact's participants, one participant or several; everybody where neither is given. */
export interface FaultTarget {
  contactId?: string;
  participantId?: string | readonly string[];
}

export interface FaultScope extends FaultTarget {
  /** So many times; once by default, without limit where `chance` or `forMs` is given. */
  times?: number;
  /** How likely each is hit, from 0 to 1, drawn from the source that `seed()` sets; 1 by default. */
  chance?: number;
  /** For so long from now, by the simulator's clock. */
  forMs?: number;
}

/** Takes a fault back. Once it is used up, this does nothing. */
export type Withdraw = () => void;

/** Somebody in a contact: who called, or whose socket it is. */
export interface Somebody {
  readonly contactId: string;
  readonly participantId: string;
}

export const asSomebody = ({
  participantId,
  contact: { contactId },
}: {
  participantId: string;
  contact: { contactId: string };
}): Somebody => ({ participantId, contactId });

export function isHit({ contactId, participantId }: FaultTarget, those: readonly Somebody[]): boolean {
  if (contactId === undefined && participantId === undefined) return true;
  return those.some(
    (each) =>
      (contactId === undefined || each.contactId === contactId) &&
      (participantId === undefined || [participantId].flat().includes(each.participantId)),
  );
}

interface Rule<Fault> {
  readonly fault: Fault;
  readonly target: FaultTarget;
  readonly chance: number;
  readonly until: number;
  left: number;
}

/** Faults of one kind in the order in which they were asked for: the first that hits is used. */
export class FaultRules<Fault> {
  readonly #now: () => number;
  readonly #random: RandomSource;
  #rules: Rule<Fault>[] = [];

  constructor(now: () => number, random: RandomSource) {
    this.#now = now;
    this.#random = random;
  }

  add(fault: Fault, { times, chance, forMs, ...target }: FaultScope): Withdraw {
    const unlimited = chance !== undefined || forMs !== undefined;
    const rule: Rule<Fault> = {
      fault,
      target,
      chance: chance ?? 1,
      until: forMs === undefined ? Number.POSITIVE_INFINITY : this.#now() + forMs,
      left: times ?? (unlimited ? Number.POSITIVE_INFINITY : 1),
    };
    this.#rules.push(rule);
    return () => {
      this.#rules = this.#rules.filter((each) => each !== rule);
    };
  }

  /** The fault that hits, used up by one; undefined where none does. */
  take(those: readonly Somebody[], matches: (fault: Fault) => boolean = () => true): Fault | undefined {
    const now = this.#now();
    this.#rules = this.#rules.filter(({ left, until }) => left > 0 && until > now);
    const rule = this.#rules.find(
      (each) =>
        matches(each.fault) &&
        isHit(each.target, those) &&
        (each.chance >= 1 || this.#random() < each.chance),
    );
    if (!rule) return undefined;
    rule.left -= 1;
    return rule.fault;
  }

  /** Whether one hits, without using it up or asking chance. */
  has(those: readonly Somebody[]): Fault | undefined {
    const now = this.#now();
    return this.#rules.find(({ left, until, target }) => left > 0 && until > now && isHit(target, those))
      ?.fault;
  }

  clear(): void {
    this.#rules = [];
  }
}
