import { scenario, wait } from "../page.mjs";

const CHAT = "aws/chat";
const NOTICES = [
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
  ...NOTICES,
];
/** Times differ from run to run: what can be compared is that they are there. A reason of the library's is its own. */
const shapeOf = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]))
    : typeof value === "number"
      ? "<number>"
      : value;
const ownWords = ({ reason, ...rest }) => ({ ...rest, reason: typeof reason });

/** A manager with a customer's socket to itself. */
async function managerOf(t, { lifeTimeS = 3540, fetch } = {}) {
  const chat = await t.sim("startChat");
  const manager = t.connect.WebSocketManager.create({ logMetaData: { contactId: chat.ContactId } });
  const told = [];
  const getTransport = async () => {
    const { url, expiry } = await t.sim("signSocket", [chat.ParticipantId]);
    return { webSocketTransport: { url, expiry, transportLifeTimeInSeconds: lifeTimeS } };
  };
  const start = () => manager.init(fetch ?? getTransport);
  const note = (name, by = (payload) => payload) =>
    manager[name]((payload) => told.push([name, payload === undefined ? "<undefined>" : by(payload)]));
  return { chat, manager, told, start, note };
}

/** The customer's joining is told on the chat's topic as well. */
const says = (text, then) => (frame) => String(frame.content).includes(text) && then();
const of = (told, name) => told.filter(([each]) => each === name).map(([, payload]) => payload);

scenario("manager: its members", async (t) => {
  const { manager } = await managerOf(t);
  t.observe("methods", Object.fromEntries(METHODS.map((name) => [name, typeof manager[name]])));
  for (const name of NOTICES) {
    t.observe(`${name} returns`, typeof manager[name]?.(() => undefined));
  }
  const off = manager.onMessage(CHAT, () => undefined);
  t.observe("onMessage returns", typeof off);
});

scenario("manager: a life", async (t) => {
  const { chat, manager, told, start, note } = await managerOf(t);
  for (const name of NOTICES.filter((each) => each !== "onAllMessage")) note(name, shapeOf);
  manager.subscribeTopics([CHAT]);
  await t.call("init", start);
  await t.until(
    () => of(told, "onSubscriptionUpdate").length > 0 && of(told, "onDeepHeartbeatSuccess").length > 0,
  );
  const [opened] = of(told, "onConnectionOpen");
  t.observe("open", opened);
  t.observe(
    "order",
    told.map(([name]) => name).filter((name) => !name.startsWith("onDeep")),
  );
  t.observe("gain", of(told, "onConnectionGain"));
  t.observe("subscription", of(told, "onSubscriptionUpdate"));
  t.observe("deep heartbeat", of(told, "onDeepHeartbeatSuccess").slice(0, 1));

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

  told.length = 0;
  manager.closeWebSocket();
  await t.until(() => of(told, "onConnectionClose").length > 0, 1_500);
  await wait(200);
  t.observe("close", of(told, "onConnectionClose").map(ownWords));
  t.observe("lost", of(told, "onConnectionLost").map(ownWords));
  t.observe("init failure", of(told, "onInitFailure"));
  t.observe("open sockets", await t.sim("openSockets"));
});

scenario("manager: a loss", async (t) => {
  const { chat, manager, told, start, note } = await managerOf(t);
  for (const name of ["onConnectionClose", "onConnectionLost", "onConnectionGain", "onConnectionOpen"]) {
    note(name, shapeOf);
  }
  manager.subscribeTopics([CHAT]);
  await start();
  await t.subscribed(chat.ContactId);
  told.length = 0;
  await t.sim("dropSockets", { participantId: chat.ParticipantId, code: 4001 });
  await t.until(() => of(told, "onConnectionGain").length > 0);
  t.observe(
    "order",
    told.map(([name]) => name),
  );
  t.observe("lost", of(told, "onConnectionLost"));
  t.observe("close", of(told, "onConnectionClose"));
  t.observe("open", of(told, "onConnectionOpen"));
  manager.closeWebSocket();
});

