"use strict";

const { readdirSync } = require("node:fs");
const path = require("node:path");
const { buildIfStale } = require("./stale.js");
const buildBundles = require("./build-if-stale.js");
const buildTypes = require("./types-if-stale.js");

const EXAMPLES = path.resolve(__dirname, "../../examples");

/** Builds everything in the package before its tests run. */
module.exports = function buildPackage() {
  buildBundles();
  buildTypes();
  buildIfStale({
    built: ["dist/examples"],
    from: [
      ...readdirSync(EXAMPLES)
        .filter((name) => name !== "built")
        .map((name) => `examples/${name}`),
      "scripts/build-examples.mjs",
      "dist/amazon-connect-chat.js",
    ],
    run: ["scripts/build-examples.mjs", "--pack"],
  });
  buildIfStale({
    built: ["dist/THIRD-PARTY-LICENSES.txt"],
    from: ["scripts/build-licenses.mjs", "package-lock.json"],
    run: ["scripts/build-licenses.mjs"],
  });
};
