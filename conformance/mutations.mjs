// Whether the conformance run notices what it should: faults, each put into a copy of our source, built, and compared
// with upstream's observations, which are taken once. `npm run conformance:mutations`
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launchChromium } from "./browser.mjs";
import { collect } from "./collect.mjs";
import { isSame, judge } from "./compare.mjs";
import { INTENDED } from "./differences.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const UPSTREAM = join(ROOT, "node_modules/upstream-chatjs/dist/amazon-connect-chat.js");

/** Each with the scenario that is there to notice it: all scenarios for each would take half an hour. */
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
    from: '["ASCENDING", "DESCENDING"]',
    to: '["DESCENDING", "ASCENDING"]',
    scenario: "getTranscript",
  },
  {
    name: "a swapped event: read told as delivered",
    file: "src/conversation/inbox.ts",
    from: 'name: "readReceipt"',
    to: 'name: "deliveredReceipt"',
    scenario: "receipts: of own messages seen by the agent",
  },
  {
    name: "an own receipt that is told",
    file: "src/conversation/inbox.ts",
    from: "receipt.RecipientParticipantId === this.#participantId",
    to: "receipt.RecipientParticipantId === null",
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
    from: '(args["metadata"] ?? null)',
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
    file: "src/conversation/content-types.ts",
    from: "authentication.cancelled",
    to: "authentication.canceled",
    scenario: "incoming: every event",
  },
  {
    name: "typing that is not throttled",
    file: "src/conversation/typing.ts",
    from: "TYPING_THROTTLE_MS = 10_000",
    to: "TYPING_THROTTLE_MS = 0",
    scenario: "sendEvent: typing is throttled",
  },
  {
    name: "a request with its types the other way round",
    file: "src/participant/connection-details.ts",
    from: '["WEBSOCKET", "CONNECTION_CREDENTIALS"]',
    to: '["CONNECTION_CREDENTIALS", "WEBSOCKET"]',
    scenario: "connect: success",
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
    file: "src/connection/states.ts",
    from: `connected: {
    status: "Established"`,
    to: `connected: {
    status: "Establishing"`,
    scenario: "status over a life",
  },
  {
    name: "an ended chat whose onEnded is not told",
    file: "src/session/chat.ts",
    from: 'this.#emit("ended", null)',
    to: "undefined",
    scenario: "the end, told by the service",
  },
];

const workshop = mkdtempSync(join(tmpdir(), "conformance-mutations-"));
for (const name of ["src", "webpack.config.js", "package.json", "tsconfig.json"]) {
  cpSync(join(ROOT, name), join(workshop, name), { recursive: true });
}
symlinkSync(join(ROOT, "node_modules"), join(workshop, "node_modules"));

/** Builds the workshop's library. */
function build(name) {
  const webpack = join(ROOT, "node_modules/webpack/bin/webpack.js");
  const options = ["--mode", "development", "--config-name", "library", "--stats", "errors-only"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [webpack, ...options], { cwd: workshop });
  if (status !== 0) throw new Error(`The build of "${name}" failed:\n${stdout}${stderr}`);
  return join(workshop, "dist/amazon-connect-chat.js");
}

/** What fails in a scenario, as text, by observation. */
async function failuresOf(browser, bundle, upstream, names) {
  const isAsked = (id) => names.includes(id.split(" / ")[0]);
  const rows = INTENDED.map((entry) => ({ ...entry, in: entry.in.filter(isAsked) }));
  const theirs = new Map([...upstream].filter(([id]) => isAsked(id)));
  const { failures } = judge(theirs, await collect(browser, bundle, { names }), rows);
  return new Map(failures.map(({ id, wrong }) => [id, wrong]));
}

const browser = await launchChromium();
let survivors = 0;
try {
  const names = [...new Set(MUTATIONS.map(({ scenario }) => scenario))];
  const upstream = await collect(browser, UPSTREAM, { names });
  // What fails without a mutation is no proof of anything.
  const before = await failuresOf(browser, build("unchanged"), upstream, names);
  for (const { name, file, from, to, scenario } of MUTATIONS) {
    const path = join(workshop, file);
    const source = readFileSync(path, "utf8");
    if (source.split(from).length !== 2) {
      throw new Error(
        `"${name}": ${file} must hold once, and holds ${source.split(from).length - 1} times: ${from}`,
      );
    }
    writeFileSync(
      path,
      source.replace(from, () => to),
    );
    let found;
    try {
      const after = await failuresOf(browser, build(name), upstream, [scenario]);
      found = [...after.keys()].filter((id) => !isSame(after.get(id), before.get(id)));
    } finally {
      writeFileSync(path, source);
    }
    if (found.length === 0) survivors += 1;
    console.log(`${found.length > 0 ? "flagged " : "SURVIVED"}  ${name.padEnd(48)}  ${found[0] ?? ""}`);
  }
} finally {
  await browser.close();
  rmSync(workshop, { recursive: true, force: true });
}
console.log(`\n${MUTATIONS.length - survivors} passed, ${survivors} failed`);
process.exitCode = survivors > 0 ? 1 : 0;
