import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Contact, Participant } from "./contact";
import { Contacts } from "./contacts";
import { Faults } from "./faults";
import { isObject, Refusal } from "./http";
import { Limits, type SimulatorLimits } from "./limits";
import { setTimeout } from "./node-timers";
import { Script, type AgentConnection, type ContactScript } from "./script";
import { displayNameOf, Server, textOr, type RecordedRequest } from "./server";
import { Service } from "./service";
import { Sockets, type OpenSocket, type SocketSelection } from "./sockets";
import { StaticFiles, type ServedFiles } from "./static-files";
import { Storage } from "./storage";
import { TrafficRecord } from "./traffic-record";

export interface SimulatorOptions {
  /** Default 0: the system gives one. */
  port?: number;
  /** Default "127.0.0.1". */
  host?: string;
  /** How long a connection token is valid; default 24 hours. */
  connectionTokenLifeMs?: number;
  /** How long a socket's URL may be used; default 100 seconds. */
  socketUrlLifeMs?: number;
  /** Default 15 minutes. */
  uploadUrlLifeMs?: number;
  /** Default 5 minutes. */
  downloadUrlLifeMs?: number;
  /** Whether receipts carry ContactId and InitialContactId; the service sends both forms. Default "alternate". */
  receiptContactIds?: "with" | "without" | "alternate";
  /** What the instance accepts: sizes and extensions of attachments, lengths of messages. Default: the service's. */
  limits?: SimulatorLimits;
  /** Folders or files to serve beside the service, by path: `{ "/": "examples/demo" }`. */
  serveFiles?: ServedFiles;
  /** The clock, in epoch milliseconds; default `Date.now()`, a test's fake clock included. */
  now?: () => number;
  /** Whether `traffic` keeps what went out on every socket; default false, since it grows for ever. */
  record?: boolean;
}

/** StartChatContact's answer. */
export interface StartedChat {
  ContactId: string;
  ParticipantId: string;
  ParticipantToken: string;
}

/** A socket's URL. */
export interface SignedSocket {
  url: string;
  /** ISO 8601. */
  expiry: string;
}

export type { AgentConnection, ContactScript } from "./script";

const HOUR_MS = 3_600_000;

/** The Participant Service on one's own machine. State in memory; `close()` gives everything back. */
export class Simulator {
  readonly faults: Faults;
  /** Which sockets there were and what went out on them; null unless it was asked for with `record`. */
  readonly traffic: TrafficRecord | null;
  readonly #contacts: Contacts;
  readonly #sockets: Sockets;
  readonly #service: Service;
  readonly #server: Server;
  readonly #http: HttpServer;
  readonly #chatListeners = new Set<(contact: ContactScript) => unknown>();
  #url = "";
  #host = "";
  #port = 0;

