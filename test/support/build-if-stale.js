"use strict";

const { buildIfStale } = require("./stale.js");

/** Before all tests: the bundle, the simulator, and their entries for `import`. */
module.exports = function buildBundles() {
  buildIfStale({
    built: ["dist/amazon-connect-chat.js", "dist/simulator.js"],
    from: ["src", "simulator", "webpack.config.js", "package.json", "tsconfig.json"],
    run: ["webpack/bin/webpack.js", "--mode", "production", "--stats", "errors-warnings"],
  });
  buildIfStale({
    built: ["amazon-connect-chat.mjs", "simulator.mjs", "index.d.mts", "simulator.d.mts"].map(
      (name) => `dist/${name}`,
    ),
    from: ["scripts/entries"],
    copy: "scripts/entries",
  });
};
