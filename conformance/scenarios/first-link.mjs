import { inShort, scenario, wait } from "../page.mjs";

/** Upstream reconnects after 2 s at the earliest, so that init() is still pending after this. */
const PENDING_MS = 600;
/** Ours gives the application a second to fetch the transcript itself before it delivers what was said. */
const RECOVERY_MS = 2_000;

scenario("a first link that is refused", async (t) => {
  const { session, contactId } = await t.customer();
  const log = t.watch(session);
  await t.sim("refuseSockets", 100);
  await t.call("connect", () => session.connect({ metadata: "m" }));
  await t.until(() => log.some(({ on }) => on === "onConnectionLost"));
  await t.events("events of the first attempt");
  await t.call("status", () => session.controller.getConnectionStatus());
  await t.call("sendMessage", () =>
    session.sendMessage({ message: "Over HTTPS", contentType: "text/plain", metadata: "m" }),
  );
  await t.sim("say", contactId, "Said without a link");
  await t.sim("clearFaults");
  await t.subscribed(contactId);
  await t.events("events of the link that came", { count: 1, quietMs: RECOVERY_MS, show: inShort });
  await t.call("status once it is up", () => session.controller.getConnectionStatus());
});

scenario("manager: a first socket that is refused", async (t) => {
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
  // On a busy machine a second attempt may have failed by now.
  t.observe("notices, each once", [...new Map(emitted)]);
  t.observe(
    "a late subscriber of a loss",
    await new Promise((resolve) => {
      manager.onConnectionLost(() => resolve("replayed"));
      setTimeout(resolve, 100, "not replayed");
    }),
  );
});
