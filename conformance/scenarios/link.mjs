import { scenario, wait } from "../page.mjs";

scenario("link: lost and restored", async (t) => {
  const { session, contactId } = await t.connected();
  await t.sim("dropSockets");
  await t.events("events", { count: 2, timeoutMs: 20_000, quietMs: 500 });
  await t.subscribed(contactId);
  await t.requests("requests");
  await t.sim("say", contactId, "Welcome back");
  await t.events("a later message", { count: 1 });
  await t.call("sendMessage", () => session.sendMessage({ message: "Thanks", contentType: "text/plain" }));
});

scenario("link: messages sent while it's down", async (t) => {
  const { contactId } = await t.connected();
  await t.sim("say", contactId, "before");
  await t.events("before", { count: 1 });
  await t.sim("refuseSockets", 100);
  await t.sim("dropSockets");
  await t.until(async () => (await t.sim("openSockets")) === 0);
  await t.sim("say", contactId, "during 1");
  await t.sim("say", contactId, "during 2");
  await t.sim("clearFaults");
  await t.subscribed(contactId);
  await wait(800);
  await t.events("events", { count: 1 });
});

scenario("link: calls while it's down", async (t) => {
  const { session } = await t.connected();
  await t.sim("refuseSockets", 100);
  await t.sim("dropSockets");
  await wait(200);
  await t.call("sendMessage", () =>
    session.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
  );
  await t.call("getTranscript", () => session.getTranscript({ maxResults: 1 }));
});

scenario("end of chat: event from the service", async (t) => {
  const { session, contactId } = await t.connected();
  await t.sim("end", contactId);
  await t.events("events", { count: 2, quietMs: 500 });
  t.observe("sockets", await t.sim("openSockets"));
  t.observe("details", session.getChatDetails());
  await t.call(
    "sendMessage",
    () => session.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
    4_000,
  );
  await t.call("connect", () => session.connect(), 4_000);
});

scenario("end of chat: with a transcript handler", async (t) => {
  const { session, contactId } = await t.connected();
  t.watch(session, {
    only: ["onMessage", "onTranscriptUpdated", "onEnded"],
    as: "with the transcript",
  });
  await t.sim("end", contactId);
  await t.events("with the transcript", { as: "with the transcript", count: 3, quietMs: 500 });
});

scenario("end of chat: while the link is down", async (t) => {
  const { session, contactId } = await t.connected();
  // Keep sockets down until the chat has ended, so that no socket delivers the end.
  await t.sim("refuseSockets", 100);
  await t.sim("dropSockets");
  await t.until(async () => (await t.sim("openSockets")) === 0);
  await t.sim("end", contactId);
  await t.sim("clearFaults");
  await t.events("events", { count: 3, timeoutMs: 25_000, quietMs: 800 });
  await t.call(
    "sendMessage",
    () => session.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
    4_000,
  );
});

scenario("two sessions on one contact", async (t) => {
  const first = await t.connected();
  const details = first.session.getChatDetails();
  const second = t.ChatSession.create({
    type: "CUSTOMER",
    disableCSM: true,
    chatDetails: {
      contactId: details.contactId,
      participantId: details.participantId,
      participantToken: details.participantToken,
    },
  });
  t.watch(second, { as: "second" });
  await t.exchange("connect of the second session", () => second.connect());
  await wait(400);
  t.observe("sockets", await t.sim("openSockets"));
  await t.events("events of the second session at connect", { as: "second" });
  await t.sim("say", first.contactId, "To both");
  await t.events("events of the first session", { count: 1 });
  await t.events("events of the second session", { as: "second", count: 1 });
});

scenario("an expired connection token", async (t) => {
  const { session } = await t.connected();
  await t.sim("expireConnectionTokens");
  await t.exchange("sendMessage", () =>
    session.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
  );
});
