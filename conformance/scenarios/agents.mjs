/* global window */
import { scenario, wait } from "../page.mjs";

/** A manager as Streams has it: no init, no closeWebSocket, no replay of what was. */
function streamsManager() {
  const callbacks = new Map();
  const calls = [];
  const add = (key) => (callback) => {
    if (!callbacks.has(key)) callbacks.set(key, new Set());
    callbacks.get(key).add(callback);
    return () => callbacks.get(key).delete(callback);
  };
  const manager = {
    sendMessage: (frame) => calls.push(["sendMessage", frame]),
    subscribeTopics: (topics) => calls.push(["subscribeTopics", topics]),
    onMessage: (topic, callback) => add(`message ${topic}`)(callback),
    onAllMessage: (callback) => add("all")(callback),
  };
  const plainOnes = ["InitFailure", "ConnectionOpen", "ConnectionClose", "ConnectionGain", "ConnectionLost"];
  const others = [
    "SubscriptionUpdate",
    "SubscriptionFailure",
    "DeepHeartbeatSuccess",
    "DeepHeartbeatFailure",
    "TopicFailure",
  ];
  for (const name of [...plainOnes, ...others]) manager[`on${name}`] = add(name);
  const fire = (key, value) => [...(callbacks.get(key) ?? [])].forEach((callback) => callback(value));
  const frame = (item) => fire("message aws/chat", { topic: "aws/chat", content: JSON.stringify(item) });
  return { manager, calls, fire, frame };
}

async function agentSession(t, { getConnectionToken, details = {}, withoutManager = false } = {}) {
  t.ChatSession.setGlobalConfig({ endpoint: window.location.origin });
  const { ContactId } = await t.sim("startChat");
  const agent = await t.sim("joinAgent", ContactId);
  const streams = streamsManager();
  let asked = 0;
  const session = t.ChatSession.create({
    type: "AGENT",
    chatDetails: {
      contactId: agent.contactId,
      initialContactId: agent.initialContactId,
      participantId: agent.participantId,
      participantToken: null,
      getConnectionToken: async () => {
        asked += 1;
        return getConnectionToken
          ? getConnectionToken(agent)
          : {
              chatTokenTransport: {
                participantToken: agent.connectionToken,
                expiry: agent.connectionTokenExpiry,
              },
            };
      },
      ...details,
    },
    ...(!withoutManager && { websocketManager: streams.manager }),
  });
  t.watch(session, { also: ["onDeepHeartbeatSuccess", "onDeepHeartbeatFailure"] });
  return { session, agent, contactId: ContactId, ...streams, asked: () => asked };
}

/** An agent's connection is acknowledged a moment after connect(): what that asks is no part of what comes next. */
async function acknowledged(t) {
  await t.until(async () => (await t.sim("requestCount", "CreateParticipantConnection")) > 0, 3_000);
  await wait(300);
}

scenario("agent: connect", async (t) => {
  const { session, calls, fire, frame, contactId, asked } = await agentSession(t);
  t.observe("details before", session.getChatDetails());
  await t.call("connect", () => session.connect({ metadata: "m" }));
  await acknowledged(t);
  await t.requests("connect: requests");
  await t.events("events at connect", { count: 1, quietMs: 300 });
  t.observe("details after", session.getChatDetails());
  t.observe("calls of the manager", calls);
  t.observe("getConnectionToken was called", asked() > 0);
  frame({
    Id: "1",
    AbsoluteTime: "2026-01-01T00:00:00.000Z",
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "Hi",
    ContactId: contactId,
    InitialContactId: contactId,
  });
  await t.events("a message", { count: 1 });
  frame({
    Id: "2",
    AbsoluteTime: "2026-01-01T00:00:01.000Z",
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "Hi",
    ContactId: "another",
    InitialContactId: "another",
  });
  await t.events("a message of another chat");
  fire("DeepHeartbeatSuccess", { timestamp: 1 });
  await t.events("a deep heartbeat", { count: 1 });
  fire("DeepHeartbeatFailure", { timestamp: 1, error: "no answer" });
  await t.events("a deep heartbeat's failure", { count: 1 });
  await t.asks("sendMessage", () =>
    session.sendMessage({ message: "Hello", contentType: "text/plain", metadata: "m" }),
  );
  await t.asks("getTranscript", () => session.getTranscript({ maxResults: 1 }));
});

