// Checks that the conformance run catches faults: `npm run conformance:mutations`. Collects upstream's observations
// once. Then builds each fault into a copy of our source, and compares that build's observations with upstream's.
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
 * Each fault names the single scenario that must catch it, because running all of them for each fault would take half
 * an hour. A fault that needs several changes lists them in `edits`.
 */
const MUTATIONS = [
  {
    name: "maxResults defaults to 10",
    file: "src/session/arguments.ts",
    from: "DEFAULT_MAX_RESULTS = 15",
    to: "DEFAULT_MAX_RESULTS = 10",
    scenario: "getTranscript",
  },
  {
    name: "sortOrder defaults to DESCENDING",
    file: "src/session/arguments.ts",
    from: 'sortOrder: stringOr("ASCENDING")',
    to: 'sortOrder: stringOr("DESCENDING")',
    scenario: "getTranscript",
  },
  {
    name: "read and delivered receipts are swapped",
    file: "src/conversation/events.ts",
    from: 'ReadTimestamp ? "readReceipt" : "deliveredReceipt"',
    to: 'ReadTimestamp ? "deliveredReceipt" : "readReceipt"',
    scenario: "receipts: for outgoing messages",
  },
  {
    name: "outgoing receipts are emitted",
    file: "src/conversation/inbox.ts",
    from: "recipient === this.#owner.participantId",
    to: "recipient === null",
    scenario: "receipts: for outgoing messages",
  },
  {
    name: "an event has the wrong name",
    file: "src/conversation/events.ts",
    from: 'upstream: "INCOMING_TYPING"',
    to: 'upstream: "TYPING"',
    scenario: "incoming: every event",
  },
  {
    name: "a rejection of connect() lacks connectSuccess",
    file: "src/session/connect-result.ts",
    from: "connectSuccess: false,",
    to: "",
    scenario: "connect: fails with 403",
  },
  {
    name: "results lack the caller's metadata",
    file: "src/session/results.ts",
    from: 'objectOf(args)["metadata"] ?? null',
    to: "null",
    scenario: "sendMessage",
  },
  {
    name: "a content type is missing",
    file: "src/conversation/content-types.ts",
    from: '"text/markdown"',
    to: '"text/x-markdown"',
    scenario: "sendMessage: every content type",
  },
  {
    name: "an event's content type is misspelled",
    file: "src/conversation/events.ts",
    from: "authentication.cancelled",
    to: "authentication.canceled",
    scenario: "incoming: every event",
  },
  {
    name: "typing isn't throttled",
    file: "src/participant/typing.ts",
    from: "TYPING_THROTTLE_MS = 10_000",
    to: "TYPING_THROTTLE_MS = 0",
    scenario: "sendEvent: typing is throttled",
  },
  {
    name: "a request lists its types in reverse order",
    file: "src/participant/connection-details.ts",
    from: '["WEBSOCKET", ...TOKEN]',
    to: '[...TOKEN, "WEBSOCKET"]',
    scenario: "connect: success",
  },
  {
    name: "files over 20 MiB are rejected",
    file: "src/session/arguments.ts",
    from: "if (attachment.size === 0)",
    to: "if (attachment.size === 0 || attachment.size > 20_971_520)",
    scenario: "sendAttachment: 30 MB",
  },
  {
    name: "an upload lacks the signed headers",
    file: "src/participant/attachments.ts",
    from: 'method: "PUT", headers, body',
    to: 'method: "PUT", body',
    scenario: "sendAttachment",
  },
  {
    name: "a connected session reports the wrong status",
    file: "src/session/states.ts",
    from: `connected: {
    status: "Established"`,
    to: `connected: {
    status: "Establishing"`,
    scenario: "connection status over a session's lifetime",
  },
  {
    name: "onEnded doesn't fire when the chat ends",
    file: "src/session/chat.ts",
    from: 'events.post("later", "ended", null)',
    to: "undefined",
    scenario: "end of chat: event from the service",
  },
  {
    name: "the manager doesn't replay connectionGain",
    file: "src/connection/public-manager.ts",
    from: "if (isReplayed)",
    to: "if (false)",
    scenario: "manager: late subscribers",
  },
  {
    name: "calls bypass the controller's own methods",
    file: "src/session/chat-session.ts",
    from: "Reflect.apply(target()[name], target(), args)",
    to: "Reflect.apply(Reflect.get(Object.getPrototypeOf(target()), name), target(), args)",
    scenario: "spies on the controller: a customer's calls",
  },
  {
    name: "handlers bypass controller.subscribe",
    file: "src/session/chat-session.ts",
    from: "target().subscribe(publicNameOf(name), ...args)",
    to: "target().on(name, ...args)",
    scenario: "spies on the controller: handlers",
  },
  {
    name: "a handler is wrapped before it reaches controller.subscribe",
    file: "src/session/chat-session.ts",
    from: "target().subscribe(publicNameOf(name), ...args)",
    to: "target().subscribe(publicNameOf(name), (event, name) => args[0](event, name))",
    scenario: "spies on the controller: handlers",
  },
  {
    name: "the transcript fetch bypasses the controller",
    file: "src/session/controller.ts",
    from: "(args) => this.getTranscript(args)",
    to: "(args) => Controller.prototype.getTranscript.call(this, args)",
    scenario: "spies on the controller: the library's transcript fetch",
  },
  {
    name: "calls are bound when the session is created",
    file: "src/session/chat-session.ts",
    edits: [
      {
        from: "const target = (): ChatController => session.controller;",
        to: `const atCreation: ChatController = Object.assign(Object.create(null), withPublicType(controller));
        const target = (): ChatController => session.controller;`,
      },
      { from: "...forwardCalls(target, names)", to: "...forwardCalls(() => atCreation, names)" },
    ],
    scenario: "spies on the controller: an agent's calls",
  },
  {
    name: "calls are rejected after disconnectParticipant()",
    file: "src/session/chat.ts",
    from: "onParticipantDisconnected(): void {",
    to: "onParticipantDisconnected(): void { this.participant.end();",
    scenario: "disconnect flow: messages and events",
  },
  {
    name: "losing the link after disconnectParticipant() ends the chat",
    file: "src/session/chat.ts",
    edits: [
      {
        from: "onParticipantDisconnected(): void {",
        to: "#hasDisconnected = false; onParticipantDisconnected(): void { this.#hasDisconnected = true;",
      },
      {
        from: 'case "lost":',
        to: 'case "lost": if (this.#hasDisconnected) return this.#onMissedEnd(null);',
      },
    ],
    scenario: "disconnect flow: the link is lost and restored",
  },
  {
    name: "a 403 with an HTML page ends the chat",
    file: "src/session/refusals.ts",
    from: "if (refusal === null) return null;",
    to: `if (Object(error).answeredBy === "proxy") return { item: null };
      if (refusal === null) return null;`,
    scenario: "403 while reconnecting: a proxy's HTML page",
  },
  {
    name: "a single 403 without an error name ends the chat",
    file: "src/session/refusals.ts",
    from: "{ count: 3, minSpanMs: 10_000 }",
    to: "{ count: 1, minSpanMs: 0 }",
    scenario: "403 while reconnecting: another gateway's JSON",
  },
  {
    name: "a 403 with an error name ends the chat unconfirmed",
    file: "src/session/refusals.ts",
    from: 'refusal === "named" && confirmation === "named"',
    to: 'refusal === "named"',
    scenario: "403 while reconnecting: a service error during an active chat",
  },
  {
    name: "a new processing status isn't a new version of the message",
    file: "src/conversation/item-versions.ts",
    edits: [
      { from: "...(MessageProcessingStatus ? [MessageProcessingStatus] : []),", to: "" },
      { from: 'MessageProcessingStatus === "PROCESSING"', to: "false" },
    ],
    scenario: "processing: the message is rejected",
  },
  {
    name: "a message goes back to PROCESSING",
    file: "src/conversation/item-versions.ts",
    from: "seen.some((each) => pendingStepsOf(each) < pendingStepsOf(version))",
    to: "false && seen.some((each) => pendingStepsOf(each) < pendingStepsOf(version))",
    scenario: "processing: an incoming message in several versions",
  },
  {
    name: "a connection is accepted without credentials",
    file: "src/participant/connection-response.ts",
    from: "(required.token || token)",
    to: "token",
    scenario: "connect: response without credentials",
  },
];

