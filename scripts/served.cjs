"use strict";

const path = require("node:path");
const { servedFiles } = require("./entries/served-files.js");

const root = path.resolve(__dirname, "..");
const examples = path.join(root, "examples");

/**
 * The files that `npm start` and the browser tests serve: the package's files, all examples directly from their source
 * folder, and the builds that the examples need.
 */
exports.SERVED_FILES = {
  ...servedFiles({ built: path.join(root, "dist"), examples }),
  "/examples/ssr": path.join(examples, "built/ssr"),
  "/amazon-connect-streams.js": path.join(examples, "built/amazon-connect-streams.js"),
};
