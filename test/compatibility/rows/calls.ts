import { expect } from "@jest/globals";
import type { ChatController } from "../../../src/session/chat-controller";
import { EVENT } from "../../support/chat-under-test";
import { json, refusal, rejection } from "../../support/fake-service";
import type { Page } from "../support/page";
import { row, type Row, type Rows } from "../support/row";

type Calls = Pick<ChatController, keyof ChatController>;

const TEXT = { message: "hello", contentType: "text/plain" } as const;

/** The last body that a path of the service was sent. */
const sentTo = (page: Page, path: string): unknown => page.chat.service.to(path).at(-1)?.body;

/** A call on a chat that is connected; missing, it is undefined and cannot be called. */
type Try = (on: Calls, page: Page) => unknown;

const CALLS: Readonly<Record<string, readonly [does: string, attempt: Try]>> = {
  sendMessage: [
    "sends a message: `data {Id, AbsoluteTime}`, in the order of the calls",
    async (on, page) => {
      expect(await on.sendMessage({ ...TEXT, metadata: "m" })).toMatchObject({
        data: { Id: "sent-1" },
        metadata: "m",
      });
      expect(sentTo(page, "/participant/message")).toMatchObject({
        Content: "hello",
        ContentType: "text/plain",
      });
    },
  ],
  sendEvent: [
    "sends an event: `data {Id, AbsoluteTime}`; typing is throttled, receipts are gathered",
    async (on, page) => {
      expect(await on.sendEvent({ contentType: `${EVENT}typing` })).toMatchObject({ data: { Id: "sent-1" } });
      expect(sentTo(page, "/participant/event")).toMatchObject({ ContentType: `${EVENT}typing` });
    },
  ],
  getTranscript: [
    "asks for a page of the transcript: `data {InitialContactId, NextToken, Transcript}`",
    async (on, page) => {
      expect(await on.getTranscript({})).toMatchObject({ data: { Transcript: [] } });
      expect(sentTo(page, "/participant/transcript")).toMatchObject({
        MaxResults: 15,
        SortOrder: "ASCENDING",
        ScanDirection: "BACKWARD",
      });
    },
  ],
  sendAttachment: [
    "uploads a file: announced, stored, completed",
    async (on, page) => {
      const attachment = new File(["abc"], "a.png", { type: "image/png" });
      await on.sendAttachment({ attachment });
      expect(sentTo(page, "/participant/complete-attachment-upload")).toMatchObject({
        AttachmentIds: ["attachment-1"],
      });
    },
  ],
  downloadAttachment: [
    "resolves the file itself, with `metadata` set on it",
    async (on) => {
      const file = await on.downloadAttachment({ attachmentId: "attachment-1", metadata: "m" });
      expect(Reflect.get(file, "metadata")).toBe("m");
      expect(await new Response(file).text()).toBe("the file");
    },
  ],
  getAttachmentURL: [
    "resolves the signed URL of a file",
    async (on) => {
      expect(await on.getAttachmentURL({ attachmentId: "attachment-1" })).toMatch(
        "https://storage.test/file",
      );
    },
  ],
  describeView: [
    "resolves `data {View}` of a view token",
    async (on, page) => {
      page.chat.service.on("/participant/views/token", () => json({ View: { Id: "v" } }));
      expect(await on.describeView({ viewToken: "token" })).toMatchObject({ data: { View: { Id: "v" } } });
    },
  ],
  getAuthenticationUrl: [
    "resolves `data {AuthenticationUrl}`",
    async (on, page) => {
      page.chat.service.on("/participant/authentication-url", () => json({ AuthenticationUrl: "https://a" }));
      const asked = { redirectUri: "https://back", sessionId: "s" };
      expect(await on.getAuthenticationUrl(asked)).toMatchObject({
        data: { AuthenticationUrl: "https://a" },
      });
      expect(sentTo(page, "/participant/authentication-url")).toEqual({
        RedirectUri: "https://back",
        SessionId: "s",
      });
    },
  ],
  cancelParticipantAuthentication: [
    "gives an authentication up",
    async (on, page) => {
      page.chat.service.on("/participant/cancel-authentication", () => json({}));
      await on.cancelParticipantAuthentication({ sessionId: "s" });
      expect(sentTo(page, "/participant/cancel-authentication")).toEqual({ SessionId: "s" });
    },
  ],
  sendMessageReceipt: [
    "sends a receipt at once, past the switch and the throttle",
    async (on, page) => {
      await on.sendMessageReceipt({ event: "read", messageId: "m" });
      expect(sentTo(page, "/participant/event")).toMatchObject({ ContentType: `${EVENT}message.read` });
    },
  ],
  reset: [
    "closes the socket, forgets all and every handler; the contact goes on, `connect()` starts anew",
    async (on, page) => {
      await on.reset();
      expect(page.chat.platform.socket.closedWith?.code).toBe(1000);
      expect(on.getChatDetails().connectionDetails).toBeNull();
    },
  ],
  getChatDetails: [
    "the chat's ids, token and connection, at once",
    (on, page) => {
      expect(on.getChatDetails()).toMatchObject({
        contactId: page.chat.contactId,
        connectionDetails: { connectionToken: "connection-token-1" },
      });
    },
  ],
  getConnectionStatus: [
    "upstream's four words: NeverEstablished, Establishing, Established, Broken",
    (on) => {
      expect(on.getConnectionStatus()).toBe("Established");
    },
  ],
  dispose: [
    "ours: lets go of connection, timers and handlers for good",
    (on, page) => {
      on.dispose();
      expect(page.chat.platform.socket.closedWith?.code).toBe(1000);
    },
  ],
  on: [
    "ours: a handler by the event's name; returns what takes it off",
    async (on, page) => {
      const told: unknown[] = [];
      const off = on.on("message", ({ data }) => told.push(data.Content));
      await page.chat.receive(page.chat.item({ Id: "a" }));
      off();
      await page.chat.receive(page.chat.item({ Id: "b" }));
      expect(told).toEqual(["hello"]);
    },
  ],
  once: [
    "ours: as `on`, for the next time only",
    async (on, page) => {
      const told: unknown[] = [];
      on.once("message", ({ data }) => told.push(data.Id));
      await page.chat.receive(page.chat.item({ Id: "a" }), page.chat.item({ Id: "b", Content: "again" }));
      expect(told).toEqual(["a"]);
    },
  ],
  resendMessage: [
    "ours: sends a message that failed once more, under the same idempotency token",
    async (on, page) => {
      page.chat.service.next("/participant/message", () => refusal(400, "ValidationException"));
      const failed = (await rejection(on.sendMessage(TEXT))) as { messageId: string };
      await on.resendMessage(failed.messageId);
      const tokens = page.chat.service.to("/participant/message").map(({ body }) => body["ClientToken"]);
      expect(tokens).toHaveLength(2);
      expect(new Set(tokens).size).toBe(1);
    },
  ],
  history: [
    "ours: the transcript item by item, page after page",
    async (on, page) => {
      const pages = [
        { InitialContactId: "c", Transcript: [page.chat.item({ Id: "b" })], NextToken: "next" },
        { InitialContactId: "c", Transcript: [page.chat.item({ Id: "a" })] },
      ];
      page.chat.service.next("/participant/transcript", ...pages.map((each) => () => json(each)));
      const ids: unknown[] = [];
      for await (const { Id } of on.history()) ids.push(Id);
      expect(ids).toEqual(["b", "a"]);
    },
  ],
  snapshot: [
    "ours: how far the session has come, to resume from on the next page",
    (on, page) => {
      expect(on.snapshot()).toMatchObject({ contactId: page.chat.contactId });
    },
  ],
  disconnectParticipant: [
    "asks the service to end the chat (customers)",
    async (on, page) => {
      await on.disconnectParticipant();
      expect(page.chat.service.to("/participant/disconnect")).toHaveLength(1);
    },
  ],
};

