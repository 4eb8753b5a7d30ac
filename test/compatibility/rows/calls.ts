import { expect } from "@jest/globals";
import type { Controller } from "../../../src/session/controller";
import { EVENT, NOTHING_LEFT } from "../../support/chat-under-test";
import { errorResponse, json, rejection } from "../../support/fake-service";
import type { Page } from "../support/page";
import { row, type Row, type Rows } from "../support/row";

type Calls = Pick<Controller, keyof Controller>;

const TEXT = { message: "hello", contentType: "text/plain" } as const;

/** Returns the body of the last request to a path. */
const sentTo = (page: Page, path: string): unknown => page.chat.service.to(path).at(-1)?.body;

/** Makes the call on a connected chat. If the library lacks the call, the attempt throws. */
type Attempt = (target: Calls, page: Page) => unknown;

const CALLS: Readonly<Record<string, readonly [does: string, attempt: Attempt]>> = {
  sendMessage: [
    "sends a message, in call order; resolves with `data {Id, AbsoluteTime}`",
    async (target, page) => {
      const first = target.sendMessage({ ...TEXT, metadata: "m" });
      const second = target.sendMessage({ ...TEXT, message: "again" });
      await page.chat.platform.settle();
      expect(await first).toEqual({
        data: { Id: "sent-1", AbsoluteTime: expect.any(String) },
        metadata: "m",
      });
      expect(await second).toMatchObject({ data: { Id: "sent-2" }, metadata: null });
      expect(page.chat.service.to("/participant/message").map(({ body }) => body)).toMatchObject([
        { Content: "hello", ContentType: "text/plain" },
        { Content: "again", ContentType: "text/plain" },
      ]);
    },
  ],
  sendEvent: [
    "sends an event; resolves with `data {Id, AbsoluteTime}`; typing is throttled, receipts are batched",
    async (target, page) => {
      const typing = { contentType: `${EVENT}typing` } as const;
      const typingResult = { data: { Id: "sent-1", AbsoluteTime: expect.any(String) } };
      expect(await target.sendEvent(typing)).toMatchObject(typingResult);
      expect(await target.sendEvent(typing)).toMatchObject(typingResult);
      expect(page.chat.service.to("/participant/event").map(({ body }) => body)).toMatchObject([
        { ContentType: `${EVENT}typing` },
      ]);
      const receipts = ["a", "b"].map((messageId) =>
        target.sendEvent({ contentType: `${EVENT}message.read`, content: { messageId } }),
      );
      await page.chat.advance(6_000);
      const batched = page.chat.service.to("/participant/event").slice(1);
      expect(batched.map(({ body }) => body["Content"])).toEqual([JSON.stringify({ messageId: "b" })]);
      const sent = { data: { Id: "sent-2" } };
      expect(await Promise.all(receipts)).toMatchObject([sent, sent]);
    },
  ],
  getTranscript: [
    "fetches a page of the transcript; resolves with `data {InitialContactId, NextToken, Transcript}`",
    async (target, page) => {
      const Transcript = [page.chat.item({ Id: "a" })];
      const response = { InitialContactId: "c", NextToken: "next", Transcript };
      page.chat.service.next("/participant/transcript", () => json(response));
      expect(await target.getTranscript({})).toEqual({ data: response, metadata: null });
      expect(sentTo(page, "/participant/transcript")).toMatchObject({
        MaxResults: 15,
        SortOrder: "ASCENDING",
        ScanDirection: "BACKWARD",
      });
    },
  ],
  sendAttachment: [
    "uploads a file in three steps: starts the upload, stores the file, and completes the upload",
    async (target, page) => {
      const attachment = new File(["abc"], "a.png", { type: "image/png" });
      const before = page.chat.service.calls.length;
      expect(await target.sendAttachment({ attachment, metadata: "m" })).toEqual({ data: {}, metadata: "m" });
      expect(page.chat.service.calls.slice(before).map(({ path }) => path)).toEqual([
        "/participant/start-attachment-upload",
        "/upload",
        "/participant/complete-attachment-upload",
      ]);
      expect(sentTo(page, "/participant/start-attachment-upload")).toMatchObject({
        AttachmentName: "a.png",
        AttachmentSizeInBytes: 3,
        ContentType: "image/png",
      });
      expect(sentTo(page, "/participant/complete-attachment-upload")).toMatchObject({
        AttachmentIds: ["attachment-1"],
      });
    },
  ],
  downloadAttachment: [
    "resolves with the file, which has `metadata` as a property",
    async (target) => {
      const file = await target.downloadAttachment({ attachmentId: "attachment-1", metadata: "m" });
      expect(Reflect.get(file, "metadata")).toBe("m");
      expect(await new Response(file).text()).toBe("the file");
    },
  ],
  getAttachmentURL: [
    "resolves with a file's signed URL",
    async (target) => {
      expect(await target.getAttachmentURL({ attachmentId: "attachment-1" })).toMatch(
        "https://storage.test/file",
      );
    },
  ],
  describeView: [
    "resolves with the view for a view token, `data {View}`",
    async (target, page) => {
      page.chat.service.on("/participant/views/token", () => json({ View: { Id: "v" } }));
      expect(await target.describeView({ viewToken: "token" })).toMatchObject({
        data: { View: { Id: "v" } },
      });
    },
  ],
  getAuthenticationUrl: [
    "resolves with `data {AuthenticationUrl}`",
    async (target, page) => {
      page.chat.service.on("/participant/authentication-url", () => json({ AuthenticationUrl: "https://a" }));
      const args = { redirectUri: "https://back", sessionId: "s" };
      expect(await target.getAuthenticationUrl(args)).toMatchObject({
        data: { AuthenticationUrl: "https://a" },
      });
      expect(sentTo(page, "/participant/authentication-url")).toEqual({
        RedirectUri: "https://back",
        SessionId: "s",
      });
    },
  ],
  cancelParticipantAuthentication: [
    "cancels an authentication",
    async (target, page) => {
      page.chat.service.on("/participant/cancel-authentication", () => json({}));
      expect(await target.cancelParticipantAuthentication({ sessionId: "s" })).toMatchObject({ data: {} });
      expect(sentTo(page, "/participant/cancel-authentication")).toEqual({ SessionId: "s" });
    },
  ],
  sendMessageReceipt: [
    "sends a receipt immediately, even if receipts are turned off or throttled",
    async (target, page) => {
      page.ChatSession.setGlobalConfig({ features: [] });
      const sent = { data: { Id: "sent-1", AbsoluteTime: expect.any(String) } };
      expect(await target.sendMessageReceipt({ event: "read", messageId: "m" })).toMatchObject(sent);
      expect(sentTo(page, "/participant/event")).toMatchObject({
        ContentType: `${EVENT}message.read`,
        Content: JSON.stringify({ messageId: "m" }),
      });
    },
  ],
  reset: [
    "closes the socket and removes all state and handlers; the contact continues, and `connect()` starts a new connection",
    async (target, page) => {
      const received: unknown[] = [];
      target.on("message", () => received.push("message"));
      await target.reset();
      expect(page.chat.platform.socket.closedWith?.code).toBe(1000);
      expect(target.getChatDetails().connectionDetails).toBeNull();
      expect(target.getConnectionStatus()).toBe("NeverEstablished");
      expect(page.chat.service.to("/participant/disconnect")).toEqual([]);
      expect(await target.connect()).toMatchObject({ connectSuccess: true });
      await page.chat.platform.settle();
      await page.chat.open();
      await page.chat.receive(page.chat.item());
      expect(target.getConnectionStatus()).toBe("Established");
      expect(received).toEqual([]);
    },
  ],
  getChatDetails: [
    "returns the chat's IDs, token and connection details synchronously",
    (target, page) => {
      const { contactId, participantId } = page.chat;
      expect(target.getChatDetails()).toEqual({
        contactId,
        initialContactId: contactId,
        participantId,
        participantToken: "participant-token",
        connectionDetails: {
          url: "wss://service.test/socket?number=1",
          expiry: expect.any(String),
          transportLifeTimeInSeconds: 3540,
          connectionAcknowledged: false,
          connectionToken: "connection-token-1",
          connectionTokenExpiry: expect.any(String),
        },
      });
    },
  ],
  getConnectionStatus: [
    "returns upstream's status: NeverEstablished, Establishing, Established or Broken",
    async (target, page) => {
      const statuses = [target.getConnectionStatus()];
      page.chat.platform.socket.end(1006);
      statuses.push(target.getConnectionStatus());
      await target.reset();
      statuses.push(target.getConnectionStatus());
      await target.connect();
      statuses.push(target.getConnectionStatus());
      expect(statuses).toEqual(["Established", "Broken", "NeverEstablished", "Establishing"]);
    },
  ],
  dispose: [
    "ours: permanently releases the connection, timers and handlers",
    async (target, page) => {
      const received: unknown[] = [];
      target.on("message", () => received.push("message"));
      target.dispose();
      page.chat.send(page.chat.item());
      await page.chat.platform.settle();
      expect(page.chat.platform.socket.closedWith?.code).toBe(1000);
      expect(page.chat.leftovers).toEqual(NOTHING_LEFT);
      expect(received).toEqual([]);
      expect(await rejection(target.connect())).toMatchObject({ code: "IllegalState" });
    },
  ],
  on: [
    "ours: adds a handler for an event, by name; returns a function that removes it",
    async (target, page) => {
      const received: unknown[] = [];
      const off = target.on("message", ({ data }) => received.push(data.Content));
      await page.chat.receive(page.chat.item({ Id: "a" }));
      off();
      await page.chat.receive(page.chat.item({ Id: "b" }));
      expect(received).toEqual(["hello"]);
    },
  ],
  once: [
    "ours: adds a handler like `on`, but only for the next event",
    async (target, page) => {
      const received: unknown[] = [];
      target.once("message", ({ data }) => received.push(data.Id));
      await page.chat.receive(page.chat.item({ Id: "a" }), page.chat.item({ Id: "b", Content: "again" }));
      expect(received).toEqual(["a"]);
    },
  ],
  resendMessage: [
    "ours: resends a failed message with the same idempotency token",
    async (target, page) => {
      page.chat.service.next("/participant/message", () => errorResponse(400, "ValidationException"));
      const failed = (await rejection(target.sendMessage(TEXT))) as { messageId: string };
      await target.resendMessage(failed.messageId);
      const tokens = page.chat.service.to("/participant/message").map(({ body }) => body["ClientToken"]);
      expect(tokens).toHaveLength(2);
      expect(new Set(tokens).size).toBe(1);
    },
  ],
  history: [
    "ours: iterates over the transcript's items, and fetches pages as needed",
    async (target, page) => {
      const pages = [
        { InitialContactId: "c", Transcript: [page.chat.item({ Id: "b" })], NextToken: "next" },
        { InitialContactId: "c", Transcript: [page.chat.item({ Id: "a" })] },
      ];
      page.chat.service.next("/participant/transcript", ...pages.map((each) => () => json(each)));
      const ids: unknown[] = [];
      for await (const { Id } of target.history()) ids.push(Id);
      expect(ids).toEqual(["b", "a"]);
      const nextTokens = page.chat.service.to("/participant/transcript").map(({ body }) => body["NextToken"]);
      expect(nextTokens).toEqual([undefined, "next"]);
    },
  ],
  snapshot: [
    "ours: returns the session's position, so that the next page can resume from it",
    async (target, page) => {
      await page.chat.receive(page.chat.item({ Id: "known" }));
      const resume = target.snapshot();
      expect(resume).toMatchObject({ contactId: page.chat.contactId });
      target.dispose();
      const Transcript = [page.chat.item({ Id: "known" }), page.chat.item({ Id: "missed" })];
      page.chat.service.on("/participant/transcript", () => json({ InitialContactId: "c", Transcript }));
      const { contactId, participantId } = page.chat;
      const chatDetails = { contactId, participantId, participantToken: "participant-token" };
      const next = page.ChatSession.create({ type: "CUSTOMER", chatDetails, resume, disableCSM: true });
      const received: unknown[] = [];
      next.onMessage(({ data }) => received.push(data.Id));
      await page.chat.connected(next);
      await page.chat.advance(10_000);
      expect(received).toEqual(["missed"]);
    },
  ],
  disconnectParticipant: [
    "asks the service to end the chat (customers)",
    async (target, page) => {
      await target.disconnectParticipant();
      expect(page.chat.service.to("/participant/disconnect")).toHaveLength(1);
    },
  ],
};

