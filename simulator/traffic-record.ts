/** The record of truth: which sockets there were, and what went out on them. What the service stored is the transcript. */

export interface SocketRecord {
  /** Counts from 1. */
  readonly socket: number;
  readonly participantIds: readonly string[];
  /** Epoch milliseconds, like all times here. */
  readonly openedAt: number;
  /** Null while it has not subscribed. */
  subscribedAt: number | null;
  /** Null while it is open. */
  closedAt: number | null;
}

/** One copy of an item on its way to one socket. */
export interface FrameRecord {
  readonly at: number;
  readonly socket: number;
  readonly contactId: string;
  readonly itemId: string;
  /** `whole`: handed to the socket as it should be; `changed`: with another text; `lost`: never handed to it. */
  readonly outcome: "whole" | "changed" | "lost";
}

/** In the order in which it happened. Kept with `startSimulator({ record: true })` alone, since it grows for ever. */
export class TrafficRecord {
  readonly sockets: SocketRecord[] = [];
  readonly frames: FrameRecord[] = [];
}
