// Prepares a release without publishing it: checks, builds, tests, checks the size, packs, and prints the SRI hash.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const isWindows = process.platform === "win32";

function npm(...args) {
  console.log(`\n== npm ${args.join(" ")}`);
  const { status, error } = spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: isWindows });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs `npm pack`. Returns its report on the tarball, which has the name, version, files and sizes. */
function pack() {
  console.log("\n== npm pack");
  // Skip the scripts, which would rebuild, in order to pack exactly the tested build.
  const { status, stdout, stderr } = spawnSync("npm", ["pack", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    shell: isWindows,
  });
  if (status !== 0) {
    console.error(stderr);
    process.exit(status ?? 1);
  }
  return JSON.parse(stdout)[0];
}

/** Returns the value of a script tag's `integrity` attribute. */
function integrityOf(file) {
  const hash = createHash("sha384").update(readFileSync(new URL(`../${file}`, import.meta.url)));
  return `sha384-${hash.digest("base64")}`;
}

npm("run", "check");
npm("run", "build");
npm("test");
npm("run", "budget");
npm("run", "check:package");
npm("run", "walk");
const { filename, files, unpackedSize, version } = pack();

const bundle = "dist/amazon-connect-chat.js";
console.log(`
${filename}: ${files.length} files, ${unpackedSize} bytes unpacked

<script
  src="https://unpkg.com/amazon-connect-chatjs@${version}/${bundle}"
  integrity="${integrityOf(bundle)}"
  crossorigin="anonymous"
></script>`);