/** Returns the rows of all calls on a session or on its controller, which some applications use instead. */
function rowsOf(root: "session" | "controller"): Rows {
  const pick = (session: object): Calls =>
    (root === "session" ? session : Reflect.get(session, "controller")) as Calls;
  const rows: Record<string, Row> = {
    [`${root}.connect`]: row(
      "requests a connection and starts the socket; later calls resolve with the same result, and a failed call can be repeated",
      async (page) => {
        const target = pick(page.customer());
        page.chat.service.next("/participant/connection", () => errorResponse(400, "ValidationException"));
        expect(await rejection(target.connect({ metadata: "m" }))).toMatchObject({
          connectSuccess: false,
          connectCalled: true,
          metadata: "m",
          _debug: { _debug: { type: "ValidationException" } },
        });
        const connected = await target.connect({ metadata: "m" });
        expect(connected).toMatchObject({ connectSuccess: true, connectCalled: true, metadata: "m" });
        expect(await target.connect()).toBe(connected);
        await page.chat.platform.settle();
        expect(page.chat.service.to("/participant/connection")).toHaveLength(2);
        expect(page.chat.platform.sockets).toHaveLength(1);
        const Type = ["WEBSOCKET", "CONNECTION_CREDENTIALS"];
        expect(sentTo(page, "/participant/connection")).toEqual({ Type });
      },
    ),
    [`${root}.cleanUpOnParticipantDisconnect`]: row("removes every handler (agents)", async (page) => {
      const session = page.agent();
      const received: unknown[] = [];
      session.onMessage(() => received.push("message"));
      pick(session).cleanUpOnParticipantDisconnect();
      await page.chat.connected(session);
      await page.chat.receive(page.chat.item());
      expect(received).toEqual([]);
    }),
    [`${root}.connectionState`]: row("ours: the current connection state", async (page) => {
      const session = page.customer();
      expect(pick(session).connectionState).toBe("idle");
      await page.chat.connected(session);
      expect(pick(session).connectionState).toBe("connected");
      page.chat.platform.socket.end(1006);
      expect(pick(session).connectionState).toBe("reconnecting");
    }),
  };
  for (const [name, [does, attempt]] of Object.entries(CALLS)) {
    rows[`${root}.${name}`] = row(does, async (page) => attempt(pick(await page.connectedCustomer()), page));
  }
  return rows;
}

export const CALL_ROWS: Rows = {
  ...rowsOf("session"),
  ...rowsOf("controller"),
  "session.controller": row("the controller, typed as public because existing code uses it", async (page) => {
    const session = page.customer();
    const names: string[] = [];
    session.controller.subscribe("CONNECTION_ESTABLISHED", (_event, name) => names.push(name));
    await page.chat.connected(session);
    expect(session.controller.getConnectionStatus()).toBe("Established");
    expect(names).toEqual(["CONNECTION_ESTABLISHED"]);
  }),
  "controller.contactId": row("the contact's ID", (page) => {
    expect(page.customer().controller.contactId).toBe(page.chat.contactId);
  }),
};
