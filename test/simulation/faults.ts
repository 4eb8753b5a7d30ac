/** All faults that a schedule can contain. The generator, the run and the coverage report use this table. */

/** A `moment` happens once. A `window` lasts for a while. */
interface FaultFacts {
  readonly shape: "moment" | "window";
  /** The maximum duration in milliseconds. A window lasts at least 300 ms. */
  readonly maxMs: number;
  /** True if the fault needs the library's own socket manager. An external manager opens its socket itself. */
  readonly ownManagerOnly?: true;
  /**
   * Set for faults that matter most while a new link is being opened, which is rare without a loss of the previous
   * link. Half of these faults therefore come with a loss, soon after the fault begins (`within`) or soon before
   * (`before`).
   */
  readonly needsLoss?: "within" | "before";
}

const SECOND = 1_000;
const MINUTE = 60_000;

export const FAULTS = {
  // Faults of the link.
  cut: { shape: "moment", maxMs: 0 },
  /** Open sockets lose all frames in both directions, and neither side gets a close event. */
  "half-open": { shape: "moment", maxMs: 0 },
  /** Frames from the service are lost, but frames from the page arrive. */
  "half-open-in": { shape: "moment", maxMs: 0 },
  "refused-upgrades": { shape: "window", maxMs: 3 * MINUTE, needsLoss: "within" },
  "hanging-upgrades": { shape: "window", maxMs: MINUTE, needsLoss: "within" },
  "refused-subscriptions": { shape: "window", maxMs: 30 * SECOND, needsLoss: "within" },
  /** Not for the simulated external manager, because that manager doesn't repeat subscriptions. */
  "ignored-subscriptions": { shape: "window", maxMs: MINUTE, needsLoss: "within", ownManagerOnly: true },
  "late-subscriptions": { shape: "window", maxMs: 2 * MINUTE, needsLoss: "within" },
  "failing-pings": { shape: "window", maxMs: 2 * MINUTE },
  // Faults of frames.
  "late-frames": { shape: "window", maxMs: 2 * MINUTE },
  "reordered-frames": { shape: "window", maxMs: 2 * MINUTE },
  "duplicate-frames": { shape: "window", maxMs: 2 * MINUTE },
  "damaged-frames": { shape: "window", maxMs: 5 * MINUTE },
  // Faults of API calls.
  "rest-500": { shape: "window", maxMs: 2 * MINUTE },
  "rest-429": { shape: "window", maxMs: 3 * MINUTE, needsLoss: "within" },
  /** With a Retry-After between a second and a day. */
  "rest-retry-after": { shape: "window", maxMs: 2 * MINUTE, needsLoss: "within" },
  "rest-timeout": { shape: "window", maxMs: MINUTE },
  /** The call is cut off before the service processes it. */
  "rest-reset": { shape: "window", maxMs: 2 * MINUTE, needsLoss: "within" },
  /** The call is cut off after the service has processed it. */
  "rest-lost-answer": { shape: "window", maxMs: MINUTE },
  "rest-truncated": { shape: "window", maxMs: MINUTE, needsLoss: "within" },
  "rest-slow": { shape: "window", maxMs: 3 * MINUTE, needsLoss: "within" },
  /** HTML with status 200, as from a captive portal. */
  "rest-html": { shape: "window", maxMs: MINUTE, needsLoss: "within" },
  "rest-html-503": { shape: "window", maxMs: MINUTE },
  /** A proxy's 403, with HTML or without a body. */
  "rest-403-html": { shape: "window", maxMs: 30 * SECOND, needsLoss: "within" },
  "rest-403-empty": { shape: "window", maxMs: 30 * SECOND, needsLoss: "within" },
  "expired-tokens": { shape: "moment", maxMs: 0 },
  "empty-url": { shape: "window", maxMs: MINUTE, ownManagerOnly: true, needsLoss: "within" },
  // Faults of the service's storage.
  lag: { shape: "window", maxMs: 10 * MINUTE, needsLoss: "within" },
  "late-commits": { shape: "window", maxMs: 5 * MINUTE },
  /** The whole region is down. Links, upgrades and API calls fail. */
  "region-down": { shape: "window", maxMs: 3 * MINUTE },
  // Faults of the page and its device.
  "clock-jump": { shape: "moment", maxMs: 0, needsLoss: "before" },
  sleep: { shape: "window", maxMs: 30 * MINUTE, needsLoss: "before" },
  freeze: { shape: "window", maxMs: 10 * MINUTE, needsLoss: "before" },
  bfcache: { shape: "window", maxMs: 5 * MINUTE, needsLoss: "before" },
  hidden: { shape: "window", maxMs: 10 * MINUTE, needsLoss: "before" },
  offline: { shape: "window", maxMs: 3 * MINUTE },
  /** The device reports that it's offline, although it's online. */
  "lying-offline": { shape: "window", maxMs: 5 * MINUTE },
  /** The network is down, but the device reports that it is online. */
  "lying-online": { shape: "window", maxMs: 2 * MINUTE },
  /** The page fires `visibilitychange` ten times a second. */
  signals: { shape: "window", maxMs: 30 * SECOND, needsLoss: "before" },
} as const satisfies Readonly<Record<string, FaultFacts>>;

export type FaultKind = keyof typeof FAULTS;

export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[];

export const factsOf = (kind: FaultKind): FaultFacts => FAULTS[kind];

/** A fault in a schedule. Times are milliseconds from the start of the run. */
export interface Fault {
  readonly kind: FaultKind;
  readonly fromMs: number;
  readonly toMs: number;
  /**
   * A number from 0 up to 1, whose meaning depends on the kind. For example, it's the share of affected frames, or the
   * size of a clock's jump.
   */
  readonly amount: number;
}

/** The operations that an API fault can hit. The fault's amount selects one of them or all. */
const OPERATIONS = ["CreateParticipantConnection", "GetTranscript", "SendMessage", "SendEvent"] as const;

export function hits(fault: Fault, operation: string): boolean {
  const only = OPERATIONS[Math.floor(fault.amount * 8)];
  return only === undefined || only === operation;
}

/** The share of calls or frames that an active fault hits, from 0.15 up to 1. */
export const rateOf = ({ amount }: Fault): number => 0.15 + 0.85 * ((amount * 97) % 1);
