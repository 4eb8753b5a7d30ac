/** Records all sockets and the frames sent on them. The items that the service stored are in the transcript. */

export interface SocketRecord {
  /** Counts from 1. */
  readonly socket: number;
  readonly participantIds: readonly string[];
  /** Epoch milliseconds, like all times here. */
  readonly openedAt: number;
  /** Null until it subscribes. */
  subscribedAt: number | null;
  /** Null while it is open. */
  closedAt: number | null;
}

/** One copy of an item, addressed to one socket. */
export interface FrameRecord {
  readonly at: number;
  readonly socket: number;
  readonly contactId: string;
  readonly itemId: string;
  /** `whole`: written to the socket unchanged. `changed`: written with a different text. `lost`: never written. */
  readonly outcome: "whole" | "changed" | "lost";
}

/** In chronological order. Only recorded with `startSimulator({ record: true })`, because it grows without bound. */
export class TrafficRecord {
  readonly sockets: SocketRecord[] = [];
  readonly frames: FrameRecord[] = [];
}
