import type { Timer } from "../platform";
import type { HandOver } from "./hand-over";
import type { ManagedSocket } from "./managed-socket";
import type { NextAttempt } from "./reconnecting";

/**
 *        start               opened
 *  idle ───────▶ connecting ────────▶ open
 *                 ▲ ▲ │  ▲ │           │       `connecting` is lost when its socket does not open. Within `open`,
 *            due  │ │ │  └─┘ lost      │ lost  an ageing socket is replaced by another.
 *                 │ └─┼────────────────┘
 *                 │   ▼ pause
 *                waiting ◀─────▶ hidden        A phone's page is hidden, and would be frozen halfway.
 *                       wake, hide
 *
 *  `invalid` leads from `connecting` to `failed`, and `close` from each state but those two ends to `closed`.
 *  A signal that a state's row lacks is ignored there.
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

type Row = (typeof TRANSITIONS)[State["kind"]];
type Signal = Row extends infer Each ? (Each extends object ? keyof Each : never) : never;

/** Each state has what lives as long as it. */
export type State = { readonly kind: "idle" | "hidden" } | Connecting | Open | Waiting | Over;

export interface Connecting {
  readonly kind: "connecting";
  /** Null while its URL is fetched. */
  socket: ManagedSocket | null;
  /** After a loss, until what it held is delivered. */
  handOver: HandOver | null;
}

export interface Open {
  readonly kind: "open";
  /** During a hand-over the predecessor, and from its subscription on the successor. */
  socket: ManagedSocket;
  handOver: HandOver | null;
  /** When it fires, the link is stable: its attempts count from 0 again. */
  timer: Timer | null;
}

export interface Waiting {
  readonly kind: "waiting";
  /** Planned once the application has said that there is a network. */
  readonly next: NextAttempt;
  /** Ends the wait for the network; null while there is none. */
  stop: (() => void) | null;
}

interface Over {
  readonly kind: "failed" | "closed";
  /** Its close is still reported. */
  readonly socket: ManagedSocket | null;
}

const nothing = (): void => undefined;

/** Returns what leaving the state has to do. */
function enter(state: State): () => void {
  if (state.kind === "waiting")
    return () => {
      state.next.cancel();
      state.stop?.();
    };
  if (state.kind === "open") return () => state.timer?.cancel();
  return nothing;
}

/** A link's present state. */
export class LinkStates {
  current: State = { kind: "idle" };
  #leave = nothing;

  get socket(): ManagedSocket | null {
    return "socket" in this.current ? this.current.socket : null;
  }

  get handOver(): HandOver | null {
    return "handOver" in this.current ? this.current.handOver : null;
  }

  /** False where the present state ignores the signal. */
  go(signal: Signal, next: State): boolean {
    const row: Partial<Record<Signal, State["kind"]>> = TRANSITIONS[this.current.kind];
    if (row[signal] !== next.kind) return false;
    this.#leave();
    this.current = next;
    this.#leave = enter(next);
    return true;
  }
}
