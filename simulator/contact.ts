/** One contact: its participants, its transcript, and what others do with what its clients send. */
import { EVENT, newId, Transcript, type Item, type ParticipantRole, type Receipt } from "./items";

export interface Participant {
  readonly participantId: string;
  readonly role: ParticipantRole;
  displayName: string;
  readonly participantToken: string;
  readonly contact: Contact;
  /** Whether its joining was told. */
  joined: boolean;
  left: boolean;
}

/** Is told what a participant's client has sent: a message, or an attachment. */
export type SaidListener = (item: Item) => unknown;

/** Is called when somebody disconnects who would end the chat, with that participant's role. */
export type DisconnectFlow = (by: ParticipantRole) => unknown;

/** Sends an item to all sockets of the contact's participants. */
export type FanOut = (contact: Contact, item: Item) => void;

export class Contact {
  readonly contactId: string;
  readonly initialContactId: string;
  readonly transcript = new Transcript();
  readonly participants: Participant[] = [];
  readonly #now: () => number;
  readonly #fanOut: FanOut;
  readonly #saidListeners = new Set<SaidListener>();
  readonly #disconnectFlows = new Set<DisconnectFlow>();
  #inDisconnectFlow = false;
  #lastTime = 0;
  ended = false;
  /** The session of the authentication under way. */
  authenticationSessionId: string | null = null;

  constructor(now: () => number, fanOut: FanOut) {
    this.contactId = this.initialContactId = newId();
    this.#now = now;
    this.#fanOut = fanOut;
  }

  /** Strictly later than every time given before, so that the order of items is the order of their times. */
  timestamp(): string {
    this.#lastTime = Math.max(this.#now(), this.#lastTime + 1);
    return new Date(this.#lastTime).toISOString();
  }

  get activeParticipants(): Participant[] {
    return this.participants.filter(({ joined, left }) => joined && !left);
  }

  /** Makes an item, keeps it if transcripts hold its kind, and sends it to everybody, its sender included. */
  add(partial: Partial<Item> & Pick<Item, "Type" | "ContentType">, by?: Participant, stored = true): Item {
    const item: Item = {
      Id: newId(),
      AbsoluteTime: this.timestamp(),
      ...(by && { ParticipantId: by.participantId, ParticipantRole: by.role, DisplayName: by.displayName }),
      ContactId: this.contactId,
      InitialContactId: this.initialContactId,
      ...partial,
    };
    if (stored) this.transcript.add(item);
    this.#fanOut(this, item);
    return item;
  }

  /** What a client says. Who listens hears of it once the call's answer is on its way, so that a reply comes after it. */
  say(partial: Partial<Item> & Pick<Item, "Type" | "ContentType">, by: Participant): Item {
    const item = this.add(partial, by);
    for (const listener of this.#saidListeners) setImmediate(() => void listener(structuredClone(item)));
    return item;
  }

  onSaid(listener: SaidListener): () => void {
    const own: SaidListener = (item) => listener(item);
    this.#saidListeners.add(own);
    return () => void this.#saidListeners.delete(own);
  }

  event(name: string, by?: Participant, content?: string): Item {
    return this.add(
      { Type: "EVENT", ContentType: `${EVENT}${name}`, ...(content !== undefined && { Content: content }) },
      by,
    );
  }

  /** Tells that a participant is there, once. */
  join(participant: Participant): void {
    if (participant.joined || this.ended) return;
    participant.joined = true;
    this.event("participant.joined", participant);
  }

  /** One who leaves a chat of two ends it; so does the customer always. */
  leave(participant: Participant): void {
    if (participant.left || this.ended) return;
    this.event("participant.left", participant);
    // Who leaves hears of the end as well, so it counts as gone only then.
    if (this.#endsWithout(participant)) this.end();
    participant.left = true;
  }

  #endsWithout(participant: Participant): boolean {
    const others = this.activeParticipants.filter((each) => each !== participant);
    return participant.role === "CUSTOMER" || others.length <= 1;
  }

  /** Calls `flow` instead of ending the chat when a participant disconnects. Returns the function that removes it. */
  onDisconnect(flow: DisconnectFlow): () => void {
    const own: DisconnectFlow = (by) => flow(by);
    this.#disconnectFlows.add(own);
    return () => void this.#disconnectFlows.delete(own);
  }

  /** DisconnectParticipant: the caller leaves; where that would end the chat, the disconnect flow runs first, if there is one. */
  disconnect(participant: Participant): void {
    const runsFlow = this.#disconnectFlows.size > 0 && !this.#inDisconnectFlow;
    if (!runsFlow || !this.#endsWithout(participant)) {
      this.leave(participant);
      return;
    }
    this.#inDisconnectFlow = true;
    for (const each of this.participants) {
      if (each.role === "CUSTOMER" || each.left) continue;
      if (each.joined) this.event("participant.left", each);
      each.left = true;
    }
    // As in say(): the flow acts after the call is answered.
    for (const flow of this.#disconnectFlows) setImmediate(() => void flow(participant.role));
  }

  initiateAuthentication(sessionId: string): void {
    this.authenticationSessionId = sessionId;
    this.event("authentication.initiated", undefined, JSON.stringify({ SessionId: sessionId }));
  }

  /** How the authentication under way came out. */
  endAuthentication(name: string, by?: Participant): Item {
    this.authenticationSessionId = null;
    return this.event(name, by);
  }

  end(): void {
    if (this.ended) return;
    this.event("chat.ended");
    this.ended = true;
  }

  /** A receipt for a message: remembered at the message, and sent as an item of its own. */
  receipt(kind: "read" | "delivered", messageId: string, by: Participant, withContactIds: boolean): Item {
    const time = this.timestamp();
    const message = this.transcript.find(messageId);
    const known = message?.MessageMetadata?.Receipts?.find(
      (each) => each.RecipientParticipantId === by.participantId,
    );
    const receipt: Receipt = {
      ...known,
      RecipientParticipantId: by.participantId,
      ...(kind === "read" ? { ReadTimestamp: time } : { DeliveredTimestamp: time }),
    };
    if (message) {
      const others = (message.MessageMetadata?.Receipts ?? []).filter((each) => each !== known);
      message.MessageMetadata = { MessageId: messageId, Receipts: [...others, receipt] };
    }
    const item: Item = {
      Id: newId(),
      AbsoluteTime: time,
      Type: "MESSAGEMETADATA",
      ContentType: `${EVENT}message.metadata`,
      MessageMetadata: { MessageId: messageId, Receipts: [receipt] },
      ...(withContactIds && { ContactId: this.contactId, InitialContactId: this.initialContactId }),
    };
    this.transcript.add(item);
    this.#fanOut(this, item);
    return item;
  }
}
