import { socketAddress } from "./address";
import { echoBot, type BotScript } from "./bot";
import type { KeyAndCertificate } from "./certificate";
import type { Contact, Participant } from "./contact";
import { Contacts } from "./contacts";
import { Faults } from "./faults";
import { Refusal } from "./http";
import { Limits, type SimulatorLimits } from "./limits";
import { Listener } from "./listener";
import { setTimeout } from "./node-timers";
import { certificateFor, isAnyHost } from "./own-certificate";
import { describe, logAnswer, type RequestLog } from "./request-log";
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
  /** Default "127.0.0.1". "0.0.0.0" listens on all of the machine's addresses. */
  host?: string;
  /**
   * Serves HTTPS and secure sockets: with a certificate and its key (both PEM), or, if true, with a self-signed
   * certificate for localhost and the host. Default false.
   */
  https?: boolean | KeyAndCertificate;
  /** How long each call and each upload or download waits before the service acts, in milliseconds. Default 0. */
  latencyMs?: number;
  /** How far GetTranscript's items lag behind the sockets, in milliseconds. Default 0. */
  transcriptLagMs?: number;
  /** The seed of the faults' random source. Default 1. */
  seed?: number;
  /** Plays the other side of each new chat: "echo" repeats what the customer says. Default: nobody. */
  bot?: "echo" | BotScript;
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
  /** Called with each request once it's answered. */
  log?: RequestLog;
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

export const DEFAULT_HOST = "127.0.0.1";
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
  readonly #listener: Listener;
  readonly #certificate: KeyAndCertificate | null;
  readonly #chatListeners = new Set<(contact: ContactScript) => unknown>();
  #url = "";
  #host = "";
  #port = 0;

  constructor(options: SimulatorOptions = {}) {
    const now = options.now ?? (() => Date.now());
    this.faults = new Faults(now);
    if (options.seed !== undefined) this.faults.seed(options.seed);
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
      now,
      transcriptLagMs: options.transcriptLagMs ?? 0,
    });
    this.#server = new Server({
      service: this.#service,
      storage,
      faults: this.faults,
      files: new StaticFiles(options.serveFiles ?? {}),
      now,
      latencyMs: options.latencyMs ?? 0,
      url: () => this.#url,
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
    const { bot, log } = options;
    if (bot !== undefined) this.onChat(bot === "echo" ? echoBot : bot);
    this.#certificate = certificateFor(options.https ?? false, options.host ?? DEFAULT_HOST, Date.now());
    this.#listener = new Listener(this.#certificate, {
      request: (request, response) => {
        if (log) logAnswer(request, response, log, now);
        void this.#server.handle(request, response);
      },
      upgrade: (request, stream, head) => {
        const status = this.#sockets.upgrade(request, stream, head);
        log?.({ ...describe(request), at: now(), status, durationMs: 0 });
      },
    });
  }

  /** `http://127.0.0.1:…`, to pass to `setGlobalConfig({ endpoint })`. Requests to another address get its URLs. */
  get url(): string {
    return this.#url;
  }

  /** The certificate that clients must trust, in PEM; null without HTTPS. */
  get certificate(): string | null {
    return this.#certificate?.cert ?? null;
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
    this.#port = await this.#listener.listen(port, host);
    this.#host = host;
    this.#url = `${this.#certificate ? "https" : "http"}://${hostInUrl(host)}:${this.#port}`;
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
    return { url: socketAddress(this.#url) + path, expiry };
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
    await this.#listener.stop();
    await new Promise((resolve) => setTimeout(resolve, downMs));
    await this.listen(this.#port, this.#host);
  }

  /** Cuts all open connections and frees the port. */
  async close(): Promise<void> {
    this.#server.close();
    this.#sockets.close();
    await this.#listener.stop();
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
  if (isAnyHost(host)) return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
