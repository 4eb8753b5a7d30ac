#!/usr/bin/env node
"use strict";

// Starts the simulator with the demo and the examples on it: the package's program, and `npm start` of its checkout.
const { parseArgs } = require("node:util");
const { servedFiles } = require("./served-files.js");
const { startSimulator } = require("./simulator.js");

const DEFAULT_PORT = 8080;

const HELP = `connect-chat-simulator: the Participant Service of Amazon Connect on this machine, with a demo.

Usage: connect-chat-simulator [--port <number>]

  -p, --port <number>  where it listens; 0 takes any free port. Default: PORT of the environment, else ${DEFAULT_PORT}.
  -h, --help           this text.

It serves, on localhost alone:
  /                    the demo: a customer and an agent side by side
  /examples/           customers' and agents' pages
  /start-chat          answers a POST as StartChatContact does
  /participant/…       the Participant Service: connect.ChatSession.setGlobalConfig({ endpoint: "http://localhost:${DEFAULT_PORT}" })
`;

/** What is wrong, and what to do, without a stack. */
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
      `Port ${port} is in use. Stop the program that holds it, or choose another: ${command} --port ${other}`,
    );
  }
  if (error.code === "EACCES") {
    fail(
      `Port ${port} is not allowed here; choose one above 1023, such as ${command} --port ${DEFAULT_PORT}`,
    );
  }
  throw error;
}

function closeOnSignals(running) {
  let isClosing = false;
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      // A second Ctrl+C does not wait.
      if (isClosing) process.exit(1);
      isClosing = true;
      running.close().then(
        () => process.exit(0),
        (error) => fail(`The simulator did not close: ${error.message}`),
      );
    });
  }
}

/** Runs until Ctrl+C. `command` is how it was called, for what is said; `files` what is served. */
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
  console.log("Stop it with Ctrl+C.");
};

if (require.main === module) void exports.main();
