// Whether the conformance run notices what it should: faults, each put into a copy of our source, built, and compared
// with upstream's observations, which are taken once. `npm run conformance:mutations`
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Workshop } from "../scripts/workshop.mjs";
import { launchChromium } from "./browser.mjs";
import { collect } from "./collect.mjs";
import { isSame, judge } from "./compare.mjs";
import { INTENDED } from "./differences.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const UPSTREAM = join(ROOT, "node_modules/upstream-chatjs/dist/amazon-connect-chat.js");

/**
 * Each with the scenario that is there to notice it: all scenarios for each would take half an hour. One that needs several
 * changes in its file has `edits`.
 */
const MUTATIONS = [
  {
    name: "a wrong default: 10 results",
    file: "src/session/arguments.ts",
    from: "DEFAULT_MAX_RESULTS = 15",
    to: "DEFAULT_MAX_RESULTS = 10",
    scenario: "getTranscript",
  },
  {
    name: "a wrong default: the newest first",
    file: "src/session/arguments.ts",
    from: 'sortOrder: word("ASCENDING")',
    to: 'sortOrder: word("DESCENDING")',
    scenario: "getTranscript",
  },
  {
    name: "a swapped event: read told as delivered",
    file: "src/conversation/events.ts",
    from: 'ReadTimestamp ? "readReceipt" : "deliveredReceipt"',
    to: 'ReadTimestamp ? "deliveredReceipt" : "readReceipt"',
    scenario: "receipts: of own messages seen by the agent",
  },
  {
    name: "an own receipt that is told",
    file: "src/conversation/inbox.ts",
    from: "recipient === this.#owner.participantId",
    to: "recipient === null",
    scenario: "receipts: of own messages seen by the agent",
  },
  {
    name: "another name of an event",
    file: "src/conversation/events.ts",
    from: 'upstream: "INCOMING_TYPING"',
    to: 'upstream: "TYPING"',
    scenario: "incoming: every event",
  },
  {
    name: "a missing field of a rejection",
    file: "src/session/connect-result.ts",
    from: "connectSuccess: false,",
    to: "",
    scenario: "connect: refused with 403",
  },
  {
    name: "metadata that is not handed back",
    file: "src/session/results.ts",
    from: 'objectOf(args)["metadata"] ?? null',
    to: "null",
    scenario: "sendMessage",
  },
  {
    name: "a content type that is forgotten",
    file: "src/conversation/content-types.ts",
    from: '"text/markdown"',
    to: '"text/x-markdown"',
    scenario: "sendMessage: every content type",
  },
  {
    name: "an event's content type that is misspelt",
    file: "src/conversation/events.ts",
    from: "authentication.cancelled",
    to: "authentication.canceled",
    scenario: "incoming: every event",
  },
  {
    name: "typing that is not throttled",
    file: "src/participant/typing.ts",
    from: "TYPING_THROTTLE_MS = 10_000",
    to: "TYPING_THROTTLE_MS = 0",
    scenario: "sendEvent: typing is throttled",
  },
  {
    name: "a request with its types the other way round",
    file: "src/participant/connection-details.ts",
    from: '["WEBSOCKET", ...TOKEN]',
    to: '[...TOKEN, "WEBSOCKET"]',
    scenario: "connect: success",
  },
  {
    name: "a limit on the size of files",
    file: "src/session/arguments.ts",
    from: "if (attachment.size === 0)",
    to: "if (attachment.size === 0 || attachment.size > 20_971_520)",
    scenario: "sendAttachment: 30 MB",
  },
  {
    name: "an upload without the headers that were signed",
    file: "src/participant/attachments.ts",
    from: 'method: "PUT", headers, body',
    to: 'method: "PUT", body',
    scenario: "sendAttachment",
  },
  {
    name: "a status in another word",
    file: "src/session/states.ts",
    from: `connected: {
    status: "Established"`,
    to: `connected: {
    status: "Establishing"`,
    scenario: "status over a life",
  },
  {
    name: "an ended chat whose onEnded is not told",
    file: "src/session/chat.ts",
    from: 'events.post("later", "ended", null)',
    to: "undefined",
    scenario: "the end, told by the service",
  },
  {
    name: "a manager that replays no gain",
    file: "src/connection/public-manager.ts",
    from: "if (isReplayed)",
    to: "if (false)",
    scenario: "manager: late subscribers",
  },
  {
    name: "calls that go past the controller's methods",
    file: "src/session/chat-session.ts",
    from: "Reflect.apply(target()[name], target(), args)",
    to: "Reflect.apply(Reflect.get(Object.getPrototypeOf(target()), name), target(), args)",
    scenario: "spies on the controller: a customer's calls",
  },
  {
    name: "handlers that go past controller.subscribe",
    file: "src/session/chat-session.ts",
    from: "target().subscribe(publicNameOf(name), ...args)",
    to: "target().on(name, ...args)",
    scenario: "spies on the controller: handlers",
  },
  {
    name: "a handler that is wrapped before it reaches controller.subscribe",
    file: "src/session/chat-session.ts",
    from: "target().subscribe(publicNameOf(name), ...args)",
    to: "target().subscribe(publicNameOf(name), (event, name) => args[0](event, name))",
    scenario: "spies on the controller: handlers",
  },
  {
    name: "a transcript fetch that goes past the controller",
    file: "src/session/controller.ts",
    from: "(args) => this.getTranscript(args)",
    to: "(args) => Controller.prototype.getTranscript.call(this, args)",
    scenario: "spies on the controller: the library's own transcript fetch",
  },
  {
    name: "calls that are bound when the session is created",
    file: "src/session/chat-session.ts",
    edits: [
      {
        from: "const target = (): ChatController => made.controller;",
        to: `const atCreation: ChatController = Object.assign(Object.create(null), typed(implemented));
        const target = (): ChatController => made.controller;`,
      },
      { from: "...forwarded(target, names)", to: "...forwarded(() => atCreation, names)" },
    ],
    scenario: "spies on the controller: an agent's calls",
  },
  {
    name: "calls that are rejected after disconnectParticipant()",
    file: "src/session/chat.ts",
    from: "participantDisconnected(): void {",
    to: "participantDisconnected(): void { this.participant.end();",
    scenario: "disconnect flow: messages and events",
  },
  {
    name: "a link lost after disconnectParticipant() that counts as the end",
    file: "src/session/chat.ts",
    edits: [
      {
        from: "participantDisconnected(): void {",
        to: "#hasDisconnected = false; participantDisconnected(): void { this.#hasDisconnected = true;",
      },
      {
        from: 'case "lost":',
        to: 'case "lost": if (this.#hasDisconnected) return this.#endedInAGap(null);',
      },
    ],
    scenario: "disconnect flow: the link is lost and comes back",
  },
  {
    name: "an HTML page with 403 that ends the chat",
    file: "src/session/refusals.ts",
    from: "if (refusal === null) return null;",
    to: `if (Object(error).answeredBy === "proxy") return { item: null };
      if (refusal === null) return null;`,
    scenario: "403 while reconnecting: an HTML page of a proxy",
  },
  {
    name: "a 403 without a name that ends the chat at once",
    file: "src/session/refusals.ts",
    from: "{ count: 3, overMs: 10_000 }",
    to: "{ count: 1, overMs: 0 }",
    scenario: "403 while reconnecting: JSON of another gateway",
  },
  {
    name: "a 403 with the service's name that nobody confirms",
    file: "src/session/refusals.ts",
    from: 'refusal === "named" && confirmation === "named"',
    to: 'refusal === "named"',
    scenario: "403 while reconnecting: the service by name, while the chat goes on",
  },
  {
    name: "a processing status that makes no other form of a message",
    file: "src/conversation/item-forms.ts",
    edits: [
      { from: "...(MessageProcessingStatus ? [MessageProcessingStatus] : []),", to: "" },
      { from: 'MessageProcessingStatus === "PROCESSING"', to: "false" },
    ],
    scenario: "processing: the message is rejected",
  },
  {
    name: "a message that goes back to PROCESSING",
    file: "src/conversation/item-forms.ts",
    from: "seen.some((each) => pendingIn(each) < pendingIn(form))",
    to: "false && seen.some((each) => pendingIn(each) < pendingIn(form))",
    scenario: "processing: an incoming message in several forms",
  },
  {
    name: "a connection without credentials",
    file: "src/participant/connection-answer.ts",
    from: "(needs.token || given)",
    to: "given",
    scenario: "connect: an answer without credentials",
  },
];

