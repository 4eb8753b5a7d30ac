/** The application on a page. It creates a session, calls the session, and records the session's events and results. */
import type { RandomSource } from "./random";
import type { VirtualClock } from "./clock";
import type { Contact, Participant } from "./contact";
import type { ExternalManager } from "./external-manager";
import type { SimulatedPage } from "./page";
import type { Configuration } from "./schedule";
import { CONTENT_TYPE, keyOf, type WireItem } from "./wire";

/** An item delivered to a handler. */
export interface Delivery {
  readonly atMs: number;
  /** The position among all of the application's handler calls. */
  readonly order: number;
  readonly item: WireItem;
  readonly recovered: boolean;
}

export interface EventRecord {
  readonly atMs: number;
  readonly order: number;
  readonly name: string;
  readonly data: unknown;
}

export interface CallError {
  readonly code: string;
  readonly message: string;
  readonly messageId: string | null;
  readonly statusCode?: number | undefined;
}

export interface CallRecord {
  readonly atMs: number;
  readonly name: string;
  /** Identifies the message by its text, or the receipt by its message's ID. */
  readonly mark: string;
  settledAtMs: number | null;
  outcome: "pending" | "resolved" | "rejected";
  value: unknown;
  error: CallError | null;
}

export type SessionEnd =
  "refused" | "reload" | "reset" | "dispose" | "chat ended" | "transferred" | "replaced manager" | "run over";

/** One session, from its creation to its reset, reload or end. */
export interface SessionRecord {
  readonly page: SimulatedPage;
  readonly isResumed: boolean;
  readonly createdAtMs: number;
  /** When `connect()` resolved, or null if the promise hasn't resolved. */
  connectedAtMs: number | null;
  overAtMs: number | null;
  overBy: SessionEnd | null;
  readonly deliveries: Delivery[];
  readonly events: EventRecord[];
  readonly calls: CallRecord[];
  /** Problems found in transcripts when they were delivered. */
  readonly transcriptProblems: string[];
  transcriptUpdates: number;
  transcript: readonly WireItem[] | null;
  /** When `getTranscript()` or `history()` returned each item, by key. */
  readonly fetched: Map<string, number>;
  readonly leakedLines: string[];
}

export const ACTIVITIES = ["idle", "sending", "streaming", "recovering"] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** The parts of a session that the application uses. */
interface Session {
  readonly connectionState: string;
  readonly controller: {
    snapshot(): object | null;
    reset(): Promise<void>;
    dispose(): void;
    subscribe(name: string, handler: (event: { data: unknown; recovered?: true }) => unknown): unknown;
  };
  connect(): Promise<unknown>;
  sendMessage(args: object): Promise<unknown>;
  sendEvent(args: object): Promise<unknown>;
  sendAttachment(args: object): Promise<unknown>;
  resendMessage(id: string): Promise<unknown>;
  getTranscript(args: object): Promise<unknown>;
  history(args?: object): AsyncGenerator<WireItem>;
  disconnectParticipant(): Promise<unknown>;
}

type Subscribe = (handler: (event: { data: unknown; recovered?: true }) => unknown) => unknown;
type SessionWithEvents = Session &
  Readonly<Record<(typeof EVENTS)[number] | "onMessage" | "onTranscriptUpdated", Subscribe>>;

const EVENTS = [
  "onConnectionEstablished",
  "onConnectionLost",
  "onConnectionBroken",
  "onConnectionStateChanged",
  "onEnded",
  "onMessagesRecovered",
  "onTyping",
  "onReadReceipt",
  "onDeliveredReceipt",
] as const;

/** Every text in a run contains this mark, so that the judge can detect log lines that quote texts. */
export const MARK = "~m";
const SECRETS = [MARK, "connection-token-", "participant-token-", "socket-secret-", "storage-secret-"];

/** The page size of the application's GetTranscript calls. It distinguishes these calls from the library's calls. */
export const APPLICATION_PAGE = 37;

const HOLD_MS = { default: null, none: 0, "a minute": 60_000, forever: Infinity } as const;

