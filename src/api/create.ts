/** The arguments of `ChatSession.create()`. */
import type { ChatClient } from "./client";
import type { ChatWebSocketManager, DeclaredWebSocketManager } from "./connection";
import type { AgentChatSession, CustomerChatSession } from "./session";
import type { ChatSnapshot } from "./snapshot";

/** The session types, as `ChatSession.SessionTypes` has them. */
export interface ChatSessionTypes {
  AGENT: "AGENT";
  CUSTOMER: "CUSTOMER";
}

/** The role of a session's participant. */
export type SessionType = keyof ChatSessionTypes;

/** Streams' `getConnectionToken()`. Despite its name, the `participantToken` in its result is a connection token. */
export type GetConnectionToken = () => Promise<unknown>;

/** The contact and the participant that a session is for. */
export interface ChatDetailsInput {
  /** The ID of the contact. */
  contactId: string;
  /** The ID of the participant: the customer or the agent. */
  participantId: string;
  /**
   * The participant token from StartChatContact's answer. Required for a customer, unless a custom client is set.
   * Agents usually have `getConnectionToken` instead.
   */
  participantToken?: string | null;
  /**
   * The ID of the contact that the chat began with.
   * @default contactId
   */
  initialContactId?: string;
  /**
   * Fetches an agent's connection token. Resolves with `{ chatTokenTransport: { participantToken, expiry } }`. The
   * result of Streams' `getMediaInfo()` includes this function. Ignored for a customer.
   */
  getConnectionToken?: GetConnectionToken;
}

/** StartChatContact's answer, which `chatDetails` also accepts unchanged. */
export interface StartChatContactAnswer {
  ContactId?: string | undefined;
  ParticipantId?: string | undefined;
  ParticipantToken?: string | null | undefined;
  InitialContactId?: string | undefined;
}

/** Settings of a single session. */
export interface ChatSessionOptions {
  /** The AWS Region of the Amazon Connect instance, such as "us-east-1". Also becomes the global region. */
  region?: string | null;
  /** Accepted for compatibility; has no effect. */
  stage?: string | null;
  /** Accepted for compatibility; has no effect. */
  cell?: string | null;
  /**
   * The chat client of this session. Null means the global one.
   * @default the `customChatClient` of `setGlobalConfig()`, else the bundled client
   */
  customChatClient?: ChatClient | null;
}

/** The arguments of `create()`. */
export interface ChatSessionArgs {
  /** The contact and the participant that the session is for. */
  chatDetails: ChatDetailsInput | StartChatContactAnswer;
  /** Settings of this session. */
  options?: ChatSessionOptions | null;
  /** The role of the participant. */
  type: SessionType;
  /** An external socket manager, such as Streams'. Without one, the session opens its own socket. */
  websocketManager?: ChatWebSocketManager | DeclaredWebSocketManager | null;
  /**
   * Turns off client-side metrics for this session.
   * @default false
   */
  disableCSM?: boolean;
  /**
   * What `snapshot()` returned in an earlier session of the same participant, before a reload or on another page. After
   * `connect()`, the session delivers the items that arrived since then, each once.
   */
  resume?: ChatSnapshot | null;
}

/** The arguments of `create()` for a customer. */
export interface CustomerChatSessionArgs extends ChatSessionArgs {
  type: "CUSTOMER";
}

/** The arguments of `create()` for an agent. */
export interface AgentChatSessionArgs extends Omit<ChatSessionArgs, "type"> {
  /** @default "AGENT" */
  type?: "AGENT";
}

/**
 * Creates a session.
 * @throws `IllegalArgument` if an argument is missing or invalid; the error's `field` names it.
 */
export interface CreateSession {
  (args: AgentChatSessionArgs): AgentChatSession;
  (args: CustomerChatSessionArgs): CustomerChatSession;
  (args: CustomerChatSessionArgs | AgentChatSessionArgs): CustomerChatSession | AgentChatSession;
  // ReturnType<> uses a function's last signature: a customer's here, as the original library declares it.
  // eslint-disable-next-line @typescript-eslint/unified-signatures
  (args: CustomerChatSessionArgs): CustomerChatSession;
}