/** What fails in some scenarios, by observation. */
async function failuresOf(browser, bundle, upstream, names) {
  const isAsked = (id) => names.includes(id.split(" / ")[0]);
  const rows = INTENDED.map((entry) => ({ ...entry, in: entry.in.filter(isAsked) }));
  const theirs = new Map([...upstream].filter(([id]) => isAsked(id)));
  const { failures } = judge(theirs, await collect(browser, bundle, { names }), rows);
  return new Map(failures.map(({ id, wrong }) => [id, wrong]));
}

/** Runs `work` for each, a few at a time; the results in their order. */
async function inLanes(all, lanes, work) {
  const results = [];
  const queue = all.entries();
  const lane = async () => {
    for (const [index, each] of queue) results[index] = await work(each);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

const started = performance.now();
const workshop = new Workshop();
const browser = await launchChromium();
let survivors = 0;
try {
  const names = [...new Set(MUTATIONS.map(({ scenario }) => scenario))];
  const unchanged = await workshop.unchanged();
  const mutants = [];
  for (const mutation of MUTATIONS) mutants.push({ ...mutation, bundle: await workshop.mutated(mutation) });
  const upstream = await collect(browser, UPSTREAM, { names });
  // What fails without a mutation is no proof of anything.
  const before = await failuresOf(browser, unchanged, upstream, names);
  const found = await inLanes(mutants, 6, async ({ bundle, scenario }) => {
    const after = await failuresOf(browser, bundle, upstream, [scenario]);
    return [...after.keys()].filter((id) => !isSame(after.get(id), before.get(id)));
  });
  for (const [index, { name }] of MUTATIONS.entries()) {
    const [first] = found[index];
    if (first === undefined) survivors += 1;
    console.log(`${first === undefined ? "SURVIVED" : "flagged "}  ${name.padEnd(48)}  ${first ?? ""}`);
  }
} finally {
  await browser.close();
  workshop.close();
}
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`\n${MUTATIONS.length} mutations in ${seconds} s: ${MUTATIONS.length - survivors} flagged.\n`);
console.log(`${MUTATIONS.length - survivors} passed, ${survivors} failed`);
process.exitCode = survivors > 0 ? 1 : 0;
