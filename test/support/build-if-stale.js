"use strict";

const { spawnSync } = require("node:child_process");
const { existsSync, readdirSync, statSync } = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "../..");
const BUILT = ["dist/amazon-connect-chat.js", "dist/inspector.js", "dist/simulator.js"];
const SOURCES = ["src", "inspector", "simulator", "webpack.config.js", "package.json", "tsconfig.json"];

/** Epoch milliseconds of the newest change below a path. */
function newest(file) {
  const found = statSync(file);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(...readdirSync(file).map((name) => newest(path.join(file, name))));
}

/** Builds the bundle and the simulator if a source is newer than they are. */
module.exports = function buildIfStale() {
  const built = BUILT.map((file) => path.join(root, file));
  const builtAt = built.every(existsSync) ? Math.min(...built.map((file) => statSync(file).mtimeMs)) : 0;
  const changedAt = Math.max(...SOURCES.map((file) => newest(path.join(root, file))));
  if (builtAt >= changedAt) return;
  const webpack = path.join(root, "node_modules/webpack/bin/webpack.js");
  const { status } = spawnSync(
    process.execPath,
    [webpack, "--mode", "production", "--stats", "errors-warnings"],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  if (status !== 0) throw new Error("The build failed: the tests would run what was built before.");
};
