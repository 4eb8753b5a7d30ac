// Responses to CreateParticipantConnection that the real service never sends.
import { summaryOf, scenario } from "../page.mjs";

const TEXT = { message: "hello", contentType: "text/plain", metadata: "m" };
const OPERATION = "CreateParticipantConnection";
const FOREVER = { times: 100 };

async function observeConnect(t, fault) {
  const { session } = await t.customer();
  t.watch(session);
  await t.sim(...fault);
  await t.call("connect", () => session.connect({ metadata: "m" }), 10_000);
  await t.events("events", { count: 1, timeoutMs: 2_000 });
  await t.sim("takeRequests");
  await t.call("sendMessage", () => session.sendMessage(TEXT), 4_000);
  const sent = await t.sim("takeRequests");
  t.observe(
    "requests without a token",
    sent.filter(({ bearer }) => bearer === null),
  );
}

scenario("connect: response without credentials", (t) =>
  observeConnect(t, ["omitFromNext", OPERATION, ["ConnectionCredentials"], FOREVER]),
);

scenario("connect: response without a socket", (t) =>
  observeConnect(t, ["omitFromNext", OPERATION, ["Websocket"], FOREVER]),
);

/** Cuts the link while an agent sends a message, and applies `fault` once to the request for the next socket. */
async function observeReconnecting(t, fault) {
  const { session, contactId } = await t.connected();
  await t.sim("say", contactId, "before");
  await t.events("before", { count: 1 });
  await t.sim("expireSocketUrls");
  await t.sim(...fault);
  await t.sim("dropSockets");
  await t.sim("say", contactId, "missed");
  await t.events("events", { count: 2, timeoutMs: 20_000, quietMs: 600, show: summaryOf });
  await t.call("status", () => session.controller.getConnectionStatus());
  await t.sim("takeRequests");
  await t.call("sendMessage", () => session.sendMessage(TEXT), 4_000);
  const sent = await t.sim("takeRequests");
  t.observe(
    "messages without a token",
    sent.filter(({ operation, bearer }) => operation === "SendMessage" && bearer === null),
  );
}

scenario("reconnecting: response without credentials", (t) =>
  observeReconnecting(t, ["omitFromNext", OPERATION, ["ConnectionCredentials"], { times: 1 }]),
);

scenario("reconnecting: response without a socket", (t) =>
  observeReconnecting(t, ["omitFromNext", OPERATION, ["Websocket"], { times: 1 }]),
);

scenario("reconnecting: truncated response", (t) =>
  observeReconnecting(t, ["answerNextWith", OPERATION, { body: '{"Websocket":{"Url":"wss:' }]),
);
