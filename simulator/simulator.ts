import type { IncomingMessage } from "node:http";
import { socketAddress } from "./address";
import {
  agentDetailsOf,
  ConnectedSessions,
  type AgentDetails,
  type ConnectedSession,
  type TestedSession,
} from "./connected-session";
import { ControlApi } from "./control/control";
import { Engine, type NewChat, type StartedChat } from "./engine";
import type { Faults } from "./faults";
import { Guard } from "./guard";
import { Refusal } from "./http";
import { Listener } from "./listener";
import { DEFAULT_HOST, hostInUrl, isAnyHost } from "./network";
import { clearTimeout, setTimeout } from "./node-timers";
import type { SimulatorOptions } from "./options";
import { internalProblem, messageOf } from "./problems";
import { certificateFor } from "./own-certificate";
import type { KeyAndCertificate } from "./certificate";
import { describe, logAnswer } from "./request-log";
import type { AgentConnection, ContactScript } from "./script";
import { displayNameOf, Server, textOr, type PageRoutes, type RecordedRequest } from "./server";
import type { Snapshot } from "./snapshot";
import type { OpenSocket, SocketSelection } from "./sockets";
import { StaticFiles } from "./static-files";
import type { TrafficRecord } from "./traffic-record";

/** A signed socket URL. */
export interface SignedSocket {
  url: string;
  /** ISO 8601. */
  expiry: string;
}

/** How long a restart waits before it tries again to listen on a port that is in use. */
const LISTEN_AGAIN_MS = 1_000;
/** Whether a request is a call, an upload or a download, whose changes the engine reports as events. */
const isServiceRequest = ({ url = "" }: IncomingMessage): boolean =>
  url.startsWith("/participant/") || url.startsWith("/storage/");

/** A local Participant Service, which keeps its state in memory. `close()` releases everything. */
export class Simulator {
  readonly faults: Faults;
  /** All sockets opened so far and the frames sent on them; null unless the simulator was started with `record`. */
  readonly traffic: TrafficRecord | null;
  readonly #engine: Engine;
  readonly #control: ControlApi | null;
  readonly #server: Server;
  readonly #listener: Listener;
  readonly #certificate: KeyAndCertificate | null;
  readonly #sessions = new ConnectedSessions();
  #url = "";
  #host = "";
  #port = 0;
  #restarting: Promise<void> | null = null;
  #endDowntime = (): void => undefined;
  #isClosed = false;

