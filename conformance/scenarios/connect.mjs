/* global document, window */
import { scenario, wait } from "../page.mjs";

const HELLO = { message: "Hello", contentType: "text/plain" };

scenario("connect: success", async (t) => {
  const { session, contactId } = await t.customer();
  t.watch(session);
  const status = () => session.controller.getConnectionStatus();
  const connecting = session.connect({ metadata: { mine: 1 } });
  await t.call("status while starting", status);
  await t.call("connect", () => connecting);
  await t.subscribed(contactId);
  await t.events("events", { count: 2 });
  await t.requests("requests");
  t.observe("details", session.getChatDetails());
  await t.call("status once connected", status);
  await wait(200);
  t.observe("frames sent by the client", await t.sim("frames"));
  t.observe("sockets", await t.sim("openSockets"));
});

scenario("connect: without arguments", async (t) => {
  const { session } = await t.customer();
  await t.exchange("connect", () => session.connect());
  const other = await t.customer();
  await t.exchange("connect({})", () => other.session.connect({}));
});

scenario("connect: handlers added after connect()", async (t) => {
  const { session, contactId } = await t.customer();
  await session.connect();
  // Streams applications also add handlers right after connect().
  t.watch(session);
  await t.subscribed(contactId);
  await t.events("handlers added after await connect()", { count: 2 });
});

scenario("connect: twice", async (t) => {
  const { session, contactId } = await t.customer();
  t.watch(session);
  const [first, second] = await Promise.all([
    t.outcome(() => session.connect({ metadata: 1 })),
    t.outcome(() => session.connect({ metadata: 2 })),
  ]);
  t.observe("first while pending", first);
  t.observe("second while pending", second);
  await t.subscribed(contactId);
  await t.call("once connected", () => session.connect({ metadata: 3 }));
  await wait(200);
  t.observe("number of requests", await t.sim("requestCount", "CreateParticipantConnection"));
  t.observe("number of sockets", await t.sim("openSockets"));
});

for (const status of [400, 403, 404, 409]) {
  scenario(`connect: fails with ${status}`, async (t) => {
    const { session } = await t.customer();
    t.watch(session);
    await t.sim("failNext", "CreateParticipantConnection", { status, message: "Not today", times: 20 });
    await t.exchange("connect", () => session.connect({ metadata: "m" }), 15_000);
    await t.events("events");
    t.observe("details", session.getChatDetails());
    await t.call("status", () => session.controller.getConnectionStatus());
  });
}

scenario("connect: retried after a failure", async (t) => {
  const { session, contactId } = await t.customer();
  t.watch(session);
  await t.sim("failNext", "CreateParticipantConnection", { status: 403, message: "Not today", times: 1 });
  await t.call("first", () => session.connect());
  await t.events("events after the first call");
  await t.call("second", () => session.connect());
  const isConnected = session.getChatDetails().connectionDetails ? await t.subscribed(contactId) : false;
  t.observe("is connected", isConnected);
  await t.events("events after the second call", { count: isConnected ? 2 : 0 });
  await t.call("sendMessage", () => session.sendMessage(HELLO), 2_000);
});

scenario("connect: temporary server error", async (t) => {
  const { session } = await t.customer();
  await t.sim("failNext", "CreateParticipantConnection", { status: 500, times: 1 });
  await t.exchange("connect", () => session.connect({ metadata: "m" }), 15_000);
});

scenario("connect: temporarily throttled", async (t) => {
  const { session } = await t.customer();
  await t.sim("failNext", "CreateParticipantConnection", { status: 429, times: 1 });
  await t.exchange("connect", () => session.connect({ metadata: "m" }), 15_000);
});

scenario("connect: persistent server error", async (t) => {
  const { session } = await t.customer();
  t.watch(session);
  await t.sim("failNext", "CreateParticipantConnection", { status: 500, message: "Down", times: 20 });
  await t.exchange("connect", () => session.connect({ metadata: "m" }), 30_000);
  await t.events("events");
});

scenario("connection status over a session's lifetime", async (t) => {
  const { session, contactId } = await t.connected();
  const status = () => session.controller.getConnectionStatus();
  await t.call("established", status);
  await t.sim("refuseSockets", 100);
  await t.sim("dropSockets");
  await t.until(async () => (await t.sim("openSockets")) === 0);
  await wait(150);
  await t.call("lost", status);
  await t.sim("clearFaults");
  await t.subscribed(contactId);
  await wait(150);
  await t.call("restored", status);
  await t.sim("end", contactId);
  await wait(400);
  await t.call("ended", status);
});

scenario("sendMessage right after connect", async (t) => {
  const { session } = await t.customer();
  await session.connect();
  await t.call("sendMessage", () => session.sendMessage(HELLO));
  await t.requests("requests");
});

scenario("connect: with StartChatContact's response", async (t) => {
  t.ChatSession.setGlobalConfig({ endpoint: window.location.origin });
  const chatDetails = await t.sim("startChat");
  const session = t.ChatSession.create({
    chatDetails,
    type: "CUSTOMER",
    options: { region: undefined },
    disableCSM: true,
  });
  await t.exchange("connect", () => session.connect());
  t.observe("details", session.getChatDetails());
});

scenario("connect: with metrics enabled", async (t) => {
  t.ChatSession.setGlobalConfig({ endpoint: window.location.origin });
  const chatDetails = await t.sim("startChat");
  const scripts = document.scripts.length;
  const session = t.ChatSession.create({ chatDetails, type: "CUSTOMER" });
  await t.call("connect", () => session.connect());
  await wait(300);
  t.observe("scripts injected", document.scripts.length - scripts);
  t.observe("window.onbeforeunload", typeof window.onbeforeunload);
  t.observe("window.csm", typeof window.csm);
});
