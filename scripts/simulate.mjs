// Runs the simulation in virtual time: `npm run simulate -- --hours 100`, `-- --seed SEED` to replay one, `-- --load`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";

const root = path.dirname(import.meta.dirname);
const folder = mkdtempSync(path.join(tmpdir(), "simulate-"));
const outfile = path.join(folder, "simulate.mjs");
try {
  buildSync({
    entryPoints: [path.join(root, "test/simulation/main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
  });
  const { status } = spawnSync(
    process.execPath,
    ["--enable-source-maps", outfile, ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
