/** The service's in-memory state: contacts, participants and their tokens. */
import { randomBytes } from "node:crypto";
import { Contact, type FanOut, type Participant } from "./contact";
import { newId, type ParticipantRole } from "./items";

interface ConnectionToken {
  readonly participant: Participant;
  expiresAt: number;
}

/** All contacts, with their participants by token. */
export class Contacts {
  readonly #now: () => number;
  readonly #connectionTokenLifeMs: number;
  readonly #fanOut: FanOut;
  readonly #contacts = new Map<string, Contact>();
  readonly #byParticipantToken = new Map<string, Participant>();
  readonly #connectionTokens = new Map<string, ConnectionToken>();

  constructor(now: () => number, connectionTokenLifeMs: number, fanOut: FanOut) {
    this.#now = now;
    this.#connectionTokenLifeMs = connectionTokenLifeMs;
    this.#fanOut = fanOut;
  }

  create(): Contact {
    const contact = new Contact(this.#now, this.#fanOut);
    this.#contacts.set(contact.contactId, contact);
    return contact;
  }

  find(contactId: string): Contact | undefined {
    return this.#contacts.get(contactId);
  }

  participant(participantId: string): Participant | undefined {
    for (const { participants } of this.#contacts.values()) {
      const found = participants.find((each) => each.participantId === participantId);
      if (found) return found;
    }
    return undefined;
  }

  addParticipant(contact: Contact, role: ParticipantRole, displayName: string): Participant {
    const participant: Participant = {
      participantId: newId(),
      role,
      displayName,
      participantToken: newToken(),
      contact,
      joined: false,
      left: false,
    };
    contact.participants.push(participant);
    this.#byParticipantToken.set(participant.participantToken, participant);
    return participant;
  }

  byParticipantToken(token: string): Participant | undefined {
    return this.#byParticipantToken.get(token);
  }

  issueConnectionToken(participant: Participant): { token: string; expiry: string } {
    const token = newToken();
    const expiresAt = this.#now() + this.#connectionTokenLifeMs;
    this.#connectionTokens.set(token, { participant, expiresAt });
    return { token, expiry: new Date(expiresAt).toISOString() };
  }

  /** The token's participant; undefined if the token is unknown or expired. */
  byConnectionToken(token: string): Participant | undefined {
    const found = this.#connectionTokens.get(token);
    return found && found.expiresAt > this.#now() ? found.participant : undefined;
  }

  /** Expires the connection tokens of one participant, or all of them. */
  expireConnectionTokens(participantId?: string): void {
    for (const token of this.#connectionTokens.values()) {
      if (participantId === undefined || token.participant.participantId === participantId)
        token.expiresAt = 0;
    }
  }
}

export const newToken = (): string => randomBytes(48).toString("base64url");
