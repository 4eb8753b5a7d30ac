/** The simulated service without its network: all state, and the operations that change it. */
import { guardHandlers, runGuarded, throwOutside } from "./bot-guard";
import { ContactBehaviors, type Behaviors } from "./behaviors";
import type { Contact, Participant } from "./contact";
import { Contacts } from "./contacts";
import { Faults } from "./faults";
import { Refusal } from "./http";
import type { AttachmentInfo, ParticipantRole } from "./items";
import { Limits } from "./limits";
import { isStateChange, Observers } from "./observer";
import type { SimulatorOptions } from "./options";
import { printProblem, type ReportProblem } from "./problems";
import { Script, type AgentConnection, type ContactScript, type ScriptFile } from "./script";
import { Service } from "./service";
import { fillFromSnapshot, takeSnapshot, type Snapshot } from "./snapshot";
import { checkSnapshot } from "./snapshot-check";
import { Sockets } from "./sockets";
import { Storage } from "./storage";
import { TrafficRecord } from "./traffic-record";
import { Waits } from "./waiting";

/** StartChatContact's response. */
export interface StartedChat {
  ContactId: string;
  ParticipantId: string;
  ParticipantToken: string;
}

export interface NewChat {
  displayName?: string;
  initialMessage?: string;
  attributes?: Readonly<Record<string, string>>;
}

export interface NewParticipant {
  role: ParticipantRole;
  displayName: string;
  /** Whether the control API plays the participant, who then joins immediately. */
  isPlayed?: boolean;
}

const HOUR_MS = 3_600_000;

export class Engine {
  readonly now: () => number;
  readonly reportProblem: ReportProblem;
  readonly observers: Observers;
  readonly faults: Faults;
  readonly traffic: TrafficRecord | null;
  readonly sockets: Sockets;
  readonly contacts: Contacts;
  readonly storage: Storage;
  readonly service: Service;
  readonly limits: Limits;
  readonly waits: Waits;
  readonly #behaviors = new Map<string, ContactBehaviors>();
  readonly #chatListeners = new Set<(contact: ContactScript) => unknown>();
  readonly #changeListeners = new Set<() => void>();
  readonly #bot: SimulatorOptions["bot"];
  readonly #onBotError: (error: unknown) => void;

  constructor(options: SimulatorOptions) {
    const now = (this.now = options.now ?? (() => Date.now()));
    this.reportProblem = options.onProblem ?? printProblem;
    this.observers = new Observers(this.reportProblem);
    const report: Observers["report"] = (event) => this.observers.report(event);
    const { latencyMs = 0, transcriptLagMs = 0, seed = 1 } = options;
    this.observers.add({ observe: (event) => isStateChange(event) && this.reportChange() });
    this.faults = new Faults(now, { latencyMs, transcriptLagMs, seed }, report);
    this.traffic = options.record ? new TrafficRecord() : null;
    if (this.traffic) this.observers.add(this.traffic);
    const { maxRequests = Number.POSITIVE_INFINITY, maxIdempotentResponses = Number.POSITIVE_INFINITY } =
      options;
    this.sockets = new Sockets({
      ...{ faults: this.faults, now, report, reportProblem: this.reportProblem },
      urlLifeMs: options.socketUrlLifeMs ?? 100_000,
      maxReceived: maxRequests,
    });
    this.contacts = new Contacts(
      {
        now,
        report,
        fanOut: (contact, item, participantId) => this.sockets.fanOut(contact, item, participantId),
      },
      options.connectionTokenLifeMs ?? 24 * HOUR_MS,
    );
    this.storage = new Storage(
      {
        uploadUrlLifeMs: options.uploadUrlLifeMs ?? HOUR_MS / 4,
        downloadUrlLifeMs: options.downloadUrlLifeMs ?? HOUR_MS / 12,
        now,
        report,
      },
      this.faults,
    );
    this.limits = new Limits(options.limits);
    this.service = new Service(this.contacts, this.sockets, this.storage, {
      receiptContactIds: options.receiptContactIds ?? "alternate",
      limits: this.limits,
      maxIdempotentResponses,
      now,
      faults: this.faults,
    });
    this.waits = new Waits({
      observers: this.observers,
      isConnected: (participantId) => this.sockets.isConnected(participantId),
    });
    this.#bot = options.bot;
    this.#onBotError = options.onBotError ?? throwOutside;
    if (options.snapshot) this.#replaceWith(options.snapshot);
  }

