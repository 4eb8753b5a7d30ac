/** Converts a fault's form into the API's request body, and describes active faults. */
import type { ActiveFault, Fault, FaultScope } from "../api/types";
import { untilTime } from "../ui/times";
import { FAULT_INFOS, type FaultField, type FaultInfo, type OftenKind } from "./kinds";

/** Whom a fault hits: everybody, the selected contact, or one of its participants (by ID). */
export type Who = { readonly contactId?: string; readonly participantId?: string };

export interface Often {
  readonly kind: OftenKind;
  /** The number of times. */
  readonly times: string;
  /** Percent. */
  readonly chance: string;
  readonly seconds: string;
}

/** A number of seconds that isn't valid counts as this. */
export const DEFAULT_SECONDS = 20;

/** The API accepts faults that last up to a day. */
const MAX_SECONDS = 86_400;

/** Converts a field's seconds into milliseconds. */
export function toMs(seconds: string): number {
  const number = Number(seconds);
  const valid = Number.isFinite(number) && number > 0 ? Math.min(number, MAX_SECONDS) : DEFAULT_SECONDS;
  return Math.max(1, Math.round(valid * 1000));
}

export const defaultOften = ({ defaultOften: kind = "once" }: FaultInfo): Often => ({
  kind,
  times: "3",
  chance: "30",
  seconds: String(DEFAULT_SECONDS),
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

function oftenScope({ kind, times, chance, seconds }: Often): FaultScope {
  switch (kind) {
    case "once":
      return { times: 1 };
    case "times":
      return { times: Math.max(1, Math.round(Number(times)) || 1) };
    case "chance":
      return { chance: Math.min(1, Math.max(0, Number(chance) / 100 || 0)), untilCleared: true };
    case "while":
      return { forMs: toMs(seconds) };
    case "untilCleared":
      return { untilCleared: true };
  }
}

/** Names a participant or a contact; undefined for everybody. */
export type NameOf = (who: Who) => string | undefined;

/** Describes an active fault in one line: what it does, whom it hits, and how often or until when. */
export function describeFault({ fault, hitsLeft, endsAt }: ActiveFault, nameOf: NameOf): string {
  const { scope = {} } = fault;
  const chance = scope.chance === undefined ? [] : [`${Math.round(scope.chance * 100)}% chance`];
  return [effectText(fault), nameOf(scope) ?? "everybody", ...chance, limitText(hitsLeft, endsAt)].join(
    " · ",
  );
}

/** Describes what a fault does. */
export function effectText({ kind, scope: _, ...fields }: ActiveFault["fault"]): string {
  const info = FAULT_INFOS.find((each) => each.kind === kind);
  const details = Object.entries(fields)
    .filter(([, value]) => typeof value === "string" || typeof value === "number")
    .map(([name, value]) =>
      detail(
        info?.fields.find((field) => field.name === name),
        name,
        String(value),
      ),
    );
  return [info?.title ?? kind, ...details].filter((text) => text !== "").join(" ");
}

export function limitText(hitsLeft: number | null, endsAt: string | null): string {
  if (hitsLeft !== null) return `${hitsLeft}× left`;
  return endsAt === null ? "until cleared" : `until ${untilTime(endsAt)}`;
}

function detail(field: FaultField | undefined, name: string, value: string): string {
  const words = field?.chips?.[value];
  if (words !== undefined) return words;
  if (name === "operation") return value === "*" ? "(all)" : value;
  const pair = field?.choices?.find((choice) => typeof choice !== "string" && choice[0] === value);
  if (pair) return pair[1].toLowerCase();
  return name.endsWith("Ms") ? `${value} ms` : value;
}
