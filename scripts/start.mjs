// Starts the simulator with the demo and the examples on it: `npm start`, or `PORT=3000 npm start`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { buildExamples } from "./build-examples.mjs";
import { SERVED_FILES } from "./served.cjs";

const DEFAULT_PORT = 8080;

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const SIMULATOR = "dist/simulator.js";
const BUILT = ["dist/amazon-connect-chat.js", "dist/inspector.js", SIMULATOR];

function fail(message) {
  console.error(message);
  process.exit(1);
}

function readPort() {
  const given = process.env.PORT || String(DEFAULT_PORT);
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    fail(`PORT is "${given}": it must be a number from 0 (any free port) to 65535.`);
  }
  return port;
}

function buildWhatIsMissing() {
  if (BUILT.every((file) => existsSync(path(file)))) return;
  console.log("Building the library, the inspector and the simulator, once…");
  const { status, error } = spawnSync("npm", ["run", "build"], {
    cwd: path("."),
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error || status !== 0) fail(`The build failed${error ? `: ${error.message}` : "; see above"}.`);
}

const port = readPort();
buildWhatIsMissing();
await buildExamples().catch((error) => fail(`The examples could not be built: ${error.message}`));

const { startSimulator } = createRequire(import.meta.url)(path(SIMULATOR));
const running = await startSimulator({
  port,
  serveFiles: SERVED_FILES,
}).catch((error) => {
  if (error.code === "EADDRINUSE") {
    fail(
      `Port ${port} is in use. Stop the program that holds it, or choose another: PORT=${port + 1} npm start`,
    );
  }
  if (error.code === "EACCES")
    fail(`Port ${port} is not allowed here; choose one above 1023, such as PORT=8080.`);
  throw error;
});

console.log(`Chat demo: http://localhost:${running.port}`);
console.log("Stop it with Ctrl+C.");

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
