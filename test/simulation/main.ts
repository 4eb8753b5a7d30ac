/** `npm run simulate` plays seeds' schedules on all cores and prints the judge's findings. See CONTRIBUTING.md. */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Script } from "node:vm";
import { missingPairs, EXPECTED } from "./coverage";
import { INVARIANTS, type Violation } from "./judge";
import { printLoad, printRegion } from "./load";
import { play } from "./play";
import { scheduleFrom, type Schedule } from "./schedule";
import { asTest, shrink } from "./shrink";
import { traceOf } from "./trace";
import { FIGURES, loadBundle, outcomeOf, type Figures, type Outcome } from "./worker";
import { SEEDS_THAT_FAILED } from "./seeds";

/** Runs of at least this many simulated hours must cover all expected combinations. */
const COVERS_FROM_HOURS = 500;
const SHOWN_FAILURES = 40;
const MAX_SHRUNK = 3;

const { values: options } = parseArgs({
  options: {
    seed: { type: "string" },
    hours: { type: "string" },
    seconds: { type: "string" },
    schedules: { type: "string" },
    from: { type: "string" },
    with: { type: "string", default: "" },
    bundle: { type: "string", default: "dist/amazon-connect-chat.js" },
    jobs: { type: "string" },
    "no-shrink": { type: "boolean", default: false },
    "stop-at-first": { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
    "no-known-seeds": { type: "boolean", default: false },
    load: { type: "boolean", default: false },
    clients: { type: "string" },
  },
});

/** Seeds that every run plays first. */
const KNOWN_SEEDS = options["no-known-seeds"] ? [] : SEEDS_THAT_FAILED;

const violates = async (schedule: Schedule, bundle: Script, invariant: string): Promise<boolean> =>
  (await outcomeOf(schedule, bundle)).violations.some((violation) => violation.invariant === invariant);

/** Shrinks a failing schedule and prints it as a test. */
async function printShrunk(schedule: Schedule, bundle: Script, { invariant }: Violation): Promise<void> {
  console.log(`\nShrinking seed ${schedule.seed} (${invariant}) …`);
  const small = await shrink(schedule, (candidate) => violates(candidate, bundle, invariant));
  console.log(asTest(small, INVARIANTS[invariant]));
}

function printViolations({ seed, clients, violations }: Outcome): void {
  console.log(`✕ seed ${seed}: ${clients}, ${violations.length} violations`);
  const counts = new Map<string, number>();
  for (const { invariant, detail } of violations) {
    const count = (counts.get(invariant) ?? 0) + 1;
    counts.set(invariant, count);
    if (count <= 2) console.log(`  ${invariant}: ${detail}`);
  }
}

/** Replays one seed and shrinks it if it fails. Returns whether it passed. */
async function replay(seed: string, file: string): Promise<boolean> {
  const bundle = loadBundle(file);
  const schedule = scheduleFrom(seed);
  if (options.trace) console.log(traceOf(await play(schedule, bundle)).join("\n"));
  const outcome = await outcomeOf(schedule, bundle);
  const [first] = outcome.violations;
  if (first === undefined) {
    console.log(`✓ seed ${seed}: ${outcome.clients}, no violations`);
    return true;
  }
  printViolations(outcome);
  if (!options["no-shrink"]) await printShrunk(schedule, bundle, first);
  return false;
}

function currentCommit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short=10", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "no-commit";
  }
}

/** The names in `--with`. They can be clients, faults, actions, or configuration fields that must be true. */
const REQUIRED = options.with.split(",").filter((name) => name !== "");

function hasRequired({ configuration, faults, steps }: Schedule): boolean {
  const { clients, habits } = configuration;
  const names = new Set<string>([clients, ...[...faults, ...steps].map(({ kind }) => kind)]);
  for (const [name, value] of Object.entries({ ...configuration, ...habits }))
    if (value === true) names.add(name);
  return REQUIRED.every((name) => names.has(name));
}

/** An endless sequence of seeds that failed in the past, followed by new seeds that match `--with`. */
function* seeds(from: string): Generator<string> {
  yield* KNOWN_SEEDS;
  for (let index = 0; ; index += 1) {
    const seed = `${from}-${index}`;
    if (REQUIRED.length === 0 || hasRequired(scheduleFrom(seed))) yield seed;
  }
}

class Totals {
  schedules = 0;
  failed = 0;
  readonly figures = new Map<keyof Figures, number>();
  readonly violations = new Map<string, number>();
  readonly coverage = new Map<string, number>();
  readonly clients = new Map<string, number>();
  readonly failures: Outcome[] = [];

  add(outcome: Outcome): void {
    this.schedules += 1;
    count(this.clients, outcome.clients, 1);
    for (const name of FIGURES) count(this.figures, name, outcome.figures[name]);
    for (const [pair, times] of outcome.coverage) count(this.coverage, pair, times);
    if (outcome.violations.length === 0) return;
    this.failed += 1;
    this.failures.push(outcome);
    // Printed immediately, in case the run is interrupted.
    if (this.failed <= SHOWN_FAILURES) printViolations(outcome);
    for (const invariant of new Set(outcome.violations.map((each) => each.invariant))) {
      count(this.violations, invariant, 1);
    }
  }

