import { scenario, wait } from "../page.mjs";

/** Upstream reconnects after 2 s at the earliest, so that what is observed within this is the first attempt's failure. */
const FIRST_ATTEMPT_MS = 600;

scenario("a first link that is refused", async (t) => {
  const { session, contactId } = await t.customer();
  t.watch(session);
  await t.sim("refuseSockets", 100);
  await t.call("connect", () => session.connect({ metadata: "m" }));
  await wait(FIRST_ATTEMPT_MS);
  t.observe("events of the first attempt", t.take());
  await t.call("status", () => session.controller.getConnectionStatus());
  await t.call("sendMessage", () =>
    session.sendMessage({ message: "Over HTTPS", contentType: "text/plain", metadata: "m" }),
  );
  await t.sim("clearFaults");
  await t.subscribed(contactId);
  await t.events("events of the link that came", { count: 1, quietMs: 500 });
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
      wait(FIRST_ATTEMPT_MS).then(() => "pending"),
    ]),
  );
  await wait(FIRST_ATTEMPT_MS);
  t.observe("notices", emitted);
  t.observe(
    "a late subscriber of a loss",
    await new Promise((resolve) => {
      manager.onConnectionLost(() => resolve("replayed"));
      setTimeout(resolve, 100, "not replayed");
    }),
  );
});
