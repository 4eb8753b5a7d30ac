// A reconnecting session gets a 403 for CreateParticipantConnection. Either the chat has ended, or something other than
// the service rejected the request.
import { summaryOf, scenario } from "../page.mjs";

const TEXT = { message: "Still there?", contentType: "text/plain", metadata: "m" };

/** Cuts the link while an agent sends a message, and rejects the next request for a socket. */
async function observeRefusal(t, refusal) {
  const { session, contactId } = await t.connected();
  await t.sim("say", contactId, "before");
  await t.events("before", { count: 1 });
  await t.sim("expireSocketUrls");
  await t.sim("failNext", "CreateParticipantConnection", { status: 403, ...refusal });
  await t.sim("dropSockets");
  await t.sim("say", contactId, "missed");
  await t.events("events", { count: 2, timeoutMs: 20_000, quietMs: 600, show: summaryOf });
  await t.call("status", () => session.controller.getConnectionStatus());
  await t.sim("say", contactId, "after");
  await t.events("later events", { count: 1, timeoutMs: 1_000, show: summaryOf });
  await t.call("sendMessage", () => session.sendMessage(TEXT), 4_000);
}

const REFUSALS = {
  "a proxy's HTML page": { from: "proxy" },
  "an empty response": { from: "nobody" },
  "another gateway's JSON": { from: "gateway" },
  "a service error during an active chat": { from: "service", message: "Access denied" },
  "a service error named in the body during an active chat": {
    from: "service",
    namedIn: "body",
    message: "Access denied",
  },
};

for (const [what, refusal] of Object.entries(REFUSALS)) {
  scenario(`403 while reconnecting: ${what}`, (t) => observeRefusal(t, refusal));
}

scenario("403 while reconnecting: a service error after the chat has ended", async (t) => {
  const { session, contactId } = await t.connected();
  await t.sim("refuseSockets", 100);
  await t.sim("dropSockets");
  await t.until(async () => (await t.sim("openSockets")) === 0);
  await t.sim("end", contactId);
  await t.sim("expireSocketUrls");
  await t.sim("clearFaults");
  await t.events("events", { count: 3, timeoutMs: 25_000, quietMs: 800 });
  await t.call("status", () => session.controller.getConnectionStatus());
  await t.call("sendMessage", () => session.sendMessage(TEXT), 4_000);
});
