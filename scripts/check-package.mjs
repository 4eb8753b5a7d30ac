// Packs the package as npm would publish it, and checks its entry points with publint and arethetypeswrong.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "package-"));
const onWindows = process.platform === "win32";

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", shell: onWindows });
  if (error) throw error;
  return status === 0;
}

const bin = (name) => join(root, "node_modules/.bin", name);

try {
  // Skip the scripts, which would rebuild dist, in order to check the existing build.
  const packed = run("npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", folder);
  const [tarball] = readdirSync(folder).map((name) => join(folder, name));
  const clean =
    packed &&
    [
      () => run(bin("publint"), "run", tarball, "--strict"),
      // ./dist/* matches every file, and most of them aren't entry points.
      () => run(bin("attw"), tarball, "--exclude-entrypoints", "./dist/*"),
    ].every((check) => check());
  process.exitCode = clean ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
