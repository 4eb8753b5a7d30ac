/** The service's in-memory state: contacts, participants and their tokens. */
import { randomBytes } from "node:crypto";
import { Contact, type ContactIdentity, type ContactParts, type Participant } from "./contact";
import { ExpiringMap } from "./expiring-map";
import { newId } from "./items";
import { isHit, participantRef, type FaultTarget } from "./fault-rules";

interface ConnectionToken {
  readonly participant: Participant;
  expiresAt: number;
}

/** All contacts, with their participants by token. */
export class Contacts {
  readonly #parts: ContactParts;
  readonly #connectionTokenLifeMs: number;
  readonly #contacts = new Map<string, Contact>();
  readonly #byParticipantToken = new Map<string, Participant>();
  readonly #connectionTokens: ExpiringMap<ConnectionToken>;

  constructor(parts: ContactParts, connectionTokenLifeMs: number) {
    this.#parts = parts;
    this.#connectionTokenLifeMs = connectionTokenLifeMs;
    this.#connectionTokens = new ExpiringMap(parts.now);
  }

  create(identity: Partial<ContactIdentity> = {}): Contact {
    const contact = new Contact(this.#parts, identity);
    this.#contacts.set(contact.contactId, contact);
    return contact;
  }

  /** Returns empty contacts of the same service, to fill and then adopt. */
  fresh(): Contacts {
    return new Contacts(this.#parts, this.#connectionTokenLifeMs);
  }

  /** Replaces all contacts and tokens with those of `next`. */
  adopt(next: Contacts): void {
    this.clear();
    for (const [id, contact] of next.#contacts) this.#contacts.set(id, contact);
    for (const [token, participant] of next.#byParticipantToken)
      this.#byParticipantToken.set(token, participant);
    for (const [token, owner] of next.#connectionTokens.entries()) this.#connectionTokens.set(token, owner);
  }

  /** Oldest first. */
  get all(): Contact[] {
    return [...this.#contacts.values()];
  }

  /** Forgets all contacts and their tokens. Nobody receives later events in these contacts. */
  clear(): void {
    for (const contact of this.#contacts.values()) contact.abandon();
    this.#contacts.clear();
    this.#byParticipantToken.clear();
    this.#connectionTokens.clear();
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

  addParticipant(
    contact: Contact,
    fields: Pick<Participant, "role" | "displayName"> & Partial<Omit<Participant, "contact">>,
  ): Participant {
    const participant: Participant = {
      participantId: newId(),
      participantToken: newToken(),
      joined: false,
      left: false,
      isPlayed: false,
      ...fields,
      contact,
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
    const expiresAt = this.#parts.now() + this.#connectionTokenLifeMs;
    this.#connectionTokens.set(token, { participant, expiresAt });
    return { token, expiry: new Date(expiresAt).toISOString() };
  }

  /** The connection tokens that haven't expired. */
  get connectionTokens(): { token: string; participantId: string; expiresAt: number }[] {
    const now = this.#parts.now();
    return [...this.#connectionTokens.entries()]
      .filter(([, { expiresAt }]) => expiresAt > now)
      .map(([token, { participant, expiresAt }]) => ({
        token,
        participantId: participant.participantId,
        expiresAt,
      }));
  }

  restoreConnectionToken(token: string, participant: Participant, expiresAt: number): void {
    this.#connectionTokens.set(token, { participant, expiresAt });
  }

  /** The token's participant; undefined if the token is unknown or expired. */
  byConnectionToken(token: string): Participant | undefined {
    const found = this.#connectionTokens.get(token);
    return found && found.expiresAt > this.#parts.now() ? found.participant : undefined;
  }

  /** Expires the connection tokens of a contact's participants, of one or more participants, or of everybody. */
  expireConnectionTokens(target: FaultTarget): void {
    for (const token of this.#connectionTokens.values()) {
      if (isHit(target, [participantRef(token.participant)])) token.expiresAt = 0;
    }
  }
}

export const newToken = (): string => randomBytes(48).toString("base64url");
