/** Which faults struck in which state of the connection, and what they interrupted. */
import { ACTIVITIES, type Activity } from "./application";
import { FAULT_KINDS, type FaultKind } from "./faults";

export const pairOf = (kind: FaultKind, state: string, activity: string): string =>
  `${kind} × ${state} × ${activity}`;

const STATES = ["connecting", "connected", "reconnecting"] as const;
type State = (typeof STATES)[number];

/** Faults of a link or of its frames, which strike only where a socket is subscribed, or about to be. */
const NEEDS_LINK: ReadonlySet<FaultKind> = new Set([
  "late-frames",
  "reordered-frames",
  "duplicate-frames",
  "damaged-frames",
  "failing-pings",
]);

/** Faults of a new socket, or of the answer that it is opened with: a session that is connected opens one only to replace an old one. */
const OPENS_LINK: ReadonlySet<FaultKind> = new Set([
  "refused-upgrades",
  "hanging-upgrades",
  "refused-subscriptions",
  "ignored-subscriptions",
  "late-subscriptions",
  "empty-url",
]);

/** Whether a long run has to have hit it. */
function isExpected(kind: FaultKind, state: State, activity: Activity): boolean {
  // Before the first link nothing is recovered, and hardly anything else is going on.
  if (state === "connecting") return activity === "idle" && !NEEDS_LINK.has(kind);
  if (state === "connected") return !OPENS_LINK.has(kind) && activity !== "recovering";
  // While the link is down, a recovery is pending; what else goes on counts as part of it.
  return activity === "recovering" && !NEEDS_LINK.has(kind);
}

export const EXPECTED: readonly string[] = FAULT_KINDS.flatMap((kind) =>
  STATES.flatMap((state) =>
    ACTIVITIES.filter((activity) => isExpected(kind, state, activity)).map((activity) =>
      pairOf(kind, state, activity),
    ),
  ),
);

export const missedPairs = (met: ReadonlyMap<string, number>): string[] =>
  EXPECTED.filter((pair) => !met.has(pair));