  get hours(): number {
    return this.figures.get("hours") ?? 0;
  }

  print(wallMs: number): void {
    const rows: [string, string][] = [
      ["schedules", String(this.schedules)],
      ...FIGURES.map((name): [string, string] => [
        name === "hours" ? "simulated hours" : name,
        Math.round(this.figures.get(name) ?? 0).toLocaleString("en-US"),
      ]),
      ["wall time", `${Math.round(wallMs / 1_000)} s`],
      ["simulated hours per hour", Math.round((this.hours * 3_600_000) / wallMs).toLocaleString("en-US")],
    ];
    console.log(`\n${rows.map(([name, value]) => `${name.padEnd(26)}${value.padStart(14)}`).join("\n")}`);
    console.log(`\n${[...this.clients].map(([name, times]) => `${name}: ${times}`).join(", ")}`);
  }
}

function count<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

async function main(): Promise<void> {
  if (options.seed !== undefined) {
    process.exitCode = (await replay(options.seed, options.bundle)) ? 0 : 1;
    return;
  }
  if (options.load) {
    const bundle = loadBundle(options.bundle);
    const passed = options.clients
      ? await printRegion(Number(options.clients), bundle)
      : await printLoad(bundle);
    process.exitCode = passed ? 0 : 1;
    return;
  }
  const limits = {
    hours: Number(options.hours ?? Infinity),
    seconds: Number(options.seconds ?? Infinity),
    schedules: Number(options.schedules ?? ((options.hours ?? options.seconds) ? Infinity : 200)),
  };
  const from = options.from ?? currentCommit();
  console.log(`Seeds: ${KNOWN_SEEDS.length} that failed before, then ${from}-0, ${from}-1, …`);
  const totals = await playOnAllCores(from, limits);
  if (!options["no-shrink"]) await shrinkSome(totals.failures);
  const missing = missingPairs(totals.coverage);
  console.log(
    `\n${EXPECTED.length - missing.length} of ${EXPECTED.length} combinations of fault, state and activity were covered.`,
  );
  const mustCover = totals.hours >= COVERS_FROM_HOURS;
  if (missing.length > 0 && mustCover) console.log(`Missing:\n  ${missing.join("\n  ")}`);
  for (const [invariant, times] of totals.violations)
    console.log(`${invariant}: violated by ${times} schedules`);
  const failed = totals.failed + (mustCover ? missing.length : 0);
  console.log(`\n${totals.schedules - totals.failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Shrinks and prints the first failure of each invariant, up to `MAX_SHRUNK`. */
async function shrinkSome(failures: readonly Outcome[]): Promise<void> {
  const bundle = loadBundle(options.bundle);
  const shrunk = new Set<string>();
  for (const { seed, violations } of failures) {
    const violation = violations.find(({ invariant }) => !shrunk.has(invariant));
    if (violation === undefined || shrunk.size >= MAX_SHRUNK) continue;
    shrunk.add(violation.invariant);
    await printShrunk(scheduleFrom(seed), bundle, violation);
  }
}

function playOnAllCores(
  from: string,
  limits: { readonly hours: number; readonly seconds: number; readonly schedules: number },
): Promise<Totals> {
  const totals = new Totals();
  const next = seeds(from);
  const startedAt = performance.now();
  const jobs = Number(options.jobs ?? availableParallelism());
  let assigned = 0;
  /** When all known seeds had been assigned. `--seconds` is counted from this time. */
  let newSeedsFrom = startedAt;
  const isOver = (): boolean =>
    totals.hours >= limits.hours ||
    assigned >= limits.schedules ||
    performance.now() - newSeedsFrom > limits.seconds * 1_000 ||
    (options["stop-at-first"] && totals.failed > 0);
  return new Promise((resolve, reject) => {
    let running = jobs;
    const workers = Array.from({ length: jobs }, () => {
      const worker = new Worker(process.argv[1] ?? "", { workerData: { bundle: options.bundle } });
      const assignNext = (): void => {
        if (assigned === KNOWN_SEEDS.length) newSeedsFrom = performance.now();
        // The known seeds are always played.
        if (isOver() && assigned >= KNOWN_SEEDS.length) worker.postMessage(null);
        else {
          assigned += 1;
          worker.postMessage(next.next().value);
        }
      };
      worker.on("message", (outcome: Outcome) => {
        totals.add(outcome);
        assignNext();
      });
      worker.on("error", reject);
      worker.on("exit", () => {
        running -= 1;
        if (running > 0) return;
        totals.print(performance.now() - startedAt);
        resolve(totals);
      });
      return { assignNext };
    });
    for (const { assignNext } of workers) assignNext();
  });
}

function work({ bundle: file }: { readonly bundle: string }): void {
  const bundle = loadBundle(file);
  parentPort?.on("message", (seed: string | null) => {
    if (seed === null) parentPort?.close();
    else void outcomeOf(scheduleFrom(seed), bundle).then((outcome) => parentPort?.postMessage(outcome));
  });
}

if (isMainThread) await main();
else work(workerData as { bundle: string });
