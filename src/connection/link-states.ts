import type { Timer } from "../platform";
import type { Handover } from "./handover";
import type { ManagedSocket } from "./managed-socket";
import type { NextAttempt } from "./reconnecting";

/**
 *        start               opened
 *  idle ───────▶ connecting ────────▶ open
 *                 ▲ ▲ │  ▲ │           │       In `connecting`, `lost` means that the socket didn't open.
 *            due  │ │ │  └─┘ lost      │ lost  In `open`, a new socket replaces an aging one.
 *                 │ └─┼────────────────┘
 *                 │   ▼ pause
 *                waiting ◀─────▶ hidden        Only on phones, because they freeze hidden pages.
 *                       wake, hide
 *
 *  `invalid` leads from `connecting` to `failed`. `close` leads to `closed` from every state except `failed` and
 *  `closed`. A state ignores signals that aren't in its row.
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

/** A state and the resources that belong to it. */
export type State = { readonly kind: "idle" | "hidden" } | Connecting | Open | Waiting | Final;

export interface Connecting {
  readonly kind: "connecting";
  /** Null while the URL is being fetched. */
  socket: ManagedSocket | null;
  /** The handover that was in progress when the link was lost, until its held frames are delivered; otherwise null. */
  handover: Handover | null;
}

export interface Open {
  readonly kind: "open";
  /** During a handover, this is the predecessor until the successor is subscribed. */
  socket: ManagedSocket;
  handover: Handover | null;
  /** When this timer fires, the link counts as stable, and the count of failed attempts is reset. */
  timer: Timer | null;
}

export interface Waiting {
  readonly kind: "waiting";
  /** The next attempt. It is scheduled after the wait for the network, if there is such a wait. */
  readonly next: NextAttempt;
  /** Stops waiting for the network. Null if the link isn't waiting for the network. */
  stopWaiting: (() => void) | null;
}

interface Final {
  readonly kind: "failed" | "closed";
  /** The link's last socket. Its close hasn't been reported yet. */
  readonly socket: ManagedSocket | null;
}

const noop = (): void => undefined;

/** Returns a function that releases a state's resources when the link leaves the state. */
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

  /** Moves to the next state. Does nothing and returns false if the current state ignores the signal. */
  transition(signal: Signal, next: State): boolean {
    const row: Partial<Record<Signal, State["kind"]>> = TRANSITIONS[this.current.kind];
    if (row[signal] !== next.kind) return false;
    this.#cleanUp();
    this.current = next;
    this.#cleanUp = cleanupOf(next);
    return true;
  }
}
