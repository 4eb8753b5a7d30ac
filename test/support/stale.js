"use strict";

const { spawnSync } = require("node:child_process");
const { copyFileSync, existsSync, readdirSync, statSync, utimesSync } = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "../..");

/** Returns the time of the newest change at or below a path, in epoch milliseconds. */
function newest(file) {
  const found = statSync(file);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(...readdirSync(file).map((name) => newest(path.join(file, name))));
}

function isStale({ built, from }) {
  const files = built.map((file) => path.join(root, file));
  if (!files.every(existsSync)) return true;
  const builtAt = Math.min(...files.map((file) => statSync(file).mtimeMs));
  return builtAt < Math.max(...from.map((file) => newest(path.join(root, file))));
}

function copy(folder) {
  for (const file of readdirSync(path.join(root, folder))) {
    copyFileSync(path.join(root, folder, file), path.join(root, "dist", file));
  }
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("The build failed, so the tests would run an old build.");
}

/** Runs a build step if one of its sources is newer than its output. */
exports.buildIfStale = function buildIfStale(step) {
  if (!isStale(step)) return;
  if (step.copy) copy(step.copy);
  else run(...step.run);
  // Tools don't rewrite unchanged output, so mark the output as up to date.
  const now = new Date();
  for (const file of step.built) utimesSync(path.join(root, file), now, now);
};