/** Returns the failures in the given scenarios, by observation. */
async function failuresOf(browser, bundle, upstream, names) {
  const isSelected = (id) => names.includes(id.split(" / ")[0]);
  const rows = INTENDED.map((entry) => ({ ...entry, in: entry.in.filter(isSelected) }));
  const expected = new Map([...upstream].filter(([id]) => isSelected(id)));
  const { failures } = judge(expected, await collect(browser, bundle, { names }), rows);
  return new Map(failures.map(({ id, wrong }) => [id, wrong]));
}

/** Runs `work` on each element, `lanes` at a time. Returns the results in order. */
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
  // A failure that also occurs without the mutation proves nothing.
  const before = await failuresOf(browser, unchanged, upstream, names);
  const found = await inLanes(mutants, 6, async ({ bundle, scenario }) => {
    const after = await failuresOf(browser, bundle, upstream, [scenario]);
    return [...after.keys()].filter((id) => !isSame(after.get(id), before.get(id)));
  });
  for (const [index, { name }] of MUTATIONS.entries()) {
    const [first] = found[index];
    if (first === undefined) survivors += 1;
    console.log(`${first === undefined ? "SURVIVED" : "flagged "}  ${name.padEnd(62)}  ${first ?? ""}`);
  }
} finally {
  await browser.close();
  workshop.close();
}
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`\n${MUTATIONS.length} mutations in ${seconds} s: ${MUTATIONS.length - survivors} flagged.\n`);
console.log(`${MUTATIONS.length - survivors} passed, ${survivors} failed`);
process.exitCode = survivors > 0 ? 1 : 0;
