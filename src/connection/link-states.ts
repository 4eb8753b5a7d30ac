import type { Timer } from "../platform";
import type { Handover } from "./handover";
import type { ManagedSocket } from "./managed-socket";
import type { NextAttempt } from "./reconnecting";

/**
 *        start               opened
 *  idle ───────▶ connecting ────────▶ open
 *                 ▲ ▲ │  ▲ │           │       `connecting` is lost if its socket doesn't open. In `open`,
 *            due  │ │ │  └─┘ lost      │ lost  an aging socket is replaced by a new one.
 *                 │ └─┼────────────────┘
 *                 │   ▼ pause
 *                waiting ◀─────▶ hidden        A phone would freeze the hidden page mid-attempt.
 *                       wake, hide
 *
 *  `invalid` leads from `connecting` to `failed`. `close` leads to `closed` from every state but `failed` and `closed`.
 *  A signal that isn't in a state's row is ignored.
 */
const TRANSITIONS = {
  idle: { start: "connecting", close: "closed" },
  connecting: { opened: "open", lost: "connecting", pause: "waiting", invalid: "failed", close: "closed" },
  open: { lost: "connecting", close: "closed" },
  waiting: { due: "connecting", hide: "hidden", close: "closed" },
  hidden: { wake: "waiting", close: "closed" },
  failed: {},
  closed: {},
} as const satisfies Record<State["kind"], Partial<Record<string, State["kind"]>>>;

type TransitionRow = (typeof TRANSITIONS)[State["kind"]];
type Signal = TransitionRow extends infer Each ? (Each extends object ? keyof Each : never) : never;

/** A state, with the resources that live as long as it does. */
export type State = { readonly kind: "idle" | "hidden" } | Connecting | Open | Waiting | Final;

export interface Connecting {
  readonly kind: "connecting";
  /** Null while the URL is being fetched. */
  socket: ManagedSocket | null;
  /** Set after a loss, until the held frames are delivered. */
  handover: Handover | null;
}

export interface Open {
  readonly kind: "open";
  /** During a handover, the predecessor until the successor is subscribed, then the successor. */
  socket: ManagedSocket;
  handover: Handover | null;
  /** When it fires, the link counts as stable, and failed attempts are counted from 0 again. */
  timer: Timer | null;
}

export interface Waiting {
  readonly kind: "waiting";
  /** Scheduled once `isNetworkOnline`, if set, has reported that there is a network. */
  readonly next: NextAttempt;
  /** Stops waiting for the network; null if the link isn't waiting for it. */
  stopWaiting: (() => void) | null;
}

interface Final {
  readonly kind: "failed" | "closed";
  /** Its close is still to be reported. */
  readonly socket: ManagedSocket | null;
}

const noop = (): void => undefined;

/** Returns the cleanup to run when the state is left. */
function cleanupOf(state: State): () => void {
  if (state.kind === "waiting")
    return () => {
      state.next.cancel();
      state.stopWaiting?.();
    };
  if (state.kind === "open") return () => state.timer?.cancel();
  return noop;
}

/** A link's current state. */
export class LinkStates {
  current: State = { kind: "idle" };
  #cleanUp = noop;

  get socket(): ManagedSocket | null {
    return "socket" in this.current ? this.current.socket : null;
  }

  get handover(): Handover | null {
    return "handover" in this.current ? this.current.handover : null;
  }

  /** Moves to the next state. Returns false if the current state ignores the signal. */
  transition(signal: Signal, next: State): boolean {
    const row: Partial<Record<Signal, State["kind"]>> = TRANSITIONS[this.current.kind];
    if (row[signal] !== next.kind) return false;
    this.#cleanUp();
    this.current = next;
    this.#cleanUp = cleanupOf(next);
    return true;
  }
}