scenario("agent: loss and gain on Streams' manager", async (t) => {
  const { session, fire } = await agentSession(t);
  await session.connect();
  await t.events("events at connect", { count: 1, quietMs: 300 });
  fire("ConnectionLost", { reason: "gone" });
  await t.events("lost", { count: 1 });
  await t.call("status when lost", () => session.controller.getConnectionStatus());
  fire("ConnectionLost", { reason: "gone" });
  await t.events("lost again");
  fire("ConnectionGain");
  await t.events("gained", { count: 1, quietMs: 500 });
  await t.call("status when gained", () => session.controller.getConnectionStatus());
});

scenario("agent: init failure of the manager", async (t) => {
  const { session, fire } = await agentSession(t);
  await session.connect();
  await t.events("events at connect", { count: 1, quietMs: 300 });
  fire("InitFailure", { reason: "no" });
  await t.events("events", { count: 1, patienceMs: 2_000 });
});

scenario("agent: getConnectionToken fails", async (t) => {
  const { session } = await agentSession(t, {
    getConnectionToken: () => Promise.reject(new Error("Streams says no")),
    details: {},
  });
  await t.call("connect", () => session.connect({ metadata: "m" }), 15_000);
  await acknowledged(t);
  await t.requests("connect: requests");
  await t.events("events", { quietMs: 300 });
});

scenario("agent: getConnectionToken fails, and a participant token helps", async (t) => {
  t.ChatSession.setGlobalConfig({ endpoint: window.location.origin });
  const { ContactId } = await t.sim("startChat");
  const agent = await t.sim("joinAgent", ContactId);
  const { manager } = streamsManager();
  const session = t.ChatSession.create({
    type: "AGENT",
    websocketManager: manager,
    chatDetails: {
      contactId: agent.contactId,
      participantId: agent.participantId,
      participantToken: agent.participantToken,
      getConnectionToken: () => Promise.reject(new Error("Streams says no")),
    },
  });
  t.watch(session);
  await t.call("connect", () => session.connect({ metadata: "m" }), 15_000);
  await acknowledged(t);
  await t.requests("connect: requests");
  await t.events("events", { count: 1, quietMs: 300 });
});

scenario("agent: a first gain after connect()", async (t) => {
  const { session, fire } = await agentSession(t);
  await t.call("connect", () => session.connect());
  await acknowledged(t);
  await t.requests("connect: requests");
  await t.events("events at connect", { count: 1, quietMs: 300 });
  fire("ConnectionGain");
  await t.events("a gain without a loss before it", { count: 1, quietMs: 600 });
  await t.requests("requests of the gain");
});

scenario("agent: without a manager", async (t) => {
  const { session } = await agentSession(t, { withoutManager: true });
  await t.call("connect", () => session.connect({ metadata: "m" }), 15_000);
  await acknowledged(t);
  // How often a failure is tried again in this time is a matter of chance.
  const asked = (await t.sim("takeRequests")).map((request) => JSON.stringify(request));
  t.observe(
    "what was asked",
    [...new Set(asked)].map((request) => JSON.parse(request)),
  );
  t.observe("sockets", await t.sim("openSockets"));
});

scenario("agent: without a manager, with a participant token", async (t) => {
  t.ChatSession.setGlobalConfig({ endpoint: window.location.origin });
  const { ContactId } = await t.sim("startChat");
  const { contactId, participantId, participantToken } = await t.sim("joinAgent", ContactId);
  const getConnectionToken = () => Promise.reject(new Error("Streams says no"));
  const session = t.ChatSession.create({
    chatDetails: { contactId, participantId, participantToken, getConnectionToken },
  });
  await t.call("connect", () => session.connect({ metadata: "m" }), 15_000);
  await t.subscribed(contactId);
  await acknowledged(t);
  await t.requests("requests");
  t.observe("sockets", await t.sim("openSockets"));
});

