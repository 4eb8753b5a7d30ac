// Tests the simulation itself. Puts one bug at a time into a copy of the source, builds it, and plays schedules until
// the judge reports a violation. `npm run simulate:mutations [-- --seconds 90] [-- --only WORDS]`
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Workshop } from "../../scripts/workshop.mjs";
import { MUTATIONS } from "./mutations-list.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const { values: options } = parseArgs({
  options: { seconds: { type: "string", default: "90" }, only: { type: "string", default: "" } },
});

/**
 * Plays schedules that match `required` until one fails. Returns the violated invariants, or null.
 */
function violatedInvariants(bundle, required = "") {
  const { stdout } = spawnSync(
    process.execPath,
    [
      ...["scripts/simulate.mjs", "--bundle", bundle, "--seconds", options.seconds],
      ...["--from", "mutation", "--with", required, "--stop-at-first", "--no-shrink", "--no-known-seeds"],
    ],
    { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 27 },
  );
  const violated = [...stdout.matchAll(/^(\w+): violated by/gm)].map(([, invariant]) => invariant);
  return violated.length > 0 ? violated : null;
}

const workshop = new Workshop();
let survivors = 0;
let flagged = 0;
try {
  if (violatedInvariants(await workshop.unchanged()) !== null) {
    console.log("The unchanged library violates an invariant, so the results below prove nothing.");
    survivors += 1;
  }
  for (const mutation of MUTATIONS.filter(({ name }) => name.includes(options.only))) {
    const startedAt = performance.now();
    const violated = violatedInvariants(await workshop.mutated(mutation), mutation.with);
    if (violated === null) survivors += 1;
    else flagged += 1;
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    console.log(
      `${violated === null ? "SURVIVED" : "flagged "}  ${mutation.name.padEnd(70)}  ${violated?.join(", ") ?? ""} (${seconds} s)`,
    );
  }
} finally {
  workshop.close();
}
console.log(`\n${flagged} passed, ${survivors} failed`);
process.exitCode = survivors > 0 ? 1 : 0;
