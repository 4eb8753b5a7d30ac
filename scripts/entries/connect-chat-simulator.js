#!/usr/bin/env node
"use strict";

// The package's program (simulator/program). `npm start` uses it too.
const { version } = require("../package.json");
const { servedFiles } = require("./served-files.js");
const { runProgram } = require("./simulator-program.js");

/** Runs until Ctrl+C. `command` is how the user started it, for messages; `files` are the files to serve. */
exports.main = ({
  command = "connect-chat-simulator",
  files = servedFiles(),
  args = process.argv.slice(2),
} = {}) => runProgram({ command, version, files, args });

if (require.main === module) void exports.main();
