/** Counts which faults occurred in which connection state and during which activity. */
import { ACTIVITIES, type Activity } from "./application";
import { FAULT_KINDS, type FaultKind } from "./faults";

export const pairOf = (kind: FaultKind, state: string, activity: string): string =>
  `${kind} × ${state} × ${activity}`;

const STATES = ["connecting", "connected", "reconnecting"] as const;
type State = (typeof STATES)[number];

/** Link and frame faults. They occur only if a socket is subscribed or is about to be subscribed. */
const NEEDS_LINK: ReadonlySet<FaultKind> = new Set([
  "late-frames",
  "reordered-frames",
  "duplicate-frames",
  "damaged-frames",
  "failing-pings",
]);

/** Faults of new sockets and their URLs. A connected session opens a socket only to replace its aging socket. */
const OPENS_LINK: ReadonlySet<FaultKind> = new Set([
  "refused-upgrades",
  "hanging-upgrades",
  "refused-subscriptions",
  "ignored-subscriptions",
  "late-subscriptions",
  "empty-url",
]);

/** Whether a long run must have covered this combination. */
function isExpected(kind: FaultKind, state: State, activity: Activity): boolean {
  // Before the first link, there's nothing to recover and little other activity.
  if (state === "connecting") return activity === "idle" && !NEEDS_LINK.has(kind);
  if (state === "connected") return !OPENS_LINK.has(kind) && activity !== "recovering";
  // While the link is down, a recovery is pending. Other activity counts as part of that recovery.
  return activity === "recovering" && !NEEDS_LINK.has(kind);
}

export const EXPECTED: readonly string[] = FAULT_KINDS.flatMap((kind) =>
  STATES.flatMap((state) =>
    ACTIVITIES.filter((activity) => isExpected(kind, state, activity)).map((activity) =>
      pairOf(kind, state, activity),
    ),
  ),
);

export const missingPairs = (covered: ReadonlyMap<string, number>): string[] =>
  EXPECTED.filter((pair) => !covered.has(pair));
