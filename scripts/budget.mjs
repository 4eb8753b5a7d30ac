// The size budgets: the one file that a page loads, as it is parsed and as a CDN sends it.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/**
 * Bytes, minified and after gzip at level 9: what was reached and 3 %, but never more than 30 KB after gzip. What the
 * bundle is made of: `npm run size`; an order of its modules that gzips better: `npm run order`.
 */
const BUDGETS = { "dist/amazon-connect-chat.js": { minified: 101_040, gzip: 30_720 } };

let over = false;
for (const [file, budgets] of Object.entries(BUDGETS)) {
  const raw = readFileSync(new URL(`../${file}`, import.meta.url));
  const sizes = { minified: raw.length, gzip: gzipSync(raw, { level: 9 }).length };
  for (const [kind, budget] of Object.entries(budgets)) {
    const size = sizes[kind];
    over ||= size > budget;
    console.log(`${file}: ${size} bytes ${kind}; budget ${budget} (${((100 * size) / budget).toFixed(1)} %)`);
  }
}
if (over) {
  console.error("Over budget: look at what the last change brought into the bundle.");
  process.exitCode = 1;
}
