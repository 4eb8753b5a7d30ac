"use strict";

const { buildIfStale } = require("./stale.js");

/** Before the tests that read the declarations: those of the library, the inspector and the simulator, which take their time. */
module.exports = function buildTypes() {
  for (const [part, types, sources] of [
    ["library", "dist/index.d.ts", "src"],
    ["inspector", "dist/inspector.d.ts", "inspector"],
    ["simulator", "dist/simulator.d.ts", "simulator"],
  ]) {
    const config = `scripts/dts.${part}.cjs`;
    buildIfStale({
      built: [types],
      from: [sources, config, "package.json", "tsconfig.json"],
      run: [
        "node_modules/dts-bundle-generator/dist/bin/dts-bundle-generator.js",
        "--config",
        config,
        "--silent",
      ],
    });
  }
};
