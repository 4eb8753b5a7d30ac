// Builds one declaration file per entry: `node scripts/build-types.mjs [library] [inspector] [interactive] [simulator] [react]`.
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const generator = require.resolve("dts-bundle-generator/dist/bin/dts-bundle-generator.js");

const parts =
  process.argv.length > 2
    ? process.argv.slice(2)
    : ["library", "inspector", "interactive", "simulator", "react"];

/** The generator imports types only from packages in `node_modules`, so the React hooks need the library there. */
const INSTALLED = fileURLToPath(new URL("../react/node_modules", import.meta.url));

function generate(part) {
  const config = `scripts/dts.${part}.cjs`;
  const args = [generator, "--config", config, "--silent"];
  if (part === "react") {
    cpSync(new URL("../dist/index.d.ts", import.meta.url), `${INSTALLED}/amazon-connect-chatjs/index.d.ts`);
  }
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  rmSync(INSTALLED, { recursive: true, force: true });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

for (const part of parts) {
  generate(part);
  for (const { outFile } of require(`./dts.${part}.cjs`).entries) {
    const file = new URL(outFile, import.meta.url);
    // The compiler emits `#private` for a class with private members, which makes the class nominal. Programs that
    // target ES5 reject this syntax. A private property has the same effect, and no subclass uses this name by
    // accident.
    writeFileSync(file, readFileSync(file, "utf8").replace(/^(\s*)#private;$/gm, '$1private "#private";'));
  }
}
