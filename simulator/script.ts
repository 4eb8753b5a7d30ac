/** Scripts what bots, agents and the system do in a contact, for tests and demos. */
import type { Contact, Participant } from "./contact";
import type { AttachmentScanner, MessageProcessor, ProcessingOptions } from "./decisions";
import { Refusal } from "./http";
import {
  EVENT,
  newId,
  type AttachmentInfo,
  type Item,
  type ItemChanges,
  type ParticipantRole,
} from "./items";
import { Answer, type StreamedAnswer } from "./streamed-answer";
import type { MessageMatcher, WaitCondition, WaitOptions, Waits } from "./waiting";

/** An agent's connection to a contact, as an agent's page receives it. */
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

/**
 * A customer authentication. While one is in progress, GetAuthenticationUrl and CancelParticipantAuthentication accept
 * only its session ID.
 */
export interface AuthenticationScript {
  /** The session ID of the authentication in progress, or null. */
  readonly sessionId: string | null;
  initiate(sessionId?: string): { sessionId: string };
  succeed(): Item;
  fail(): Item;
  timeOut(): Item;
  expire(): Item;
}

/** Scripts the other participants of a contact. */
export interface ContactScript {
  readonly contactId: string;
  readonly ended: boolean;
  /** All transcript items, oldest first. */
  readonly transcript: readonly Readonly<Item>[];
  /**
   * Calls `reply` with each message and attachment that a client sends, after the client's call is answered. Use it to
   * script a bot or an agent in a few lines. Scripted messages don't trigger `reply`. Errors that `reply` throws aren't
   * caught, so they fail the test. Returns the function that removes `reply`.
   */
  onMessage(reply: (item: Readonly<Item>) => unknown): () => void;
  /**
   * Adds a disconnect flow, such as a survey. When a DisconnectParticipant call would end the chat, `script` is called
   * instead, after the call is answered, with the contact and the role of the participant who disconnected. The chat
   * continues until the script calls `end()`. An agent who disconnects leaves, but a customer's socket and tokens stay
   * valid. If the customer disconnects again during the flow, the chat ends. Errors that the script throws aren't
   * caught. Returns the function that removes the script.
   */
  onDisconnect(script: (contact: ContactScript, by: ParticipantRole) => unknown): () => void;
  /**
   * Processes client messages, for example to redact them. `process` is called with each message that a client sends,
   * after the call is answered with the status PROCESSING, and decides what everybody receives. The sender's sockets
   * and transcript get the message as PROCESSING, unless `announce` is false. The result follows under the same Id. A
   * result with `status` FAILED or REJECTED is sent only to the sender. Any other result is sent to everybody. Applies to
   * `text/plain`, `text/markdown` and `application/json`, but not to scripted messages. Errors that `process` throws
   * aren't caught. Returns the function that removes `process`.
   */
  onProcessing(process: MessageProcessor, options?: ProcessingOptions): () => void;
  /**
   * Scans attachments. `scan` is called with each attachment that a client sends, after the call is answered. The
   * attachment is IN_PROGRESS until `scan` decides, and can be downloaded only if `scan` approves it. Errors that
   * `scan` throws aren't caught. Returns the function that removes `scan`.
   */
  onScan(scan: AttachmentScanner): () => void;
  /**
   * Changes a transcript item and sends it again, under the same Id, to everybody. A null value removes a field. Throws
   * if the transcript has no such item.
   */
  changeItem(id: string, changes: ItemChanges): Item;
  /**
   * Sends a message from the first participant with that role (default AGENT), or from a made-up participant if nobody
   * has it.
   */
  say(text: string, by?: { role?: ParticipantRole; displayName?: string; contentType?: string }): Item;
  /** Sends an event. `name` is the end of its content type, such as `participant.idle` or `typing`. */
  event(name: string, by?: { role?: ParticipantRole; content?: string }): Item;
  /** Sends a receipt for a message, from the agent by default. */
  receipt(kind: "read" | "delivered", messageId: string, by?: { role?: ParticipantRole }): Item;
  /** Sends any item. The simulator fills in Id, AbsoluteTime and the contact IDs if you omit them. */
  sendItem(item: Partial<Item> & Pick<Item, "Type" | "ContentType">): Item;
  /** Sends a file, from the agent by default. Clients can download it. */
  attach(file: ScriptFile, by?: { role?: ParticipantRole; displayName?: string }): Item;
  /** Adds a participant (an agent by default), who joins immediately, without a page. */
  join(as?: { role?: "AGENT" | "SUPERVISOR"; displayName?: string }): AgentConnection;
  /** Disconnects the first participant with that role (AGENT by default), which may end the chat. */
  leave(by?: { role?: ParticipantRole }): void;
  /** Prepares a bot's streamed answer. It sends nothing until you call its methods. */
  stream(pieces: readonly string[], by?: { displayName?: string }): StreamedAnswer;
  /**
   * Transfers the contact. The current agent leaves. The next agent joins by acknowledging the contact, or immediately if
   * `joins` is true.
   */
  transfer(to?: { displayName?: string; joins?: boolean }): AgentConnection;
  /** Sends `transfer.failed`: nobody accepted the transfer. */
  failTransfer(): Item;
  /** The authentication flow: asks the customer to authenticate, and sends the result. */
  readonly authentication: AuthenticationScript;
  /** Sends `participant.idle`, which means that a participant (by default the customer) has been silent for a while. */
  idle(by?: { role?: ParticipantRole }): Item;
  /** Sends `participant.returned`, which means that an idle participant (by default the customer) is back. */
  returned(by?: { role?: ParticipantRole }): Item;
  /** Disconnects an idle participant. By default that is the customer, so the chat ends. */
  autoDisconnect(by?: { role?: ParticipantRole }): Item;
  /** Changes the display name of a participant's (by default the agent's) future items. */
  rename(displayName: string, by?: { role?: ParticipantRole }): Item;
  /** Continues an earlier chat. The earlier chat's items come first in transcripts, and keep their contact IDs. */
  rehydrate(from?: ContactScript): Item;
  end(): void;
  /**
   * Resolves with the first item that meets the condition, whether it is already in the transcript or comes later.
   * Rejects after `timeoutMs` (default 5,000), or when the chat ends, with a `WaitError` that lists the items that came
   * instead.
   */
  waitFor(condition: WaitCondition, options?: { timeoutMs?: number }): Promise<Readonly<Item>>;
  /**
   * Resolves with the first message of the customer (or `role`) that contains a text, matches a regular expression, or
   * is accepted by a function. Without a matcher, resolves with the first message.
   */
  waitForMessage(matcher?: MessageMatcher, options?: WaitOptions): Promise<Readonly<Item>>;
  /** Resolves with the first event whose content type ends in `name`, such as `typing` or `participant.left`. */
  waitForEvent(name: string, options?: WaitOptions): Promise<Readonly<Item>>;
  /** Resolves when the chat ends, or immediately if it has ended. */
  waitForEnd(options?: Pick<WaitOptions, "timeoutMs">): Promise<Readonly<Item>>;
}

