import type { ReportedFrame } from "./frames";
import type { LinkListener } from "./link";
import type { ManagedSocket, SocketEnd } from "./managed-socket";
import { RECONNECT } from "./reconnecting";

/**
 * The handover from an aging socket to its successor. Both sockets are subscribed for a moment, so that no frame is
 * lost. The successor's frames are held until the predecessor is drained. Then the frames that the predecessor has
 * already delivered are dropped, and the rest are delivered.
 */
export class Handover {
  readonly predecessor: ManagedSocket;
  readonly successor: ManagedSocket;
  readonly #report: LinkListener;
  /** How many times the predecessor delivered each frame during the handover. The successor may repeat the frame. */
  readonly #delivered = new Map<string, number>();
  readonly #held: { readonly frame: ReportedFrame; readonly text: string }[] = [];
  /** Whether frames are no longer held, because the predecessor is drained or closed, or the link is closing. */
  #isReleased = false;

  constructor(predecessor: ManagedSocket, successor: ManagedSocket, report: LinkListener) {
    this.predecessor = predecessor;
    this.successor = successor;
    this.#report = report;
  }

  /** Holds a frame if it comes from the successor. Returns false if the frame must be delivered now. */
  hold(socket: ManagedSocket, frame: ReportedFrame, text: string): boolean {
    if (this.#isReleased) return false;
    if (socket === this.successor) {
      this.#held.push({ frame, text });
      return true;
    }
    this.#delivered.set(text, (this.#delivered.get(text) ?? 0) + 1);
    return false;
  }

  /** Delivers the held frames, except those that the predecessor has delivered. */
  release(): void {
    this.#isReleased = true;
    // Remove one frame at a time, because a handler may close the link, which drops the rest.
    for (let held = this.#held.shift(); held; held = this.#held.shift()) {
      const duplicates = this.#delivered.get(held.text) ?? 0;
      this.#delivered.set(held.text, duplicates - 1);
      if (duplicates <= 0) this.#report({ kind: "frame", frame: held.frame });
    }
  }

  /** Handles the close of a socket that isn't the link's current socket. */
  onClosed(socket: ManagedSocket, { code, wasClean }: Pick<SocketEnd, "code" | "wasClean">): void {
    if (socket === this.predecessor) {
      // An unclean close means that the predecessor may have been half-open, so frames may be missing. Report the
      // damage first, so that the missing items are fetched before the held frames are delivered.
      const isCut = code !== 1000 && !wasClean;
      if (isCut && !this.#isReleased) this.#report({ kind: "damaged" });
      this.release();
    } else {
      // The predecessor still works, so try another handover later.
      this.predecessor.startAgeTimer(RECONNECT.capMs);
    }
  }

  /** Handles the loss of a successor that has taken over. Abandons the predecessor, whose last frames may be lost. */
  onSuccessorLost(): void {
    this.predecessor.abandon("socket-closed", "the new socket was lost");
    this.onClosed(this.predecessor, { code: undefined, wasClean: false });
  }

  /** Closes both sockets and drops the held frames, because the link is closing. */
  drop(reason: string): void {
    this.#isReleased = true;
    this.#held.length = 0;
    this.predecessor.close(reason);
    this.successor.close(reason);
  }
}
