// Runs the scenarios with one library, and collects what they observe.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { normaliser } from "./normalise.mjs";
import { fileOf } from "./scenarios/index.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const { startSimulator } = createRequire(import.meta.url)("../dist/simulator.js");

/** Many times what any scenario takes, for busy machines. */
const SCENARIO_MS = 120_000;

/** What a scenario may ask of the simulator. */
function commands(simulator, seen, outside) {
  const note = (item) => {
    seen.push(item);
    return item;
  };
  const contact = (contactId) => simulator.contact(contactId);
  return {
    startChat: (options) => simulator.startChat(options),
    joinAgent: (contactId, options) => simulator.joinAgent(contactId, options),
    connectionTokenOf: (participantId) => simulator.connectionTokenOf(participantId),
    signSocket: (participantIds) => simulator.signSocket(participantIds),
    say: (contactId, text, by) => note(contact(contactId).say(text, by)),
    event: (contactId, name, by) => note(contact(contactId).event(name, by)),
    changeItem: (contactId, id, changes) => contact(contactId).changeItem(id, changes),
    /** Each message a client sends gets this result, `{ text, status }`; null leaves it PROCESSING, for "changeItem". */
    processMessages: (contactId, result, options) =>
      contact(contactId).onProcessing(() => result ?? new Promise(() => undefined), options),
    /** Each file a client sends gets this status; null leaves it IN_PROGRESS, for "changeItem". */
    scanAttachments: (contactId, status) =>
      contact(contactId).onScan(() => status ?? new Promise(() => undefined)),
    sendItem: (contactId, item) => note(contact(contactId).sendItem(item)),
    end: (contactId) => contact(contactId).end(),
    /** A disconnect flow: asks the question when the customer disconnects; the scenario ends the chat with "end". */
    surveyOnDisconnect: (contactId, question) =>
      contact(contactId).onDisconnect(() => note(contact(contactId).say(question, { role: "SYSTEM" }))),
    transcript: (contactId) => contact(contactId).transcript,
    setView: (token, view) => simulator.setView(token, view),
    dropSockets: (selection) => simulator.dropSockets(selection),
    expireConnectionTokens: (participantId) => simulator.expireConnectionTokens(participantId),
    /** The next socket needs another URL, so that reconnecting asks CreateParticipantConnection. */
    expireSocketUrls: () => simulator.expireSocketUrls(),
    receipt: (contactId, kind, messageId) => note(contact(contactId).receipt(kind, messageId)),
    failNext: (operation, fault) => simulator.faults.failNext(operation, fault),
    cutNext: (operation, fault) => simulator.faults.cutNext(operation, fault),
    delayNext: (operation, fault) => simulator.faults.delayNext(operation, fault),
    /** The service acts, but `{ body, status, contentType }` is sent instead of its answer. */
    answerNextWith: (operation, answer) => simulator.faults.garbleNext(operation, answer),
    /** The service's answer lacks these members. */
    omitFromNext: (operation, members, scope) =>
      simulator.faults.garbleNext(operation, { ...scope, body: (body) => without(body, members) }),
    failNextStorage: (action, fault) => simulator.faults.failNextStorage(action, fault),
    refuseSockets: (times) => simulator.faults.refuseSockets(times),
    clearFaults: () => simulator.faults.clear(),
    /** The next chat frame goes out as these texts instead. */
    replaceNextFrame: (texts) => simulator.faults.transformFrames(() => texts, 1),
    requestCount: (operation) =>
      simulator.requests.filter((request) => operation === undefined || request.operation === operation)
        .length,
    takeRequests() {
      const taken = simulator.requests.map(requestOf(simulator));
      simulator.clearRequests();
      return taken;
    },
    subscribedSockets: (contactId) =>
      simulator.sockets.filter(
        ({ subscribed, participantIds }) =>
          subscribed &&
          (contactId === undefined || participantIds.some((id) => participantOf(simulator, contactId, id))),
      ).length,
    openSockets: () => simulator.sockets.length,
    /** Addresses outside of this machine that were asked, without an answer. */
    takeOutside: () => outside.splice(0),
    outsideCount: () => outside.length,
    requestHeaders: () => simulator.requests.map(({ headers }) => headers),
    frames: () => simulator.sockets.map(({ received }) => received),
  };
}

function without(body, members) {
  const kept = Object.entries(JSON.parse(body)).filter(([name]) => !members.includes(name));
  return JSON.stringify(Object.fromEntries(kept));
}

const participantsOf = new WeakMap();

