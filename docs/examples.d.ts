/** What the examples of the guides take for granted: they are pieces of an application. */
import type { AgentChatSession, ChatController, CustomerChatSession } from "amazon-connect-chatjs";
import type { Simulator } from "amazon-connect-chatjs/simulator";
import type { Page } from "playwright-core";

declare global {
  /** A customer's session, an agent's, and one that is either's controller. */
  const session: CustomerChatSession;
  const agentSession: AgentChatSession;
  const controller: ChatController;
  /** StartChatContact's answer. */
  const chatDetails: { ContactId: string; ParticipantId: string; ParticipantToken: string };
  const startChatContactAnswer: typeof chatDetails;
  const simulator: Simulator;

  /** The application's own page. */
  const container: HTMLElement;
  const ccpUrl: string;
  const file: File;
  function show(...what: unknown[]): void;
  function showTranscript(...what: unknown[]): void;
  function showBanner(text: string): void;
  function send(...line: unknown[]): void;
  function report(...what: unknown[]): void;
}

// Packages of the application's that this one does not install.
declare module "vitest" {
  export { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
}
declare module "@playwright/test" {
  export { expect } from "@jest/globals";
  export function test(title: string, run: (fixtures: { page: Page }) => Promise<void>): void;
}
declare module "@react-native-community/netinfo" {
  const NetInfo: { fetch(): Promise<{ isConnected: boolean | null }> };
  export default NetInfo;
}
declare module "react-native" {
  export const AppState: {
    addEventListener(type: "change", listener: (state: string) => void): { remove(): void };
  };
}
