// Disconnect flows, for example surveys, between disconnectParticipant() and chat.ended.
import { scenario, wait } from "../page.mjs";

const QUESTION = "How was it, 1 to 5?";
const EVENT = "application/vnd.amazonaws.connect.event.";
const TEXT = { contentType: "text/plain", metadata: "m" };
const VIEW = { Id: "v", Name: "Survey", Content: { Template: "{}" }, Version: 1, Type: "AWS_MANAGED" };

const note = (name) => new File(["some text"], name, { type: "text/plain" });

/** Connects and disconnects a customer, and waits until the survey question has arrived. */
async function withSurvey(t, options) {
  const customer = await t.connected(options);
  await t.sim("surveyOnDisconnect", customer.contactId, QUESTION);
  await customer.session.disconnectParticipant();
  await t.until(async () =>
    (await t.sim("transcript", customer.contactId)).some(({ Content }) => Content === QUESTION),
  );
  await wait(150);
  t.forget();
  await t.sim("takeRequests");
  return customer;
}

/** Drops the link and keeps it down until the faults are cleared. */
async function loseTheLink(t) {
  await t.sim("refuseSockets", 100);
  await t.sim("dropSockets");
  await t.until(async () => (await t.sim("openSockets")) === 0);
}

scenario("disconnect flow: survey question", async (t) => {
  const { session, contactId } = await t.connected();
  await t.sim("surveyOnDisconnect", contactId, QUESTION);
  await t.exchange("disconnectParticipant", () => session.disconnectParticipant());
  await t.events("events", { count: 1 });
  t.observe("sockets", await t.sim("openSockets"));
  await t.call("status", () => session.controller.getConnectionStatus());
  t.observe("details", session.getChatDetails());
});

scenario("disconnect flow: messages and events", async (t) => {
  const { session, contactId } = await withSurvey(t);
  const question = (await t.sim("transcript", contactId)).find(({ Content }) => Content === QUESTION);
  const receipt = (kind) => ({
    contentType: `${EVENT}message.${kind}`,
    content: JSON.stringify({ messageId: question.Id, disableThrottle: true }),
    metadata: "m",
  });
  await t.exchange("sendMessage", () => session.sendMessage({ ...TEXT, message: "5" }));
  await t.exchange("typing", () => session.sendEvent({ contentType: `${EVENT}typing`, metadata: "m" }));
  await t.exchange("a delivered receipt", () => session.sendEvent(receipt("delivered")));
  await t.exchange("a read receipt", () => session.sendEvent(receipt("read")));
  await t.events("events", { count: 1 });
  await t.exchange("getTranscript", () => session.getTranscript({ maxResults: 2, metadata: "m" }));
});

scenario("disconnect flow: attachments", async (t) => {
  const { session, contactId } = await withSurvey(t);
  await t.exchange("sendAttachment", () =>
    session.sendAttachment({ attachment: note("a.txt"), metadata: "m" }),
  );
  await t.events("events", { count: 1 });
  const { Attachments } = (await t.sim("transcript", contactId)).find(({ Type }) => Type === "ATTACHMENT");
  const [{ AttachmentId: attachmentId }] = Attachments;
  await t.exchange("downloadAttachment", () => session.downloadAttachment({ attachmentId, metadata: "m" }));
  const url = await t.outcome(() => session.getAttachmentURL({ attachmentId }));
  t.observe("getAttachmentURL", Object.fromEntries(Object.entries(url).map(([how, it]) => [how, typeof it])));
  await t.requests("getAttachmentURL: requests");
});

scenario("disconnect flow: views and authentication", async (t) => {
  const { session } = await withSurvey(t);
  await t.sim("setView", "view", VIEW);
  const authentication = { redirectUri: "https://example.com/back", sessionId: "s", metadata: "m" };
  await t.exchange("describeView", () => session.describeView({ viewToken: "view", metadata: "m" }));
  await t.exchange("getAuthenticationUrl", () => session.getAuthenticationUrl(authentication));
  await t.exchange("cancelParticipantAuthentication", () =>
    session.cancelParticipantAuthentication({ sessionId: "s", metadata: "m" }),
  );
  await t.events("events", { count: 1 });
});

