/** The traffic, with the moments when faults began and ended. */
import type { ActiveFault, TrafficEntry } from "../api/types";

/** A fault that was added or removed while the panel was open. */
export interface FaultMark {
  readonly what: "added" | "removed";
  readonly id: string;
  /** Null if the fault was added before the panel was opened. */
  readonly fault: ActiveFault["fault"] | null;
  /** ISO 8601. */
  readonly at: string;
  /** The number of the last traffic entry before it. */
  readonly after: number;
}

export type TimelineRow =
  | { readonly kind: "entry"; readonly entry: TrafficEntry }
  | { readonly kind: "mark"; readonly mark: FaultMark };

/** Whether a fault can hit a contact. A fault without a description may. */
export const concernsContact = ({ fault }: FaultMark, contactId: string | undefined): boolean =>
  contactId === undefined || [undefined, contactId].includes(fault?.scope?.contactId);

/** Merges entries and marks, both oldest first. Returns the latest `count` rows, newest first. */
export function timelineOf(
  entries: readonly TrafficEntry[],
  marks: readonly FaultMark[],
  count: number,
): readonly TimelineRow[] {
  const rows: TimelineRow[] = [];
  let entry = entries.length - 1;
  let mark = marks.length - 1;
  while (rows.length < count && (entry >= 0 || mark >= 0)) {
    const nextEntry = entries[entry];
    const nextMark = marks[mark];
    if (nextMark && (!nextEntry || nextMark.after >= nextEntry.number)) {
      rows.push({ kind: "mark", mark: nextMark });
      mark -= 1;
    } else if (nextEntry) {
      rows.push({ kind: "entry", entry: nextEntry });
      entry -= 1;
    }
  }
  return rows;
}
