// Prepares a release without publishing it: checks, builds, tests, checks the size, packs, and prints the SRI hash.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pack } from "./pack.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const isWindows = process.platform === "win32";

function npm(...args) {
  console.log(`\n== npm ${args.join(" ")}`);
  const { status, error } = spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: isWindows });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

npm("run", "check");
npm("run", "build");
npm("test");
npm("run", "budget");
npm("run", "check:package");
npm("run", "walk");
const { tarball, report } = pack(root);

const bundle = "dist/amazon-connect-chat.js";
const hashes = JSON.parse(readFileSync(new URL("../dist/sri.json", import.meta.url), "utf8"));
console.log(`
${tarball}: ${report.files.length} files, ${report.unpackedSize} bytes unpacked

<script
  src="https://unpkg.com/amazon-connect-chatjs@${report.version}/${bundle}"
  integrity="${hashes[bundle]}"
  crossorigin="anonymous"
></script>`);
