import type { ReportedFrame } from "./frames";
import type { LinkListener } from "./link";
import type { ManagedSocket, SocketEnd } from "./managed-socket";
import { RECONNECT } from "./reconnecting";

/**
 * Two sockets, one ageing and one to take its place: both are subscribed for a moment, so that nothing is missed in
 * between. Frames of the new one are held until the old one is drained, without those that the old one brought as well.
 */
export class HandOver {
  readonly predecessor: ManagedSocket;
  readonly successor: ManagedSocket;
  readonly #report: LinkListener;
  /** Frames that the old socket brought while the new one may have brought them too, with their number. */
  readonly #delivered = new Map<string, number>();
  readonly #held: { readonly frame: ReportedFrame; readonly text: string }[] = [];
  /** Nothing is held any more: the old socket is drained, or has closed. */
  #isReleased = false;

  constructor(predecessor: ManagedSocket, successor: ManagedSocket, report: LinkListener) {
    this.predecessor = predecessor;
    this.successor = successor;
    this.#report = report;
  }

  /** True when the frame is held; else it is to be delivered now. */
  holds(socket: ManagedSocket, frame: ReportedFrame, text: string): boolean {
    if (this.#isReleased) return false;
    if (socket === this.successor) {
      this.#held.push({ frame, text });
      return true;
    }
    this.#delivered.set(text, (this.#delivered.get(text) ?? 0) + 1);
    return false;
  }

  /** The old socket is drained, or lost: delivers the held frames that it did not bring. */
  release(): void {
    this.#isReleased = true;
    // One by one: a handler may close the link, which drops the rest.
    for (let held = this.#held.shift(); held; held = this.#held.shift()) {
      const times = this.#delivered.get(held.text) ?? 0;
      this.#delivered.set(held.text, times - 1);
      if (times <= 0) this.#report({ kind: "frame", frame: held.frame });
    }
  }

  /** The socket of the two that isn't in use has closed. */
  closed(socket: ManagedSocket, { code, wasClean }: Pick<SocketEnd, "code" | "wasClean">): void {
    if (socket === this.predecessor) {
      // It may have been dead for a while: what it should have brought is fetched, before what the new one holds.
      const isCut = code !== 1000 && !wasClean;
      if (isCut && !this.#isReleased) this.#report({ kind: "damaged" });
      this.release();
    } else {
      // The ageing socket still works: try again a little later.
      this.predecessor.ageAfter(RECONNECT.capMs);
    }
  }

  /** The new socket was lost: the old one is abandoned, and what it would still deliver counts as missing. */
  lost(): void {
    this.predecessor.abandon("socket-closed", "its successor was lost");
    this.closed(this.predecessor, { code: undefined, wasClean: false });
  }

  /** Closes both sockets and drops the held frames: the link itself ends. */
  drop(reason: string): void {
    this.#isReleased = true;
    this.#held.length = 0;
    this.predecessor.close(reason);
    this.successor.close(reason);
  }
}
