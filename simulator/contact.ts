/** One contact: its participants, its transcript, and the processing of clients' messages and attachments. */
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
import type { SimulatorEvent } from "./observer";

export interface Participant {
  readonly participantId: string;
  readonly role: ParticipantRole;
  displayName: string;
  readonly participantToken: string;
  readonly contact: Contact;
  /** Whether `participant.joined` has been sent. */
  joined: boolean;
  left: boolean;
  /** Whether the control API plays the participant, so that no page is needed. */
  isPlayed: boolean;
}

/** Called with each message and attachment from a client. */
export type ClientItemListener = (item: Item) => unknown;

/** Called with a participant's role when that participant disconnects and the chat would end. */
export type DisconnectFlow = (by: ParticipantRole) => unknown;

/** Sends an item to the sockets of all participants of the contact, or of one. */
export type FanOut = (contact: Contact, item: Item, participantId?: string) => void;

/** A contact's identity, which is new or comes from a snapshot. */
export interface ContactIdentity {
  readonly contactId: string;
  readonly initialContactId: string;
  readonly startedAt: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly transcriptId: string;
}

export interface ContactParts {
  readonly now: () => number;
  readonly fanOut: FanOut;
  readonly report: (event: SimulatorEvent) => void;
}

type NewItem = Partial<Item> & Pick<Item, "Type" | "ContentType">;

export class Contact {
  readonly contactId: string;
  readonly initialContactId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly transcript: Transcript;
  readonly participants: Participant[] = [];
  readonly #now: () => number;
  readonly #fanOut: FanOut;
  readonly #report: (event: SimulatorEvent) => void;
  readonly #clientItemListeners = new Set<ClientItemListener>();
  readonly #disconnectFlows = new Set<DisconnectFlow>();
  #inDisconnectFlow = false;
  #processing: { readonly process: MessageProcessor; readonly announce: boolean } | null = null;
  #scan: AttachmentScanner | null = null;
  #lastTime = 0;
  ended = false;
  /** The session of the authentication in progress. */
  authenticationSessionId: string | null = null;

  constructor({ now, fanOut, report }: ContactParts, identity: Partial<ContactIdentity> = {}) {
    this.contactId = identity.contactId ?? newId();
    this.initialContactId = identity.initialContactId ?? this.contactId;
    this.startedAt = identity.startedAt ?? new Date(now()).toISOString();
    this.attributes = identity.attributes ?? {};
    this.transcript = new Transcript(identity.transcriptId);
    this.#now = now;
    this.#fanOut = fanOut;
    this.#report = report;
  }