/** A file that a script sends. */
export interface ScriptFile {
  /** With its extension. */
  name: string;
  contentType: string;
  bytes: Uint8Array;
}

/** The parts of the simulator, beyond its contact, that a script needs. */
export interface ScriptHost {
  closeEndedSockets(): void;
  nextReceiptHasContactIds(): boolean;
  /** If `joins` is true, the participant joins immediately, without a page. */
  addParticipant(role: "AGENT" | "SUPERVISOR", displayName: string, joins: boolean): AgentConnection;
  storeFile(file: ScriptFile, uploader: Participant | null): AttachmentInfo;
  readonly waits: Waits;
}

export class Script implements ContactScript {
  readonly #contact: Contact;
  readonly #host: ScriptHost;

  constructor(contact: Contact, host: ScriptHost) {
    this.#contact = contact;
    this.#host = host;
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
    return this.#contact.onClientItem(reply);
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
      this.#host.nextReceiptHasContactIds(),
    );
  }

  sendItem(item: Partial<Item> & Pick<Item, "Type" | "ContentType">): Item {
    return this.#contact.add(item);
  }

  attach(
    file: ScriptFile,
    { role = "AGENT", displayName }: { role?: ParticipantRole; displayName?: string } = {},
  ): Item {
    const uploader = this.#contact.participants.find((each) => each.role === role && !each.left) ?? null;
    return this.#contact.add({
      Type: "ATTACHMENT",
      ContentType: file.contentType,
      Attachments: [this.#host.storeFile(file, uploader)],
      ...this.#speaker(role, displayName),
    });
  }

  join({
    role = "AGENT",
    displayName = role === "AGENT" ? "Agent" : "Supervisor",
  }: { role?: "AGENT" | "SUPERVISOR"; displayName?: string } = {}): AgentConnection {
    return this.#host.addParticipant(role, displayName, true);
  }

  leave({ role = "AGENT" }: { role?: ParticipantRole } = {}): void {
    this.#contact.disconnect(this.#participant(role));
    this.#host.closeEndedSockets();
  }

  stream(pieces: readonly string[], { displayName }: { displayName?: string } = {}): StreamedAnswer {
    return new Answer(this.#contact, pieces, this.#speaker("SYSTEM", displayName));
  }

  transfer({
    displayName = "Agent",
    joins = false,
  }: { displayName?: string; joins?: boolean } = {}): AgentConnection {
    const previous = this.#contact.participants.find(({ role, left }) => role === "AGENT" && !left);
    if (this.#contact.ended) throw new Refusal(409, "The contact has ended.");
    this.#contact.event("transfer.succeeded", previous);
    if (previous) {
      // Not contact.leave(), which would end a chat of two. This chat continues with the next agent.
      this.#contact.depart(previous);
      this.#host.closeEndedSockets();
    }
    return this.#host.addParticipant("AGENT", displayName, joins);
  }

  failTransfer(): Item {
    return this.#contact.event(
      "transfer.failed",
      this.#contact.participants.find(({ role, left }) => role === "AGENT" && !left),
    );
  }

  get authentication(): AuthenticationScript {
    const contact = this.#contact;
    const endWith = (name: string): Item => contact.endAuthentication(name);
    return {
      get sessionId() {
        return contact.authenticationSessionId;
      },
      initiate: (sessionId = newId()) => {
        contact.initiateAuthentication(sessionId);
        return { sessionId };
      },
      succeed: () => endWith("authentication.succeeded"),
      fail: () => endWith("authentication.failed"),
      timeOut: () => endWith("authentication.timeout"),
      expire: () => endWith("authentication.expired"),
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
    this.#host.closeEndedSockets();
    return item;
  }

  rename(displayName: string, { role = "AGENT" }: { role?: ParticipantRole } = {}): Item {
    return this.#contact.rename(this.#participant(role), displayName);
  }

  rehydrate(from?: ContactScript): Item {
    if (from) this.#contact.transcript.prepend(from.transcript);
    return this.#contact.event(
      "chat.rehydrated",
      undefined,
      from && JSON.stringify({ RehydratedFrom: from.contactId }),
    );
  }

  end(): void {
    this.#contact.end();
    this.#host.closeEndedSockets();
  }

  waitFor(condition: WaitCondition, { timeoutMs }: { timeoutMs?: number } = {}): Promise<Item> {
    return this.#host.waits.for(this.#contact, condition, { timeoutMs });
  }

  waitForMessage(matcher?: MessageMatcher, options: WaitOptions = {}): Promise<Item> {
    return this.#host.waits.forMessage(this.#contact, matcher, options);
  }

  waitForEvent(name: string, { timeoutMs, ...only }: WaitOptions = {}): Promise<Item> {
    return this.#host.waits.for(this.#contact, { for: "event", name, ...only }, { timeoutMs });
  }

  waitForEnd({ timeoutMs }: Pick<WaitOptions, "timeoutMs"> = {}): Promise<Item> {
    return this.#host.waits.for(this.#contact, { for: "end" }, { timeoutMs });
  }

  #participant(role: ParticipantRole): Participant {
    const participant = this.#contact.participants.find((each) => each.role === role && !each.left);
    if (!participant) throw new Refusal(404, `Nobody with role ${role} is in the chat.`);
    return participant;
  }

  #speaker(role: ParticipantRole, displayName?: string): Partial<Item> {
    const withRole = this.#contact.participants.filter((each) => each.role === role);
    const participant = withRole.find(({ left }) => !left) ?? withRole[0];
    return {
      ParticipantRole: role,
      ParticipantId: participant?.participantId ?? `${role.toLowerCase()}-of-${this.#contact.contactId}`,
      DisplayName: displayName ?? participant?.displayName ?? role,
    };
  }
}
