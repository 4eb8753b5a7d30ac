// Prints each module's share of the bundle's size: `npm run size`, after a build. "gzip" is how many bytes smaller the
// gzipped bundle would be without the module. Text that several modules share isn't counted.
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { gzipSync } from "node:zlib";

const BUNDLE = new URL("../dist/amazon-connect-chat.js", import.meta.url);
const BAR_WIDTH = 40;

const text = readFileSync(BUNDLE, "utf8");
const map = new SourceMap(JSON.parse(readFileSync(new URL(`${BUNDLE}.map`), "utf8")));
const gzipSize = (of) => gzipSync(of, { level: 9 }).length;

/** Splits the bundle into runs of text that come from the same module. */
function splitByModule() {
  const pieces = [];
  text.split("\n").forEach((line, row, { length }) => {
    const fullLine = row < length - 1 ? `${line}\n` : line;
    for (const [column, character] of [...fullLine].entries()) {
      const entry = map.findEntry(row, column);
      const source = entry.originalSource ?? "";
      const module = /\/src\/(.*)$/.exec(source)?.[1] ?? "(webpack)";
      const last = pieces.at(-1);
      if (last?.module === module) last.text += character;
      else pieces.push({ module, text: character });
    }
  });
  return pieces;
}

const pieces = splitByModule();
const totalGzip = gzipSize(text);
const modules = [...new Set(pieces.map(({ module }) => module))].map((module) => {
  const rest = pieces.filter((piece) => piece.module !== module);
  return {
    module,
    minified: pieces
      .filter((piece) => piece.module === module)
      .reduce((sum, piece) => sum + piece.text.length, 0),
    gzip: totalGzip - gzipSize(rest.map((piece) => piece.text).join("")),
  };
});
modules.sort((a, b) => b.gzip - a.gzip);

const maxGzip = modules[0].gzip;
const row = (minified, gzip, module, bar = "") =>
  console.log(`${String(minified).padStart(8)} ${String(gzip).padStart(6)}  ${module.padEnd(36)} ${bar}`);
row("minified", "gzip", "module");
for (const { module, minified, gzip } of modules) {
  row(minified, gzip, module, "▇".repeat(Math.max(0, Math.round((BAR_WIDTH * gzip) / maxGzip))));
}
row(text.length, totalGzip, "total");
