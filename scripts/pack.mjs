// Packs the package as it is published, from the existing build: `npm run pack`. The published package.json has no
// scripts and no devDependencies, so that nothing runs when the tarball is installed.
//   --to <folder>  writes the tarball there; default: the current folder
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const isWindows = process.platform === "win32";
const UNPUBLISHED = ["scripts", "devDependencies"];

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    shell: isWindows,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stderr}`);
  return stdout;
}

/** Runs `npm pack` without lifecycle scripts, which would rebuild dist. Returns npm's report on the tarball. */
function npmPack(from, to) {
  return JSON.parse(run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", to], from))[0];
}

/** Writes the tarball to `folder`. Returns its path and npm's report, which lists the files and sizes. */
export function pack(folder) {
  if (!existsSync(join(ROOT, "dist/amazon-connect-chat.js")))
    throw new Error("dist is missing: run `npm run build`.");
  const staging = mkdtempSync(join(tmpdir(), "pack-"));
  try {
    const { filename } = npmPack(ROOT, staging);
    // tar for Windows takes "C:" in an absolute path for a host name, so the path is relative.
    run("tar", ["-xzf", filename], staging);
    const staged = join(staging, "package");
    const manifestFile = join(staged, "package.json");
    const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
    for (const name of UNPUBLISHED) delete manifest[name];
    writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
    const report = npmPack(staged, folder);
    return { tarball: join(folder, report.filename), report };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

if (argv[1] !== undefined && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { to: { type: "string", default: "." } } });
  const { tarball, report } = pack(resolve(values.to));
  console.log(
    `${tarball}: ${report.files.length} files, ${report.size} bytes packed, ${report.unpackedSize} unpacked`,
  );
}
