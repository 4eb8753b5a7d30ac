"use strict";

const path = require("node:path");
const { servedFiles } = require("./entries/served-files.js");

const root = path.resolve(__dirname, "..");

/** What `npm start` and the browser tests serve: the examples as they stand in their sources. */
exports.SERVED_FILES = servedFiles({ built: path.join(root, "dist"), examples: path.join(root, "examples") });
