"use strict";

const path = require("node:path");
const { servedFiles } = require("./entries/served-files.js");

const root = path.resolve(__dirname, "..");

/** The files that `npm start` and the browser tests serve, with the examples straight from their source folder. */
exports.SERVED_FILES = servedFiles({ built: path.join(root, "dist"), examples: path.join(root, "examples") });
