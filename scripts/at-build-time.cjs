"use strict";

const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, resolve } = require("node:path");
const ts = require("typescript");

const TO_COMMONJS = { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } };

/** Runs a TypeScript module in Node, with what it imports; returns what it exports. */
function run(file, onFile) {
  onFile(file);
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), TO_COMMONJS);
  const fromNode = createRequire(file);
  const load = (name) =>
    name.startsWith(".") ? run(resolve(dirname(file), `${name}.ts`), onFile) : fromNode(name);
  const module = { exports: {} };
  new Function("module", "exports", "require", outputText)(module, module.exports, load);
  return module.exports;
}

/** A webpack loader: runs a module while the bundle is built, and puts the plain data that it exports in its place. */
module.exports = function runAtBuildTime() {
  const exported = run(this.resourcePath, (file) => this.addDependency(file));
  return Object.entries(exported)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
    .join("\n");
};