scenario("agent: the end", async (t) => {
  const { session, frame, contactId } = await agentSession(t);
  await session.connect();
  await t.events("events at connect", { count: 1, quietMs: 300 });
  const ended = (Id) => ({
    Id,
    AbsoluteTime: "2026-01-01T00:00:00.000Z",
    Type: "EVENT",
    ContentType: "application/vnd.amazonaws.connect.event.chat.ended",
    ContactId: contactId,
    InitialContactId: contactId,
  });
  frame(ended("1"));
  await t.events("events", { count: 2, quietMs: 400 });
  frame(ended("2"));
  await t.events("events of a second end");
  await t.call("cleanUpOnParticipantDisconnect", () => session.cleanUpOnParticipantDisconnect());
});

scenario("agent: transfer.succeeded", async (t) => {
  const { session, frame, fire, contactId } = await agentSession(t);
  await session.connect();
  await t.events("events at connect", { count: 1, quietMs: 300 });
  const item = (Id, ContentType) => ({
    Id,
    AbsoluteTime: `2026-01-01T00:00:0${Id}.000Z`,
    Type: "EVENT",
    ContentType: `application/vnd.amazonaws.connect.event.${ContentType}`,
    ContactId: contactId,
    InitialContactId: contactId,
  });
  frame(item("1", "transfer.succeeded"));
  await t.events("events", { count: 1, quietMs: 400 });
  frame(item("2", "participant.idle"));
  await t.events("what comes afterwards");
  fire("ConnectionLost", {});
  await t.events("a loss afterwards");
  await acknowledged(t);
  await t.sim("takeRequests");
  await t.asks("sendMessage", () =>
    session.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
  );
});

scenario("agent: cleanUpOnParticipantDisconnect", async (t) => {
  const { session, frame, contactId } = await agentSession(t);
  await session.connect();
  await t.events("events at connect", { count: 1, quietMs: 300 });
  await t.call("outcome", () => session.cleanUpOnParticipantDisconnect());
  frame({
    Id: "1",
    AbsoluteTime: "2026-01-01T00:00:00.000Z",
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "Hi",
    ContactId: contactId,
    InitialContactId: contactId,
  });
  await t.events("handlers are gone");
});

scenario("agent: two chats on one manager", async (t) => {
  t.ChatSession.setGlobalConfig({ endpoint: window.location.origin });
  const { manager, frame } = streamsManager();
  const sessions = [];
  for (const as of ["one", "other"]) {
    const { ContactId } = await t.sim("startChat");
    const agent = await t.sim("joinAgent", ContactId);
    const token = {
      chatTokenTransport: { participantToken: agent.connectionToken, expiry: agent.connectionTokenExpiry },
    };
    const { contactId, participantId } = agent;
    const chatDetails = { contactId, participantId, getConnectionToken: async () => token };
    const session = t.ChatSession.create({ chatDetails, websocketManager: manager });
    await session.connect();
    await wait(100);
    t.watch(session, { as });
    sessions.push({ session, contactId });
  }
  const [{ session, contactId }] = sessions;
  const { data } = await session.sendMessage({ message: "Seen?", contentType: "text/plain" });
  const time = "2026-01-01T00:00:00.000Z";
  const item = { AbsoluteTime: time, Type: "MESSAGE", ContentType: "text/plain", Content: "For one" };
  frame({ ...item, Id: "1", ContactId: contactId, InitialContactId: contactId });
  await t.events("a message for one: one", { as: "one", count: 1 });
  await t.events("a message for one: other", { as: "other" });
  const receipt = {
    Id: "2",
    AbsoluteTime: time,
    Type: "MESSAGEMETADATA",
    ContentType: "application/vnd.amazonaws.connect.event.message.metadata",
    MessageMetadata: {
      MessageId: data.Id,
      Receipts: [{ ReadTimestamp: time, RecipientParticipantId: "customer" }],
    },
  };
  frame(receipt);
  await t.events("a receipt without ids: one", { as: "one", count: 1 });
  await t.events("a receipt without ids: other", { as: "other" });
  // Of delivery: that of reading was told.
  const Receipts = [{ DeliveredTimestamp: time, RecipientParticipantId: "customer" }];
  const MessageMetadata = { MessageId: data.Id, Receipts };
  frame({ ...receipt, Id: "3", MessageMetadata, ContactId: contactId, InitialContactId: contactId });
  await t.events("a receipt with ids: one", { as: "one", count: 1 });
  await t.events("a receipt with ids: other", { as: "other" });
});
