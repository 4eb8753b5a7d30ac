/** Converts a fault's form into the API's request body, and describes active faults. */
import type { ActiveFault, Fault, FaultScope } from "../api/types";
import { FAULT_INFOS, type FaultInfo } from "./kinds";

/** Whom a fault hits: everybody, the selected contact, or one of its participants (by ID). */
export type Who = { readonly contactId?: string; readonly participantId?: string };

export interface Often {
  readonly kind: "once" | "times" | "untilCleared" | "chance";
  /** The number of times. */
  readonly times: string;
  /** Percent. */
  readonly chance: string;
}

export const defaultOften = ({ defaultOften: kind = "once" }: FaultInfo): Often => ({
  kind,
  times: "3",
  chance: "30",
});

export function toFault(
  info: FaultInfo,
  values: Readonly<Record<string, string>>,
  who: Who,
  often: Often,
): Fault {
  const fields = info.fields.flatMap(({ name, type, value }) => {
    const text = (values[name] ?? value).trim();
    if (text === "") return [];
    return [[name, type === "number" ? Number(text) : text] as const];
  });
  const scope: FaultScope = { ...(!info.hitsAll && who), ...(!info.isImmediate && oftenScope(often)) };
  const body = {
    kind: info.kind,
    ...Object.fromEntries(fields),
    ...(Object.keys(scope).length > 0 && { scope }),
  };
  // The API checks the fields. TypeScript can't relate the table of forms to the types of the faults.
  return body as Fault;
}

function oftenScope({ kind, times, chance }: Often): FaultScope {
  switch (kind) {
    case "once":
      return { times: 1 };
    case "times":
      return { times: Math.max(1, Math.round(Number(times)) || 1) };
    case "chance":
      return { chance: Math.min(1, Math.max(0, Number(chance) / 100 || 0)), untilCleared: true };
    case "untilCleared":
      return { untilCleared: true };
  }
}

/** Describes an active fault in one line: what it does, whom it hits, and how often. `nameOf` names a participant. */
export function describeFault(
  { fault, hitsLeft }: ActiveFault,
  nameOf: (who: Who) => string | undefined,
): string {
  const { kind, scope = {}, ...fields } = fault;
  const info = FAULT_INFOS.find((each) => each.kind === kind);
  const details = Object.entries(fields)
    .filter(([, value]) => typeof value === "string" || typeof value === "number")
    .map(([name, value]) => detail(name, String(value)));
  const who = nameOf(scope) ?? "everybody";
  const often = hitsLeft === null ? "until cleared" : `${hitsLeft}× left`;
  return [[info?.title ?? kind, ...details].join(" "), who, often].join(" · ");
}

function detail(name: string, value: string): string {
  if (name === "operation" && value === "*") return "(all)";
  return name.endsWith("Ms") ? `${value} ms` : value;
}
