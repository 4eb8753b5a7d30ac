import type { Platform, Timer } from "../platform";
import type { Frame } from "./frames";
import type { ManagedSocket } from "./managed-socket";

/** A predecessor that is not drained and closed within this long is abandoned. */
const DRAIN_WITHIN_MS = 2_000;

/**
 * Two sockets, one ageing and one to take its place: both are subscribed for a moment, so that nothing is missed in
 * between. What comes on the new one is held until the old one is drained, without what the old one brought as well.
 */
export class HandOver {
  readonly predecessor: ManagedSocket;
  readonly successor: ManagedSocket;
  readonly #platform: Pick<Platform, "startTimer">;
  readonly #deliver: (frame: Frame) => void;
  /** Frames that the old socket brought while the new one may have brought them too, with their number. */
  readonly #delivered = new Map<string, number>();
  #held: { readonly frame: Frame; readonly text: string }[] = [];
  #drainTimer: Timer | null = null;
  /** Whether the new socket is subscribed and the old one is being drained and closed. */
  begun = false;
  /** Nothing is held any more: the old socket is drained, or at its end. */
  isOver = false;

  constructor(
    platform: Pick<Platform, "startTimer">,
    predecessor: ManagedSocket,
    successor: ManagedSocket,
    deliver: (frame: Frame) => void,
  ) {
    this.#platform = platform;
    this.predecessor = predecessor;
    this.successor = successor;
    this.#deliver = deliver;
  }

  /**
   * The new socket is subscribed: the old one closes, after what was sent on it before. That may come later than the new
   * one's first frames, and once a socket is being closed the browser drops what comes on it.
   */
  begin(): void {
    if (this.begun) return;
    this.begun = true;
    this.#drainTimer = this.#platform.startTimer(
      () => this.predecessor.abandon("socket-closed", "it was not drained and closed in time"),
      DRAIN_WITHIN_MS,
    );
    this.predecessor.drain(() => {
      this.#release();
      this.predecessor.close("replaced by a new socket");
    });
  }

  /** True when the frame is kept back; else it is to be delivered now. */
  holds(socket: ManagedSocket, frame: Frame, text: string): boolean {
    if (this.isOver) return false;
    if (socket === this.successor) {
      this.#held.push({ frame, text });
      return true;
    }
    this.#delivered.set(text, (this.#delivered.get(text) ?? 0) + 1);
    return false;
  }

  /** The old socket has closed: what was held goes out. */
  end(): void {
    this.#drainTimer?.cancel();
    this.#release();
  }

  #release(): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const { frame, text } of this.#held.splice(0)) {
      const times = this.#delivered.get(text) ?? 0;
      if (times > 0) this.#delivered.set(text, times - 1);
      else this.#deliver(frame);
    }
  }

  /** The link itself ends: both sockets close, what is held is of no use to anybody. */
  drop(reason: string): void {
    this.isOver = true;
    this.#drainTimer?.cancel();
    this.#held = [];
    this.predecessor.close(reason);
    this.successor.close(reason);
  }
}
