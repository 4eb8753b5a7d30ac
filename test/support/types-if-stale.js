"use strict";

const { buildIfStale } = require("./stale.js");

/** Builds the declarations, which takes a while, so only before the tests that read them. */
module.exports = function buildTypes() {
  for (const [part, types, ...sources] of [
    ["library", "dist/index.d.ts", "src"],
    ["inspector", "dist/inspector.d.ts", "inspector", "src"],
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
