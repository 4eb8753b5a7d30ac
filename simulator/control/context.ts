/** What the handlers work with. */
import type { IncomingMessage } from "node:http";
import { addressOf } from "../address";
import type { Contact, Participant } from "../contact";
import type { Engine } from "../engine";
import type { Item, ParticipantRole } from "../items";
import type { ContactScript } from "../script";
import { ControlError } from "./errors";
import type { EventStreams } from "./event-streams";
import type { StreamPlayer } from "./stream-player";
import type { TrafficLog } from "./traffic-log";

export interface ContextParts {
  readonly engine: Engine;
  readonly traffic: TrafficLog;
  readonly streams: EventStreams;
  readonly player: StreamPlayer;
  readonly url: () => string;
  readonly restart: (downMs: number) => Promise<void>;
  readonly clearRequests: () => void;
}

/**
 * Who sends an item: a participant by ID, the first participant with a role, or a made-up participant with that role.
 */
export interface SpeakerInput {
  role?: ParticipantRole;
  participantId?: string;
  displayName?: string;
}

type Speaker = Pick<Item, "ParticipantRole" | "ParticipantId" | "DisplayName">;

export class Context {
  readonly parts: ContextParts;
  /** ISO 8601. */
  readonly startedAt: string;

  constructor(parts: ContextParts) {
    this.parts = parts;
    this.startedAt = new Date(parts.engine.now()).toISOString();
  }

  get engine(): Engine {
    return this.parts.engine;
  }

  /** The simulator's address as the caller sees it. */
  addressFor(request: IncomingMessage): string {
    return addressOf(request, this.parts.url());
  }

  /** Returns a contact whose chat hasn't ended. */
  chat(contactId: string): { contact: Contact; script: ContactScript } {
    const contact = this.engine.contactOf(contactId);
    if (contact.ended) throw new ControlError("Conflict", `The chat of contact ${contactId} has ended.`);
    return { contact, script: this.engine.script(contactId) };
  }

  /** Returns a participant who is in the chat. */
  participant(contact: Contact, participantId: string): Participant {
    const found = contact.participants.find((each) => each.participantId === participantId);
    if (!found) {
      const { contactId } = contact;
      throw new ControlError("NotFound", `Contact ${contactId} has no participant ${participantId}.`);
    }
    if (found.left) throw new ControlError("Conflict", `Participant ${participantId} has left the chat.`);
    return found;
  }

  /** Returns the participant with an ID, or the first participant with a role; null if nobody has the role. */
  byRole(contact: Contact, { participantId, role }: SpeakerInput): Participant | null {
    if (participantId !== undefined) return this.participant(contact, participantId);
    return contact.participants.find((each) => each.role === role && !each.left) ?? null;
  }

  /** Returns an item's sender, which is a participant in the chat or a made-up participant. */
  speaker(contact: Contact, { displayName, ...input }: SpeakerInput & { role: ParticipantRole }): Speaker {
    const participant = this.byRole(contact, input);
    const role = participant?.role ?? input.role;
    return {
      ParticipantRole: role,
      ParticipantId: participant?.participantId ?? `${role.toLowerCase()}-of-${contact.contactId}`,
      DisplayName: displayName ?? participant?.displayName ?? role,
    };
  }
}
