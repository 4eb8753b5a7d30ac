/** One open socket: what comes in and what goes out, through the faults that are set for it. */
import type { WebSocket } from "ws";
import type { Participant } from "./contact";
import { asSomebody, type Somebody } from "./fault-rules";
import type { Faults } from "./faults";
import type { OutgoingFrame } from "./frame-faults";
import type { Item } from "./items";
import { clearTimeout, setTimeout } from "./node-timers";
import type { FrameRecord, SocketRecord, TrafficRecord } from "./traffic-record";

/** A frame that was to be overtaken goes out after this long all the same: without another it would be lost. */
const OVERTAKEN_WITHIN_MS = 1_000;

interface Waiting {
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
  readonly whose: readonly Somebody[];
  readonly #faults: Faults;
  readonly #now: () => number;
  readonly #traffic: TrafficRecord | null;
  readonly #record: SocketRecord;
  #subscribed = false;
  /** What a stall holds back, in its order. */
  #held: (() => void)[] = [];
  readonly #overtaken = new Set<Waiting>();
  readonly #delays = new Set<NodeJS.Timeout>();

  constructor({ socket, participants, faults, now, record, number }: SessionParts) {
    this.socket = socket;
    this.participants = participants;
    this.whose = participants.map(asSomebody);
    this.#faults = faults;
    this.#now = now;
    this.#traffic = record;
    this.#record = {
      socket: number,
      participantIds: this.whose.map(({ participantId }) => participantId),
      openedAt: now(),
      subscribedAt: null,
      closedAt: null,
    };
    record?.sockets.push(this.#record);
  }

  get subscribed(): boolean {
    return this.#subscribed;
  }

  /** Half-open at this moment. */
  get stalled(): boolean {
    return this.#faults.stallOf(this.whose) !== undefined;
  }

  subscribe(): void {
    this.#subscribed = true;
    this.#record.subscribedAt ??= this.#now();
  }

  /** Runs what a frame of the client asks for: now, when a stall is over, or never. */
  take(job: () => void): void {
    this.#whenPassing(job, () => undefined);
  }

  /** Sends an item of one of its chats, as `frame`, unless a fault makes something else of it. */
  deliver(frame: string, item: Item, contactId: string): void {
    const note = (outcome: FrameRecord["outcome"]): void =>
      void this.#traffic?.frames.push({
        at: this.#now(),
        socket: this.#record.socket,
        contactId,
        itemId: item.Id,
        outcome,
      });
    const pass = (): void => {
      const outgoing = this.#faults.passFrame(frame, this.whose);
      if (outgoing.length === 0) note("lost");
      const behind = [...this.#overtaken];
      for (const each of outgoing) {
        const text = typeof each === "string" ? each : each.text;
        this.#release(each, () => {
          note(text === frame ? "whole" : "changed");
          this.socket.send(text);
        });
      }
      for (const waiting of behind) this.#letPass(waiting);
    };
    this.#whenPassing(pass, () => note("lost"));
  }

  /** What a stall held back goes on, if the stall is over. */
  resume(): void {
    if (this.stalled) return;
    for (const job of this.#held.splice(0)) job();
  }

  /** What has not gone out by now never does. */
  ended(): void {
    this.#record.closedAt ??= this.#now();
    this.#held = [];
    for (const delay of this.#delays) clearTimeout(delay);
    for (const { timer } of this.#overtaken) clearTimeout(timer);
    this.#delays.clear();
    this.#overtaken.clear();
  }

  #whenPassing(job: () => void, lost: () => void): void {
    const stall = this.#faults.stallOf(this.whose);
    if (stall === undefined) job();
    else if (stall === "hold") this.#held.push(job);
    else lost();
  }

  #release(frame: OutgoingFrame, send: () => void): void {
    if (typeof frame === "string") send();
    else if ("delayMs" in frame) {
      const delay = setTimeout(() => {
        this.#delays.delete(delay);
        this.#whenPassing(send, () => undefined);
      }, frame.delayMs);
      this.#delays.add(delay);
    } else {
      const waiting: Waiting = {
        send,
        behind: frame.behind,
        timer: setTimeout(() => this.#letPass(waiting, 0), OVERTAKEN_WITHIN_MS),
      };
      this.#overtaken.add(waiting);
    }
  }

  #letPass(waiting: Waiting, behind = waiting.behind - 1): void {
    waiting.behind = behind;
    if (behind > 0 || !this.#overtaken.delete(waiting)) return;
    clearTimeout(waiting.timer);
    this.#whenPassing(waiting.send, () => undefined);
  }
}