/** Which contact a participant is in: the simulator tells it of sockets by participants alone. */
function participantOf(simulator, contactId, participantId) {
  return participantsOf.get(simulator)?.get(participantId) === contactId;
}

function rememberParticipant(simulator, participantId, contactId) {
  if (!participantsOf.has(simulator)) participantsOf.set(simulator, new Map());
  participantsOf.get(simulator).set(participantId, contactId);
}

/** A request as it is compared. */
function requestOf() {
  return ({ operation, status, body, headers }) => ({
    operation,
    status,
    body,
    bearer: headers["x-amz-bearer"] ?? null,
    contentType: headers["content-type"] ?? null,
  });
}

/** A page that scenarios follow each other in: a new one for each would take most of the time. */
async function openLane(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const lane = { page, current: null, close: () => context.close() };
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "127.0.0.1") {
      lane.current?.outside.push(`${request.method()} ${request.url()}`);
    }
  });
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      const item = itemOf(payload);
      if (item) lane.current?.seen.push(item);
    }),
  );
  page.on("pageerror", () => {
    if (lane.current) lane.current.uncaught += 1;
  });
  await page.exposeFunction("simulatorCall", (command, args) => lane.current?.perform(command, args) ?? null);
  return lane;
}

/** What a scenario needs of this side: its simulator, and the names of what it made. */
function workbench(simulator) {
  const names = normaliser(simulator.url);
  const bench = { names, seen: [], outside: [], uncaught: 0 };
  const offered = commands(simulator, bench.seen, bench.outside);
  bench.perform = (command, args) => {
    if (!(command in offered)) throw new Error(`There is no command ${command}.`);
    const answer = offered[command](...args);
    if (command === "startChat") {
      rememberParticipant(simulator, answer.ParticipantId, answer.ContactId);
      names.chat(answer);
    }
    if (command === "joinAgent") {
      rememberParticipant(simulator, answer.participantId, answer.contactId);
      names.agent(answer);
    }
    // What takes a fault back is not for the page.
    return typeof answer === "function" ? null : (answer ?? null);
  };
  return bench;
}

async function runOne(lane, name, bundle) {
  const simulator = await startSimulator({
    serveFiles: { "/page.html": path("page.html"), "/library.js": bundle, "/conformance": path(".") },
    receiptContactIds: "with",
    limits: { attachmentBytes: 32 * 1024 * 1024 },
  });
  const bench = workbench(simulator);
  lane.current = bench;
  try {
    await lane.page.goto(`${simulator.url}/page.html`);
    const { observations, failure } = await withLimit(
      lane.page.evaluate(([file, given]) => globalThis.runScenario(file, given), [fileOf.get(name), name]),
      name,
    );
    for (const contactId of bench.names.contactIds) {
      bench.seen.push(...simulator.contact(contactId).transcript);
    }
    bench.names.items(bench.seen);
    const all = [
      ...observations,
      { key: "uncaught errors of the page", value: bench.uncaught },
      { key: "the scenario ran to its end", value: failure === null ? true : failure.thrown },
    ];
    if (failure && process.env.CONFORMANCE_VERBOSE) console.error(name, failure.text);
    return all.map(({ key, value }) => ({ id: `${name} / ${key}`, value: bench.names.apply(value) }));
  } finally {
    lane.current = null;
    await lane.page.goto("about:blank");
    await simulator.close();
  }
}

function itemOf(payload) {
  try {
    const { topic, content } = JSON.parse(String(payload));
    return topic === "aws/chat" ? JSON.parse(content) : null;
  } catch {
    return null;
  }
}

function withLimit(promise, name) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`"${name}" took longer than ${SCENARIO_MS} ms.`)), SCENARIO_MS);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** All observations of one library, by id, in the order of the scenarios. */
export async function collect(browser, bundle, { only, names: asked, lanes = 6 } = {}) {
  const names = [...fileOf.keys()].filter((name) =>
    asked ? asked.includes(name) : !only || name.includes(only),
  );
  const results = new Map();
  const queue = [...names];
  const work = async () => {
    const lane = await openLane(browser);
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const started = performance.now();
      results.set(name, await runOne(lane, name, bundle));
      if (process.env.CONFORMANCE_VERBOSE) {
        console.error(`${((performance.now() - started) / 1000).toFixed(1)} s  ${name}`);
      }
    }
    await lane.close();
  };
  await Promise.all(Array.from({ length: Math.min(lanes, names.length) }, work));
  const observations = new Map();
  for (const name of names) {
    for (const { id, value } of results.get(name)) {
      if (observations.has(id)) throw new Error(`Two observations are called "${id}".`);
      observations.set(id, value);
    }
  }
  return observations;
}