scenario("disconnect flow: incoming items, then the end", async (t) => {
  const { session, contactId } = await withSurvey(t);
  const { Id } = await t.sim("say", contactId, "And why?", { role: "SYSTEM" });
  await t.events("a message", { count: 1 });
  await t.sim("event", contactId, "typing", { role: "SYSTEM" });
  await t.events("typing", { count: 1 });
  await t.sim("sendItem", contactId, {
    Type: "MESSAGEMETADATA",
    ContentType: `${EVENT}message.metadata`,
    MessageMetadata: {
      MessageId: Id,
      Receipts: [{ ReadTimestamp: "2026-01-01T00:00:00.000Z", RecipientParticipantId: "bot" }],
    },
  });
  await t.events("a receipt", { count: 1 });
  await t.sim("end", contactId);
  await t.events("the end", { count: 2, quietMs: 500 });
  t.observe("sockets", await t.sim("openSockets"));
  await t.call("status", () => session.controller.getConnectionStatus());
  await t.exchange("sendMessage after the end", () => session.sendMessage({ ...TEXT, message: "x" }), 4_000);
  await t.exchange("describeView after the end", () => session.describeView({ viewToken: "view" }), 4_000);
  await t.exchange("disconnectParticipant after the end", () => session.disconnectParticipant(), 4_000);
});

scenario("disconnect flow: onTranscriptUpdated", async (t) => {
  const { session, contactId } = await t.connected();
  const texts = [];
  session.onTranscriptUpdated(({ data }) =>
    texts.push(data.transcript.map(({ Content, ContentType }) => Content ?? ContentType)),
  );
  await t.sim("surveyOnDisconnect", contactId, QUESTION);
  await session.disconnectParticipant();
  await t.until(() => texts.at(-1)?.includes(QUESTION));
  await session.sendMessage({ ...TEXT, message: "5" });
  await t.until(() => texts.at(-1)?.includes("5"));
  await t.sim("end", contactId);
  await t.until(() => texts.at(-1)?.some((text) => text.endsWith("chat.ended")), 3_000);
  // participant.joined was sent before the handler was added, so only a library that fetches the transcript shows it.
  t.observe(
    "the last transcript",
    texts.at(-1)?.filter((text) => !text.endsWith("participant.joined")),
  );
});

scenario("disconnect flow: the link is lost and restored", async (t) => {
  const { session, contactId } = await withSurvey(t);
  await loseTheLink(t);
  await t.events("events when the link is lost", { count: 1 });
  await t.call("status while it's down", () => session.controller.getConnectionStatus());
  await t.call("sendMessage while it's down", () => session.sendMessage({ ...TEXT, message: "5" }));
  await t.call("getTranscript while it's down", () =>
    session.getTranscript({ maxResults: 1, metadata: "m" }),
  );
  await t.sim("say", contactId, "And why?", { role: "SYSTEM" });
  await t.sim("clearFaults");
  await t.subscribed(contactId);
  await t.events("events when the link is restored", { count: 1, quietMs: 800 });
  await t.call("status once it's restored", () => session.controller.getConnectionStatus());
  await t.sim("say", contactId, "Thank you", { role: "SYSTEM" });
  await t.events("a later message", { count: 1 });
  await t.sim("end", contactId);
  await t.events("the end", { count: 2, quietMs: 500 });
});

scenario("disconnect flow: the chat ends while the link is down", async (t) => {
  const { session, contactId } = await withSurvey(t);
  await loseTheLink(t);
  await t.sim("end", contactId);
  await t.sim("clearFaults");
  await t.events("events", { count: 3, timeoutMs: 25_000, quietMs: 800 });
  await t.call("sendMessage", () => session.sendMessage({ ...TEXT, message: "x" }), 4_000);
});

scenario("disconnect flow: disconnectParticipant again", async (t) => {
  const { session } = await withSurvey(t);
  await t.exchange("disconnectParticipant", () => session.disconnectParticipant());
  await t.events("events", { count: 2, quietMs: 500 });
});

scenario("disconnect flow: disconnectParticipant again, rejected", async (t) => {
  const { session, contactId } = await withSurvey(t);
  await t.sim("failNext", "DisconnectParticipant", { status: 400, message: "Already disconnected" });
  await t.exchange("disconnectParticipant", () => session.disconnectParticipant());
  await t.sim("say", contactId, "And why?", { role: "SYSTEM" });
  await t.events("a message", { count: 1 });
});

scenario("disconnect flow: connect again", async (t) => {
  const { session, contactId } = await withSurvey(t);
  await t.exchange("connect", () => session.connect({ metadata: "again" }));
  await t.sim("say", contactId, "And why?", { role: "SYSTEM" });
  await t.events("events", { count: 1 });
  t.observe("sockets", await t.sim("openSockets"));
});

scenario("disconnect flow: disconnectParticipant while the link is down", async (t) => {
  const { session, contactId } = await t.connected();
  await t.sim("surveyOnDisconnect", contactId, QUESTION);
  await loseTheLink(t);
  await t.events("events when the link is lost", { count: 1 });
  await t.call("disconnectParticipant", () => session.disconnectParticipant());
  await wait(300);
  t.observe("events after disconnectParticipant", t.take());
  await t.sim("clearFaults");
  await t.subscribed(contactId);
  await t.events("events when the link is restored", { count: 1, quietMs: 800 });
  await t.sim("end", contactId);
  await t.events("the end", { count: 2, quietMs: 500 });
});
