/** What others say and do in a contact, as a test's or a demo's script. */
import type { Contact, Participant } from "./contact";
import type { AttachmentScanner, MessageProcessor, ProcessingOptions } from "./decisions";
import { Refusal } from "./http";
import { EVENT, newId, type Item, type ItemChanges, type ParticipantRole } from "./items";
import { Answer, type StreamedAnswer } from "./streamed-answer";

/** An agent's part in a contact, as an agent's page would have it. */
export interface AgentConnection {
  contactId: string;
  initialContactId: string;
  participantId: string;
  participantToken: string;
  connectionToken: string;
  /** ISO 8601. */
  connectionTokenExpiry: string;
  displayName: string;
}

/** An authentication of the customer; GetAuthenticationUrl and CancelParticipantAuthentication act on the one under way. */
export interface AuthenticationScript {
  /** The session id of the one under way; null without one. */
  readonly sessionId: string | null;
  initiate(sessionId?: string): { sessionId: string };
  succeed(): Item;
  fail(): Item;
  timeOut(): Item;
  expire(): Item;
}

/** A contact, to be scripted: what others say and do in it. */
export interface ContactScript {
  readonly contactId: string;
  readonly ended: boolean;
  /** All items that transcripts hold, oldest first. */
  readonly transcript: readonly Readonly<Item>[];
  /**
   * A bot, or an agent, in a few lines: `reply` is called with each message and attachment that a client sends, after its
   * answer; not with what scripts say. What it throws is not caught, so that a test fails. Returns what takes it off.
   */
  onMessage(reply: (item: Readonly<Item>) => unknown): () => void;
  /**
   * A disconnect flow, such as a survey. Where DisconnectParticipant would end the chat, `script` is called after the
   * call's answer, with the contact and the role of the participant that disconnected, and the chat goes on until the
   * script calls `end()`. Agents leave; the customer's socket and tokens stay valid. If the customer disconnects again
   * while the flow runs, the chat ends. What the script throws is not caught. Returns the function that removes the script.
   */
  onDisconnect(script: (contact: ContactScript, by: ParticipantRole) => unknown): () => void;
  /**
   * Message processing, such as redaction: `process` is called with each message that a client sends, after its answer,
   * and decides what everybody receives. The answer says PROCESSING; the sender's sockets and transcript get the message
   * as PROCESSING, unless `announce` is false; then the same Id comes with the result: to everybody, or with `status`
   * FAILED or REJECTED to the sender alone. Applies to `text/plain`, `text/markdown` and `application/json`; not to what
   * scripts say. What `process` throws is not caught. Returns the function that removes it.
   */
  onProcessing(process: MessageProcessor, options?: ProcessingOptions): () => void;
  /**
   * Scanning: `scan` is called with each attachment that a client sends, after its answer. The attachment is IN_PROGRESS
   * until `scan` decides, and cannot be downloaded unless it is approved. What `scan` throws is not caught. Returns the
   * function that removes it.
   */
  onScan(scan: AttachmentScanner): () => void;
  /**
   * A later form of an item: changes it in the transcript, and sends it again under its Id to everybody. A field that is
   * null is removed. Throws if the transcript has no such item.
   */
  changeItem(id: string, changes: ItemChanges): Item;
  /** A message of the other side's: of the first participant of that role, or of a system without one. */
  say(text: string, by?: { role?: ParticipantRole; displayName?: string; contentType?: string }): Item;
  /** An event by the end of its content type, such as `participant.idle` or `typing`. */
  event(name: string, by?: { role?: ParticipantRole; content?: string }): Item;
  /** A receipt of the other side's for a message. */
  receipt(kind: "read" | "delivered", messageId: string, by?: { role?: ParticipantRole }): Item;
  /** Any item whatsoever; what it leaves out is filled in. */
  sendItem(item: Partial<Item> & Pick<Item, "Type" | "ContentType">): Item;
  /** A bot's answer that streams: it holds the pieces, and sends them as it is told. */
  stream(pieces: readonly string[], by?: { displayName?: string }): StreamedAnswer;
  /** The contact goes to another agent, who has it once it acknowledges; the one before has left. */
  transfer(to?: { displayName?: string }): AgentConnection;
  /** A transfer that nobody took. */
  failTransfer(): Item;
  /** The authentication flow: what the customer is asked, and how it comes out. */
  readonly authentication: AuthenticationScript;
  /** A participant has said nothing for long, … */
  idle(by?: { role?: ParticipantRole }): Item;
  /** … is back, … */
  returned(by?: { role?: ParticipantRole }): Item;
  /** … or is put out of the chat: its leaving follows, and with the customer's the end. */
  autoDisconnect(by?: { role?: ParticipantRole }): Item;
  /** What a participant says from now on is said under another name. */
  rename(displayName: string, by?: { role?: ParticipantRole }): Item;
  /** The chat goes on from an earlier one: that one's items come first in transcripts, with the ids of their own contact. */
  rehydrate(from?: ContactScript): Item;
  end(): void;
}

/** What a script reaches beyond its contact. */
export interface Surroundings {
  closeEnded(): void;
  receiptNamesContact(): boolean;
  joinAgent(displayName: string): AgentConnection;
}

export class Script implements ContactScript {
  readonly #contact: Contact;
  readonly #around: Surroundings;

  constructor(contact: Contact, around: Surroundings) {
    this.#contact = contact;
    this.#around = around;
  }

  get contactId(): string {
    return this.#contact.contactId;
  }