scenario("manager: how many arguments callbacks are given", async (t) => {
  const { chat, manager, start } = await managerOf(t);
  const counts = {};
  for (const name of NOTICES) manager[name]((...given) => (counts[name] ??= given.length));
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
  const { chat, manager, told, start, note } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  await start();
  await t.subscribed(chat.ContactId);
  manager.onConnectionGain((...given) => told.push(["gain", given.length, given[0] === undefined]));
  t.observe("gain, at once", told.splice(0));
  note("onConnectionLost");
  note("onInitFailure");
  t.observe("lost and init failure while it is up", told.splice(0));
  await t.sim("refuseSockets", 100);
  await t.sim("dropSockets", { participantId: chat.ParticipantId });
  await t.until(() => told.length > 0);
  told.length = 0;
  manager.onConnectionLost((...given) => told.push(["lost", given.length]));
  manager.onConnectionGain((...given) => told.push(["gain", given.length]));
  t.observe("lost, at once", told.splice(0));
  manager.closeWebSocket();
});

scenario("manager: init that fails", async (t) => {
  const short = await managerOf(t, { lifeTimeS: 100 });
  short.note("onInitFailure", shapeOf);
  await t.call("a life that is too short", short.start);
  t.observe(
    "a life that is too short: told",
    short.told.map(([name, { reason, ...rest } = {}]) => [name, rest, typeof reason]),
  );
  const odd = await managerOf(t, {
    fetch: () =>
      Promise.resolve({
        webSocketTransport: { url: "ftp://x", expiry: "", transportLifeTimeInSeconds: 3540 },
      }),
  });
  odd.note("onInitFailure", shapeOf);
  await t.call("a URL that is none", odd.start);
  t.observe(
    "a URL that is none: told",
    odd.told.map(([name]) => name),
  );
  odd.manager.onInitFailure((...given) => t.observe("a late subscriber is given", given.length));
});

scenario("manager: sendMessage", async (t) => {
  const { chat, manager, start } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  await start();
  await t.subscribed(chat.ContactId);
  for (const [what, frame] of [
    ["a topic of one's own", { topic: "my/topic", content: { a: 1 } }],
    ["a reserved topic", { topic: "aws/heartbeat" }],
    ["no topic", { content: 1 }],
  ]) {
    t.observe(what, await t.outcome(() => manager.sendMessage(frame)));
  }
  await t.until(async () => JSON.stringify(await t.sim("frames")).includes("my/topic"), 2_000);
  t.observe(
    "what arrived",
    (await t.sim("frames")).flat().filter(({ topic }) => !["aws/heartbeat", "aws/ping"].includes(topic)),
  );
  manager.closeWebSocket();
});

scenario("manager: a topic failure", async (t) => {
  const { chat, manager, told, start, note } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  note("onTopicFailure", shapeOf);
  const frames = [];
  manager.onMessage(CHAT, () => frames.push("chat"));
  await start();
  await t.subscribed(chat.ContactId);
  await t.sim("replaceNextFrame", [
    JSON.stringify({ message: "Forbidden", connectionId: "c", requestId: "r" }),
  ]);
  await t.sim("say", chat.ContactId, "never told");
  await t.until(() => told.length > 0);
  t.observe("told", told);
  t.observe("chat frames", frames);
  manager.closeWebSocket();
});

scenario("manager: unsubscribed", async (t) => {
  const { chat, manager, start } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  await start();
  await t.subscribed(chat.ContactId);
  const told = [];
  manager.onMessage(CHAT, () => told.push("one"))();
  manager.onAllMessage(() => told.push("all"))();
  manager.onMessage(
    CHAT,
    says("Hello", () => told.push("two")),
  );
  await t.sim("say", chat.ContactId, "Hello");
  await t.until(() => told.length > 0);
  t.observe("who was told", told);
  manager.closeWebSocket();
});

