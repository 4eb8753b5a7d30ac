// Builds dist: the bundle, the inspector, interactive messages, the React hooks, the Node simulator, its program and its
// control panel, the `import` entries, the types, the examples, the licenses of bundled packages, and the scripts' SRI
// hashes.
import { cpSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

run(bin("webpack"), "--mode", "production", "--stats", "errors-warnings");
cpSync(new URL("entries", import.meta.url), new URL("../dist", import.meta.url), { recursive: true });
run(process.execPath, "scripts/build-react.mjs");
run(process.execPath, "scripts/build-panel.mjs");
run(process.execPath, "scripts/build-types.mjs");
run(process.execPath, "scripts/build-examples.mjs", "--pack");
run(process.execPath, "scripts/build-licenses.mjs");
run(process.execPath, "scripts/build-sri.mjs");
