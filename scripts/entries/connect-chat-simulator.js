#!/usr/bin/env node
"use strict";

// The package's program (simulator/program), which `npm start` also uses.
const { version } = require("../package.json");
const { servedFiles } = require("./served-files.js");
const { runProgram } = require("./simulator-program.js");

/** Runs until Ctrl+C. Messages contain `command`, which is how the user started the program. `files` are served. */
exports.main = ({
  command = "connect-chat-simulator",
  files = servedFiles(),
  args = process.argv.slice(2),
} = {}) => runProgram({ command, version, files, args });

if (require.main === module) void exports.main();
