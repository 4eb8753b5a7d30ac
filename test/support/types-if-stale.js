"use strict";

const { buildIfStale } = require("./stale.js");

/** Builds the declarations. That takes a while, so it happens only before the tests that need them. */
module.exports = function buildTypes() {
  for (const [part, types, ...sources] of [
    ["library", "dist/index.d.ts", "src"],
    ["inspector", "dist/inspector.d.ts", "inspector", "src"],
    ["interactive", "dist/interactive.d.ts", "interactive"],
    ["simulator", "dist/simulator.d.ts", "simulator"],
    ["react", "dist/react.d.ts", "react", "src"],
  ]) {
    const script = "scripts/build-types.mjs";
    buildIfStale({
      built: [types],
      from: [...sources, script, `scripts/dts.${part}.cjs`, "package.json", "tsconfig.json"],
      run: [script, part],
    });
  }
};
