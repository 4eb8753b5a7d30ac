// The size budget: the one file that a page loads, as a CDN sends it.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** Bytes after gzip at level 9. */
const BUDGETS = { "dist/amazon-connect-chat.js": 30 * 1024 };

let over = false;
for (const [file, budget] of Object.entries(BUDGETS)) {
  const raw = readFileSync(new URL(`../${file}`, import.meta.url));
  const size = gzipSync(raw, { level: 9 }).length;
  over ||= size > budget;
  console.log(
    `${file}: ${raw.length} bytes, ${size} gzip; budget ${budget} (${((100 * size) / budget).toFixed(1)} %)`,
  );
}
if (over) {
  console.error("Over budget: look at what the last change brought into the bundle.");
  process.exitCode = 1;
}
