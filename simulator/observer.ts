/** The simulator's events. Its observers are the recorded traffic, waits, and the control API. */
import type { ParticipantRef } from "./fault-rules";
import type { Item, Viewer } from "./items";
import { internalProblem, type ReportProblem } from "./problems";

/** Whether a frame was sent unchanged (`whole`), sent with a different text, or never sent. */
export type FrameOutcome = "whole" | "changed" | "lost";

export type SimulatorEvent =
  | {
      readonly kind: "contact";
      /** `changed`: a participant was added, joined, left or was renamed. */
      readonly what: "started" | "changed" | "ended";
      readonly contactId: string;
    }
  | {
      /** A new item, or the new state of an item with the same Id. */
      readonly kind: "item";
      readonly contactId: string;
      readonly item: Readonly<Item>;
      /** The only participant who sees the item, or null for nobody. If undefined, everybody sees it. */
      readonly viewer?: Viewer;
    }
  | {
      /** An answered, refused or cut call. */
      readonly kind: "call";
      readonly operation: string;
      readonly caller: ParticipantRef | null;
      readonly at: number;
      readonly durationMs: number;
      /** 0 if the connection was cut. */
      readonly status: number;
      readonly request: unknown;
      readonly response: unknown;
      /** The origin of the page that made the call. */
      readonly origin?: string;
      readonly faultId?: string;
    }
  | {
      /** An upload or download. */
      readonly kind: "storage";
      readonly action: "put" | "get";
      readonly owner: ParticipantRef | null;
      readonly at: number;
      readonly durationMs: number;
      readonly status: number;
      readonly name: string | null;
      readonly faultId?: string;
    }
  | {
      readonly kind: "socket";
      readonly what: "opened" | "subscribed" | "closed";
      /** Counts from 1. */
      readonly socket: number;
      readonly owners: readonly ParticipantRef[];
      readonly at: number;
      /** The close code. */
      readonly code?: number;
    }
  | {
      /** An upgrade or a subscription that was refused. */
      readonly kind: "refusal";
      readonly of: "socket" | "subscription";
      readonly owners: readonly ParticipantRef[];
      readonly at: number;
      /** The HTTP status of a refused upgrade. */
      readonly status?: number;
      readonly faultId?: string;
    }
  | {
      /** A copy of an item for one socket. */
      readonly kind: "itemFrame";
      readonly socket: number;
      readonly owners: readonly ParticipantRef[];
      readonly contactId: string;
      readonly item: Readonly<Item>;
      readonly at: number;
      readonly outcome: FrameOutcome;
      /** The text that was sent; null if the frame was lost. */
      readonly text: string | null;
      readonly faultId?: string;
    }
  | {
      /** Any other frame. */
      readonly kind: "frame";
      readonly direction: "in" | "out";
      readonly owners: readonly ParticipantRef[];
      readonly at: number;
      readonly frame: unknown;
    }
  | { readonly kind: "fault"; readonly what: "added" | "removed"; readonly faultId: string }
  | { readonly kind: "reset"; readonly reason: "reset" | "restored" };

/** Calls that only read the state. */
const READS: ReadonlySet<string> = new Set(["GetTranscript", "GetAttachment", "DescribeView"]);

/** Whether an event may change what a snapshot contains. */
export function isStateChange(event: SimulatorEvent): boolean {
  switch (event.kind) {
    case "contact":
    case "item":
    case "reset":
      return true;
    case "call":
      return !READS.has(event.operation);
    case "storage":
      return event.action === "put";
    case "socket":
    case "refusal":
    case "itemFrame":
    case "frame":
    case "fault":
      return false;
    default:
      return event satisfies never;
  }
}

export interface SimulatorObserver {
  observe(event: SimulatorEvent): void;
}

export class Observers {
  readonly #observers = new Set<SimulatorObserver>();
  readonly #reportProblem: ReportProblem;

  constructor(reportProblem: ReportProblem) {
    this.#reportProblem = reportProblem;
  }

  /** Returns the function that removes the observer. */
  add(observer: SimulatorObserver): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  /** Never throws, because an observer's error must not change what the service does or close a socket. */
  report(event: SimulatorEvent): void {
    for (const observer of this.#observers) {
      try {
        observer.observe(event);
      } catch (error) {
        this.#reportProblem(internalProblem(`An observer of the event "${event.kind}"`, error));
      }
    }
  }
}
