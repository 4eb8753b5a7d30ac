import { scenario, wait } from "../page.mjs";

const CHAT = "aws/chat";
const MANAGER_EVENTS = [
  "onInitFailure",
  "onConnectionOpen",
  "onConnectionClose",
  "onConnectionGain",
  "onConnectionLost",
  "onSubscriptionUpdate",
  "onSubscriptionFailure",
  "onAllMessage",
  "onDeepHeartbeatSuccess",
  "onDeepHeartbeatFailure",
  "onTopicFailure",
];
const METHODS = [
  "init",
  "subscribeTopics",
  "sendMessage",
  "onMessage",
  "closeWebSocket",
  "terminateWebSocketManager",
  ...MANAGER_EVENTS,
];
/** Replaces numbers, because they are times that differ in every run. */
const shapeOf = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]))
    : typeof value === "number"
      ? "<number>"
      : value;
/** Keeps only a reason's type, because each library has its own wording. */
const withoutReason = ({ reason, ...rest }) => ({ ...rest, reason: typeof reason });

/** Creates a manager for a new chat's customer, with functions to start it and to record its events. */
async function managerOf(t, { lifetimeS = 3540, fetch } = {}) {
  const chat = await t.sim("startChat");
  const manager = t.connect.WebSocketManager.create({ logMetaData: { contactId: chat.ContactId } });
  const emitted = [];
  const getTransport = async () => {
    const { url, expiry } = await t.sim("signSocket", [chat.ParticipantId]);
    return { webSocketTransport: { url, expiry, transportLifeTimeInSeconds: lifetimeS } };
  };
  const start = () => manager.init(fetch ?? getTransport);
  const record = (name, by = (payload) => payload) =>
    manager[name]((payload) => emitted.push([name, payload === undefined ? "<undefined>" : by(payload)]));
  return { chat, manager, emitted, start, record };
}

/** Filters by text, because the customer's `participant.joined` arrives on the same topic. */
const ifContains = (text, then) => (frame) => String(frame.content).includes(text) && then();
const payloadsOf = (emitted, name) => emitted.filter(([each]) => each === name).map(([, payload]) => payload);

scenario("manager: members", async (t) => {
  const { manager } = await managerOf(t);
  t.observe("methods", Object.fromEntries(METHODS.map((name) => [name, typeof manager[name]])));
  for (const name of MANAGER_EVENTS) {
    t.observe(`${name} returns`, typeof manager[name]?.(() => undefined));
  }
  const unsubscribe = manager.onMessage(CHAT, () => undefined);
  t.observe("onMessage returns", typeof unsubscribe);
});

scenario("manager: lifecycle", async (t) => {
  const { chat, manager, emitted, start, record } = await managerOf(t);
  for (const name of MANAGER_EVENTS.filter((each) => each !== "onAllMessage")) record(name, shapeOf);
  manager.subscribeTopics([CHAT]);
  await t.call("init", start);
  await t.until(
    () =>
      payloadsOf(emitted, "onSubscriptionUpdate").length > 0 &&
      payloadsOf(emitted, "onDeepHeartbeatSuccess").length > 0,
  );
  const [opened] = payloadsOf(emitted, "onConnectionOpen");
  t.observe("open", opened);
  t.observe(
    "order",
    emitted.map(([name]) => name).filter((name) => !name.startsWith("onDeep")),
  );
  t.observe("gain", payloadsOf(emitted, "onConnectionGain"));
  t.observe("subscription", payloadsOf(emitted, "onSubscriptionUpdate"));
  t.observe("deep heartbeat", payloadsOf(emitted, "onDeepHeartbeatSuccess").slice(0, 1));

  const frames = [];
  manager.onMessage(CHAT, (frame) =>
    frames.push(["message", Object.keys(frame).sort(), typeof frame.content]),
  );
  manager.onAllMessage((frame) => {
    if (frame.topic === CHAT) frames.push(["all", Object.keys(frame).sort(), typeof frame.content]);
  });
  await t.sim("say", chat.ContactId, "Hello");
  await t.until(() => frames.length >= 2);
  t.observe("a frame", frames);

  emitted.length = 0;
  manager.closeWebSocket();
  await t.until(() => payloadsOf(emitted, "onConnectionClose").length > 0, 1_500);
  await wait(200);
  t.observe("close", payloadsOf(emitted, "onConnectionClose").map(withoutReason));
  t.observe("lost", payloadsOf(emitted, "onConnectionLost").map(withoutReason));
  t.observe("init failure", payloadsOf(emitted, "onInitFailure"));
  t.observe("open sockets", await t.sim("openSockets"));
});

