// Writes dist/THIRD-PARTY-LICENSES.txt: the licenses of the third-party code in the package.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Package → the dist file that contains its code. The other entries contain none. */
const BUNDLED = {
  ws: "simulator.js",
  preact: "panel/panel.js",
};

function entryOf([name, file]) {
  const folder = fileURLToPath(new URL(`../node_modules/${name}/`, import.meta.url));
  const { version, license } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
  const licenseFile = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each)); // cspell:disable-line
  if (licenseFile === undefined) throw new Error(`${name} has no license file.`);
  return `${name} ${version} (${license}), in ${file}\n\n${readFileSync(folder + licenseFile, "utf8").trim()}\n`;
}

writeFileSync(
  new URL("../dist/THIRD-PARTY-LICENSES.txt", import.meta.url),
  Object.entries(BUNDLED)
    .map(entryOf)
    .join(`\n${"-".repeat(80)}\n\n`),
);
