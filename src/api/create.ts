/** What `ChatSession.create()` takes and returns. */
import type { ChatClient } from "./client";
import type { ChatWebSocketManager, DeclaredWebSocketManager } from "./connection";
import type { AgentChatSession, CustomerChatSession } from "./session";
import type { ChatSnapshot } from "./snapshot";

/** The types of sessions. */
export interface ChatSessionTypes {
  AGENT: "AGENT";
  CUSTOMER: "CUSTOMER";
}

/** On which side of the chat a session's participant is. */
export type SessionType = keyof ChatSessionTypes;

/** What Streams' `getConnectionToken()` resolves with: despite its name, the token is the one of the connection. */
export type GetConnectionToken = () => Promise<unknown>;

/** Whose chat it is. */
export interface ChatDetailsInput {
  contactId: string;
  participantId: string;
  /** A customer's, from StartChatContact's answer. Not needed with `getConnectionToken`, or a custom client without one. */
  participantToken?: string | null;
  /**
   * The contact that the chat began with.
   * @default contactId
   */
  initialContactId?: string;
  /** An agent's: resolves with `{chatTokenTransport: {participantToken, expiry}}`, as Streams' `getMediaInfo()` returns it. */
  getConnectionToken?: GetConnectionToken;
}

/** The same in PascalCase: StartChatContact's answer, unchanged. */
export interface StartChatContactAnswer {
  ContactId?: string | undefined;
  ParticipantId?: string | undefined;
  ParticipantToken?: string | null | undefined;
  InitialContactId?: string | undefined;
}

/** Settings of one session. */
export interface ChatSessionOptions {
  /** The instance's region, such as "us-east-1". It also becomes the global one. */
  region?: string | null;
  /** Accepted for compatibility; it has no effect, nor has `cell`. */
  stage?: string | null;
  cell?: string | null;
  /**
   * This session's client; null for the global one.
   * @default the global one
   */
  customChatClient?: ChatClient | null;
}

/** What `create()` takes. */
export interface ChatSessionArgs {
  chatDetails: ChatDetailsInput | StartChatContactAnswer;
  options?: ChatSessionOptions | null;
  type: SessionType;
  /** Streams' socket manager; without one the session opens its own socket. */
  websocketManager?: ChatWebSocketManager | DeclaredWebSocketManager | null;
  /**
   * Whether this session sends no client-side metrics.
   * @default false
   */
  disableCSM?: boolean;
  /**
   * What `snapshot()` of an earlier session of this participant returned, after a reload or on another page: `connect()`
   * then delivers what was said since, each item once.
   */
  resume?: ChatSnapshot | null;
}

/** What `create()` takes for a customer. */
export interface CustomerChatSessionArgs extends ChatSessionArgs {
  type: "CUSTOMER";
}

/** What `create()` takes for an agent. */
export interface AgentChatSessionArgs extends Omit<ChatSessionArgs, "type"> {
  /** @default "AGENT" */
  type?: "AGENT";
}

/** Creates a session. Throws an `IllegalArgument` error that names the field if an argument is missing or wrong. */
export interface CreateSession {
  (args: AgentChatSessionArgs): AgentChatSession;
  (args: CustomerChatSessionArgs): CustomerChatSession;
  (args: CustomerChatSessionArgs | AgentChatSessionArgs): CustomerChatSession | AgentChatSession;
  // The last of a function's signatures is the one that ReturnType<> sees: a customer's, as the original library declares it.
  // eslint-disable-next-line @typescript-eslint/unified-signatures
  (args: CustomerChatSessionArgs): CustomerChatSession;
}
