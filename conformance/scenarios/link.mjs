import { scenario, wait } from "../page.mjs";

scenario("loss and return", async (t) => {
  const { session, contactId } = await t.connected();
  await t.sim("dropSockets");
  await t.events("events", { count: 2, patienceMs: 20_000, quietMs: 500 });
  await t.subscribed(contactId);
  await t.requests("requests");
  await t.sim("say", contactId, "Welcome back");
  await t.events("a message afterwards", { count: 1 });
  await t.call("sendMessage", () => session.sendMessage({ message: "Thanks", contentType: "text/plain" }));
});

scenario("messages during a loss", async (t) => {
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

scenario("calls while the link is down", async (t) => {
  const { session } = await t.connected();
  await t.sim("refuseSockets", 100);
  await t.sim("dropSockets");
  await wait(200);
  await t.call("sendMessage", () =>
    session.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
  );
  await t.call("getTranscript", () => session.getTranscript({ maxResults: 1 }));
});

scenario("the end, told by the service", async (t) => {
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

scenario("the end, told to the transcript as well", async (t) => {
  const { session, contactId } = await t.connected();
  t.watch(session, {
    only: ["onMessage", "onTranscriptUpdated", "onEnded"],
    as: "with the transcript",
  });
  await t.sim("end", contactId);
  await t.events("with the transcript", { as: "with the transcript", count: 3, quietMs: 500 });
});

scenario("the end, during a loss", async (t) => {
  const { session, contactId } = await t.connected();
  // None comes back before the end: it would be told of it live.
  await t.sim("refuseSockets", 100);
  await t.sim("dropSockets");
  await t.until(async () => (await t.sim("openSockets")) === 0);
  await t.sim("end", contactId);
  await t.sim("clearFaults");
  await t.events("events", { count: 3, patienceMs: 25_000, quietMs: 800 });
  await t.call(
    "sendMessage",
    () => session.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
    4_000,
  );
});

scenario("two sessions of one contact", async (t) => {
  const one = await t.connected();
  const details = one.session.getChatDetails();
  const other = t.ChatSession.create({
    type: "CUSTOMER",
    disableCSM: true,
    chatDetails: {
      contactId: details.contactId,
      participantId: details.participantId,
      participantToken: details.participantToken,
    },
  });
  t.watch(other, { as: "other" });
  await t.asks("connect of the other", () => other.connect());
  await wait(400);
  t.observe("sockets", await t.sim("openSockets"));
  await t.events("events of the other at connect", { as: "other" });
  await t.sim("say", one.contactId, "To both");
  await t.events("events of the one", { count: 1 });
  await t.events("events of the other", { as: "other", count: 1 });
});

scenario("an expired connection token", async (t) => {
  const { session } = await t.connected();
  await t.sim("expireConnectionTokens");
  await t.asks("sendMessage", () =>
    session.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
  );
});
