import type { CustomerChatSession } from "../../../src/api/session";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { PublicManager } from "../../../src/connection/public-manager";
import { Logging } from "../../../src/observability/logger";
import { ChatUnderTest, EVENT, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { rejection } from "../../support/fake-service";

const CONNECTION = "/participant/connection";
const SECOND = 1_000;

let chat: ChatUnderTest;
let session: CustomerChatSession;

beforeEach(async () => {
  chat = new ChatUnderTest();
  session = await chat.connected(chat.customer());
});

/** Each call, and the path of its request. */
const CALLS: Readonly<Record<string, readonly [run: () => Promise<unknown>, path: string]>> = {
  sendMessage: [
    () => session.sendMessage({ message: "5", contentType: "text/plain" }),
    "/participant/message",
  ],
  typing: [() => session.sendEvent({ contentType: `${EVENT}typing` }), "/participant/event"],
  sendMessageReceipt: [
    () => session.sendMessageReceipt({ event: "read", messageId: "question" }),
    "/participant/event",
  ],
  getTranscript: [() => session.getTranscript(), "/participant/transcript"],
  sendAttachment: [
    () => session.sendAttachment({ attachment: new File(["x"], "x.txt", { type: "text/plain" }) }),
    "/participant/start-attachment-upload",
  ],
  getAttachmentURL: [() => session.getAttachmentURL({ attachmentId: "a" }), "/participant/attachment"],
  describeView: [() => session.describeView({ viewToken: "v" }), "/participant/views/v"],
  getAuthenticationUrl: [
    () => session.getAuthenticationUrl({ redirectUri: "https://example.com", sessionId: "s" }),
    "/participant/authentication-url",
  ],
  "another disconnectParticipant": [() => session.disconnectParticipant(), "/participant/disconnect"],
};

describe("between disconnectParticipant() and chat.ended", () => {
  test.each(Object.keys(CALLS))("%s reaches the service", async (name) => {
    await session.disconnectParticipant();
    const [run, path] = CALLS[name] ?? [];
    const before = chat.service.to(path ?? "").length;
    await run?.().catch(() => undefined);
    expect(chat.service.to(path ?? "").length).toBeGreaterThan(before);
    session.dispose();
  });

  test("items are delivered, and the session stays connected", async () => {
    const emitted = record(session, "message", "typing", "ended");
    await session.disconnectParticipant();
    await chat.receive(chat.item({ Id: "question" }), chat.event("typing"));
    expect(emitted).toEqual(["message", "typing"]);
    expect([session.connectionState, session.getConnectionStatus()]).toEqual(["connected", "Established"]);
    session.dispose();
  });

  test("a lost link is restored and a damaged frame starts a recovery, but neither ends the session", async () => {
    const emitted = record(session, "connectionLost", "connectionEstablished", "messagesRecovered", "ended");
    await session.disconnectParticipant();
    chat.platform.socket.receive({ topic: "aws/chat", content: '{"Type":"EV' });
    await chat.advance(2 * SECOND);
    chat.platform.socket.end();
    await chat.nextSocket(5 * SECOND);
    await chat.open();
    await chat.advance(2 * SECOND);
    expect(emitted).toEqual([
      "messagesRecovered",
      "connectionLost",
      "messagesRecovered",
      "connectionEstablished",
    ]);
    session.dispose();
  });
});

describe("disconnectParticipant() while the link is down", () => {
  test("starts the next attempt immediately, and the service's 403s end the session", async () => {
    const emitted = record(session, "message", "ended", "connectionBroken");
    await chat.advance(120 * SECOND);
    chat.service.next(
      CONNECTION,
      ...Array.from({ length: 8 }, () => () => Promise.reject(new TypeError("no"))),
    );
    chat.platform.randomValue = 0.99;
    chat.platform.socket.end();
    await chat.platform.advance(20 * SECOND);
    await session.disconnectParticipant();
    chat.service.endChat();
    expect(emitted).toEqual([]);
    await chat.platform.advance(10);
    expect(emitted).toEqual(["message", "ended"]);
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("opens the session's own socket if the external manager was terminated, and the session receives chat.ended", async () => {
    const manager = new PublicManager(chat.platform, new Logging(chat.platform).getLogger(), {
      isNetworkOnline: () => null,
      unencryptedHost: () => null,
    });
    const externalSession = chat.library.ChatSession.create({
      type: "CUSTOMER",
      chatDetails: { contactId: "external", participantId: "me", participantToken: "token" },
      websocketManager: manager,
      disableCSM: true,
    });
    session.dispose();
    const emitted = record(externalSession, "connectionBroken", "connectionEstablished", "message", "ended");
    await externalSession.connect();
    await chat.platform.settle();
    manager.terminateWebSocketManager();
    await chat.platform.settle();
    expect([externalSession.connectionState, ...emitted]).toEqual(["broken", "connectionBroken"]);
    await externalSession.disconnectParticipant();
    await chat.platform.settle();
    await chat.open();
    await chat.receive(chat.event("chat.ended", { ContactId: "external" }));
    expect(emitted).toEqual(["connectionBroken", "connectionEstablished", "message", "ended"]);
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });
});

test("after the end of the chat, describeView() and getAuthenticationUrl() reach the service, and all other calls reject", async () => {
  await chat.receive(chat.event("chat.ended"));
  const reachedCalls: string[] = [];
  for (const [name, [run, path]] of Object.entries(CALLS)) {
    const before = chat.service.to(path).length;
    const error = await rejection(run());
    if (chat.service.to(path).length > before) reachedCalls.push(name);
    else expect(error).toMatchObject({ code: "IllegalState" });
  }
  expect(reachedCalls).toEqual(["describeView", "getAuthenticationUrl"]);
});