  constructor(options: SimulatorOptions = {}) {
    const { control = false, host = DEFAULT_HOST, log } = options;
    const engine = (this.#engine = new Engine(options));
    const { now } = engine;
    this.faults = engine.faults;
    this.traffic = engine.traffic;
    const guard = new Guard({
      allowOrigins: (typeof control === "object" && control.allowOrigins) || [],
      host,
      reportProblem: engine.reportProblem,
    });
    this.#control = control
      ? new ControlApi({
          ...{ engine, guard, url: () => this.#url },
          restart: (downMs) => this.restart({ downMs }),
          clearRequests: () => this.clearRequests(),
        })
      : null;
    this.#server = new Server({
      service: engine.service,
      storage: engine.storage,
      faults: engine.faults,
      report: (event) => engine.observers.report(event),
      reportProblem: engine.reportProblem,
      files: new StaticFiles(options.serveFiles ?? {}),
      control: this.#control,
      maxRequests: options.maxRequests ?? Number.POSITIVE_INFINITY,
      guard,
      now,
      url: () => this.#url,
      pageRoutes: this.#pageRoutes(),
    });
    this.#certificate = certificateFor(options.https ?? false, host, Date.now());
    this.#listener = new Listener(this.#certificate, {
      request: (request, response) => {
        if (log) logAnswer(request, response, log, now);
        void this.#server.handle(request, response).finally(() => {
          // Control operations and page routes change views, behaviors and tokens without an event.
          if (request.method !== "GET" && !isServiceRequest(request)) engine.reportChange();
        });
      },
      upgrade: (request, stream, head) => {
        try {
          const status = engine.sockets.upgrade(request, stream, head);
          log?.({ ...describe(request), at: now(), status, durationMs: 0 });
        } catch (error) {
          // Node doesn't catch a handler's error, which would end the process.
          engine.reportProblem(internalProblem("The handler of a socket's handshake", error));
          stream.destroy();
        }
      },
    });
  }

  /**
   * The URL to pass to `setGlobalConfig({ endpoint })`: `http://127.0.0.1:…`. If a request is sent to another address,
   * the URLs in its response start with that address.
   */
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
    return this.#engine.sockets.open;
  }

  async listen(port: number, host: string): Promise<void> {
    this.#port = await this.#listener.listen(port, host);
    this.#host = host;
    this.#url = `${this.#certificate ? "https" : "http"}://${isAnyHost(host) ? DEFAULT_HOST : hostInUrl(host)}:${this.#port}`;
  }

  clearRequests(): void {
    this.#server.requests = [];
  }

  /** Creates a contact with its customer, like StartChatContact. */
  startChat(chat: NewChat = {}): StartedChat {
    return this.#engine.startChat(chat);
  }

  /**
   * Calls `script` with each chat that starts from now on, including chats that a page starts. Use it to script the
   * other side of chats that your test doesn't start itself. Returns the function that removes `script`.
   */
  onChat(script: (contact: ContactScript) => unknown): () => void {
    return this.#engine.onChat(script);
  }

  /**
   * Adds an agent. The agent joins by acknowledging the contact (CreateParticipantConnection with ConnectParticipant).
   */
  joinAgent(contactId: string, { displayName = "Agent" }: { displayName?: string } = {}): AgentConnection {
    return this.#engine.addParticipant(contactId, { role: "AGENT", displayName });
  }

  /**
   * Starts a chat and connects a customer's session to it. `create` creates the session. Resolves when the session's
   * connection is established.
   *
   * @example
   * const { session, contact, waitForMessage } = await simulator.connectCustomer((chatDetails) =>
   *   ChatSession.create({ type: "CUSTOMER", chatDetails }),
   * );
   */
  connectCustomer<Session extends TestedSession>(
    create: (chatDetails: StartedChat) => Session,
    chat: NewChat = {},
  ): Promise<ConnectedSession<Session, StartedChat>> {
    const chatDetails = this.startChat(chat);
    const { ContactId, ParticipantId: participantId } = chatDetails;
    return this.#sessions.connect(create, chatDetails, { contact: this.contact(ContactId), participantId });
  }

  /** Adds an agent to a contact and connects a session for that agent, like `connectCustomer()`. */
  connectAgent<Session extends TestedSession>(
    contactId: string,
    create: (chatDetails: AgentDetails) => Session,
    { displayName = "Agent" }: { displayName?: string } = {},
  ): Promise<ConnectedSession<Session, AgentDetails>> {
    const agent = this.joinAgent(contactId, { displayName });
    const details = agentDetailsOf(agent, () => this.connectionTokenOf(agent.participantId));
    return this.#sessions.connect(create, details, { ...agent, contact: this.contact(contactId) });
  }

  /** Issues a connection token, in the format that Streams' `getConnectionToken()` resolves with. */
  connectionTokenOf(participantId: string): {
    chatTokenTransport: { participantToken: string; expiry: string };
  } {
    const participant = this.#engine.participantOf(participantId);
    const { token, expiry } = this.#engine.contacts.issueConnectionToken(participant);
    return { chatTokenTransport: { participantToken: token, expiry } };
  }

  /** Signs one socket URL for several participants, because an agent's page uses one socket for all its chats. */
  signSocket(participantIds: readonly string[]): SignedSocket {
    const participants = participantIds.map((id) => this.#engine.participantOf(id));
    const { path, expiry } = this.#engine.sockets.sign(participants);
    return { url: socketAddress(this.#url) + path, expiry };
  }

  /** Returns a contact's script. Throws if the contact doesn't exist. */
  contact(contactId: string): ContactScript {
    return this.#engine.script(contactId);
  }

  /** Sets DescribeView's response for a view token. */
  setView(viewToken: string, view: unknown): void {
    this.#engine.service.setView(viewToken, view);
    this.#engine.reportChange();
  }

  /**
   * Drops all sockets, or only a contact's or participant's. If there is a `code` other than 1006, sends a close frame with
   * it first. Returns the number of dropped sockets. Throws a RangeError if no close frame can have the code.
   */
  dropSockets(selection: SocketSelection & { code?: number } = {}): number {
    return this.#engine.sockets.drop(selection, selection.code);
  }

  /** Expires one participant's connection tokens issued so far, or everybody's. */
  expireConnectionTokens(participantId?: string): void {
    this.#engine.contacts.expireConnectionTokens(participantId === undefined ? {} : { participantId });
  }

  /** Expires a contact's or participant's socket URLs issued so far, or everybody's. */
  expireSocketUrls(selection: SocketSelection = {}): void {
    this.#engine.sockets.expireUrls(selection);
  }

  /**
   * Returns the state as JSON, without sockets and faults. Use it to start another simulator, or pass it to
   * `restore()`.
   */
  snapshot(): Snapshot {
    return this.#engine.snapshot();
  }

  /** Replaces the state with a snapshot's and drops all sockets. Connected pages reconnect and continue. */
  restore(snapshot: Snapshot): void {
    this.#engine.restore(snapshot);
  }

  /**
   * Calls `listener` after each change of the state that `snapshot()` returns, and sometimes without a change. Returns
   * the function that removes the listener.
   */
  onChange(listener: () => void): () => void {
    return this.#engine.onChange(listener);
  }

  /** Drops all contacts, sockets, faults, attachments, views and recorded requests, but keeps the options. */
  reset(): void {
    this.#engine.reset();
    this.clearRequests();
  }

  /**
   * Cuts all sockets and calls, and listens on the same port again after `downMs`. Keeps the state. If another program has
   * taken the port meanwhile, reports the problem and tries again every second, until the simulator is closed. During a
   * restart, another call only waits for the same restart.
   */
  restart({ downMs = 0 }: { downMs?: number } = {}): Promise<void> {
    this.#restarting ??= this.#restart(downMs).finally(() => (this.#restarting = null));
    return this.#restarting;
  }

  /** Cuts all open connections and frees the port. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endDowntime();
    this.#server.close();
    this.#control?.close();
    this.#sessions.close();
    this.#engine.close();
    await this.#listener.stop();
  }

  async #restart(downMs: number): Promise<void> {
    this.#engine.sockets.drop();
    await this.#listener.stop();
    if (!this.#isClosed) await this.#downtime(downMs);
    while (!this.#isClosed && !(await this.#listensAgain())) await this.#downtime(LISTEN_AGAIN_MS);
  }

  async #listensAgain(): Promise<boolean> {
    try {
      await this.listen(this.#port, this.#host);
      return true;
    } catch (error) {
      const message =
        `The simulator can't listen on port ${this.#port} again: ${messageOf(error)}. ` +
        "Stop the program that uses the port. The simulator tries again every second.";
      this.#engine.reportProblem({ kind: "restart", message, error });
      return false;
    }
  }

  /** Ends after `downMs`, or when the simulator is closed. */
  #downtime(downMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, downMs);
      this.#endDowntime = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #pageRoutes(): PageRoutes {
    return {
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
    };
  }

  #connectionTokenFor(participantToken: string): unknown {
    const participant = this.#engine.contacts.byParticipantToken(participantToken);
    if (!participant || participant.contact.ended || participant.left)
      throw new Refusal(403, "The participant token is not valid.");
    return this.connectionTokenOf(participant.participantId);
  }
}
