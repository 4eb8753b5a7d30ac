/** One contact: its participants, its transcript, and what others do with what its clients send. */
import {
  PROCESSED,
  type AttachmentScanner,
  type MessageProcessor,
  type ProcessingOptions,
} from "./decisions";
import {
  applyChanges,
  copyOf,
  EVENT,
  newId,
  Transcript,
  type AttachmentInfo,
  type Item,
  type ItemChanges,
  type ParticipantRole,
  type Receipt,
  type Viewer,
} from "./items";
import { setImmediate } from "./node-timers";

export interface Participant {
  readonly participantId: string;
  readonly role: ParticipantRole;
  displayName: string;
  readonly participantToken: string;
  readonly contact: Contact;
  /** Whether `participant.joined` was sent. */
  joined: boolean;
  left: boolean;
}

/** Called with what a participant's client has sent: a message, or an attachment. */
export type SaidListener = (item: Item) => unknown;

/** Called when a participant disconnects and the chat would end, with that participant's role. */
export type DisconnectFlow = (by: ParticipantRole) => unknown;

/** Sends an item to the sockets of all the contact's participants, or of those that one participant has. */
export type FanOut = (contact: Contact, item: Item, participantId?: string) => void;

type NewItem = Partial<Item> & Pick<Item, "Type" | "ContentType">;

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
  #processing: { readonly process: MessageProcessor; readonly announce: boolean } | null = null;
  #scan: AttachmentScanner | null = null;
  #lastTime = 0;
  ended = false;
  /** The session of the authentication in progress. */
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

  /** Makes an item, keeps it if transcripts hold its kind, and sends it to all who see it, its sender included. */
  add(partial: NewItem, by?: Participant, stored = true, viewer?: Viewer): Item {
    const item: Item = {
      Id: newId(),
      AbsoluteTime: this.timestamp(),
      ...(by && { ParticipantId: by.participantId, ParticipantRole: by.role, DisplayName: by.displayName }),
      ContactId: this.contactId,
      InitialContactId: this.initialContactId,
      ...partial,
    };
    if (stored) this.transcript.add(item, viewer);
    this.#send(item, viewer);
    return item;
  }

  /** Changes an item of the transcript and sends it again under its id; undefined if there is no such item. */
  change(id: string, changes: ItemChanges, viewer?: Viewer): Item | undefined {
    const item = this.transcript.find(id);
    if (!item) return undefined;
    applyChanges(item, changes);
    this.transcript.showTo(id, viewer);
    this.#send(item, viewer);
    return item;
  }

  /** Adds a message from a client. Where messages are processed, only its sender sees it until that is done. */
  say(partial: NewItem & Pick<Item, "Content">, by: Participant): Item {
    const processing = PROCESSED.includes(partial.ContentType) ? this.#processing : null;
    if (!processing) {
      const item = this.add(partial, by);
      this.#reportSaid(item);
      return item;
    }
    const { process, announce } = processing;
    const Id = newId();
    const MessageMetadata = { MessageId: Id, MessageProcessingStatus: "PROCESSING" } as const;
    const item = this.add({ Id, ...partial, MessageMetadata }, by, true, announce ? by.participantId : null);
    setImmediate(() => void this.#process(item, process, by));
    return item;
  }

  async #process(item: Item, process: MessageProcessor, by: Participant): Promise<void> {
    const { text, status } = await process(item.Content ?? "", copyOf(item));
    const changes = {
      ...(text !== undefined && { Content: text }),
      MessageMetadata: status ? { MessageId: item.Id, MessageProcessingStatus: status } : null,
    };
    this.#decided(item.Id, changes, status && by.participantId);
  }

  /** Adds an attachment from a client, whose upload is complete. It is approved at once unless a script scans files. */
  attach(file: Omit<AttachmentInfo, "Status">, by: Participant): void {
    const scan = this.#scan;
    const Attachments: AttachmentInfo[] = [{ ...file, Status: scan ? "IN_PROGRESS" : "APPROVED" }];
    const item = this.add({ Type: "ATTACHMENT", ContentType: file.ContentType, Attachments }, by);
    if (scan) setImmediate(() => void this.#scanFile(item, file, scan));
    else this.#reportSaid(item);
  }

  async #scanFile(item: Item, file: Omit<AttachmentInfo, "Status">, scan: AttachmentScanner): Promise<void> {
    const Status = await scan(copyOf(item));
    this.#decided(item.Id, { Attachments: [{ ...file, Status }] }, undefined, Status === "APPROVED");
  }

  /** Sets the processor of messages; it replaces the one before. Returns the function that removes it. */
  onProcessing(process: MessageProcessor, { announce = true }: ProcessingOptions): () => void {
    const own = { process, announce };
    this.#processing = own;
    return () => {
      if (this.#processing === own) this.#processing = null;
    };
  }

  /** Sets the scanner of attachments; it replaces the one before. Returns the function that removes it. */
  onScan(scan: AttachmentScanner): () => void {
    const own: AttachmentScanner = (item) => scan(item);
    this.#scan = own;
    return () => {
      if (this.#scan === own) this.#scan = null;
    };
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

  /** Sends `participant.joined`, once. */
  join(participant: Participant): void {
    if (participant.joined || this.ended) return;
    participant.joined = true;
    this.event("participant.joined", participant);
  }

  /** Removes a participant. The customer always ends the chat by leaving, others only a chat of two. */
  leave(participant: Participant): void {
    if (participant.left || this.ended) return;
    this.event("participant.left", participant);
    // The participant that leaves also receives the end, so it counts as gone only after that.
    if (this.#endsWithout(participant)) this.end();
    participant.left = true;
  }

  #send(item: Item, viewer: Viewer | undefined): void {
    if (viewer !== null) this.#fanOut(this, item, viewer);
  }

  /** Applies a decision about an item from a client, unless the chat has ended meanwhile. */
  #decided(id: string, changes: ItemChanges, viewer?: Viewer, isSaid = viewer === undefined): void {
    if (this.ended) return;
    const item = this.change(id, changes, viewer);
    if (item && isSaid) this.#reportSaid(item);
  }

  /** Calls the listeners once the call is answered, so that a reply comes after the answer. */
  #reportSaid(item: Item): void {
    for (const listener of this.#saidListeners) setImmediate(() => void listener(copyOf(item)));
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

  /** Handles DisconnectParticipant: the caller leaves, or the disconnect flow starts where that would end the chat. */
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

  /** The result of the authentication in progress. */
  endAuthentication(name: string, by?: Participant): Item {
    this.authenticationSessionId = null;
    return this.event(name, by);
  }

  end(): void {
    if (this.ended) return;
    this.event("chat.ended");
    this.ended = true;
  }

  /** A receipt for a message: stored at the message, and sent as a separate item. */
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
      message.MessageMetadata = {
        ...message.MessageMetadata,
        MessageId: messageId,
        Receipts: [...others, receipt],
      };
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