scenario("manager: connection loss", async (t) => {
  const { chat, manager, emitted, start, record } = await managerOf(t);
  for (const name of ["onConnectionClose", "onConnectionLost", "onConnectionGain", "onConnectionOpen"]) {
    record(name, shapeOf);
  }
  manager.subscribeTopics([CHAT]);
  await start();
  await t.subscribed(chat.ContactId);
  emitted.length = 0;
  await t.sim("dropSockets", { participantId: chat.ParticipantId, code: 4001 });
  await t.until(() => payloadsOf(emitted, "onConnectionGain").length > 0);
  t.observe(
    "order",
    emitted.map(([name]) => name),
  );
  t.observe("lost", payloadsOf(emitted, "onConnectionLost"));
  t.observe("close", payloadsOf(emitted, "onConnectionClose"));
  t.observe("open", payloadsOf(emitted, "onConnectionOpen"));
  manager.closeWebSocket();
});

scenario("manager: callback argument counts", async (t) => {
  const { chat, manager, start } = await managerOf(t);
  const counts = {};
  for (const name of MANAGER_EVENTS) manager[name]((...given) => (counts[name] ??= given.length));
  manager.onMessage(CHAT, (...given) => (counts.onMessage ??= given.length));
  manager.subscribeTopics([CHAT]);
  await start();
  await t.subscribed(chat.ContactId);
  await t.sim("say", chat.ContactId, "Hello");
  await t.until(() => counts.onMessage !== undefined && counts.onDeepHeartbeatSuccess !== undefined);
  t.observe("up", { ...counts });
  await t.sim("dropSockets", { participantId: chat.ParticipantId });
  await t.until(() => counts.onConnectionLost !== undefined);
  manager.terminateWebSocketManager("because");
  await t.until(() => counts.onInitFailure !== undefined);
  t.observe("all", counts);
});

scenario("manager: late subscribers", async (t) => {
  const { chat, manager, emitted, start, record } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  await start();
  await t.subscribed(chat.ContactId);
  manager.onConnectionGain((...given) => emitted.push(["gain", given.length, given[0] === undefined]));
  t.observe("gain: replayed", emitted.splice(0));
  record("onConnectionLost");
  record("onInitFailure");
  t.observe("lost and init failure while connected: replayed", emitted.splice(0));
  await t.sim("refuseSockets", 100);
  await t.sim("dropSockets", { participantId: chat.ParticipantId });
  await t.until(() => emitted.length > 0);
  emitted.length = 0;
  manager.onConnectionLost((...given) => emitted.push(["lost", given.length]));
  manager.onConnectionGain((...given) => emitted.push(["gain", given.length]));
  t.observe("lost: replayed", emitted.splice(0));
  manager.closeWebSocket();
});

scenario("manager: init fails", async (t) => {
  const short = await managerOf(t, { lifetimeS: 100 });
  short.record("onInitFailure", shapeOf);
  await t.call("a lifetime that is too short", short.start);
  t.observe(
    "a lifetime that is too short: events",
    short.emitted.map(([name, { reason, ...rest } = {}]) => [name, rest, typeof reason]),
  );
  const odd = await managerOf(t, {
    fetch: () =>
      Promise.resolve({
        webSocketTransport: { url: "ftp://x", expiry: "", transportLifeTimeInSeconds: 3540 },
      }),
  });
  odd.record("onInitFailure", shapeOf);
  await t.call("an invalid URL", odd.start);
  t.observe(
    "an invalid URL: events",
    odd.emitted.map(([name]) => name),
  );
  odd.manager.onInitFailure((...given) => t.observe("a late subscriber: number of arguments", given.length));
});

scenario("manager: sendMessage", async (t) => {
  const { chat, manager, start } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  await start();
  await t.subscribed(chat.ContactId);
  for (const [what, frame] of [
    ["a custom topic", { topic: "my/topic", content: { a: 1 } }],
    ["a reserved topic", { topic: "aws/heartbeat" }],
    ["no topic", { content: 1 }],
  ]) {
    t.observe(what, await t.outcome(() => manager.sendMessage(frame)));
  }
  await t.until(async () => JSON.stringify(await t.sim("frames")).includes("my/topic"), 2_000);
  t.observe(
    "received frames",
    (await t.sim("frames")).flat().filter(({ topic }) => !["aws/heartbeat", "aws/ping"].includes(topic)),
  );
  manager.closeWebSocket();
});

scenario("manager: topic failure", async (t) => {
  const { chat, manager, emitted, start, record } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  record("onTopicFailure", shapeOf);
  const frames = [];
  manager.onMessage(CHAT, () => frames.push("chat"));
  await start();
  await t.subscribed(chat.ContactId);
  await t.sim("replaceNextFrame", [
    JSON.stringify({ message: "Forbidden", connectionId: "c", requestId: "r" }),
  ]);
  await t.sim("say", chat.ContactId, "not delivered");
  await t.until(() => emitted.length > 0);
  t.observe("events", emitted);
  t.observe("chat frames", frames);
  manager.closeWebSocket();
});

