import { scenario, wait } from "../page.mjs";

const VIEW = {
  Id: "v",
  Name: "Form",
  Content: { Template: "{}", Actions: ["Submit"] },
  Version: 1,
  Type: "AWS_MANAGED",
};

scenario("describeView", async (t) => {
  const { session } = await t.connected();
  await t.sim("setView", "a view/1", VIEW);
  await t.exchange("success", () => session.describeView({ viewToken: "a view/1", metadata: "m" }));
  await t.exchange("without metadata", () => session.describeView({ viewToken: "a view/1" }));
  await t.exchange("an unknown viewToken", () =>
    session.describeView({ viewToken: "unknown", metadata: "m" }),
  );
  await t.exchange("no viewToken", () => session.describeView({ metadata: "m" }), 4_000);
  await t.exchange("viewToken is empty", () => session.describeView({ viewToken: "", metadata: "m" }), 4_000);
  await t.exchange("no arguments", () => session.describeView(), 4_000);
  await t.sim("failNext", "DescribeView", { status: 403, message: "Not today", times: 20 });
  await t.exchange("refused with 403", () => session.describeView({ viewToken: "a view/1", metadata: "m" }));
});

scenario("getAuthenticationUrl", async (t) => {
  const { session } = await t.connected();
  const good = { redirectUri: "https://example.com/back?a=1", sessionId: "s" };
  await t.exchange("success", () => session.getAuthenticationUrl({ ...good, metadata: "m" }));
  await t.exchange("without metadata", () => session.getAuthenticationUrl(good));
  await t.exchange("no sessionId", () =>
    session.getAuthenticationUrl({ ...good, sessionId: undefined, metadata: "m" }),
  );
  await t.exchange("no redirectUri", () =>
    session.getAuthenticationUrl({ ...good, redirectUri: undefined, metadata: "m" }),
  );
  await t.exchange("sessionId is empty", () =>
    session.getAuthenticationUrl({ ...good, sessionId: "", metadata: "m" }),
  );
  await t.exchange("redirectUri is empty", () =>
    session.getAuthenticationUrl({ ...good, redirectUri: "", metadata: "m" }),
  );
  await t.exchange("no arguments", () => session.getAuthenticationUrl(), 4_000);
  await t.sim("failNext", "GetAuthenticationUrl", { status: 403, message: "Not today", times: 20 });
  await t.exchange("refused with 403", () => session.getAuthenticationUrl({ ...good, metadata: "m" }));
});

scenario("cancelParticipantAuthentication", async (t) => {
  const { session } = await t.connected();
  const cancel = (args) => () => session.cancelParticipantAuthentication(args);
  await t.exchange("success", cancel({ sessionId: "s", metadata: "m" }));
  await t.events("events", { count: 1 });
  await t.exchange("without metadata", cancel({ sessionId: "s" }));
  await t.exchange("no sessionId", cancel({ metadata: "m" }));
  await t.exchange("sessionId is empty", cancel({ sessionId: "", metadata: "m" }));
  await t.exchange("no arguments", cancel(undefined), 4_000);
  await t.sim("failNext", "CancelParticipantAuthentication", {
    status: 403,
    message: "Not today",
    times: 20,
  });
  await t.exchange("refused with 403", cancel({ sessionId: "s", metadata: "m" }));
});

scenario("disconnectParticipant", async (t) => {
  const { session } = await t.connected();
  await t.exchange("success", () => session.disconnectParticipant());
  await t.events("events at the end", { count: 3, quietMs: 400 });
  t.observe("sockets", await t.sim("openSockets"));
  const after = (key, run) => t.exchange(`${key} after the end`, run, 4_000);
  await after("sendMessage", () =>
    session.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
  );
  const typing = "application/vnd.amazonaws.connect.event.typing";
  await after("sendEvent", () => session.sendEvent({ contentType: typing, metadata: "m" }));
  await after("getTranscript", () => session.getTranscript({ metadata: "m" }));
  await after("getAttachmentURL", () => session.getAttachmentURL({ attachmentId: "a", metadata: "m" }));
  await after("disconnectParticipant", () => session.disconnectParticipant());
  await t.events("events after the end");
});

scenario("disconnectParticipant: rejected by the service", async (t) => {
  const { session } = await t.connected();
  await t.sim("failNext", "DisconnectParticipant", { status: 403, message: "Not today", times: 20 });
  await t.exchange("refused with 403", () => session.disconnectParticipant());
  await t.events("events");
  await t.sim("clearFaults");
  await t.exchange("retried", () => session.disconnectParticipant());
  await t.events("events when retried", { count: 3, quietMs: 400 });
});

scenario("reset", async (t) => {
  const { session, contactId } = await t.connected();
  if (typeof session.reset !== "function") return;
  await t.exchange("reset", () => session.reset());
  await t.events("events");
  await wait(200);
  t.observe("sockets", await t.sim("openSockets"));
  t.observe("details", session.getChatDetails());
  await t.call(
    "sendMessage after reset",
    () => session.sendMessage({ message: "x", contentType: "text/plain" }),
    2_000,
  );
  t.watch(session, { as: "new handlers" });
  await t.exchange("connect again", () => session.connect({ metadata: "again" }));
  await t.subscribed(contactId);
  await t.events("events of the new handlers", { as: "new handlers", count: 1 });
  await t.sim("say", contactId, "Still there?");
  await t.events("a message", { as: "new handlers", count: 1 });
  await t.events("events of the old handlers");
});
