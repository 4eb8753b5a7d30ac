/** One open socket. Frames in both directions pass through the faults set for it. */
import type { WebSocket } from "ws";
import type { Participant } from "./contact";
import { participantRef, type ParticipantRef } from "./fault-rules";
import type { Faults } from "./faults";
import type { OutgoingFrame } from "./frame-faults";
import type { Item } from "./items";
import { clearTimeout, setTimeout } from "./node-timers";
import type { FrameRecord, SocketRecord, TrafficRecord } from "./traffic-record";

/**
 * How long a reordered frame waits for the frames that should overtake it. Without a limit, the last one would be lost.
 */
const MAX_REORDER_WAIT_MS = 1_000;

interface ReorderedFrame {
  readonly send: () => void;
  behind: number;
  readonly timer: NodeJS.Timeout;
}

export interface SessionParts {
  readonly socket: WebSocket;
  readonly participants: readonly Participant[];
  readonly faults: Faults;
  readonly now: () => number;
  readonly record: TrafficRecord | null;
  /** Counts from 1. */
  readonly number: number;
}

export class SocketSession {
  readonly socket: WebSocket;
  readonly participants: readonly Participant[];
  /** Frames from the client, parsed, oldest first. */
  readonly received: Record<string, unknown>[] = [];
  readonly owners: readonly ParticipantRef[];
  readonly #faults: Faults;
  readonly #now: () => number;
  readonly #traffic: TrafficRecord | null;
  readonly #record: SocketRecord;
  #subscribed = false;
  /** Jobs held back by a stall, oldest first. */
  #held: (() => void)[] = [];
  readonly #reordered = new Set<ReorderedFrame>();
  readonly #delays = new Set<NodeJS.Timeout>();

  constructor({ socket, participants, faults, now, record, number }: SessionParts) {
    this.socket = socket;
    this.participants = participants;
    this.owners = participants.map(participantRef);
    this.#faults = faults;
    this.#now = now;
    this.#traffic = record;
    this.#record = {
      socket: number,
      participantIds: this.owners.map(({ participantId }) => participantId),
      openedAt: now(),
      subscribedAt: null,
      closedAt: null,
    };
    record?.sockets.push(this.#record);
  }

  get subscribed(): boolean {
    return this.#subscribed;
  }

  /** Whether the socket is half-open right now. */
  get stalled(): boolean {
    return this.#faults.stallOf(this.owners) !== undefined;
  }

  subscribe(): void {
    this.#subscribed = true;
    this.#record.subscribedAt ??= this.#now();
  }

  /** Runs the handler of a client's frame: now, when the stall is over, or never. */
  receive(handle: () => void): void {
    this.#runUnlessStalled(handle, () => undefined);
  }

  /** Sends `item`, encoded as `frame`, through the faults set for this socket. */
  deliver(frame: string, item: Item, contactId: string): void {
    const record = (outcome: FrameRecord["outcome"]): void =>
      void this.#traffic?.frames.push({
        at: this.#now(),
        socket: this.#record.socket,
        contactId,
        itemId: item.Id,
        outcome,
      });
    const send = (): void => {
      const outgoing = this.#faults.passFrame(frame, this.owners);
      if (outgoing.length === 0) record("lost");
      const overtaken = [...this.#reordered];
      for (const each of outgoing) {
        const text = typeof each === "string" ? each : each.text;
        this.#schedule(each, () => {
          record(text === frame ? "whole" : "changed");
          this.socket.send(text);
        });
      }
      for (const reordered of overtaken) this.#overtake(reordered);
    };
    this.#runUnlessStalled(send, () => record("lost"));
  }

  /** Runs the jobs that a stall held back, if the stall is over. */
  resume(): void {
    if (this.stalled) return;
    for (const job of this.#held.splice(0)) job();
  }

  /** Marks the socket as closed and discards all frames that haven't been sent yet. */
  end(): void {
    this.#record.closedAt ??= this.#now();
    this.#held = [];
    for (const delay of this.#delays) clearTimeout(delay);
    for (const { timer } of this.#reordered) clearTimeout(timer);
    this.#delays.clear();
    this.#reordered.clear();
  }

  #runUnlessStalled(job: () => void, onLost: () => void): void {
    const stall = this.#faults.stallOf(this.owners);
    if (stall === undefined) job();
    else if (stall === "hold") this.#held.push(job);
    else onLost();
  }

  #schedule(frame: OutgoingFrame, send: () => void): void {
    if (typeof frame === "string") send();
    else if ("delayMs" in frame) {
      const delay = setTimeout(() => {
        this.#delays.delete(delay);
        this.#runUnlessStalled(send, () => undefined);
      }, frame.delayMs);
      this.#delays.add(delay);
    } else {
      const reordered: ReorderedFrame = {
        send,
        behind: frame.behind,
        timer: setTimeout(() => this.#overtake(reordered, 0), MAX_REORDER_WAIT_MS),
      };
      this.#reordered.add(reordered);
    }
  }

  /** Counts one more frame that has overtaken `reordered`, and sends it after the last one. */
  #overtake(reordered: ReorderedFrame, behind = reordered.behind - 1): void {
    reordered.behind = behind;
    if (behind > 0 || !this.#reordered.delete(reordered)) return;
    clearTimeout(reordered.timer);
    this.#runUnlessStalled(reordered.send, () => undefined);
  }
}
