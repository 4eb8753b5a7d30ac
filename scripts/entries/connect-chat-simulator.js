#!/usr/bin/env node
"use strict";

// The package's program: starts the simulator and serves the demo and the examples. `npm start` uses it too.
const { parseArgs } = require("node:util");
const { servedFiles } = require("./served-files.js");
const { startSimulator } = require("./simulator.js");

const DEFAULT_PORT = 8080;

const HELP = `connect-chat-simulator: simulates Amazon Connect's Participant Service on this machine, with a demo.

Usage: connect-chat-simulator [--port <number>]

  -p, --port <number>  the port to listen on; 0 picks any free port. Default: $PORT, or ${DEFAULT_PORT} if it isn't set.
  -h, --help           prints this help.

Serves on localhost only:
  /                    the demo: a customer and an agent side by side
  /examples/           example pages for customers and agents
  /start-chat          answers a POST like StartChatContact
  /participant/…       the Participant Service: connect.ChatSession.setGlobalConfig({ endpoint: "http://localhost:${DEFAULT_PORT}" })
`;

/** Prints the message without a stack trace, and exits. */
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

function parsePort(text, name) {
  const port = Number(text);
  if (text.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65535) {
    fail(`${name} must be a number from 0 (any free port) to 65535; got "${text}".`);
  }
  return port;
}

function choosePort(portArgument) {
  if (portArgument !== undefined) return parsePort(portArgument, "--port");
  return process.env.PORT ? parsePort(process.env.PORT, "PORT") : DEFAULT_PORT;
}

function failToListen(error, port, command) {
  if (error.code === "EADDRINUSE") {
    const other = port < 65535 ? port + 1 : DEFAULT_PORT;
    fail(
      `Port ${port} is in use. Stop the program that uses it, or choose another port: ${command} --port ${other}`,
    );
  }
  if (error.code === "EACCES") {
    fail(
      `You don't have permission to use port ${port}. Choose one above 1023, for example: ${command} --port ${DEFAULT_PORT}`,
    );
  }
  throw error;
}

function closeOnSignals(running) {
  let isClosing = false;
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      // A second Ctrl+C exits right away.
      if (isClosing) process.exit(1);
      isClosing = true;
      running.close().then(
        () => process.exit(0),
        (error) => fail(`The simulator failed to close: ${error.message}`),
      );
    });
  }
}

/** Runs until Ctrl+C. `command` is how the user started it, for messages; `files` are the files to serve. */
exports.main = async ({
  command = "connect-chat-simulator",
  files = servedFiles(),
  args = process.argv.slice(2),
} = {}) => {
  const { port: portArgument, help } = readArguments(args, command);
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const port = choosePort(portArgument);
  const running = await startSimulator({ port, serveFiles: files }).catch((error) =>
    failToListen(error, port, command),
  );
  closeOnSignals(running);
  console.log(`Chat demo: http://localhost:${running.port}`);
  console.log("Press Ctrl+C to stop.");
};

if (require.main === module) void exports.main();
