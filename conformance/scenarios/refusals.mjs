// CreateParticipantConnection answers a reconnecting session with a 403: does the service end the chat, or does somebody
// else refuse the request?
import { inShort, scenario } from "../page.mjs";

const TEXT = { message: "Still there?", contentType: "text/plain", metadata: "m" };

/** The link is lost, and the next request for a socket is refused; meanwhile an agent writes. */
async function observeRefusal(t, refusal) {
  const { session, contactId } = await t.connected();
  await t.sim("say", contactId, "before");
  await t.events("before", { count: 1 });
  await t.sim("expireSocketUrls");
  await t.sim("failNext", "CreateParticipantConnection", { status: 403, ...refusal });
  await t.sim("dropSockets");
  await t.sim("say", contactId, "missed");
  await t.events("events", { count: 2, patienceMs: 20_000, quietMs: 600, show: inShort });
  await t.call("status", () => session.controller.getConnectionStatus());
  await t.sim("say", contactId, "after");
  await t.events("events afterwards", { count: 1, patienceMs: 1_000, show: inShort });
  await t.call("sendMessage", () => session.sendMessage(TEXT), 4_000);
}

const REFUSALS = {
  "an HTML page of a proxy": { from: "proxy" },
  "an empty answer": { from: "nobody" },
  "JSON of another gateway": { from: "gateway" },
  "the service by name, while the chat goes on": { from: "service", message: "Access denied" },
  "the service by name in the body, while the chat goes on": {
    from: "service",
    namedIn: "body",
    message: "Access denied",
  },
};

for (const [what, refusal] of Object.entries(REFUSALS)) {
  scenario(`403 while reconnecting: ${what}`, (t) => observeRefusal(t, refusal));
}

scenario("403 while reconnecting: the service by name, and the chat has ended", async (t) => {
  const { session, contactId } = await t.connected();
  await t.sim("refuseSockets", 100);
  await t.sim("dropSockets");
  await t.until(async () => (await t.sim("openSockets")) === 0);
  await t.sim("end", contactId);
  await t.sim("expireSocketUrls");
  await t.sim("clearFaults");
  await t.events("events", { count: 3, patienceMs: 25_000, quietMs: 800 });
  await t.call("status", () => session.controller.getConnectionStatus());
  await t.call("sendMessage", () => session.sendMessage(TEXT), 4_000);
});
