/** "Take the network down": several faults that the panel adds, shows and removes as one. */
import type { ActiveFault, Fault, FaultScope } from "../api/types";
import { describeFault, limitText, type NameOf, type Who } from "./to-fault";

/** The lasting parts. With them, pages reach neither the service nor its files. */
const PARTS = [
  { kind: "refuseSockets", status: 503 },
  { kind: "cut", operation: "*", when: "before" },
  { kind: "storage", action: "put" },
  { kind: "storage", action: "get" },
] as const satisfies readonly Fault[];

/** The parts of one outage were added at almost the same time, by one click. */
const SAME_CLICK_MS = 2000;

type NetworkFault = Extract<Fault, { kind: (typeof PARTS)[number]["kind"] | "dropSockets" }>;

/** Returns the faults to add, in order. Open sockets are dropped last, because pages then reconnect immediately. */
export function networkDown(who: Who, forMs: number): readonly NetworkFault[] {
  const scope: FaultScope = { ...who, forMs };
  const target = Object.keys(who).length > 0 ? { scope: who } : {};
  return [...PARTS.map((part) => ({ ...part, scope })), { kind: "dropSockets", ...target }];
}

/** One or more active faults that are shown and removed together. */
export interface FaultGroup {
  /** At least one. */
  readonly faults: readonly [ActiveFault, ...ActiveFault[]];
  readonly isNetworkDown: boolean;
}

/**
 * Groups the faults of an outage, and leaves the other faults single. An outage is recognized by its parts, so that it
 * is one group in every panel and after a reload.
 */
export function groupFaults(faults: readonly ActiveFault[]): readonly FaultGroup[] {
  const groups: FaultGroup[] = [];
  for (const fault of faults) {
    const last = groups.at(-1);
    if (last && belongsTo(last.faults, fault)) {
      groups[groups.length - 1] = { faults: [...last.faults, fault], isNetworkDown: true };
    } else groups.push({ faults: [fault], isNetworkDown: false });
  }
  return groups;
}

function belongsTo([first, ...others]: FaultGroup["faults"], fault: ActiveFault): boolean {
  const part = partOf(fault);
  if (part === -1 || fault.fault.scope?.forMs === undefined) return false;
  const known = [first, ...others].map(partOf);
  return (
    !known.includes(-1) &&
    !known.includes(part) &&
    isSameScope(first, fault) &&
    Math.abs(Date.parse(fault.addedAt) - Date.parse(first.addedAt)) < SAME_CLICK_MS
  );
}

/** The index of the part of an outage that a fault is; -1 if it is none. */
function partOf({ fault: { scope: _, ...effect } }: ActiveFault): number {
  const fields = Object.entries(effect);
  return PARTS.findIndex((part) => {
    const expected = new Map<string, string | number>(Object.entries(part));
    return fields.length === expected.size && fields.every(([name, value]) => expected.get(name) === value);
  });
}

const isSameScope = (
  { fault: { scope: a = {} } }: ActiveFault,
  { fault: { scope: b = {} } }: ActiveFault,
): boolean => a.contactId === b.contactId && a.participantId === b.participantId && a.forMs === b.forMs;

/** Describes a group in one line. */
export function describeGroup({ faults: [first], isNetworkDown }: FaultGroup, nameOf: NameOf): string {
  if (!isNetworkDown) return describeFault(first, nameOf);
  const who = nameOf(first.fault.scope ?? {}) ?? "everybody";
  return ["Network down", who, limitText(null, first.endsAt)].join(" · ");
}
