// Runs the scenarios against one library and collects their observations.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { normalizer } from "./normalize.mjs";
import { fileOf } from "./scenarios/index.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const { startSimulator } = createRequire(import.meta.url)("../dist/simulator.js");

/** Much longer than any scenario takes, even on a busy machine. */
const SCENARIO_MS = 120_000;

/** The simulator commands that a scenario can call. */
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
    /** Processes each message that a client sends. `result` is `{ text, status }`, or null to keep it PROCESSING. */
    processMessages: (contactId, result, options) =>
      contact(contactId).onProcessing(() => result ?? new Promise(() => undefined), options),
    /** Scans each file that a client sends. `status` is the result, or null to keep it IN_PROGRESS. */
    scanAttachments: (contactId, status) =>
      contact(contactId).onScan(() => status ?? new Promise(() => undefined)),
    sendItem: (contactId, item) => note(contact(contactId).sendItem(item)),
    end: (contactId) => contact(contactId).end(),
    /** Sets a disconnect flow that asks a question. The scenario must call "end" itself. */
    surveyOnDisconnect: (contactId, question) =>
      contact(contactId).onDisconnect(() => note(contact(contactId).say(question, { role: "SYSTEM" }))),
    transcript: (contactId) => contact(contactId).transcript,
    setView: (token, view) => simulator.setView(token, view),
    dropSockets: (selection) => simulator.dropSockets(selection),
    expireConnectionTokens: (participantId) => simulator.expireConnectionTokens(participantId),
    /** Invalidates the socket URLs, so that reconnecting calls CreateParticipantConnection. */
    expireSocketUrls: () => simulator.expireSocketUrls(),
    receipt: (contactId, kind, messageId) => note(contact(contactId).receipt(kind, messageId)),
    failNext: (operation, fault) => simulator.faults.failNext(operation, fault),
    cutNext: (operation, fault) => simulator.faults.cutNext(operation, fault),
    delayNext: (operation, fault) => simulator.faults.delayNext(operation, fault),
    /** Performs the next call but replaces its response with `{ body, status, contentType }`. */
    answerNextWith: (operation, answer) => simulator.faults.garbleNext(operation, answer),
    /** Removes these members from the next response. */
    omitFromNext: (operation, members, scope) =>
      simulator.faults.garbleNext(operation, { ...scope, body: (body) => without(body, members) }),
    failNextStorage: (action, fault) => simulator.faults.failNextStorage(action, fault),
    refuseSockets: (times) => simulator.faults.refuseSockets(times),
    clearFaults: () => simulator.faults.clear(),
    /** Sends these texts instead of the next chat frame. */
    replaceNextFrame: (texts) => simulator.faults.transformFrames(() => texts, 1),
    requestCount: (operation) =>
      simulator.requests.filter((request) => operation === undefined || request.operation === operation)
        .length,
    takeRequests() {
      const requests = simulator.requests.map(requestOf(simulator));
      simulator.clearRequests();
      return requests;
    },
    subscribedSockets: (contactId) =>
      simulator.sockets.filter(
        ({ subscribed, participantIds }) =>
          subscribed &&
          (contactId === undefined || participantIds.some((id) => isInContact(simulator, contactId, id))),
      ).length,
    openSockets: () => simulator.sockets.length,
    /** Returns and clears the list of requests to other hosts, which are all blocked. */
    takeOutside: () => outside.splice(0),
    outsideCount: () => outside.length,
    requestHeaders: () => simulator.requests.map(({ headers }) => headers),
    frames: () => simulator.sockets.map(({ received }) => received),
  };
}

function without(body, members) {
  const keptEntries = Object.entries(JSON.parse(body)).filter(([name]) => !members.includes(name));
  return JSON.stringify(Object.fromEntries(keptEntries));
}

/** Contact IDs by simulator and participant, because the simulator lists only a socket's participants. */
const contactsByParticipant = new WeakMap();

function isInContact(simulator, contactId, participantId) {
  return contactsByParticipant.get(simulator)?.get(participantId) === contactId;
}

function rememberParticipant(simulator, participantId, contactId) {
  if (!contactsByParticipant.has(simulator)) contactsByParticipant.set(simulator, new Map());
  contactsByParticipant.get(simulator).set(participantId, contactId);
}

/** Returns a function that reduces a request to the fields that are compared. */
function requestOf() {
  return ({ operation, status, body, headers }) => ({
    operation,
    status,
    body,
    bearer: headers["x-amz-bearer"] ?? null,
    contentType: headers["content-type"] ?? null,
  });
}

/** Opens a page that runs scenarios one after another. Most of the time would be spent on opening a page for each. */
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
    // cspell:ignore framereceived
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

/**
 * The part of a scenario's state outside the page, which has its commands and the names of the objects that it created.
 */
function workbench(simulator) {
  const names = normalizer(simulator.url);
  const bench = { names, seen: [], outside: [], uncaught: 0 };
  const available = commands(simulator, bench.seen, bench.outside);
  bench.perform = (command, args) => {
    if (!(command in available)) throw new Error(`Unknown command: ${command}.`);
    const answer = available[command](...args);
    if (command === "startChat") {
      rememberParticipant(simulator, answer.ParticipantId, answer.ContactId);
      names.chat(answer);
    }
    if (command === "joinAgent") {
      rememberParticipant(simulator, answer.participantId, answer.contactId);
      names.agent(answer);
    }
    // The function that clears a fault can't be passed to the page.
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
      { key: "uncaught page errors", value: bench.uncaught },
      { key: "the scenario completed", value: failure === null ? true : failure.thrown },
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

/** Runs the scenarios against one library. Returns its observations by ID, in scenario order. */
export async function collect(browser, bundle, { only, names: selected, lanes = 6 } = {}) {
  const names = [...fileOf.keys()].filter((name) =>
    selected ? selected.includes(name) : !only || name.includes(only),
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
      if (observations.has(id)) throw new Error(`Duplicate observation: "${id}".`);
      observations.set(id, value);
    }
  }
  return observations;
}
