/** Decides whom a fault hits, how often, how likely and for how long. */
import type { RandomSource } from "./random";

/** Whom a fault hits: a contact's participants, or one or several participants. Everybody if neither is given. */
export interface FaultTarget {
  contactId?: string;
  participantId?: string | readonly string[];
}

export interface FaultScope extends FaultTarget {
  /** How many times it hits. Default 1, or unlimited if `chance` or `forMs` is given. */
  times?: number;
  /** The probability of each hit, from 0 to 1, drawn from the source that `seed()` sets. Default 1. */
  chance?: number;
  /** How long it lasts from now, by the simulator's clock. */
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
  readonly fault: Fault;
  readonly target: FaultTarget;
  readonly chance: number;
  readonly until: number;
  left: number;
}

/** Faults of one kind, in the order they were added. The first that hits is used. */
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

  /** Returns the first fault that hits, and counts one use of it; undefined if none hits. */
  take(
    participants: readonly ParticipantRef[],
    matches: (fault: Fault) => boolean = () => true,
  ): Fault | undefined {
    const now = this.#now();
    this.#rules = this.#rules.filter(({ left, until }) => left > 0 && until > now);
    const rule = this.#rules.find(
      (each) =>
        matches(each.fault) &&
        isHit(each.target, participants) &&
        (each.chance >= 1 || this.#random() < each.chance),
    );
    if (!rule) return undefined;
    rule.left -= 1;
    return rule.fault;
  }

  /** Returns the first fault that matches, ignoring `chance` and without counting a use; undefined if none does. */
  peek(participants: readonly ParticipantRef[]): Fault | undefined {
    const now = this.#now();
    return this.#rules.find(
      ({ left, until, target }) => left > 0 && until > now && isHit(target, participants),
    )?.fault;
  }

  clear(): void {
    this.#rules = [];
  }
}
