/** The arguments of `ChatSession.create()`. */
import type { ChatClient } from "./client";
import type { ChatWebSocketManager, DeclaredWebSocketManager } from "./connection";
import type { AgentChatSession, CustomerChatSession } from "./session";
import type { ChatSnapshot } from "./snapshot";

/** The session types, as in `ChatSession.SessionTypes`. */
export interface ChatSessionTypes {
  AGENT: "AGENT";
  CUSTOMER: "CUSTOMER";
}

/** The role of a session's participant. */
export type SessionType = keyof ChatSessionTypes;

/**
 * The `getConnectionToken()` function of Streams. Despite its name, the `participantToken` in its result is a
 * connection token.
 */
export type GetConnectionToken = () => Promise<unknown>;

/** Identifies the contact and the participant of a session. */
export interface ChatDetailsInput {
  /** The ID of the contact. */
  contactId: string;
  /** The ID of the participant: the customer or the agent. */
  participantId: string;
  /**
   * The participant token from the StartChatContact response. Required for a customer unless a custom client is set.
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
   * result of Streams' `getMediaInfo()` includes this function. Ignored for customers.
   */
  getConnectionToken?: GetConnectionToken;
}

/** The StartChatContact response. `chatDetails` accepts it unchanged. */
export interface StartChatContactAnswer {
  ContactId?: string | undefined;
  ParticipantId?: string | undefined;
  ParticipantToken?: string | null | undefined;
  InitialContactId?: string | undefined;
}

/** Settings for a single session. */
export interface ChatSessionOptions {
  /** The AWS Region of the Amazon Connect instance, such as "us-east-1". It also becomes the global region. */
  region?: string | null;
  /** Accepted for compatibility; has no effect. */
  stage?: string | null;
  /** Accepted for compatibility; has no effect. */
  cell?: string | null;
  /**
   * The chat client for this session. Null selects the default.
   * @default the `customChatClient` of `setGlobalConfig()`, or the bundled client if there is none
   */
  customChatClient?: ChatClient | null;
}

/** The arguments of `create()`. */
export interface ChatSessionArgs {
  /** The contact and the participant of the session. */
  chatDetails: ChatDetailsInput | StartChatContactAnswer;
  /** Settings for this session. */
  options?: ChatSessionOptions | null;
  /** The role of the participant. */
  type: SessionType;
  /** An external socket manager, such as the one in Streams. If omitted, the session opens its own socket. */
  websocketManager?: ChatWebSocketManager | DeclaredWebSocketManager | null;
  /**
   * Turns off client-side metrics for this session.
   * @default false
   */
  disableCSM?: boolean;
  /**
   * A snapshot that an earlier session of the same participant returned, before a reload or on another page; see
   * `snapshot()`. After `connect()`, the session delivers the items that have arrived since the snapshot, each exactly
   * once.
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
  // ReturnType<> uses the last overload. As in the original library, the last overload is for a customer.
  // eslint-disable-next-line @typescript-eslint/unified-signatures
  (args: CustomerChatSessionArgs): CustomerChatSession;
}