export interface ApplicationSetup {
  readonly clock: VirtualClock;
  readonly random: RandomSource;
  readonly configuration: Configuration;
  readonly contact: Contact;
  readonly participant: Participant;
  readonly issueToken: () => { token: string; expiresAtMs: number };
}

/** One participant's application, across all its pages and sessions. */
export class Application {
  readonly sessions: SessionRecord[] = [];
  readonly contact: Contact;
  readonly participant: Participant;
  readonly #setup: ApplicationSetup;
  #session: SessionWithEvents | null = null;
  #currentSession: SessionRecord | null = null;
  #order = 0;
  #texts = 0;
  /** IDs of messages whose `sendMessage()` rejected. */
  readonly #failed: string[] = [];
  /** The newest message from another participant, for receipts. */
  #newestReceived: string | null = null;

  constructor(setup: ApplicationSetup) {
    this.#setup = setup;
    this.contact = setup.contact;
    this.participant = setup.participant;
  }

  get currentSession(): SessionRecord | null {
    return this.#currentSession;
  }

  get page(): SimulatedPage | null {
    return this.#currentSession?.page ?? null;
  }

  get connectionState(): string {
    return this.#session?.connectionState ?? "none";
  }

  /** The activity that a fault would interrupt at this time. */
  get activity(): Activity {
    const { currentSession: sessionRecord } = this;
    const last = sessionRecord?.events.findLast(
      ({ name }) => name === "onConnectionLost" || name === "onMessagesRecovered",
    );
    if (last?.name === "onConnectionLost") return "recovering";
    if (sessionRecord?.calls.some(({ name, outcome }) => name === "sendMessage" && outcome === "pending"))
      return "sending";
    return this.contact.streamingAnswers > 0 ? "streaming" : "idle";
  }

  // --- session lifecycle ---------------------------------------------------------------------------------------------

  /** Creates a session on a page and connects it. `resume` is the previous page's snapshot. */
  start(page: SimulatedPage, manager: ExternalManager | null, resume: object | null): void {
    page.task(() => {
      const { ChatSession } = page.global["connect"] as {
        ChatSession: { setGlobalConfig(config: object): void; create(args: object): SessionWithEvents };
      };
      const sessionRecord = this.#recordSession(page, resume !== null);
      const { configuration } = this.#setup;
      const holdMs = HOLD_MS[configuration.offlineHold];
      const log = (line: unknown): void => this.#log(sessionRecord, String(line));
      ChatSession.setGlobalConfig({
        endpoint: "https://service.example",
        region: "us-west-2",
        loggerConfig: { level: "DEBUG", customizedLogger: { debug: log, info: log, warn: log, error: log } },
        features: {
          messageReceipts: { shouldSendMessageReceipts: configuration.sendsReceipts },
          ...(holdMs !== null && { messageSending: { offlineHoldTime: holdMs } }),
        },
      });
      const isAgent = this.participant.role === "AGENT";
      this.#session = ChatSession.create({
        type: isAgent ? "AGENT" : "CUSTOMER",
        disableCSM: true,
        chatDetails: {
          contactId: this.contact.id,
          initialContactId: this.contact.initialId,
          participantId: this.participant.id,
          participantToken: manager ? null : this.participant.token,
          ...(manager && { getConnectionToken: () => this.#tokenFromStreams(page) }),
        },
        ...(manager && { websocketManager: manager.api }),
        ...(configuration.clients === "custom client" && {
          options: { customChatClient: this.#customClient(page) },
        }),
        ...(resume && { resume }),
      });
      this.#subscribe(sessionRecord, this.#session);
      this.#connect(sessionRecord, this.#session);
    });
  }

  #recordSession(page: SimulatedPage, isResumed: boolean): SessionRecord {
    const sessionRecord: SessionRecord = {
      page,
      isResumed,
      createdAtMs: this.#setup.clock.nowMs,
      connectedAtMs: null,
      overAtMs: null,
      overBy: null,
      deliveries: [],
      events: [],
      calls: [],
      transcriptProblems: [],
      transcriptUpdates: 0,
      transcript: null,
      fetched: new Map(),
      leakedLines: [],
    };
    this.#currentSession = sessionRecord;
    this.sessions.push(sessionRecord);
    return sessionRecord;
  }

