/** Records all sockets and the frames sent on them. The transcript contains the items that the service stored. */
import type { FrameOutcome, SimulatorEvent, SimulatorObserver } from "./observer";

export interface SocketRecord {
  /** Counts from 1. */
  readonly socket: number;
  readonly participantIds: readonly string[];
  /** Epoch milliseconds, like all times here. */
  readonly openedAt: number;
  /** Null until the socket subscribes. */
  subscribedAt: number | null;
  /** Null while the socket is open. */
  closedAt: number | null;
}

/** One copy of an item, addressed to one socket. */
export interface FrameRecord {
  readonly at: number;
  readonly socket: number;
  readonly contactId: string;
  readonly itemId: string;
  /** `whole`: written to the socket unchanged. `changed`: written with a different text. `lost`: never written. */
  readonly outcome: FrameOutcome;
}

/**
 * The recorded traffic, in chronological order. It grows without bound, so it exists only with `startSimulator({
 * record: true })`.
 */
export class TrafficRecord implements SimulatorObserver {
  readonly sockets: SocketRecord[] = [];
  readonly frames: FrameRecord[] = [];

  observe(event: SimulatorEvent): void {
    if (event.kind === "socket") this.#recordSocket(event);
    if (event.kind === "itemFrame") {
      const { at, socket, contactId, item, outcome } = event;
      this.frames.push({ at, socket, contactId, itemId: item.Id, outcome });
    }
  }

  #recordSocket({ what, socket, owners, at }: Extract<SimulatorEvent, { kind: "socket" }>): void {
    if (what === "opened") {
      const participantIds = owners.map(({ participantId }) => participantId);
      this.sockets.push({ socket, participantIds, openedAt: at, subscribedAt: null, closedAt: null });
      return;
    }
    const record = this.sockets.find((each) => each.socket === socket);
    if (record && what === "subscribed") record.subscribedAt ??= at;
    if (record && what === "closed") record.closedAt ??= at;
  }
}