  /** The bot of new chats. */
  get bot(): "echo" | "script" | null {
    if (this.#bot === undefined) return null;
    return this.#bot === "echo" ? "echo" : "script";
  }

  startChat({ displayName = "Customer", initialMessage, attributes = {} }: NewChat = {}): StartedChat {
    const contact = this.contacts.create({ attributes });
    const customer = this.contacts.addParticipant(contact, { role: "CUSTOMER", displayName });
    const { contactId } = contact;
    if (this.#bot === "echo") this.behaviorsOf(contactId).set({ bot: "echo" });
    this.observers.report({ kind: "contact", what: "started", contactId });
    this.#runBot(contactId, false);
    for (const listener of this.#chatListeners)
      runGuarded(() => listener(this.script(contactId)), throwOutside);
    if (initialMessage !== undefined) {
      contact.say({ Type: "MESSAGE", ContentType: "text/plain", Content: initialMessage }, customer);
    }
    return {
      ContactId: contactId,
      ParticipantId: customer.participantId,
      ParticipantToken: customer.participantToken,
    };
  }

  onChat(script: (contact: ContactScript) => unknown): () => void {
    const listener = (contact: ContactScript): unknown => script(contact);
    this.#chatListeners.add(listener);
    return () => void this.#chatListeners.delete(listener);
  }

  addParticipant(
    contactId: string,
    { role, displayName, isPlayed = false }: NewParticipant,
  ): AgentConnection {
    const contact = this.contactOf(contactId);
    if (contact.ended) throw new Refusal(409, "The contact has ended.");
    const added = this.contacts.addParticipant(contact, { role, displayName, isPlayed });
    const { token, expiry } = this.contacts.issueConnectionToken(added);
    if (isPlayed) contact.join(added);
    else this.observers.report({ kind: "contact", what: "changed", contactId });
    return {
      contactId,
      initialContactId: contact.initialContactId,
      participantId: added.participantId,
      participantToken: added.participantToken,
      connectionToken: token,
      connectionTokenExpiry: expiry,
      displayName,
    };
  }

  /** Stores a file as if `uploader` had uploaded it, within the instance's limits. */
  storeFile(
    contactId: string,
    { name, contentType, bytes }: ScriptFile,
    uploader: Participant | null,
  ): AttachmentInfo {
    const { attachmentBytes } = this.limits;
    this.limits.checkFileName(name);
    if (bytes.length > attachmentBytes) {
      throw new Refusal(400, `The file must have at most ${attachmentBytes} bytes; got ${bytes.length}.`);
    }
    const sizeInBytes = bytes.length;
    const attachment = this.storage.announce({ name, contentType, sizeInBytes, uploader, contactId });
    attachment.bytes = Buffer.from(bytes);
    attachment.completed = true;
    return {
      AttachmentId: attachment.attachmentId,
      AttachmentName: name,
      ContentType: contentType,
      Status: "APPROVED",
    };
  }

  /** Returns a contact. Throws a Refusal if the contact doesn't exist. */
  contactOf(contactId: string): Contact {
    const contact = this.contacts.find(contactId);
    if (!contact) throw new Refusal(404, `There is no contact ${contactId}.`);
    return contact;
  }

  /** Returns a participant. Throws a Refusal if the participant doesn't exist. */
  participantOf(participantId: string): Participant {
    const participant = this.contacts.participant(participantId);
    if (!participant) throw new Refusal(404, `There is no participant ${participantId}.`);
    return participant;
  }

  /** Returns a contact's script. Throws a Refusal if the contact doesn't exist. */
  script(contactId: string): ContactScript {
    const contact = this.contactOf(contactId);
    return new Script(contact, {
      closeEndedSockets: () => this.sockets.closeEnded(),
      nextReceiptHasContactIds: () => this.service.nextReceiptHasContactIds(),
      addParticipant: (role, displayName, isPlayed) =>
        this.addParticipant(contactId, { role, displayName, isPlayed }),
      storeFile: (file, uploader) => this.storeFile(contactId, file, uploader),
      waits: this.waits,
    });
  }

  /** Returns what the simulator does automatically in a contact. */
  behaviorsOf(contactId: string): ContactBehaviors {
    const found = this.#behaviors.get(contactId);
    if (found) return found;
    const added = new ContactBehaviors(this.script(contactId));
    this.#behaviors.set(contactId, added);
    return added;
  }

  /** Returns all state except sockets and faults. */
  snapshot(): Snapshot {
    const behaviorsOf = (contactId: string): Behaviors => this.behaviorsOf(contactId).values;
    const { contacts, storage, service } = this;
    return takeSnapshot({ contacts, storage, service, behaviorsOf }, this.now());
  }

  /** Replaces all state and drops all sockets. Throws a SimulatorInputError and changes nothing if it can't. */
  restore(snapshot: Snapshot): void {
    this.#replaceWith(snapshot);
    this.observers.report({ kind: "reset", reason: "restored" });
  }

  /** Forgets everything: contacts, sockets, faults, attachments and views. */
  reset(): void {
    this.#forget();
    this.faults.clear();
    this.observers.report({ kind: "reset", reason: "reset" });
  }

  onChange(listener: () => void): () => void {
    const added = (): void => listener();
    this.#changeListeners.add(added);
    return () => void this.#changeListeners.delete(added);
  }

  /** Reports that the state may have changed. */
  reportChange(): void {
    for (const listener of this.#changeListeners) listener();
  }

  close(): void {
    this.waits.close();
    this.#closeBehaviors();
    this.storage.close();
    this.sockets.close();
    this.faults.clear();
  }

  /** Builds the new state completely before it replaces the old state, so that a failure changes nothing. */
  #replaceWith(snapshot: Snapshot): void {
    checkSnapshot(snapshot);
    const [contacts, storage] = [this.contacts.fresh(), this.storage.fresh()];
    const state = fillFromSnapshot({ contacts, storage }, snapshot);
    this.#forget();
    this.contacts.adopt(contacts);
    this.storage.adopt(storage);
    this.service.restore(state);
    for (const { contactId, behaviors, ended } of snapshot.contacts) {
      if (ended) continue;
      this.behaviorsOf(contactId).set(behaviors);
      this.#runBot(contactId, true);
    }
  }

  /** Lets the bot's script play a chat. An error of the bot concerns only the bot, so the chat starts anyway. */
  #runBot(contactId: string, isRestored: boolean): void {
    const bot = this.#bot;
    if (typeof bot !== "function") return;
    const report = this.#onBotError;
    runGuarded(() => bot(guardHandlers(this.script(contactId), report), { isRestored }), report);
  }

  #forget(): void {
    this.#closeBehaviors();
    this.sockets.clear();
    this.contacts.clear();
    this.storage.clear();
    this.service.restore();
  }

  #closeBehaviors(): void {
    for (const behaviors of this.#behaviors.values()) behaviors.close();
    this.#behaviors.clear();
  }
}
