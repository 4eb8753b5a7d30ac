// Measures our library, upstream, and a bare socket with fetch, in turn in one browser: `npm run bench`.
//   --only <text>    measures only the rows whose ID contains the text
//   --runs <factor>  multiplies the number of runs of each row, for example by 0.3
//   --no-growth      skips the growth rows
//   --out <file>     writes the figures to this file as JSON (default: bench/results/latest.json)
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startChromium } from "./chromium.mjs";
import { growthTable, table } from "./report.mjs";
import { summary } from "./stats.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    runs: { type: "string", default: "1" },
    "no-growth": { type: "boolean", default: false },
    out: { type: "string", default: path("results/latest.json") },
  },
});

const BUNDLES = {
  ours: path("../dist/amazon-connect-chat.js"),
  upstream: path("../node_modules/upstream-chatjs/dist/amazon-connect-chat.js"),
};
for (const file of [...Object.values(BUNDLES), path("../dist/simulator.js")]) {
  if (!existsSync(file)) {
    console.error(`${file} is missing: run \`npm ci\` and \`npm run build\` first.`);
    process.exit(1);
  }
}
const { GROWTH, ROWS } = await import("./rows.mjs");
const { serve } = await import("./server.mjs");

const factor = Number(options.runs);
const isSelected = ({ id, parts }) =>
  options.only === undefined || (parts ?? [{ id }]).some((each) => each.id.includes(options.only));

/** Measures a row. The subjects take turns, so that other load on the machine affects all of them. */
async function runRow(bench, row) {
  const series = new Map(row.subjects.map((subject) => [subject, []]));
  const runs = Math.max(1, Math.round(row.runs * factor));
  const one = async (subject, run) => series.get(subject).push(await row.measure(bench, subject, run));
  if (row.together) {
    const all = Array.from({ length: runs }, (_, run) => row.subjects.map((subject) => one(subject, run)));
    await Promise.all(all.flat());
  } else {
    for (let run = 0; run < runs; run += 1) {
      const turn = run % 2 === 0 ? row.subjects : [...row.subjects].reverse();
      for (const subject of turn) await one(subject, run);
    }
  }
  /** Summarizes each subject's runs. `of` extracts the figure from a run's result. */
  const figures = (of) =>
    Object.fromEntries([...series].map(([subject, values]) => [subject, summary(values.map(of))]));
  if (!row.parts) return [{ ...row, figures: figures((value) => value) }];
  return row.parts.map((part) => ({
    ...row,
    ...part,
    figures: figures(part.of),
  }));
}

const folder = mkdtempSync(join(tmpdir(), "bench-"));
// Measure copies, because a concurrent build must not change the bundles during the run.
const bundles = Object.fromEntries(
  Object.entries(BUNDLES).map(([subject, file]) => {
    const copy = join(folder, `${subject}.js`);
    copyFileSync(file, copy);
    return [subject, copy];
  }),
);
const pages = await serve({
  "/page.html": path("page.html"),
  "/page.js": path("page.js"),
  "/ours.js": bundles.ours,
  "/upstream.js": bundles.upstream,
});
const browser = await startChromium();
const result = {
  machine: {
    processor: cpus()[0].model.trim(),
    processors: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    browser: browser.product,
  },
  measuredOn: new Date().toISOString().slice(0, 10),
  rows: [],
  growth: [],
};
/** Saves the figures so far. Called after each row, so that an aborted run doesn't lose its figures. */
const save = () => writeFileSync(options.out, `${JSON.stringify(result, null, 2)}\n`);
mkdirSync(dirname(options.out), { recursive: true });
try {
  const bench = { browser, pages, bundles, quick: factor < 1 };
  for (const row of ROWS.filter(isSelected)) {
    process.stderr.write(`${row.name}…\n`);
    for (const { id, name, unit, atMost, aim, figures } of await runRow(bench, row)) {
      result.rows.push({ id, name, unit, atMost, aim, figures });
    }
    save();
    process.stderr.write(`${table(result.rows.slice(-(row.parts?.length ?? 1)))}\n`);
  }
  for (const row of options["no-growth"] ? [] : GROWTH.filter(isSelected)) {
    process.stderr.write(`growth: ${row.at} ${row.group}…\n`);
    const [{ id, group, at, figures }] = await runRow(bench, row);
    result.growth.push({ id, group, at, unit: "µs", figures });
    save();
  }
} finally {
  await browser.close();
  await pages.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(table(result.rows));
if (result.growth.length > 0) console.log(`\n${growthTable(result.growth)}`);
console.log(`\nAs JSON: ${options.out}`);