scenario("manager: unsubscribed callbacks", async (t) => {
  const { chat, manager, start } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  await start();
  await t.subscribed(chat.ContactId);
  const called = [];
  manager.onMessage(CHAT, () => called.push("one"))();
  manager.onAllMessage(() => called.push("all"))();
  manager.onMessage(
    CHAT,
    ifContains("Hello", () => called.push("two")),
  );
  await t.sim("say", chat.ContactId, "Hello");
  await t.until(() => called.length > 0);
  t.observe("called callbacks", called);
  manager.closeWebSocket();
});

scenario("manager: terminateWebSocketManager", async (t) => {
  const { chat, manager, emitted, start, record } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  await start();
  await t.subscribed(chat.ContactId);
  for (const name of ["onInitFailure", "onConnectionClose", "onConnectionLost"]) record(name, shapeOf);
  t.observe("returns", typeof manager.terminateWebSocketManager("because"));
  await t.until(() => payloadsOf(emitted, "onInitFailure").length > 0, 1_500);
  t.observe("init failure", payloadsOf(emitted, "onInitFailure"));
  await t.until(async () => (await t.sim("openSockets")) === 0, 2_000);
  await wait(200);
  t.observe("open sockets", await t.sim("openSockets"));
  t.observe("all events", emitted.map(([name]) => name).sort());
  emitted.length = 0;
  manager.onInitFailure((...given) => emitted.push(given.length));
  t.observe("a late subscriber", emitted);
});

scenario("manager: topics added while open", async (t) => {
  const { manager, emitted, start, record } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  record("onSubscriptionUpdate");
  await start();
  await t.until(() => emitted.length > 0);
  manager.subscribeTopics(["my/topic"]);
  const requested = async () =>
    (await t.sim("frames"))
      .flat()
      .filter(({ topic }) => topic === "aws/subscribe")
      .map(({ content }) => content);
  await t.until(async () => (await requested()).length > 1);
  t.observe("requested topics", (await requested()).slice(0, 2));
  manager.closeWebSocket();
});

scenario("manager: subscription failure", async (t) => {
  const { chat, manager, start, record, emitted } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  record("onSubscriptionFailure");
  await start();
  await t.subscribed(chat.ContactId);
  await t.sim("replaceNextFrame", [
    JSON.stringify({ topic: "aws/subscribe", content: { status: "failure", topics: [CHAT] } }),
  ]);
  await t.sim("say", chat.ContactId, "not delivered");
  await t.until(() => emitted.length > 0, 3_000);
  t.observe("events", emitted);
  manager.closeWebSocket();
});

scenario("manager: deep heartbeat failure", async (t) => {
  const { chat, manager, start, record, emitted } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  record("onDeepHeartbeatFailure", shapeOf);
  await start();
  await t.subscribed(chat.ContactId);
  await t.sim("replaceNextFrame", [
    JSON.stringify({ topic: "aws/ping", statusCode: 500, statusContent: "unhealthy" }),
  ]);
  await t.sim("say", chat.ContactId, "not delivered");
  await t.until(() => emitted.length > 0, 3_000);
  t.observe("events", emitted);
  manager.closeWebSocket();
});

scenario("manager: callback order when one throws", async (t) => {
  const { chat, manager, start } = await managerOf(t);
  const called = [];
  const record = (what) => ifContains("Hello", () => called.push(what));
  manager.subscribeTopics([CHAT]);
  manager.onMessage(CHAT, record("topic 1"));
  manager.onAllMessage(record("all 1"));
  manager.onMessage(CHAT, () => {
    throw new Error("mine");
  });
  manager.onAllMessage(record("all 2"));
  manager.onMessage(CHAT, record("topic 2"));
  await start();
  await t.subscribed(chat.ContactId);
  await t.sim("say", chat.ContactId, "Hello");
  await t.until(() => called.length >= 4, 3_000);
  t.observe("called callbacks", called);
  manager.closeWebSocket();
});

scenario("manager: init twice and without a function", async (t) => {
  const { manager, start } = await managerOf(t);
  await t.call("init", start);
  const second = await t.outcome(start, 3_000);
  t.observe("init again fails", second.resolved?.webSocketConnectionFailed ?? !("resolved" in second));
  const other = t.connect.WebSocketManager.create({});
  const without = await t.outcome(() => other.init("no function"), 3_000);
  t.observe("without a function", Object.keys(without)[0]);
  manager.closeWebSocket();
});
