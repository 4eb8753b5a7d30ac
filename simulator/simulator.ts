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
  /** Default 0: the system assigns a free one. */
  port?: number;
  /** Default "127.0.0.1". */
  host?: string;
  /** How long a connection token is valid. Default 24 hours. */
  connectionTokenLifeMs?: number;
  /** How long a socket URL can be used. Default 100 seconds. */
  socketUrlLifeMs?: number;
  /** How long an upload URL is valid. Default 15 minutes. */
  uploadUrlLifeMs?: number;
  /** How long a download URL is valid. Default 5 minutes. */
  downloadUrlLifeMs?: number;
  /** Whether receipts carry ContactId and InitialContactId; the service sends both forms. Default "alternate". */
  receiptContactIds?: "with" | "without" | "alternate";
  /** The instance's limits: attachment sizes and extensions, message lengths. Default: the service's defaults. */
  limits?: SimulatorLimits;
  /** Folders or files to serve next to the service, by path: `{ "/": "examples/demo" }`. */
  serveFiles?: ServedFiles;
  /** The clock, in epoch milliseconds. Default `Date.now()`, including a test's fake one. */
  now?: () => number;
  /** Whether `traffic` records the frames of every socket. Default false, because the record grows without bound. */
  record?: boolean;
}

/** StartChatContact's answer. */
export interface StartedChat {
  ContactId: string;
  ParticipantId: string;
  ParticipantToken: string;
}

/** A signed socket URL. */
export interface SignedSocket {
  url: string;
  /** ISO 8601. */
  expiry: string;
}

export type { AgentConnection, ContactScript } from "./script";

const HOUR_MS = 3_600_000;

/** A local Participant Service. It keeps its state in memory; `close()` releases everything. */
export class Simulator {
  readonly faults: Faults;
  /** The sockets so far and the frames sent on them; null unless the simulator was started with `record`. */
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
    // Never close idle connections: if a client reused one at that moment, the close would look like a fault.
    this.#http.keepAliveTimeout = 0;
    this.#http.on("upgrade", (request, stream, head) => this.#sockets.upgrade(request, stream, head));
  }

  /** `http://127.0.0.1:…`, to pass to `setGlobalConfig({ endpoint })`. */
  get url(): string {
    return this.#url;
  }

  get port(): number {
    return this.#port;
  }

  /** The calls received so far, oldest first. */
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
    if (!isObject(address)) throw new Error("The simulator isn't listening on a port.");
    this.#host = host;
    this.#port = Number(address["port"]);
    this.#url = `http://${hostInUrl(host)}:${this.#port}`;
  }

  clearRequests(): void {
    this.#server.requests = [];
  }

  /** Creates a contact with its customer, like StartChatContact. */
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

  /**
   * Calls `script` with each chat that starts from now on, including chats that a page starts. Use it to script the
   * other side of chats that your test doesn't start itself. Returns the function that removes `script`.
   */
  onChat(script: (contact: ContactScript) => unknown): () => void {
    const listener = (contact: ContactScript): unknown => script(contact);
    this.#chatListeners.add(listener);
    return () => void this.#chatListeners.delete(listener);
  }

  /** Adds an agent, who joins by acknowledging the contact (CreateParticipantConnection with ConnectParticipant). */
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

  /** Issues a connection token, in the form that Streams' `getConnectionToken()` resolves with. */
  connectionTokenOf(participantId: string): {
    chatTokenTransport: { participantToken: string; expiry: string };
  } {
    const participant = this.#contacts.participant(participantId);
    if (!participant) throw new Refusal(404, `There is no participant ${participantId}.`);
    const { token, expiry } = this.#contacts.issueConnectionToken(participant);
    return { chatTokenTransport: { participantToken: token, expiry } };
  }

  /** Signs one socket URL for several participants: an agent's page uses one socket for all its chats. */
  signSocket(participantIds: readonly string[]): SignedSocket {
    const participants = participantIds.map((id) => this.#contacts.participant(id));
    const known = participants.filter((each): each is Participant => each !== undefined);
    if (known.length !== participantIds.length)
      throw new Refusal(404, "One of the participants doesn't exist.");
    const { path, expiry } = this.#sockets.sign(known);
    return { url: this.#url.replace(/^http/, "ws") + path, expiry };
  }

  /** Returns the script of a contact; throws if it doesn't exist. */
  contact(contactId: string): ContactScript {
    return new Script(this.#contactOf(contactId), {
      closeEndedSockets: () => this.#sockets.closeEnded(),
      nextReceiptHasContactIds: () => this.#service.nextReceiptHasContactIds(),
      joinAgent: (displayName) => this.joinAgent(contactId, { displayName }),
    });
  }

  /** Sets DescribeView's answer for a view token. */
  setView(viewToken: string, view: unknown): void {
    this.#service.setView(viewToken, view);
  }

  /**
   * Drops all sockets, or those of a contact or participant: without a close frame, or with one that carries `code`.
   * Returns how many it dropped.
   */
  dropSockets(selection: SocketSelection & { code?: number } = {}): number {
    return this.#sockets.drop(selection, selection.code);
  }

  /** Expires the connection tokens issued so far: one participant's, or all. */
  expireConnectionTokens(participantId?: string): void {
    this.#contacts.expireConnectionTokens(participantId);
  }

  /** Expires the socket URLs issued so far: those of a contact or participant, or all. */
  expireSocketUrls(selection: SocketSelection = {}): void {
    this.#sockets.expireUrls(selection);
  }

  /** Cuts all sockets and calls, and listens on the same port again after `downMs`. Keeps the state. */
  async restart({ downMs = 0 }: { downMs?: number } = {}): Promise<void> {
    this.#sockets.drop();
    await this.#stopListening();
    await new Promise((resolve) => setTimeout(resolve, downMs));
    await this.listen(this.#port, this.#host);
  }

  /** Cuts all open connections and frees the port. */
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