  constructor(options: SimulatorOptions = {}) {
    const now = options.now ?? (() => Date.now());
    this.faults = new Faults(now);
    this.traffic = options.record ? new TrafficRecord() : null;
    this.#sockets = new Sockets(this.faults, now, options.socketUrlLifeMs ?? 100_000, this.traffic);
    this.#contacts = new Contacts(
      now,
      options.connectionTokenLifeMs ?? 24 * HOUR_MS,
      (contact, item, participantId) => this.#sockets.fanOut(contact, item, participantId),
    );
    const storage = new Storage(
      {
        uploadUrlLifeMs: options.uploadUrlLifeMs ?? HOUR_MS / 4,
        downloadUrlLifeMs: options.downloadUrlLifeMs ?? HOUR_MS / 12,
        now,
      },
      this.faults,
    );
    this.#service = new Service(this.#contacts, this.#sockets, storage, {
      receiptContactIds: options.receiptContactIds ?? "alternate",
      limits: new Limits(options.limits),
      url: () => this.#url,
    });
    this.#server = new Server({
      service: this.#service,
      storage,
      faults: this.faults,
      files: new StaticFiles(options.serveFiles ?? {}),
      now,
      pageRoutes: {
        "/start-chat": (body) => this.startChat({ displayName: displayNameOf(body, "Customer") }),
        "/join-agent": (body) =>
          this.joinAgent(textOr(body["ContactId"], ""), { displayName: displayNameOf(body, "Agent") }),
        "/agent/connection-token": (_, bearer) => this.#connectionTokenFor(bearer),
        "/simulator/drop-sockets": (body) => ({
          dropped: this.dropSockets({
            ...(typeof body["ContactId"] === "string" && { contactId: body["ContactId"] }),
            ...(typeof body["ParticipantId"] === "string" && { participantId: body["ParticipantId"] }),
          }),
        }),
      },
    });
    this.#http = createServer((request, response) => void this.#server.handle(request, response));
    // A connection that is closed for idleness just as a client uses it again would look like a fault.
    this.#http.keepAliveTimeout = 0;
    this.#http.on("upgrade", (request, stream, head) => this.#sockets.upgrade(request, stream, head));
  }

  /** `http://127.0.0.1:…`: what `setGlobalConfig({ endpoint })` is given. */
  get url(): string {
    return this.#url;
  }

  get port(): number {
    return this.#port;
  }

  /** The calls that came in, oldest first. */
  get requests(): readonly RecordedRequest[] {
    return this.#server.requests;
  }

  get sockets(): readonly OpenSocket[] {
    return this.#sockets.open;
  }

  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(port, host, () => {
        this.#http.removeListener("error", reject);
        resolve();
      });
    });
    const address: AddressInfo | string | null = this.#http.address();
    if (!isObject(address)) throw new Error("The simulator has no port.");
    this.#host = host;
    this.#port = Number(address["port"]);
    this.#url = `http://${hostInUrl(host)}:${this.#port}`;
  }

  clearRequests(): void {
    this.#server.requests = [];
  }

  /** A customer's new contact, as StartChatContact makes it. */
  startChat({
    displayName = "Customer",
    initialMessage,
  }: { displayName?: string; initialMessage?: string } = {}): StartedChat {
    const contact = this.#contacts.create();
    const customer = this.#contacts.addParticipant(contact, "CUSTOMER", displayName);
    for (const listener of this.#chatListeners) listener(this.contact(contact.contactId));
    if (initialMessage !== undefined) {
      contact.say({ Type: "MESSAGE", ContentType: "text/plain", Content: initialMessage }, customer);
    }
    return {
      ContactId: contact.contactId,
      ParticipantId: customer.participantId,
      ParticipantToken: customer.participantToken,
    };
  }

  /** Each chat that starts from now on, a page's own among them: to script the other side of chats that a test does not start. */
  onChat(script: (contact: ContactScript) => unknown): () => void {
    const own = (contact: ContactScript): unknown => script(contact);
    this.#chatListeners.add(own);
    return () => void this.#chatListeners.delete(own);
  }

  /** An agent is given the contact; it has joined once it acknowledges (CreateParticipantConnection, ConnectParticipant). */
  joinAgent(contactId: string, { displayName = "Agent" }: { displayName?: string } = {}): AgentConnection {
    const contact = this.#contactOf(contactId);
    if (contact.ended) throw new Refusal(409, "The contact has ended.");
    const agent = this.#contacts.addParticipant(contact, "AGENT", displayName);
    const { token, expiry } = this.#contacts.issueConnectionToken(agent);
    return {
      contactId: contact.contactId,
      initialContactId: contact.initialContactId,
      participantId: agent.participantId,
      participantToken: agent.participantToken,
      connectionToken: token,
      connectionTokenExpiry: expiry,
      displayName,
    };
  }

  /** What Streams' `getConnectionToken()` resolves, for an agent that joined. */
  connectionTokenOf(participantId: string): {
    chatTokenTransport: { participantToken: string; expiry: string };
  } {
    const participant = this.#contacts.participant(participantId);
    if (!participant) throw new Refusal(404, "No such participant.");
    const { token, expiry } = this.#contacts.issueConnectionToken(participant);
    return { chatTokenTransport: { participantToken: token, expiry } };
  }

  /** One socket for several participants: an agent's page has one for all its chats. */
  signSocket(participantIds: readonly string[]): SignedSocket {
    const participants = participantIds.map((id) => this.#contacts.participant(id));
    const known = participants.filter((each): each is Participant => each !== undefined);
    if (known.length !== participantIds.length) throw new Refusal(404, "No such participant.");
    const { path, expiry } = this.#sockets.sign(known);
    return { url: this.#url.replace(/^http/, "ws") + path, expiry };
  }

  contact(contactId: string): ContactScript {
    return new Script(this.#contactOf(contactId), {
      closeEnded: () => this.#sockets.closeEnded(),
      receiptNamesContact: () => this.#service.nextReceiptHasContactIds(),
      joinAgent: (displayName) => this.joinAgent(contactId, { displayName }),
    });
  }

  /** What DescribeView answers for a view token. */
  setView(viewToken: string, view: unknown): void {
    this.#service.setView(viewToken, view);
  }

  /** Cuts sockets, all or those of a contact or participant: without a goodbye, or with a close code. */
  dropSockets(selection: SocketSelection & { code?: number } = {}): number {
    return this.#sockets.drop(selection, selection.code);
  }

  /** Connection tokens given so far are refused from now on: one participant's, or all. */
  expireConnectionTokens(participantId?: string): void {
    this.#contacts.expireConnectionTokens(participantId);
  }

  /** Sockets' URLs given so far open none any more: one participant's, or all. */
  expireSocketUrls(selection: SocketSelection = {}): void {
    this.#sockets.expireUrls(selection);
  }

  /** The whole server goes, with every socket and call, and comes back on the same port after `downMs`, its state kept. */
  async restart({ downMs = 0 }: { downMs?: number } = {}): Promise<void> {
    this.#sockets.drop();
    await this.#stopListening();
    await new Promise((resolve) => setTimeout(resolve, downMs));
    await this.listen(this.#port, this.#host);
  }

  /** Cuts what is open and frees the port. */
  async close(): Promise<void> {
    this.#server.close();
    this.#sockets.close();
    await this.#stopListening();
  }

  #stopListening(): Promise<void> {
    return new Promise((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  #contactOf(contactId: string): Contact {
    const contact = this.#contacts.find(contactId);
    if (!contact) throw new Refusal(404, `There is no contact ${contactId}.`);
    return contact;
  }

  #connectionTokenFor(participantToken: string): unknown {
    const participant = this.#contacts.byParticipantToken(participantToken);
    if (!participant || participant.contact.ended || participant.left)
      throw new Refusal(403, "The participant token is not valid.");
    return this.connectionTokenOf(participant.participantId);
  }
}

function hostInUrl(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
