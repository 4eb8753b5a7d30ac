/** The most recent calls, uploads, downloads, socket events and frames. */
import type { ParticipantRef } from "../fault-rules";
import type { ParticipantRole } from "../items";
import type { SimulatorEvent } from "../observer";
import { redacted } from "./redact";
import type { TrafficEntry } from "./types";

const MAX_ENTRIES = 5_000;
const DEFAULT_LIMIT = 1_000;

export interface TrafficQuery {
  contactId?: string;
  sinceNumber?: number;
  limit?: number;
}

export type RoleOf = (participantId: string) => ParticipantRole | null;

type NewEntry = Omit<TrafficEntry, "number" | "contactId" | "participantId" | "role" | "at">;

export class TrafficLog {
  readonly #roleOf: RoleOf;
  #entries: TrafficEntry[] = [];
  #last = 0;

  constructor(roleOf: RoleOf) {
    this.#roleOf = roleOf;
  }

  /** Records an event. Returns the new entries. A socket's event has one entry for each of the socket's owners. */
  record(event: SimulatorEvent): readonly TrafficEntry[] {
    const added = this.#entriesOf(event);
    this.#entries.push(...added);
    if (this.#entries.length > MAX_ENTRIES) this.#entries = this.#entries.slice(-MAX_ENTRIES);
    return added;
  }

  list({ contactId, sinceNumber = 0, limit = DEFAULT_LIMIT }: TrafficQuery): {
    entries: TrafficEntry[];
    next: number;
  } {
    const entries = this.#entries
      .filter(
        (each) => each.number > sinceNumber && (contactId === undefined || each.contactId === contactId),
      )
      .slice(0, limit);
    const isComplete = entries.length < limit;
    return { entries, next: isComplete ? this.#last : (entries.at(-1)?.number ?? sinceNumber) };
  }

  clear(): void {
    this.#entries = [];
  }

  #entriesOf(event: SimulatorEvent): TrafficEntry[] {
    switch (event.kind) {
      case "call": {
        const { caller, at, operation, status, durationMs, request, response, origin, faultId } = event;
        return this.#add(caller ? [caller] : [], at, {
          ...({ kind: "call", direction: "in", name: operation, status, durationMs } as const),
          request: redacted(request),
          ...(response !== undefined && { response: redacted(response) }),
          ...(origin !== undefined && { origin }),
          ...faultOf(faultId),
        });
      }
      case "storage": {
        const { owner, at, action, status, durationMs, name, faultId } = event;
        return this.#add(owner ? [owner] : [], at, {
          ...({ kind: "storage", direction: "in", name: action, status, durationMs } as const),
          ...(name !== null && { request: { name } }),
          ...faultOf(faultId),
        });
      }
      case "socket": {
        const { owners, at, what, socket, code } = event;
        return this.#add(owners, at, {
          ...({ kind: "socket", direction: null, name: what, request: { socket } } as const),
          ...(code !== undefined && { status: code }),
        });
      }
      case "refusal": {
        const { owners, at, status, faultId } = event;
        return this.#add(owners, at, {
          ...({ kind: "socket", direction: null, name: "refused", request: { of: event.of } } as const),
          ...(status !== undefined && { status }),
          ...faultOf(faultId),
        });
      }
      case "itemFrame": {
        const { owners, contactId, at, item, outcome, text, socket, faultId } = event;
        const recipients = owners.filter((each) => each.contactId === contactId);
        return this.#add(recipients, at, {
          ...({ kind: "frame", direction: "out", name: item.ContentType } as const),
          request: { socket, outcome },
          response: outcome === "changed" ? redacted(text) : redacted(item),
          ...faultOf(faultId),
        });
      }
      case "frame": {
        const { owners, at, direction, frame } = event;
        return this.#add(owners, at, {
          ...({ kind: "frame", direction, name: topicOf(frame) } as const),
          [direction === "in" ? "request" : "response"]: redacted(frame),
        });
      }
      case "contact":
      case "item":
      case "fault":
      case "reset":
        return [];
      default:
        return event satisfies never;
    }
  }

  /**
   * Adds one entry for each participant, so that the entry shows in each contact's traffic. Without participants, adds
   * one entry.
   */
  #add(participants: readonly ParticipantRef[], at: number, entry: NewEntry): TrafficEntry[] {
    const all = participants.length === 0 ? [null] : participants;
    return all.map((each) => ({
      number: (this.#last += 1),
      at: new Date(at).toISOString(),
      contactId: each?.contactId ?? null,
      participantId: each?.participantId ?? null,
      role: each && this.#roleOf(each.participantId),
      ...entry,
    }));
  }
}

const faultOf = (fault: string | undefined): { fault?: string } => (fault === undefined ? {} : { fault });

function topicOf(frame: unknown): string {
  const topic: unknown =
    typeof frame === "object" && frame !== null ? Reflect.get(frame, "topic") : undefined;
  return typeof topic === "string" ? topic : "unknown";
}
