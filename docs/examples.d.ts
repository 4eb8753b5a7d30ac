/** Declares the names that the guides' examples use without defining them. */
import type { AgentChatSession, ChatController, CustomerChatSession } from "amazon-connect-chatjs";
import type { Chat, UseChatOptions } from "amazon-connect-chatjs/react";
import type { Simulator } from "amazon-connect-chatjs/simulator";

declare global {
  /** A customer's session, an agent's session, and the controller of either. */
  const session: CustomerChatSession;
  const agentSession: AgentChatSession;
  const controller: ChatController;
  /** StartChatContact's response. */
  const chatDetails: { ContactId: string; ParticipantId: string; ParticipantToken: string };
  const response: typeof chatDetails;
  const simulator: Simulator;
  /** What useChat() returns, and its `start`. */
  const chat: Chat;
  const startChatContact: UseChatOptions["start"];
  const contactId: string;
  const earlierContactId: string;
  const participantId: string;

  /** The application's page. */
  const container: HTMLElement;
  const ccpUrl: string;
  const file: File;
  function show(...what: unknown[]): void;
  function showTranscript(...what: unknown[]): void;
  function showBanner(text: string): void;
  function send(...line: unknown[]): void;
  function report(...what: unknown[]): void;
}
