import { scenario, wait } from "../page.mjs";

const EVENT = "application/vnd.amazonaws.connect.event.";
/** The events that don't end the chat, and one unknown name. */
const NAMES = [
  "typing",
  "connection.acknowledged",
  "chat.rehydrated",
  "workflow.cancelled",
  "participant.joined",
  "participant.left",
  "participant.active",
  "participant.inactive",
  "participant.idle",
  "participant.returned",
  "participant.invited",
  "participant.autodisconnection",
  "participant.displayname.updated",
  "transfer.succeeded",
  "transfer.failed",
  "authentication.initiated",
  "authentication.succeeded",
  "authentication.failed",
  "authentication.timeout",
  "authentication.expired",
  "authentication.cancelled",
  "something.new",
];

scenario("incoming: every event", async (t) => {
  const { contactId } = await t.connected();
  for (const name of NAMES) {
    await t.sim("event", contactId, name, { role: "AGENT" });
    await t.events(name, { count: 1, timeoutMs: 2_000 });
  }
  await t.sim("event", contactId, "participant.displayname.updated", { content: '{"DisplayName":"Ada"}' });
  await t.events("an event with content", { count: 1, timeoutMs: 2_000 });
});

scenario("incoming: every kind of message", async (t) => {
  const { contactId } = await t.connected();
  const types = ["text/plain", "text/markdown", "application/json"];
  const messages = ["interactive", "interactive.response"].map(
    (name) => `application/vnd.amazonaws.connect.message.${name}`,
  );
  for (const contentType of [...types, ...messages, "text/new"]) {
    await t.sim("say", contactId, '{"a":1}', { contentType });
    await t.events(contentType, { count: 1, timeoutMs: 2_000 });
  }
  for (const role of ["SYSTEM", "SUPERVISOR", "CUSTOM_BOT"]) {
    await t.sim("say", contactId, `from ${role}`, { role });
    await t.events(`a message from ${role}`, { count: 1, timeoutMs: 2_000 });
  }
  await t.sim("sendItem", contactId, {
    Type: "ATTACHMENT",
    ContentType: "image/png",
    Attachments: [
      { AttachmentId: "a", AttachmentName: "a.png", ContentType: "image/png", Status: "APPROVED" },
    ],
  });
  await t.events("an attachment", { count: 1, timeoutMs: 2_000 });
  await t.sim("sendItem", contactId, { Type: "NEW", ContentType: `${EVENT}new`, Another: { field: 1 } });
  await t.events("an unknown Type, with an unknown field", { count: 1, timeoutMs: 2_000 });
  await t.sim("sendItem", contactId, {
    Type: "CONNECTION_ACK",
    ContentType: `${EVENT}connection.acknowledged`,
  });
  await t.events("CONNECTION_ACK", { count: 1, timeoutMs: 2_000 });
  await t.sim("sendItem", contactId, {
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "from another contact",
    ContactId: "another",
    InitialContactId: "another",
  });
  await t.events("a message from another contact");
  await t.sim("sendItem", contactId, {
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "a later one",
    ContactId: "another",
  });
  await t.events("a message from another contact of this chat", { count: 1, timeoutMs: 2_000 });
  await t.sim("sendItem", contactId, {
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "without IDs",
    ContactId: undefined,
    InitialContactId: undefined,
  });
  await t.events("a message without contact IDs");
});

scenario("incoming: the same frame twice", async (t) => {
  const { contactId } = await t.connected();
  const content = JSON.stringify({
    Id: "one",
    AbsoluteTime: "2026-01-01T00:00:00.000Z",
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "Once",
    ContactId: contactId,
    InitialContactId: contactId,
  });
  const frame = JSON.stringify({ topic: "aws/chat", contentType: "application/json", content });
  await t.sim("replaceNextFrame", [frame, frame]);
  await t.sim("event", contactId, "typing", { role: "AGENT" });
  await t.events("events", { count: 1 });
});

scenario("incoming: malformed frames", async (t) => {
  const { contactId } = await t.connected();
  const malformed = {
    "not JSON": "}{",
    "a number": "7",
    null: "null",
    "an unknown topic": '{"topic":"aws/new","content":"x"}',
    "no topic": '{"content":"x"}',
    Forbidden: '{"message":"Forbidden","connectionId":"c","requestId":"r"}',
    "chat content that isn't JSON": '{"topic":"aws/chat","contentType":"application/json","content":"}{"}',
    "chat content that is null": '{"topic":"aws/chat","contentType":"application/json","content":"null"}',
  };
  for (const [name, text] of Object.entries(malformed)) {
    await t.sim("replaceNextFrame", [text]);
    await t.sim("event", contactId, "typing", { role: "AGENT" });
    await t.events(name);
  }
  await t.sim("event", contactId, "typing", { role: "AGENT" });
  await t.events("a later frame", { count: 1 });
});

scenario("incoming: deep heartbeat", async (t) => {
  const { session, contactId } = await t.customer();
  t.watch(session, { only: ["onDeepHeartbeatSuccess", "onDeepHeartbeatFailure"] });
  await session.connect();
  await t.subscribed(contactId);
  await t.events("success", { count: 1 });
  await t.sim("replaceNextFrame", ['{"topic":"aws/ping","statusCode":500,"statusContent":"Down"}']);
  await t.sim("event", contactId, "typing", { role: "AGENT" });
  await t.events("failure", { count: 1, timeoutMs: 2_000 });
  await t.call("status after a failure", () => session.controller.getConnectionStatus());
});