scenario("manager: terminated", async (t) => {
  const { chat, manager, told, start, note } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  await start();
  await t.subscribed(chat.ContactId);
  for (const name of ["onInitFailure", "onConnectionClose", "onConnectionLost"]) note(name, shapeOf);
  t.observe("returns", typeof manager.terminateWebSocketManager("because"));
  await t.until(() => of(told, "onInitFailure").length > 0, 1_500);
  t.observe("init failure", of(told, "onInitFailure"));
  await t.until(async () => (await t.sim("openSockets")) === 0, 2_000);
  await wait(200);
  t.observe("open sockets", await t.sim("openSockets"));
  t.observe("all that was told", told.map(([name]) => name).sort());
  told.length = 0;
  manager.onInitFailure((...given) => told.push(given.length));
  t.observe("a late subscriber", told);
});

scenario("manager: topics that are added while it is open", async (t) => {
  const { manager, told, start, note } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  note("onSubscriptionUpdate");
  await start();
  await t.until(() => told.length > 0);
  manager.subscribeTopics(["my/topic"]);
  const asked = async () =>
    (await t.sim("frames"))
      .flat()
      .filter(({ topic }) => topic === "aws/subscribe")
      .map(({ content }) => content);
  await t.until(async () => (await asked()).length > 1);
  t.observe("asked for", (await asked()).slice(0, 2));
  manager.closeWebSocket();
});

scenario("manager: a refused subscription", async (t) => {
  const { chat, manager, start, note, told } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  note("onSubscriptionFailure");
  await start();
  await t.subscribed(chat.ContactId);
  await t.sim("replaceNextFrame", [
    JSON.stringify({ topic: "aws/subscribe", content: { status: "failure", topics: [CHAT] } }),
  ]);
  await t.sim("say", chat.ContactId, "never told");
  await t.until(() => told.length > 0, 3_000);
  t.observe("told", told);
  manager.closeWebSocket();
});

scenario("manager: a ping that is answered with a failure", async (t) => {
  const { chat, manager, start, note, told } = await managerOf(t);
  manager.subscribeTopics([CHAT]);
  note("onDeepHeartbeatFailure", shapeOf);
  await start();
  await t.subscribed(chat.ContactId);
  await t.sim("replaceNextFrame", [
    JSON.stringify({ topic: "aws/ping", statusCode: 500, statusContent: "unhealthy" }),
  ]);
  await t.sim("say", chat.ContactId, "never told");
  await t.until(() => told.length > 0, 3_000);
  t.observe("told", told);
  manager.closeWebSocket();
});

scenario("manager: callbacks, their order, and one that throws", async (t) => {
  const { chat, manager, start } = await managerOf(t);
  const told = [];
  const note = (what) => says("Hello", () => told.push(what));
  manager.subscribeTopics([CHAT]);
  manager.onMessage(CHAT, note("topic 1"));
  manager.onAllMessage(note("all 1"));
  manager.onMessage(CHAT, () => {
    throw new Error("mine");
  });
  manager.onAllMessage(note("all 2"));
  manager.onMessage(CHAT, note("topic 2"));
  await start();
  await t.subscribed(chat.ContactId);
  await t.sim("say", chat.ContactId, "Hello");
  await t.until(() => told.length >= 4, 3_000);
  t.observe("told", told);
  manager.closeWebSocket();
});

scenario("manager: init twice, and without a function", async (t) => {
  const { manager, start } = await managerOf(t);
  await t.call("init", start);
  const second = await t.outcome(start, 3_000);
  t.observe("init again fails", second.resolved?.webSocketConnectionFailed ?? !("resolved" in second));
  const other = t.connect.WebSocketManager.create({});
  const without = await t.outcome(() => other.init("no function"), 3_000);
  t.observe("without a function", Object.keys(without)[0]);
  manager.closeWebSocket();
});
