/** Chooses the traffic to show. */
import type { TrafficEntry } from "../api/types";

export type TrafficKind = TrafficEntry["kind"];

export interface TrafficFilter {
  /** All contacts if undefined. */
  readonly contactId: string | undefined;
  /** All kinds if empty. */
  readonly kinds: readonly TrafficKind[];
  readonly text: string;
  /** Whether heartbeats and pings are shown. */
  readonly hasBeats: boolean;
}

const BEATS = ["aws/heartbeat", "aws/ping"];

export function filterTraffic(
  traffic: readonly TrafficEntry[],
  filter: TrafficFilter,
): readonly TrafficEntry[] {
  const text = filter.text.trim().toLowerCase();
  return traffic.filter(
    (entry) =>
      (filter.contactId === undefined || entry.contactId === filter.contactId) &&
      (filter.kinds.length === 0 || filter.kinds.includes(entry.kind)) &&
      (filter.hasBeats || !BEATS.includes(entry.name)) &&
      (text === "" || searchText(entry).includes(text)),
  );
}

/** Each entry is converted to text once, because the filter runs again with each new entry. */
const SEARCH_TEXTS = new WeakMap<TrafficEntry, string>();

function searchText(entry: TrafficEntry): string {
  const known = SEARCH_TEXTS.get(entry);
  if (known !== undefined) return known;
  const { name, status, role, request, response } = entry;
  const text = [name, status, role, JSON.stringify(request), JSON.stringify(response)]
    .join(" ")
    .toLowerCase();
  SEARCH_TEXTS.set(entry, text);
  return text;
}

/** Returns an item's content type without the prefix that all content types share. */
export const shortName = (name: string): string => name.replace("application/vnd.amazonaws.connect.", "");
