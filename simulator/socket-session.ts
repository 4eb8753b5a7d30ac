/** One open socket. Frames in both directions pass through the faults set for it. */
import type { WebSocket } from "ws";
import type { Participant } from "./contact";
import { participantRef, type Hold, type ParticipantRef } from "./fault-rules";
import type { StalledFrames } from "./fault-types";
import type { Faults } from "./faults";
import type { OutgoingFrame } from "./frame-faults";
import type { Item } from "./items";
import { clearTimeout, setTimeout } from "./node-timers";
import type { FrameOutcome, SimulatorEvent } from "./observer";

/**
 * How long a reordered frame waits for the frames that should overtake it. Without a limit, the last frame would be
 * lost.
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
  readonly report: (event: SimulatorEvent) => void;
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
  readonly #report: (event: SimulatorEvent) => void;
  readonly #number: number;
  #subscribed = false;
  #ended = false;
  #stall: Hold<StalledFrames> | undefined;
  #isUpdatingStall = false;
  /** The IDs of the stalls that have decided whether they hit this socket. */
  readonly #decided = new Set<string>();
  /** The jobs that a stall holds back, oldest first. */
  #held: (() => void)[] = [];
  readonly #reordered = new Set<ReorderedFrame>();
  readonly #delays = new Set<NodeJS.Timeout>();

  constructor({ socket, participants, faults, now, report, number }: SessionParts) {
    this.socket = socket;
    this.participants = participants;
    this.owners = participants.map(participantRef);
    this.#faults = faults;
    this.#now = now;
    this.#report = report;
    this.#number = number;
    this.#reportSelf("opened");
    this.updateStall();
  }

  get subscribed(): boolean {
    return this.#subscribed;
  }

  /** Whether the socket is subscribed and hasn't been closed or dropped. */
  get connected(): boolean {
    return this.#subscribed && !this.#ended;
  }

  /** Whether the socket has been closed or dropped. It may still be closing. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the socket is half-open right now. */
  get stalled(): boolean {
    this.updateStall();
    return this.#stall !== undefined;
  }

  subscribe(): void {
    if (this.#subscribed) return;
    this.#subscribed = true;
    this.#reportSelf("subscribed");
  }

  reportFrame(direction: "in" | "out", frame: unknown): void {
    this.#report({ kind: "frame", direction, owners: this.owners, at: this.#now(), frame });
  }

  #reportSelf(what: "opened" | "subscribed" | "closed", code?: number): void {
    this.#report({
      ...({ kind: "socket", what, socket: this.#number, owners: this.owners, at: this.#now() } as const),
      ...(code !== undefined && { code }),
    });
  }

  /** Runs the handler of a client's frame. If the socket is stalled, runs the handler after the stall or never. */
  receive(handle: () => void): void {
    this.#runUnlessStalled(handle, () => undefined);
  }

  /** Sends `item`, encoded as `frame`, through the faults set for this socket. */
  deliver(frame: string, item: Item, contactId: string): void {
    const report = (outcome: FrameOutcome, text: string | null, faultId?: string): void =>
      this.#report({
        ...({ kind: "itemFrame", socket: this.#number, owners: this.owners, contactId, item } as const),
        ...{ at: this.#now(), outcome, text },
        ...(faultId !== undefined && { faultId }),
      });
    const send = (): void => {
      const hit = this.#faults.takeFrames(frame, this.owners);
      const outgoing = hit?.fault ?? [frame];
      if (outgoing.length === 0) report("lost", null, hit?.id);
      const overtaken = [...this.#reordered];
      for (const each of outgoing) {
        const text = typeof each === "string" ? each : each.text;
        this.#schedule(each, () => {
          report(text === frame ? "whole" : "changed", text, hit?.id);
          this.socket.send(text);
        });
      }
      for (const reordered of overtaken) this.#overtake(reordered);
    };
    this.#runUnlessStalled(send, (faultId) => report("lost", null, faultId));
  }

  /** Lets a stall hit this socket, or ends the stall and runs the jobs that it held back. */
  updateStall(): void {
    // Releasing and taking a stall can end faults, which updates all sockets again.
    if (this.#ended || this.#isUpdatingStall || this.#stall?.isOver === false) return;
    this.#isUpdatingStall = true;
    this.#stall?.release();
    this.#stall = this.#faults.holdStall(this.owners, this.#decided);
    this.#isUpdatingStall = false;
    if (this.#stall) return;
    for (const job of this.#held.splice(0)) job();
  }

  /** Marks the socket as closed and discards all frames that haven't been sent yet. */
  end(code?: number): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#reportSelf("closed", code);
    }
    this.#held = [];
    this.#stall?.release();
    this.#stall = undefined;
    for (const delay of this.#delays) clearTimeout(delay);
    for (const { timer } of this.#reordered) clearTimeout(timer);
    this.#delays.clear();
    this.#reordered.clear();
  }

  #runUnlessStalled(job: () => void, onLost: (faultId: string) => void): void {
    this.updateStall();
    const stall = this.#stall;
    if (stall === undefined) job();
    else if (stall.fault === "hold") this.#held.push(job);
    else onLost(stall.id);
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

  /** Counts a frame that has overtaken `reordered`. After the last such frame, sends `reordered`. */
  #overtake(reordered: ReorderedFrame, behind = reordered.behind - 1): void {
    reordered.behind = behind;
    if (behind > 0 || !this.#reordered.delete(reordered)) return;
    clearTimeout(reordered.timer);
    this.#runUnlessStalled(reordered.send, () => undefined);
  }
}
