// Random faults between the library and the service, the same for ours and for upstream: `npm run chaos`.
//   --seed <n>           plays a schedule again; a fresh one otherwise
//   --seconds, --minutes how long faults go on (60 s unless said); settling comes after
//   --chats <n>          how many chats (8)
//   --only ours|upstream one library alone
//   --broken recovery|token   also a client that is broken on purpose, which must be found out; may be given twice
//   --wake               after the last fault pages are told of their network, so that nothing waits for its backoff
//   --bundle <file>      another bundle of ours than dist/amazon-connect-chat.js
//   --verbose            what was wrong with upstream and the broken ones as well, and every fault that was played
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
// A copy: a build that runs meanwhile does not change the library under test.
const ours = join(folder, "ours.js");
copyFileSync(options.bundle, ours);
const wanted = [
  { name: "ours", bundle: ours, broken: null },
  { name: "upstream", bundle: UPSTREAM, broken: null },
].filter(({ name }) => options.only === undefined || options.only === name);
for (const broken of options.broken) wanted.push({ name: `broken: ${broken}`, bundle: ours, broken });

const { chats, says, sends, events } = schedule;
console.log(
  `Seed ${seed}: ${chats.length} chats, ${seconds} s, ${says.length} messages of the script, ` +
    `${sends.reduce((sum, { count }) => sum + count, 0)} of the clients, ${events.length} faults.\n`,
);

const startedAt = performance.now();
const browser = await launchChromium();
let runs;
try {
  runs = await Promise.all(
    wanted.map(async ({ name, ...how }) => {
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

/** Ours must be found without fault; upstream must lose; a client that is broken on purpose must be found out. */
const complaints = runs.flatMap((run) => {
  const { name, broken, verdict } = run;
  if (name === "ours") return verdict.failures.length > 0 ? [reportProblems(run)] : [];
  if (name === "upstream")
    return verdict.total.lost > 0 ? [] : ["upstream lost nothing: the schedule is too mild"];
  const finds = broken === "token" ? verdict.total.storedTwice : verdict.total.lost;
  return finds > 0 ? [] : [`${name}: this was not found out: the checker is blind`];
});
if (options.verbose) {
  for (const run of runs.filter(({ name }) => name !== "ours")) console.log(`\n${reportProblems(run)}`);
  for (const each of runs[0].played.log) console.log(JSON.stringify(each));
}
console.log(`It took ${Math.round((performance.now() - startedAt) / 1000)} s.`);
console.log(`\n${complaints.length === 0 ? "Passed." : `FAILED.\n${complaints.join("\n")}`}`);
console.log(
  `To play it again: npm run chaos -- --seed ${seed} --seconds ${seconds} --chats ${options.chats}`,
);
process.exitCode = complaints.length > 0 ? 1 : 0;