  #connect(sessionRecord: SessionRecord, session: Session): void {
    this.#call(sessionRecord, "connect", "", () => session.connect()).then(
      () => {
        sessionRecord.connectedAtMs ??= this.#setup.clock.nowMs;
      },
      (thrown: unknown) => {
        const { code, statusCode } = (thrown ?? {}) as { code?: string; statusCode?: number };
        if (code === "IllegalState" || statusCode === 403) this.#end("refused");
        // Like a real application, this one tries again after a while.
        sessionRecord.page.taskIn(5_000, () => {
          if (sessionRecord.overAtMs === null) this.#connect(sessionRecord, session);
        });
      },
    );
  }

  #end(by: SessionEnd): void {
    if (!this.#currentSession || this.#currentSession.overAtMs !== null) return;
    this.#currentSession.overAtMs = this.#setup.clock.nowMs;
    this.#currentSession.overBy = by;
  }

  /** Takes a snapshot for the next page. The caller closes the current page. */
  leave(): object | null {
    const { page } = this;
    let snapshot: object | null = null;
    if (page && !page.isSuspended) {
      page.task(() => {
        const taken = this.#session?.controller.snapshot() ?? null;
        // An application has to serialize the snapshot to store it.
        snapshot = taken && (JSON.parse(JSON.stringify(taken)) as object);
      });
    }
    this.#end("reload");
    return snapshot;
  }

  /** Resets the session, which connects again on the same page. */
  reset(): void {
    const session = this.#session;
    const page = this.page;
    if (!session || !page || this.#currentSession?.overAtMs !== null) return;
    page.task(() => {
      this.#end("reset");
      const sessionRecord = this.#recordSession(page, false);
      session.controller.reset().catch((error: unknown) => page.reportUncaught(error));
      this.#subscribe(sessionRecord, session);
      this.#connect(sessionRecord, session);
    });
  }

  dispose(): void {
    if (this.#currentSession?.overAtMs === null)
      this.page?.task(() => {
        this.#end("dispose");
        this.#session?.controller.dispose();
      });
  }

  /** Ends the session because Streams replaced the manager. Streams creates a new session. */
  onManagerReplaced(): void {
    this.#end("replaced manager");
    this.#session?.controller.dispose();
  }

  finish(): void {
    this.#end("run over");
  }

  // --- calls ---------------------------------------------------------------------------------------------------------

  send(): void {
    const text = this.#text("sent");
    this.#act("sendMessage", text, (session) =>
      session.sendMessage({ message: text, contentType: CONTENT_TYPE.text }),
    );
  }

  typing(): void {
    this.#act("typing", "", (session) => session.sendEvent({ contentType: CONTENT_TYPE.typing }));
  }

  receipt(kind: "read" | "delivered"): void {
    const messageId = this.#newestReceived;
    if (messageId === null || !this.#setup.configuration.sendsReceipts) return;
    this.#act(kind, messageId, (session) =>
      session.sendEvent({ contentType: CONTENT_TYPE[kind], content: JSON.stringify({ messageId }) }),
    );
  }

  getTranscript(amount: number): void {
    const args = amount < 0.5 ? {} : { scanDirection: "BACKWARD", sortOrder: "DESCENDING" };
    this.#act("getTranscript", "", (session) =>
      session.getTranscript({ maxResults: APPLICATION_PAGE, ...args }),
    );
  }

  history(): void {
    const sessionRecord = this.#currentSession;
    this.#act("history", "", async (session) => {
      for await (const item of session.history({ maxResults: APPLICATION_PAGE })) {
        // The application keeps the item even if a later page fails.
        sessionRecord?.fetched.set(keyOf(item), this.#setup.clock.nowMs);
      }
    });
  }

  sendAttachment(): void {
    const page = this.page;
    const name = `${this.#text("file")}.txt`;
    this.#act("sendAttachment", name, (session) => {
      const PageFile = page?.global["File"] as new (parts: string[], name: string, options: object) => object;
      return session.sendAttachment({
        attachment: new PageFile(["x".repeat(2_000)], name, { type: "text/plain" }),
      });
    });
  }

  resend(): void {
    const id = this.#failed.shift();
    if (id !== undefined) this.#act("resendMessage", id, (session) => session.resendMessage(id));
  }

  /** Makes a customer leave. Agents leave through Streams, so their sessions don't have this call. */
  disconnect(): void {
    if (this.participant.role === "CUSTOMER")
      this.#act("disconnectParticipant", "", (session) => session.disconnectParticipant());
  }

  #text(what: string): string {
    this.#texts += 1;
    return `${what} ${this.participant.name} ${this.participant.id.slice(0, 8)} ${MARK}${this.#texts}`;
  }

  #act(name: string, mark: string, call: (session: Session) => Promise<unknown>): void {
    const { currentSession: sessionRecord } = this;
    const session = this.#session;
    if (!sessionRecord || !session || sessionRecord.overAtMs !== null) return;
    sessionRecord.page.task(() => {
      this.#call(sessionRecord, name, mark, () => call(session)).catch(() => undefined);
    });
  }

  #call(
    sessionRecord: SessionRecord,
    name: string,
    mark: string,
    call: () => Promise<unknown>,
  ): Promise<unknown> {
    const { clock } = this.#setup;
    const record: CallRecord = {
      atMs: clock.nowMs,
      name,
      mark,
      settledAtMs: null,
      outcome: "pending",
      value: null,
      error: null,
    };
    sessionRecord.calls.push(record);
    const settle = (outcome: "resolved" | "rejected"): void => {
      record.outcome = outcome;
      record.settledAtMs = clock.nowMs;
    };
    return call().then(
      (value) => {
        settle("resolved");
        const { data } = (value ?? {}) as { data?: { Transcript?: readonly WireItem[] } };
        record.value = data;
        for (const item of data?.Transcript ?? []) sessionRecord.fetched.set(keyOf(item), clock.nowMs);
        return value;
      },
      (thrown: unknown) => {
        settle("rejected");
        const { code, message, messageId, statusCode } = (thrown ?? {}) as Record<string, unknown>;
        record.error = {
          code: String(code),
          message: String(message),
          messageId: typeof messageId === "string" ? messageId : null,
          statusCode: typeof statusCode === "number" ? statusCode : undefined,
        };
        if (name === "sendMessage" && typeof messageId === "string") this.#failed.push(messageId);
        throw thrown;
      },
    );
  }

  // --- handlers ------------------------------------------------------------------------------------------------------

  #subscribe(sessionRecord: SessionRecord, session: SessionWithEvents): void {
    session.onMessage(({ data, recovered }) => {
      const item = data as WireItem;
      sessionRecord.deliveries.push({
        atMs: this.#setup.clock.nowMs,
        order: (this.#order += 1),
        item,
        recovered: recovered === true,
      });
      if (item.Type === "MESSAGE" && item.ParticipantId !== this.participant.id)
        this.#newestReceived = item.Id ?? null;
      if (item.ContentType === CONTENT_TYPE.transferred && this.participant.role === "AGENT") {
        // If the transfer came before the first session, it brought the contact to this agent.
        const sentAtMs = this.contact.commits.find((commit) => keyOf(commit.item) === keyOf(item))?.atMs ?? 0;
        const first = this.sessions.findLast(({ isResumed }) => !isResumed) ?? sessionRecord;
        if (sentAtMs >= first.createdAtMs) this.#end("transferred");
      }
      this.#react(session, item);
    });
    for (const name of EVENTS) {
      session[name](({ data }) => {
        sessionRecord.events.push({ atMs: this.#setup.clock.nowMs, order: (this.#order += 1), name, data });
        if (name === "onEnded") this.#end("chat ended");
      });
    }
    if (this.#setup.configuration.keepsTranscript) {
      session.onTranscriptUpdated(({ data }) => {
        const { transcript } = data as { transcript: readonly WireItem[] };
        sessionRecord.transcriptUpdates += 1;
        sessionRecord.transcript = transcript;
        // Checking a long transcript takes as long as the library takes to build it, so only some updates are checked.
        const isChecked = transcript.length < 300 || sessionRecord.transcriptUpdates % 16 === 0;
        const problem = isChecked ? problemOf(transcript) : null;
        if (problem !== null) sessionRecord.transcriptProblems.push(`${this.#setup.clock.nowMs} ${problem}`);
      });
    }
  }

  /** Depending on the configuration, throws an error that quotes the text, or calls a method of the session. */
  #react(session: Session, item: WireItem): void {
    const { configuration, random } = this.#setup;
    if (configuration.handlers === "throwing" && random.chance(0.1)) {
      throw new Error(`Cannot render ${JSON.stringify(item)}`);
    }
    if (configuration.handlers !== "calling" || item.ParticipantId === this.participant.id) return;
    const draw = random.next();
    if (draw < 0.1) this.send();
    else if (draw < 0.2) this.receipt("read");
    else if (draw < 0.23) this.getTranscript(0);
    else if (draw < 0.25) void session.controller.snapshot();
  }

  #log(sessionRecord: SessionRecord, line: string): void {
    if (SECRETS.some((secret) => line.includes(secret))) sessionRecord.leakedLines.push(line);
  }

  // --- Streams' token and the custom client --------------------------------------------------------------------------

  #tokenFromStreams(page: SimulatedPage): Promise<unknown> {
    return new page.realm.Promise((resolve) => {
      page.taskIn(this.#setup.random.logUniform(5, 800), () => {
        const { token, expiresAtMs } = this.#setup.issueToken();
        resolve({
          chatTokenTransport: { participantToken: token, expiry: new Date(expiresAtMs).toISOString() },
        });
      });
    });
  }

  /** A custom client for the same service. It gets camelCase arguments, and its errors have a `statusCode`. */
  #customClient(page: SimulatedPage): object {
    const fetch = page.global["fetch"] as (url: string, init: object) => Promise<Response>;
    const request = async (path: string, token: string, body: object): Promise<{ data: unknown }> => {
      const response = await fetch(`https://service.example/participant/${path}`, {
        method: "POST",
        headers: { "x-amz-bearer": token },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      // A 403 from a proxy doesn't mean that the service rejected the call.
      if (response.status === 403 && !text.startsWith("{")) throw new TypeError("Failed to fetch");
      if (!response.ok) throw Object.assign(new Error("The call failed."), { statusCode: response.status });
      return { data: JSON.parse(text) as unknown };
    };
    return {
      createParticipantConnection: (token: string, Type: unknown, ConnectParticipant: unknown) =>
        request("connection", token, { Type, ConnectParticipant }),
      sendMessage: (token: string, Content: string, ContentType: string, ClientToken: string) =>
        request("message", token, { Content, ContentType, ClientToken }),
      sendEvent: (token: string, ContentType: string, Content: unknown, ClientToken: string) =>
        request("event", token, { ContentType, Content, ClientToken }),
      disconnectParticipant: (token: string) => request("disconnect", token, {}),
      getTranscript: (token: string, args: Record<string, unknown>) => {
        const { id, absoluteTime, mostRecent } = (args["startPosition"] ?? {}) as Record<string, unknown>;
        return request("transcript", token, {
          MaxResults: args["maxResults"],
          SortOrder: args["sortOrder"],
          ScanDirection: args["scanDirection"],
          StartPosition: { Id: id, AbsoluteTime: absoluteTime, MostRecent: mostRecent },
          NextToken: args["nextToken"],
        });
      },
    };
  }
}

/** Describes a transcript's first duplicate or misplaced item. Returns null if there's none. */
function problemOf(transcript: readonly WireItem[]): string | null {
  const ids = new Set<string>();
  let lastTime = "";
  for (const { Id, AbsoluteTime } of transcript) {
    if (Id !== undefined && ids.has(Id)) return `the transcript contains item ${Id} twice`;
    if (Id !== undefined) ids.add(Id);
    // Pending and failed messages have no service time, so they are at the end.
    if (AbsoluteTime === "") continue;
    if (AbsoluteTime < lastTime) return `the transcript isn't sorted at ${AbsoluteTime}`;
    lastTime = AbsoluteTime;
  }
  return null;
}
