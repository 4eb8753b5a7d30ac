// Starts the simulator and serves the demo and the examples: `npm start`, or `PORT=3000 npm start`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { buildExamples } from "./build-examples.mjs";
import { SERVED_FILES } from "./served.cjs";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const PROGRAM = "dist/connect-chat-simulator.js";
const BUILT = [
  "dist/amazon-connect-chat.js",
  "dist/inspector.js",
  "dist/simulator.js",
  "dist/simulator-program.js",
  "dist/panel/panel.js",
  PROGRAM,
];

function fail(message) {
  console.error(message);
  process.exit(1);
}

function buildIfMissing() {
  if (BUILT.every((file) => existsSync(path(file)))) return;
  console.log("Building the library, the inspector and the simulator (first run only)…");
  const { status, error } = spawnSync("npm", ["run", "build"], {
    cwd: path("."),
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error || status !== 0) fail(`The build failed${error ? `: ${error.message}` : "; see above"}.`);
}

buildIfMissing();
await buildExamples().catch((error) => fail(`The examples could not be built: ${error.message}`));

// The package's program, with the examples directly from their source folder.
const { main } = createRequire(import.meta.url)(path(PROGRAM));
await main({ command: "npm start --", files: SERVED_FILES });
