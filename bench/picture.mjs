// Prints the tables and draws the chart of a result: `node bench/picture.mjs bench/results/published.json`.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { figure, growthTable, ratioOf, table } from "./report.mjs";
import { bars } from "./svg.mjs";

const { machine, measuredOn, rows, growth } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const compared = rows
  .filter(({ atMost }) => atMost !== null)
  .map((row) => {
    const { ours, upstream, bare } = row.figures;
    const ratio = ratioOf(row);
    const detail = `${ratio.toFixed(2)}: ${figure(ours.median)} of ${figure(upstream.median)} ${row.unit}`;
    const floor = bare === undefined ? null : bare.median / upstream.median;
    return { name: row.name, ratio, floor, atMost: row.atMost, aim: row.aim, detail };
  });
const { processors, processor, browser } = machine;
const caption = `${measuredOn}, ${browser}, ${processors} processors (${processor}); medians`;
const file = fileURLToPath(new URL("../docs/images/performance.svg", import.meta.url));
writeFileSync(file, bars(compared, caption));
console.log(`${table(rows)}\n\n${growthTable(growth)}\n\nDrawn: ${file}`);