  get ended(): boolean {
    return this.#contact.ended;
  }

  get transcript(): readonly Item[] {
    return this.#contact.transcript.items;
  }

  onMessage(reply: (item: Readonly<Item>) => unknown): () => void {
    return this.#contact.onSaid(reply);
  }

  onDisconnect(script: (contact: ContactScript, by: ParticipantRole) => unknown): () => void {
    return this.#contact.onDisconnect((by) => script(this, by));
  }

  onProcessing(process: MessageProcessor, options: ProcessingOptions = {}): () => void {
    return this.#contact.onProcessing(process, options);
  }

  onScan(scan: AttachmentScanner): () => void {
    return this.#contact.onScan(scan);
  }

  changeItem(id: string, changes: ItemChanges): Item {
    const item = this.#contact.change(id, changes);
    if (!item) throw new Refusal(404, `The transcript has no item ${id}.`);
    return item;
  }

  say(
    text: string,
    {
      role = "AGENT",
      displayName,
      contentType = "text/plain",
    }: { role?: ParticipantRole; displayName?: string; contentType?: string } = {},
  ): Item {
    return this.#contact.add({
      Type: "MESSAGE",
      ContentType: contentType,
      Content: text,
      ...this.#speaker(role, displayName),
    });
  }

  event(name: string, { role, content }: { role?: ParticipantRole; content?: string } = {}): Item {
    return this.#contact.add(
      {
        Type: "EVENT",
        ContentType: `${EVENT}${name}`,
        ...(role && this.#speaker(role)),
        ...(content !== undefined && { Content: content }),
      },
      undefined,
      name !== "typing",
    );
  }

  receipt(
    kind: "read" | "delivered",
    messageId: string,
    { role = "AGENT" }: { role?: ParticipantRole } = {},
  ): Item {
    return this.#contact.receipt(
      kind,
      messageId,
      this.#participant(role),
      this.#around.receiptNamesContact(),
    );
  }

  sendItem(item: Partial<Item> & Pick<Item, "Type" | "ContentType">): Item {
    return this.#contact.add(item);
  }

  stream(pieces: readonly string[], { displayName }: { displayName?: string } = {}): StreamedAnswer {
    return new Answer(this.#contact, pieces, this.#speaker("SYSTEM", displayName));
  }

  transfer({ displayName = "Agent" }: { displayName?: string } = {}): AgentConnection {
    const before = this.#contact.participants.find(({ role, left }) => role === "AGENT" && !left);
    if (this.#contact.ended) throw new Refusal(409, "The contact has ended.");
    this.#contact.event("transfer.succeeded", before);
    if (before) {
      this.#contact.event("participant.left", before);
      // The chat goes on with the next agent, though it had but two participants.
      before.left = true;
      this.#around.closeEnded();
    }
    return this.#around.joinAgent(displayName);
  }

  failTransfer(): Item {
    return this.#contact.event(
      "transfer.failed",
      this.#contact.participants.find(({ role, left }) => role === "AGENT" && !left),
    );
  }

  get authentication(): AuthenticationScript {
    const contact = this.#contact;
    const end = (name: string): Item => contact.endAuthentication(name);
    return {
      get sessionId() {
        return contact.authenticationSessionId;
      },
      initiate: (sessionId = newId()) => {
        contact.initiateAuthentication(sessionId);
        return { sessionId };
      },
      succeed: () => end("authentication.succeeded"),
      fail: () => end("authentication.failed"),
      timeOut: () => end("authentication.timeout"),
      expire: () => end("authentication.expired"),
    };
  }

  idle({ role = "CUSTOMER" }: { role?: ParticipantRole } = {}): Item {
    return this.#contact.event("participant.idle", this.#participant(role));
  }

  returned({ role = "CUSTOMER" }: { role?: ParticipantRole } = {}): Item {
    return this.#contact.event("participant.returned", this.#participant(role));
  }

  autoDisconnect({ role = "CUSTOMER" }: { role?: ParticipantRole } = {}): Item {
    const participant = this.#participant(role);
    const item = this.#contact.event("participant.autodisconnection", participant);
    this.#contact.leave(participant);
    this.#around.closeEnded();
    return item;
  }

  rename(displayName: string, { role = "AGENT" }: { role?: ParticipantRole } = {}): Item {
    const participant = this.#participant(role);
    participant.displayName = displayName;
    return this.#contact.event(
      "participant.displayname.updated",
      participant,
      JSON.stringify({ displayName }),
    );
  }

  rehydrate(from?: ContactScript): Item {
    if (from) this.#contact.transcript.precede(from.transcript);
    return this.#contact.event(
      "chat.rehydrated",
      undefined,
      from && JSON.stringify({ RehydratedFrom: from.contactId }),
    );
  }

  end(): void {
    this.#contact.end();
    this.#around.closeEnded();
  }

  #participant(role: ParticipantRole): Participant {
    const participant = this.#contact.participants.find((each) => each.role === role && !each.left);
    if (!participant) throw new Refusal(404, `Nobody of role ${role} is in the chat.`);
    return participant;
  }

  #speaker(role: ParticipantRole, displayName?: string): Partial<Item> {
    const participant = this.#contact.participants.find((each) => each.role === role);
    return {
      ParticipantRole: role,
      ParticipantId: participant?.participantId ?? `${role.toLowerCase()}-of-${this.#contact.contactId}`,
      DisplayName: displayName ?? participant?.displayName ?? role,
    };
  }
}
