/** Arranges items for display. */
import type { Item } from "../api/types";

export type Side = "customer" | "ours" | "event";

export interface Line {
  readonly item: Item;
  readonly side: Side;
  /** Whether the item is the first of a group by the same sender, and shows the sender's name. */
  readonly startsGroup: boolean;
}

const GROUP_MS = 5 * 60_000;

export const sideOf = ({ Type, ParticipantRole }: Item): Side => {
  if (Type === "EVENT") return "event";
  return ParticipantRole === "CUSTOMER" ? "customer" : "ours";
};

export function toLines(items: readonly Item[]): readonly Line[] {
  return items.map((item, index) => {
    const previous = items[index - 1];
    return { item, side: sideOf(item), startsGroup: !previous || !isSameGroup(previous, item) };
  });
}

const isSameGroup = (a: Item, b: Item): boolean =>
  a.Type !== "EVENT" &&
  b.Type !== "EVENT" &&
  a.ParticipantId === b.ParticipantId &&
  a.DisplayName === b.DisplayName &&
  Date.parse(b.AbsoluteTime) - Date.parse(a.AbsoluteTime) < GROUP_MS;
