import type { ReportedFrame } from "./frames";
import type { LinkListener } from "./link";
import type { ManagedSocket, SocketEnd } from "./managed-socket";
import { RECONNECT } from "./reconnecting";

/**
 * The handover from an aging socket to its successor. Both are subscribed for a moment, so that no frame is lost in
 * between. The successor's frames are held until the predecessor is drained; those that it delivered as well are
 * dropped.
 */
export class Handover {
  readonly predecessor: ManagedSocket;
  readonly successor: ManagedSocket;
  readonly #report: LinkListener;
  /**
   * Frames that the predecessor delivered during the handover, with their counts. The successor may deliver them too.
   */
  readonly #delivered = new Map<string, number>();
  readonly #held: { readonly frame: ReportedFrame; readonly text: string }[] = [];
  /** Whether holding is over: the predecessor is drained or has closed. */
  #isReleased = false;

  constructor(predecessor: ManagedSocket, successor: ManagedSocket, report: LinkListener) {
    this.predecessor = predecessor;
    this.successor = successor;
    this.#report = report;
  }

  /** Holds a frame from the successor and returns true, or returns false if the frame is to be delivered now. */
  hold(socket: ManagedSocket, frame: ReportedFrame, text: string): boolean {
    if (this.#isReleased) return false;
    if (socket === this.successor) {
      this.#held.push({ frame, text });
      return true;
    }
    this.#delivered.set(text, (this.#delivered.get(text) ?? 0) + 1);
    return false;
  }

  /** Delivers the held frames that the predecessor didn't, now that it is drained or lost. */
  release(): void {
    this.#isReleased = true;
    // One at a time: a handler may close the link, which drops the rest.
    for (let held = this.#held.shift(); held; held = this.#held.shift()) {
      const duplicates = this.#delivered.get(held.text) ?? 0;
      this.#delivered.set(held.text, duplicates - 1);
      if (duplicates <= 0) this.#report({ kind: "frame", frame: held.frame });
    }
  }

  /** Handles the close of the socket that isn't in use. */
  onClosed(socket: ManagedSocket, { code, wasClean }: Pick<SocketEnd, "code" | "wasClean">): void {
    if (socket === this.predecessor) {
      // It may have been dead for a while. Damage is reported first, so that its missing items are fetched before the
      // held frames are delivered.
      const isCut = code !== 1000 && !wasClean;
      if (isCut && !this.#isReleased) this.#report({ kind: "damaged" });
      this.release();
    } else {
      // The predecessor still works: try again a little later.
      this.predecessor.startAgeTimer(RECONNECT.capMs);
    }
  }

  /** Handles the loss of the successor: abandons the predecessor, and counts what it would still deliver as missing. */
  onSuccessorLost(): void {
    this.predecessor.abandon("socket-closed", "the new socket was lost");
    this.onClosed(this.predecessor, { code: undefined, wasClean: false });
  }

  /** Closes both sockets and drops the held frames, because the link itself is closing. */
  drop(reason: string): void {
    this.#isReleased = true;
    this.#held.length = 0;
    this.predecessor.close(reason);
    this.successor.close(reason);
  }
}
