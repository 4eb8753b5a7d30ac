import { expect } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { EVENT } from "../../support/chat-under-test";
import { RecordingClient } from "../support/recording-client";
import { row, type Rows } from "../support/row";

/** The session call that uses each of a custom client's methods. */
const CALLS: Readonly<Record<string, (session: CustomerChatSession) => Promise<unknown>>> = {
  createParticipantConnection: () => Promise.resolve(),
  disconnectParticipant: (session) => session.disconnectParticipant(),
  sendMessage: (session) => session.sendMessage({ message: "x", contentType: "text/plain" }),
  sendEvent: (session) => session.sendEvent({ contentType: `${EVENT}typing` }),
  getTranscript: (session) => session.getTranscript({}),
  sendAttachment: (session) =>
    session.sendAttachment({ attachment: new File(["a"], "a.txt", { type: "text/plain" }) }),
  downloadAttachment: (session) => session.downloadAttachment({ attachmentId: "a" }),
  getAttachmentURL: (session) => session.getAttachmentURL({ attachmentId: "a" }),
  describeView: (session) => session.describeView({ viewToken: "v" }),
  getAuthenticationUrl: (session) => session.getAuthenticationUrl({ redirectUri: "r", sessionId: "s" }),
  cancelParticipantAuthentication: (session) => session.cancelParticipantAuthentication({ sessionId: "s" }),
};

export const CLIENT_ROWS: Rows = Object.fromEntries(
  Object.entries(CALLS).map(([name, call]) => [
    `client.${name}`,
    row("a custom client's method, called instead of the bundled client's", async (page) => {
      const client = new RecordingClient();
      page.ChatSession.setGlobalConfig({ customChatClient: client });
      const session = page.customer();
      await session.connect();
      await call(session);
      expect(client.calls).toContain(name);
      expect(page.chat.service.calls).toEqual([]);
      session.dispose();
    }),
  ]),
);
