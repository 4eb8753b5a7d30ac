#!/usr/bin/env node
"use strict";

// Starts the simulator and serves the demo and the examples: as the package's program, and as `npm start` in a clone.
const { parseArgs } = require("node:util");
const { servedFiles } = require("./served-files.js");
const { startSimulator } = require("./simulator.js");

const DEFAULT_PORT = 8080;

const HELP = `connect-chat-simulator: a local Amazon Connect Participant Service, with a chat demo.

Usage: connect-chat-simulator [--port <number>]

  -p, --port <number>  Port to listen on; 0 picks any free port. Default: $PORT, or ${DEFAULT_PORT}.
  -h, --help           Show this help.

It listens on localhost only, and serves:
  /                    the demo: a customer and an agent side by side
  /examples/           example pages for customers and agents
  /start-chat          POST: answers like StartChatContact
  /participant/…       the Participant Service: connect.ChatSession.setGlobalConfig({ endpoint: "http://localhost:${DEFAULT_PORT}" })
`;

/** Prints what is wrong and what to do about it, without a stack trace, and exits. */
function fail(message) {
  console.error(message);
  process.exit(1);
}

function readArguments(args, command) {
  try {
    return parseArgs({
      args,
      options: { port: { type: "string", short: "p" }, help: { type: "boolean", short: "h" } },
    }).values;
  } catch (error) {
    return fail(`${error.message}\nTry: ${command} --help`);
  }
}

function portOf(given, name) {
  const port = Number(given);
  if (given.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65535) {
    fail(`${name} is "${given}": it must be a number from 0 (any free port) to 65535.`);
  }
  return port;
}

function choosePort(fromArguments) {
  if (fromArguments !== undefined) return portOf(fromArguments, "--port");
  return process.env.PORT ? portOf(process.env.PORT, "PORT") : DEFAULT_PORT;
}

function failToListen(error, port, command) {
  if (error.code === "EADDRINUSE") {
    const other = port < 65535 ? port + 1 : DEFAULT_PORT;
    fail(
      `Port ${port} is in use. Stop the program that uses it, or choose another: ${command} --port ${other}`,
    );
  }
  if (error.code === "EACCES") {
    fail(`You aren't allowed to use port ${port}. Choose one above 1023: ${command} --port ${DEFAULT_PORT}`);
  }
  throw error;
}

function closeOnSignals(running) {
  let isClosing = false;
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      // A second Ctrl+C exits without waiting for the close.
      if (isClosing) process.exit(1);
      isClosing = true;
      running.close().then(
        () => process.exit(0),
        (error) => fail(`The simulator couldn't close: ${error.message}`),
      );
    });
  }
}

/** Runs until Ctrl+C. `command` is how the user ran it, for messages; `files` are the files to serve. */
exports.main = async ({
  command = "connect-chat-simulator",
  files = servedFiles(),
  args = process.argv.slice(2),
} = {}) => {
  const { port: given, help } = readArguments(args, command);
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const port = choosePort(given);
  const running = await startSimulator({ port, serveFiles: files }).catch((error) =>
    failToListen(error, port, command),
  );
  closeOnSignals(running);
  console.log(`Chat demo: http://localhost:${running.port}`);
  console.log("Press Ctrl+C to stop.");
};

if (require.main === module) void exports.main();
