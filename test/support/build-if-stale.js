"use strict";

const { readdirSync } = require("node:fs");
const path = require("node:path");
const { buildIfStale } = require("./stale.js");

const ENTRIES = path.resolve(__dirname, "../../scripts/entries");

/** Builds the bundle and all other entries before any test runs. */
module.exports = function buildBundles() {
  buildIfStale({
    built: [
      "dist/amazon-connect-chat.js",
      "dist/inspector.js",
      "dist/interactive.js",
      "dist/simulator.js",
      "dist/simulator-program.js",
    ],
    from: [
      "src",
      "inspector",
      "interactive",
      "simulator",
      "webpack.config.js",
      "package.json",
      "tsconfig.json",
    ],
    run: ["node_modules/webpack/bin/webpack.js", "--mode", "production", "--stats", "errors-warnings"],
  });
  buildIfStale({
    built: ["dist/react.js", "dist/react.mjs"],
    from: ["react", "src/util", "scripts/build-react.mjs"],
    run: ["scripts/build-react.mjs"],
  });
  buildIfStale({
    built: ["dist/panel/panel.js", "dist/panel/panel.css", "dist/panel/index.html"],
    from: ["simulator/panel", "scripts/build-panel.mjs"],
    run: ["scripts/build-panel.mjs"],
  });
  buildIfStale({
    built: readdirSync(ENTRIES).map((name) => `dist/${name}`),
    from: ["scripts/entries"],
    copy: "scripts/entries",
  });
};
