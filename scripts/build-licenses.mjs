// Writes dist/THIRD-PARTY-LICENSES.txt: the licences of what is in the package beside its own code.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Packages whose code is in dist, and where. The library itself and the inspector have none. */
const BUNDLED = {
  ws: "simulator.js",
  "amazon-connect-streams": "examples/built/amazon-connect-streams.js",
  react: "examples/built/react.js",
  "react-dom": "examples/built/react.js",
  scheduler: "examples/built/react.js",
};

function entryOf([name, file]) {
  const folder = fileURLToPath(new URL(`../node_modules/${name}/`, import.meta.url));
  const { version, license } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
  const text = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (text === undefined) throw new Error(`${name} brings no text of its licence.`);
  return `${name} ${version} (${license}), in ${file}\n\n${readFileSync(folder + text, "utf8").trim()}\n`;
}

writeFileSync(
  new URL("../dist/THIRD-PARTY-LICENSES.txt", import.meta.url),
  Object.entries(BUNDLED)
    .map(entryOf)
    .join(`\n${"-".repeat(80)}\n\n`),
);
