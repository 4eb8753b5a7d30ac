// Injects the same random faults between the service and our library or upstream: `npm run chaos`.
//   --seed <n>                replays a schedule (default: a random seed)
//   --seconds, --minutes <n>  the duration of the faults, without the time to settle (default: 60 s)
//   --chats <n>               number of chats (default: 8)
//   --only ours|upstream      runs only one library
//   --broken recovery|token   also runs a deliberately broken client, which must fail (can be repeated)
//   --wake                    dispatches "online" in the pages after the last fault, which skips the backoff
//   --bundle <file>           tests this bundle instead of dist/amazon-connect-chat.js
//   --dump <file>             writes all results as JSON
//   --verbose                 also prints the problems of upstream and the broken clients, and every fault
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { launchChromium } from "../conformance/browser.mjs";
import { judge } from "./judge.mjs";
import { report, reportProblems } from "./report.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const UPSTREAM = path("../node_modules/upstream-chatjs/dist/amazon-connect-chat.js");

const { values: options } = parseArgs({
  options: {
    seed: { type: "string" },
    seconds: { type: "string" },
    minutes: { type: "string" },
    chats: { type: "string", default: "8" },
    only: { type: "string" },
    broken: { type: "string", multiple: true, default: [] },
    bundle: { type: "string", default: path("../dist/amazon-connect-chat.js") },
    wake: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    dump: { type: "string" },
  },
});

for (const file of [UPSTREAM, options.bundle, path("../dist/simulator.js")]) {
  if (existsSync(file)) continue;
  console.error(`${file} is missing: run \`npm ci\` and \`npm run build\` first.`);
  process.exit(1);
}
const { makeSchedule } = await import("./schedule.mjs");
const { play } = await import("./play.mjs");

const seed = options.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(options.seed);
const seconds = Number(options.seconds ?? Number(options.minutes ?? 1) * 60);
const schedule = makeSchedule({ seed, activeMs: seconds * 1000, chats: Number(options.chats) });

const folder = mkdtempSync(join(tmpdir(), "chaos-"));
// Test a copy, because a concurrent build must not change the bundle during the run.
const ours = join(folder, "ours.js");
copyFileSync(options.bundle, ours);
const subjects = [
  { name: "ours", bundle: ours, broken: null },
  { name: "upstream", bundle: UPSTREAM, broken: null },
].filter(({ name }) => options.only === undefined || options.only === name);
for (const broken of options.broken) subjects.push({ name: `broken: ${broken}`, bundle: ours, broken });

const { chats, says, sends, events } = schedule;
console.log(
  `Seed ${seed}: ${chats.length} chats, ${seconds} s, ${says.length} messages from the script, ` +
    `${sends.reduce((sum, { count }) => sum + count, 0)} from the clients, ${events.length} faults.\n`,
);

const startedAt = performance.now();
const browser = await launchChromium();
let runs;
try {
  runs = await Promise.all(
    subjects.map(async ({ name, ...how }) => {
      const played = await play(browser, { schedule, wakes: options.wake, ...how });
      return { name, broken: how.broken, played, verdict: judge(played) };
    }),
  );
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

console.log(report(runs, schedule));
if (options.dump) {
  const all = runs.map(({ name, verdict, played: { clients, log, truth, uncaught } }) => ({
    ...{ name, verdict, clients, log, uncaught },
    truth: { ...truth, transcripts: Object.fromEntries(truth.transcripts) },
  }));
  writeFileSync(options.dump, JSON.stringify(all));
}

/** Our library must be flawless, upstream must lose messages, and each broken client must fail in its own way. */
const complaints = runs.flatMap((run) => {
  const { name, broken, verdict } = run;
  if (name === "ours") return verdict.failures.length > 0 ? [reportProblems(run)] : [];
  if (name === "upstream")
    return verdict.total.lost > 0 ? [] : ["upstream lost nothing, so the schedule has too few faults"];
  const foundCount = broken === "token" ? verdict.total.storedTwice : verdict.total.lost;
  return foundCount > 0 ? [] : [`the judge found no fault in ${name}`];
});
if (options.verbose) {
  for (const run of runs.filter(({ name }) => name !== "ours")) console.log(`\n${reportProblems(run)}`);
  for (const each of runs[0].played.log) console.log(JSON.stringify(each));
}
console.log(`It took ${Math.round((performance.now() - startedAt) / 1000)} s.`);
console.log(`\n${complaints.length === 0 ? "Passed." : `FAILED.\n${complaints.join("\n")}`}`);
console.log(`To replay: npm run chaos -- --seed ${seed} --seconds ${seconds} --chats ${options.chats}`);
process.exitCode = complaints.length > 0 ? 1 : 0;
