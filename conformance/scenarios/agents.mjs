/* global window */
import { scenario, wait } from "../page.mjs";

/** Creates a manager like Streams', but without init, closeWebSocket, or replayed events. */
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
  const connectionEvents = [
    "InitFailure",
    "ConnectionOpen",
    "ConnectionClose",
    "ConnectionGain",
    "ConnectionLost",
  ];
  const others = [
    "SubscriptionUpdate",
    "SubscriptionFailure",
    "DeepHeartbeatSuccess",
    "DeepHeartbeatFailure",
    "TopicFailure",
  ];
  for (const name of [...connectionEvents, ...others]) manager[`on${name}`] = add(name);
  const fire = (key, value) => [...(callbacks.get(key) ?? [])].forEach((callback) => callback(value));
  const frame = (item) => fire("message aws/chat", { topic: "aws/chat", content: JSON.stringify(item) });
  return { manager, calls, fire, frame };
}

async function agentSession(t, { getConnectionToken, details = {}, withoutManager = false } = {}) {
  t.ChatSession.setGlobalConfig({ endpoint: window.location.origin });
  const { ContactId } = await t.sim("startChat");
  const agent = await t.sim("joinAgent", ContactId);
  const streams = streamsManager();
  let tokenCalls = 0;
  const session = t.ChatSession.create({
    type: "AGENT",
    chatDetails: {
      contactId: agent.contactId,
      initialContactId: agent.initialContactId,
      participantId: agent.participantId,
      participantToken: null,
      getConnectionToken: async () => {
        tokenCalls += 1;
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
  return { session, agent, contactId: ContactId, ...streams, tokenCalls: () => tokenCalls };
}

/** Waits for the acknowledgment after an agent's connect(), so that later observations don't contain its requests. */
async function acknowledged(t) {
  await t.until(async () => (await t.sim("requestCount", "CreateParticipantConnection")) > 0, 3_000);
  await wait(300);
}

scenario("agent: connect", async (t) => {
  const { session, calls, fire, frame, contactId, tokenCalls } = await agentSession(t);
  t.observe("details before", session.getChatDetails());
  await t.call("connect", () => session.connect({ metadata: "m" }));
  await acknowledged(t);
  await t.requests("connect: requests");
  await t.events("events at connect", { count: 1, quietMs: 300 });
  t.observe("details after", session.getChatDetails());
  t.observe("calls to the manager", calls);
  t.observe("getConnectionToken was called", tokenCalls() > 0);
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
  await t.events("a message from another chat");
  fire("DeepHeartbeatSuccess", { timestamp: 1 });
  await t.events("a deep heartbeat", { count: 1 });
  fire("DeepHeartbeatFailure", { timestamp: 1, error: "no answer" });
  await t.events("a deep heartbeat failure", { count: 1 });
  await t.exchange("sendMessage", () =>
    session.sendMessage({ message: "Hello", contentType: "text/plain", metadata: "m" }),
  );
  await t.exchange("getTranscript", () => session.getTranscript({ maxResults: 1 }));
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

scenario("agent: manager init failure", async (t) => {
  const { session, fire } = await agentSession(t);
  await session.connect();
  await t.events("events at connect", { count: 1, quietMs: 300 });
  fire("InitFailure", { reason: "no" });
  await t.events("events", { count: 1, timeoutMs: 2_000 });
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

scenario("agent: getConnectionToken fails, with a participant token", async (t) => {
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
  await t.events("a gain without an earlier loss", { count: 1, quietMs: 600 });
  await t.requests("requests after the gain");
});

scenario("agent: without a manager", async (t) => {
  const { session } = await agentSession(t, { withoutManager: true });
  await t.call("connect", () => session.connect({ metadata: "m" }), 15_000);
  await acknowledged(t);
  // Observes each distinct request once, because the number of retries during the wait is random.
  const requests = (await t.sim("takeRequests")).map((request) => JSON.stringify(request));
  t.observe(
    "requests, each once",
    [...new Set(requests)].map((request) => JSON.parse(request)),
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

scenario("agent: end of chat", async (t) => {
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
  await t.events("events after a second end");
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
  await t.events("a later event");
  fire("ConnectionLost", {});
  await t.events("a later loss");
  await acknowledged(t);
  await t.sim("takeRequests");
  await t.exchange("sendMessage", () =>
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
  await t.events("events after the cleanup");
});

scenario("agent: two chats on one manager", async (t) => {
  t.ChatSession.setGlobalConfig({ endpoint: window.location.origin });
  const { manager, frame } = streamsManager();
  const sessions = [];
  for (const as of ["first", "second"]) {
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
  const item = {
    AbsoluteTime: time,
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "For the first chat",
  };
  frame({ ...item, Id: "1", ContactId: contactId, InitialContactId: contactId });
  await t.events("a message for the first chat: first session", { as: "first", count: 1 });
  await t.events("a message for the first chat: second session", { as: "second" });
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
  await t.events("a receipt without IDs: first session", { as: "first", count: 1 });
  await t.events("a receipt without IDs: second session", { as: "second" });
  // Sends a delivered receipt, because the read receipt has already been emitted.
  const Receipts = [{ DeliveredTimestamp: time, RecipientParticipantId: "customer" }];
  const MessageMetadata = { MessageId: data.Id, Receipts };
  frame({ ...receipt, Id: "3", MessageMetadata, ContactId: contactId, InitialContactId: contactId });
  await t.events("a receipt with IDs: first session", { as: "first", count: 1 });
  await t.events("a receipt with IDs: second session", { as: "second" });
});