/** Each call on the session and on its controller: some applications use the one in the place of the other. */
function rowsOf(root: "session" | "controller"): Rows {
  const pick = (session: object): Calls =>
    (root === "session" ? session : Reflect.get(session, "controller")) as Calls;
  const rows: Record<string, Row> = {
    [`${root}.connect`]: row(
      "asks the service for a connection and starts the socket; a second call is the same outcome, a failed one may be tried anew",
      async (page) => {
        const connected = await pick(page.customer()).connect({ metadata: "m" });
        expect(connected).toMatchObject({ connectSuccess: true, metadata: "m" });
        const Type = ["WEBSOCKET", "CONNECTION_CREDENTIALS"];
        expect(sentTo(page, "/participant/connection")).toEqual({ Type });
      },
    ),
    [`${root}.cleanUpOnParticipantDisconnect`]: row("removes every handler (agents)", async (page) => {
      const session = page.agent();
      const told: unknown[] = [];
      session.onMessage(() => told.push("told"));
      pick(session).cleanUpOnParticipantDisconnect();
      await page.chat.connected(session);
      await page.chat.receive(page.chat.item());
      expect(told).toEqual([]);
    }),
    [`${root}.connectionState`]: row("ours: the state of the connection at this moment", async (page) => {
      expect(pick(await page.connected()).connectionState).toBe("connected");
    }),
  };
  for (const [name, [does, attempt]] of Object.entries(CALLS)) {
    rows[`${root}.${name}`] = row(does, async (page) => attempt(pick(await page.connected()), page));
  }
  return rows;
}

export const CALL_ROWS: Rows = {
  ...rowsOf("session"),
  ...rowsOf("controller"),
  "session.controller": row("the controller, typed as public: existing code reaches into it", (page) => {
    expect(page.customer().controller.contactId).toBe(page.chat.contactId);
  }),
  "controller.contactId": row("the contact's id", (page) => {
    expect(page.customer().controller.contactId).toBe(page.chat.contactId);
  }),
};
