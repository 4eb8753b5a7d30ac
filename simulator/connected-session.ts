/** Connects a library's sessions in a test, and waits for what they deliver. */
import type { ParticipantRole } from "./items";
import { clearTimeout, setTimeout } from "./node-timers";
import type { AgentConnection, ContactScript } from "./script";
import { acceptedBy, WaitError } from "./waiting";

/** The chat details for an agent's session, as Streams provides them. */
export interface AgentDetails {
  contactId: string;
  initialContactId: string;
  participantId: string;
  participantToken: string;
  /** Called by the session whenever it needs a connection token, like Streams' function of the same name. */
  getConnectionToken: () => Promise<{ chatTokenTransport: { participantToken: string; expiry: string } }>;
}

/** A message, as a session delivers it. */
export interface SessionMessage {
  Id?: string | undefined;
  AbsoluteTime?: string | undefined;
  Type?: string | undefined;
  ContentType?: string | undefined;
  Content?: string | undefined;
  DisplayName?: string | undefined;
  ParticipantId?: string | undefined;
  ParticipantRole?: string | undefined;
}

/** Which messages to wait for: those that contain a text, match a regular expression, or are accepted. */
export type SessionMessageMatcher = string | RegExp | ((message: Readonly<SessionMessage>) => boolean);

/** The part of a chat session that the simulator uses. This library's sessions and upstream's have it. */
export interface TestedSession {
  connect(): Promise<unknown>;
  onConnectionEstablished(handler: () => void): unknown;
  onMessage(handler: (event: { data: SessionMessage }) => void): unknown;
}

export interface SessionWaitOptions {
  /** The sender's role. Default: any participant except the session's own. */
  role?: ParticipantRole;
  /** Default 5,000. */
  timeoutMs?: number;
}

/** A connected session, and the contact that controls the other participants. */
export interface ConnectedSession<Session, ChatDetails> {
  readonly session: Session;
  readonly chatDetails: ChatDetails;
  readonly contact: ContactScript;
  /**
   * Resolves with the first message that the session has delivered, or delivers later, and that matches. Without a
   * matcher, any message does. Rejects with a `WaitError` that lists the messages that were delivered instead.
   *
   * @example
   * const { Content } = await customer.waitForMessage(/parcel/);
   */
  readonly waitForMessage: (
    matcher?: SessionMessageMatcher,
    options?: SessionWaitOptions,
  ) => Promise<SessionMessage>;
}

interface Wait {
  readonly accepts: (item: Readonly<SessionMessage>) => boolean;
  readonly resolve: (item: SessionMessage) => void;
  readonly fail: (failure: "timeout" | "closed", when: string) => void;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 10_000;
const MAX_LISTED = 10;
const NOT_ESTABLISHED =
  `The session's connection wasn't established within ${CONNECT_TIMEOUT_MS} ms. ` +
  "Does `setGlobalConfig({ endpoint })` have this simulator's `url`, and is there a `WebSocket` (Node 20 has none)?";

export const agentDetailsOf = (
  { contactId, initialContactId, participantId, participantToken }: AgentConnection,
  connectionToken: () => { chatTokenTransport: { participantToken: string; expiry: string } },
): AgentDetails => ({
  ...{ contactId, initialContactId, participantId, participantToken },
  getConnectionToken: () => Promise.resolve(connectionToken()),
});

/** All sessions that a simulator has connected. */
export class ConnectedSessions {
  readonly #messages = new Set<SessionMessages>();

  async connect<Session extends TestedSession, ChatDetails>(
    create: (chatDetails: ChatDetails) => Session,
    chatDetails: ChatDetails,
    { contact, participantId }: { contact: ContactScript; participantId: string },
  ): Promise<ConnectedSession<Session, ChatDetails>> {
    const session = create(chatDetails);
    const messages = new SessionMessages(session, participantId);
    this.#messages.add(messages);
    await untilEstablished(session);
    const waitForMessage: ConnectedSession<Session, ChatDetails>["waitForMessage"] = (matcher, options) =>
      messages.waitFor(matcher, options);
    return { session, chatDetails, contact, waitForMessage };
  }

  /** Rejects all waits. */
  close(): void {
    for (const messages of this.#messages) messages.close();
    this.#messages.clear();
  }
}

async function untilEstablished(session: TestedSession): Promise<void> {
  const established = new Promise<void>((resolve) => {
    session.onConnectionEstablished(() => resolve());
  });
  await session.connect();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new WaitError("timeout", NOT_ESTABLISHED)), CONNECT_TIMEOUT_MS);
    void established.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The messages that one session delivers, and the waits for them. */
class SessionMessages {
  readonly #participantId: string;
  readonly #delivered: SessionMessage[] = [];
  readonly #waits = new Set<Wait>();

  constructor(session: TestedSession, participantId: string) {
    this.#participantId = participantId;
    session.onMessage(({ data }) => {
      if (data.Type !== "MESSAGE") return;
      this.#delivered.push(data);
      for (const wait of this.#waits) if (wait.accepts(data)) wait.resolve(data);
    });
  }

  async waitFor(
    matcher: SessionMessageMatcher | undefined,
    { role, timeoutMs = DEFAULT_TIMEOUT_MS }: SessionWaitOptions = {},
  ): Promise<SessionMessage> {
    const matches = acceptedBy(matcher, textOf);
    const accepts = (item: Readonly<SessionMessage>): boolean =>
      (role === undefined ? item.ParticipantId !== this.#participantId : item.ParticipantRole === role) &&
      matches(item);
    const delivered = this.#delivered.find(accepts);
    if (delivered) return delivered;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => wait.fail("timeout", `within ${timeoutMs} ms`), timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#waits.delete(wait);
      };
      const wait: Wait = {
        accepts,
        resolve: (item) => {
          settle();
          resolve(item);
        },
        fail: (failure, when) => {
          settle();
          reject(new WaitError(failure, `The session delivered no such message ${when}. ${this.#summary}`));
        },
      };
      this.#waits.add(wait);
    });
  }

  /** Rejects all waits. */
  close(): void {
    for (const wait of this.#waits) wait.fail("closed", "before the simulator was closed");
  }

  get #summary(): string {
    const items = this.#delivered.slice(-MAX_LISTED);
    return items.length === 0
      ? "It delivered no messages."
      : `It delivered: ${items.map(inWords).join("; ")}.`;
  }
}

const textOf = ({ Content = "" }: Readonly<SessionMessage>): string => Content;

const inWords = ({ ParticipantRole = "", Content = "" }: Readonly<SessionMessage>): string =>
  `message from ${ParticipantRole} "${Content}"`;
