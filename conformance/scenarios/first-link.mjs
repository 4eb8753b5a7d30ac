import { summaryOf, scenario, wait } from "../page.mjs";

/** Upstream waits at least 2 s before it reconnects, so its init() is pending at this point. */
const PENDING_MS = 600;
/** Our library gives the application a second to fetch the transcript itself before it delivers missed messages. */
const RECOVERY_MS = 2_000;

scenario("link: the first socket is refused", async (t) => {
  const { session, contactId } = await t.customer();
  const log = t.watch(session);
  await t.sim("refuseSockets", 100);
  await t.call("connect", () => session.connect({ metadata: "m" }));
  await t.until(() => log.some(({ on }) => on === "onConnectionLost"));
  await t.events("events after the first attempt");
  await t.call("status", () => session.controller.getConnectionStatus());
  await t.call("sendMessage", () =>
    session.sendMessage({ message: "Over HTTPS", contentType: "text/plain", metadata: "m" }),
  );
  await t.sim("say", contactId, "Sent without a link");
  await t.sim("clearFaults");
  await t.subscribed(contactId);
  await t.events("events once the link is up", { count: 1, quietMs: RECOVERY_MS, show: summaryOf });
  await t.call("status once the link is up", () => session.controller.getConnectionStatus());
});

scenario("manager: the first socket is refused", async (t) => {
  const chat = await t.sim("startChat");
  const manager = t.connect.WebSocketManager.create({ logMetaData: { contactId: chat.ContactId } });
  const emitted = [];
  for (const name of [
    "onInitFailure",
    "onConnectionOpen",
    "onConnectionClose",
    "onConnectionGain",
    "onConnectionLost",
  ]) {
    manager[name]((payload) =>
      emitted.push([name, payload === undefined ? "<undefined>" : Object.keys(payload).sort()]),
    );
  }
  manager.subscribeTopics(["aws/chat"]);
  await t.sim("refuseSockets", 100);
  await t.call("init", () =>
    Promise.race([
      manager.init(async () => {
        const { url, expiry } = await t.sim("signSocket", [chat.ParticipantId]);
        return { webSocketTransport: { url, expiry, transportLifeTimeInSeconds: 3540 } };
      }),
      wait(PENDING_MS).then(() => "pending"),
    ]),
  );
  await t.until(() => emitted.some(([name]) => name === "onConnectionLost"));
  await wait(100);
  // Observes each event once, because on a busy machine, a second attempt may have failed by now.
  t.observe("events, each once", [...new Map(emitted)]);
  t.observe(
    "a late onConnectionLost subscriber",
    await new Promise((resolve) => {
      manager.onConnectionLost(() => resolve("replayed"));
      setTimeout(resolve, 100, "not replayed");
    }),
  );
});
