// Makes the same public calls to upstream and this library, and compares the results: `npm run conformance`.
//   --only <text>           runs only the scenarios whose name contains the text
//   --ours <file>           tests this bundle instead of dist/amazon-connect-chat.js
//   --upstream-from <file>  reads upstream's observations from an earlier --dump instead of running upstream
//   --dump <file>           writes all observations as JSON
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { launchChromium } from "./browser.mjs";
import { judge } from "./compare.mjs";
import { INTENDED } from "./differences.mjs";
import { report } from "./report.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const UPSTREAM = path("../node_modules/upstream-chatjs/dist/amazon-connect-chat.js");
const MIN_OBSERVATIONS = 150;

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    ours: { type: "string", default: path("../dist/amazon-connect-chat.js") },
    "upstream-from": { type: "string" },
    dump: { type: "string" },
  },
});

for (const file of [UPSTREAM, options.ours, path("../dist/simulator.js")]) {
  if (!existsSync(file)) {
    console.error(`${file} is missing: run \`npm ci\` and \`npm run build\` first.`);
    process.exit(1);
  }
}
const { collect } = await import("./collect.mjs");

const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), "conformance-"));
const browser = await launchChromium();
let upstream;
let ours;
try {
  // Test a copy, because a concurrent build must not change the bundle during the run.
  const bundle = join(folder, "ours.js");
  copyFileSync(options.ours, bundle);
  upstream = options["upstream-from"]
    ? new Map(Object.entries(JSON.parse(readFileSync(options["upstream-from"], "utf8")).upstream))
    : await collect(browser, UPSTREAM, { only: options.only });
  ours = await collect(browser, bundle, { only: options.only });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
if (options.dump) {
  const all = { upstream: Object.fromEntries(upstream), ours: Object.fromEntries(ours) };
  writeFileSync(options.dump, JSON.stringify(all, null, 1));
}

/** With `--only`, the other scenarios' observations count neither as missing nor as stale. */
const isSelected = (id) => !options.only || id.split(" / ")[0].includes(options.only);
const rows = INTENDED.map((entry) => ({ ...entry, in: entry.in.filter(isSelected) }));
const selected = (observations) => new Map([...observations].filter(([id]) => isSelected(id)));
const verdict = judge(selected(upstream), selected(ours), rows);
const isEnough = options.only !== undefined || upstream.size >= MIN_OBSERVATIONS;
console.log(
  report(verdict, { seconds: (performance.now() - started) / 1000, isEnough, minimum: MIN_OBSERVATIONS }),
);
process.exitCode = verdict.failures.length > 0 || !isEnough ? 1 : 0;