const SUBSCRIPTIONS = {
  INCOMING_MESSAGE: "transfer.failed",
  INCOMING_TYPING: "typing",
  PARTICIPANT_IDLE: "participant.idle",
  PARTICIPANT_RETURNED: "participant.returned",
  PARTICIPANT_INVITED: "participant.invited",
  AUTODISCONNECTION: "participant.autodisconnection",
  AUTHENTICATION_INITIATED: "authentication.initiated",
  AUTHENTICATION_SUCCESSFUL: "authentication.succeeded",
  AUTHENTICATION_FAILED: "authentication.failed",
  AUTHENTICATION_TIMEOUT: "authentication.timeout",
  AUTHENTICATION_EXPIRED: "authentication.expired",
  AUTHENTICATION_CANCELED: "authentication.cancelled",
  PARTICIPANT_DISPLAY_NAME_UPDATED: "participant.displayname.updated",
  CHAT_REHYDRATED: "chat.rehydrated",
};

scenario("controller.subscribe", async (t) => {
  const { session, contactId } = await t.customer();
  const received = [];
  const link = [
    "CONNECTION_ESTABLISHED",
    "CONNECTION_LOST",
    "CONNECTION_BROKEN",
    "CHAT_ENDED",
    "DEEP_HEARTBEAT_SUCCESS",
  ];
  for (const name of [...Object.keys(SUBSCRIPTIONS), ...link]) {
    session.controller.subscribe(name, (event, given) =>
      received.push({ subscribed: name, given, event: { data: event?.data } }),
    );
  }
  await session.connect();
  await t.subscribed(contactId);
  await t.until(() => received.some(({ subscribed }) => subscribed === "DEEP_HEARTBEAT_SUCCESS"));
  await t.until(() => false, 200);
  const pairs = [...new Set(received.splice(0).map(({ subscribed, given }) => `${subscribed} as ${given}`))];
  t.observe("names at connect", pairs.sort());
  for (const [name, event] of Object.entries(SUBSCRIPTIONS)) {
    await t.sim("event", contactId, event, { role: "AGENT" });
    await t.until(() => received.length > 0, 2_000);
    t.observe(name, received.splice(0));
  }
  await t.sim("end", contactId);
  await t.until(() => received.some(({ subscribed }) => subscribed === "CHAT_ENDED"), 3_000);
  t.observe("at the end", received.splice(0));
});

scenario("handlers: order when one throws", async (t) => {
  const { session, contactId } = await t.connected();
  const calls = [];
  session.onMessage(() => calls.push("first"));
  session.onMessage(() => {
    calls.push("second throws");
    throw new Error("from the application");
  });
  session.onMessage(() => calls.push("third"));
  await t.sim("say", contactId, "Hi");
  await t.until(() => calls.length >= 3, 3_000);
  t.observe("order", calls);
});

scenario("controller.subscribe: receipts and connection events", async (t) => {
  const { session, contactId } = await t.connected();
  const received = [];
  const names = [
    "INCOMING_READ_RECEIPT",
    "INCOMING_DELIVERED_RECEIPT",
    "CONNECTION_LOST",
    "CONNECTION_BROKEN",
    "DEEP_HEARTBEAT_FAILURE",
  ];
  for (const name of names) {
    session.controller.subscribe(name, (event, given) => received.push([name, given, typeof event]));
  }
  const observeNext = async (key) => {
    await t.until(() => received.length > 0, 3_000);
    t.observe(key, received.splice(0));
  };
  const time = "2026-01-01T00:00:00.000Z";
  for (const kind of ["ReadTimestamp", "DeliveredTimestamp"]) {
    await t.sim("sendItem", contactId, {
      Type: "MESSAGEMETADATA",
      ContentType: "application/vnd.amazonaws.connect.event.message.metadata",
      MessageMetadata: { MessageId: "m", Receipts: [{ [kind]: time, RecipientParticipantId: "agent" }] },
    });
    await observeNext(kind);
  }
  await t.sim("replaceNextFrame", ['{"topic":"aws/ping","statusCode":500,"statusContent":"Down"}']);
  await t.sim("event", contactId, "typing", { role: "AGENT" });
  await observeNext("a failed ping");
  await t.sim("dropSockets");
  await observeNext("a connection loss");
});

scenario("controller: the session's calls", async (t) => {
  const { session, contactId } = await t.customer();
  const { controller } = session;
  const received = [];
  controller.subscribe("INCOMING_MESSAGE", ({ data }) => received.push(data.Content ?? data.ContentType));
  await t.call("connect", () => controller.connect({ metadata: "m" }));
  await t.subscribed(contactId);
  await t.call("sendMessage", () =>
    controller.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
  );
  await t.call("getTranscript", () => controller.getTranscript({ maxResults: 1 }));
  await t.until(() => received.includes("x"));
  t.observe("received", received);
  t.observe("details", controller.getChatDetails().contactId === contactId);
  await t.call("disconnectParticipant", () => controller.disconnectParticipant());
});

scenario("incoming: streaming response", async (t) => {
  const { session, contactId } = await t.connected();
  const Id = "a-response";
  const chunk = (Content, ChunkNumber, MessageCompleted = false) =>
    t.sim("sendItem", contactId, {
      Id,
      Type: "MESSAGE",
      ContentType: "text/plain",
      Content,
      ParticipantRole: "SYSTEM",
      MessageMetadata: { MessageId: Id, ChunkNumber, MessageCompleted },
    });
  for (const [text, number] of [
    ["Hel", 1],
    ["lo ", 2],
    ["ld", 4],
    ["wor", 3],
  ]) {
    await chunk(text, number);
    await wait(60);
    t.observe(
      `chunk ${number}`,
      t.take().map(({ event }) => event.data.Content),
    );
  }
  await chunk("Hello world", 4, true);
  await wait(60);
  t.observe(
    "completed",
    t.take().map(({ event }) => event.data.Content),
  );
  t.observe("session", typeof session.onMessage);
});