  /**
   * Returns a time later than all earlier timestamps, so that sorting items by time keeps the order they were added in.
   */
  timestamp(): string {
    this.#lastTime = Math.max(this.#now(), this.#lastTime + 1);
    return new Date(this.#lastTime).toISOString();
  }

  get activeParticipants(): Participant[] {
    return this.participants.filter(({ joined, left }) => joined && !left);
  }

  /**
   * Creates an item, stores it unless `stored` is false, and sends it to everybody who may see it, including the
   * sender.
   */
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

  /** Changes a transcript item and sends it again under the same ID. Returns undefined if there is no such item. */
  change(id: string, changes: ItemChanges, viewer?: Viewer): Item | undefined {
    const item = this.transcript.find(id);
    if (!item) return undefined;
    applyChanges(item, changes);
    this.transcript.showTo(id, viewer);
    this.#send(item, viewer);
    return item;
  }

  /** Adds a client's message. If messages are processed, only the sender sees the message until processing is done. */
  say(partial: NewItem & Pick<Item, "Content">, by: Participant): Item {
    const processing = PROCESSED.includes(partial.ContentType) ? this.#processing : null;
    if (!processing) {
      const item = this.add(partial, by);
      this.#reportClientItem(item);
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
    this.#applyDecision(item.Id, changes, status && by.participantId);
  }

  /** Adds a client's uploaded attachment. The attachment is approved immediately unless a script scans attachments. */
  attach(file: Omit<AttachmentInfo, "Status">, by: Participant): void {
    const scan = this.#scan;
    const Attachments: AttachmentInfo[] = [{ ...file, Status: scan ? "IN_PROGRESS" : "APPROVED" }];
    const item = this.add({ Type: "ATTACHMENT", ContentType: file.ContentType, Attachments }, by);
    if (scan) setImmediate(() => void this.#scanFile(item, file, scan));
    else this.#reportClientItem(item);
  }

  async #scanFile(item: Item, file: Omit<AttachmentInfo, "Status">, scan: AttachmentScanner): Promise<void> {
    const Status = await scan(copyOf(item));
    this.#applyDecision(item.Id, { Attachments: [{ ...file, Status }] }, undefined, Status === "APPROVED");
  }

  /** Sets the message processor, replacing the previous one. Returns the function that removes it. */
  onProcessing(process: MessageProcessor, { announce = true }: ProcessingOptions): () => void {
    const added = { process, announce };
    this.#processing = added;
    return () => {
      if (this.#processing === added) this.#processing = null;
    };
  }

  /** Sets the attachment scanner, replacing the previous one. Returns the function that removes it. */
  onScan(scan: AttachmentScanner): () => void {
    const added: AttachmentScanner = (item) => scan(item);
    this.#scan = added;
    return () => {
      if (this.#scan === added) this.#scan = null;
    };
  }

  onClientItem(listener: ClientItemListener): () => void {
    const added: ClientItemListener = (item) => listener(item);
    this.#clientItemListeners.add(added);
    return () => void this.#clientItemListeners.delete(added);
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
    this.#reportChange();
  }

  /** Removes a participant. The chat ends if it's the customer, or if at most one other participant remains. */
  leave(participant: Participant): void {
    if (participant.left || this.ended) return;
    this.event("participant.left", participant);
    // Marked as gone last, because this participant must receive `chat.ended` too.
    if (this.#endsWithout(participant)) this.end();
    this.#markLeft(participant);
  }

  /** Removes a participant without ending the chat. */
  depart(participant: Participant): void {
    if (participant.joined) this.event("participant.left", participant);
    this.#markLeft(participant);
  }

  /** Changes the display name of a participant's future items. */
  rename(participant: Participant, displayName: string): Item {
    participant.displayName = displayName;
    const item = this.event("participant.displayname.updated", participant, JSON.stringify({ displayName }));
    this.#reportChange();
    return item;
  }

  /** Continues a restored contact. New items get later times than restored items, even if the clock is behind. */
  resume({ ended }: { ended: boolean }): void {
    this.ended = ended;
    const last = this.transcript.items.at(-1);
    if (last) this.#lastTime = Date.parse(last.AbsoluteTime) || 0;
  }

  /** Ends the chat without an event, before the simulator forgets it. */
  abandon(): void {
    this.ended = true;
  }

  #markLeft(participant: Participant): void {
    participant.left = true;
    this.#reportChange();
  }

  #reportChange(): void {
    this.#report({ kind: "contact", what: "changed", contactId: this.contactId });
  }

  #send(item: Item, viewer: Viewer | undefined): void {
    if (viewer !== null) this.#fanOut(this, item, viewer);
    this.#reportItem(item, viewer);
  }

  #reportItem(item: Item, viewer?: Viewer): void {
    this.#report({
      kind: "item",
      contactId: this.contactId,
      item,
      ...(viewer !== undefined && { viewer }),
    });
  }

  /** Applies a decision about a client's item, unless the chat has ended in the meantime. */
  #applyDecision(id: string, changes: ItemChanges, viewer?: Viewer, isReported = viewer === undefined): void {
    if (this.ended) return;
    const item = this.change(id, changes, viewer);
    if (item && isReported) this.#reportClientItem(item);
  }

  /** Calls the listeners after the service call is answered, so that a reply can't overtake the response. */
  #reportClientItem(item: Item): void {
    for (const listener of this.#clientItemListeners) setImmediate(() => void listener(copyOf(item)));
  }

  #endsWithout(participant: Participant): boolean {
    const others = this.activeParticipants.filter((each) => each !== participant);
    return participant.role === "CUSTOMER" || others.length <= 1;
  }

  /** Calls `flow` instead of ending the chat when a participant disconnects. Returns the function that removes it. */
  onDisconnect(flow: DisconnectFlow): () => void {
    const added: DisconnectFlow = (by) => flow(by);
    this.#disconnectFlows.add(added);
    return () => void this.#disconnectFlows.delete(added);
  }

  /**
   * Handles DisconnectParticipant. The caller leaves. If that would end the chat, the disconnect flow starts instead.
   */
  disconnect(participant: Participant): void {
    const runsFlow = this.#disconnectFlows.size > 0 && !this.#inDisconnectFlow;
    if (!runsFlow || !this.#endsWithout(participant)) {
      this.leave(participant);
      return;
    }
    this.#inDisconnectFlow = true;
    for (const each of this.participants) {
      if (each.role !== "CUSTOMER" && !each.left) this.depart(each);
    }
    // As in say(), the flow runs after the call is answered.
    for (const flow of this.#disconnectFlows) setImmediate(() => void flow(participant.role));
  }

  initiateAuthentication(sessionId: string): Item {
    this.authenticationSessionId = sessionId;
    return this.event("authentication.initiated", undefined, JSON.stringify({ SessionId: sessionId }));
  }

  /** Sends the result of the authentication in progress, as an event. */
  endAuthentication(name: string, by?: Participant): Item {
    this.authenticationSessionId = null;
    return this.event(name, by);
  }

  end(): void {
    if (this.ended) return;
    this.event("chat.ended");
    this.ended = true;
    this.#report({ kind: "contact", what: "ended", contactId: this.contactId });
  }

  /** Stores a receipt in its message, and sends the receipt as a separate item. */
  receipt(kind: "read" | "delivered", messageId: string, by: Participant, withContactIds: boolean): Item {
    const time = this.timestamp();
    const message = this.transcript.find(messageId);
    const previous = message?.MessageMetadata?.Receipts?.find(
      (each) => each.RecipientParticipantId === by.participantId,
    );
    const receipt: Receipt = {
      ...previous,
      RecipientParticipantId: by.participantId,
      ...(kind === "read" ? { ReadTimestamp: time } : { DeliveredTimestamp: time }),
    };
    if (message) {
      const others = (message.MessageMetadata?.Receipts ?? []).filter((each) => each !== previous);
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
    this.#send(item, undefined);
    return item;
  }
}
