// Runs the simulation in virtual time: `npm run simulate -- --hours 100`. Other options are `--seed SEED`, which
// replays a seed, and `--load`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { Workshop } from "./workshop.mjs";

const root = path.dirname(import.meta.dirname);
const options = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), "simulate-"));
const outfile = path.join(folder, "simulate.mjs");

/** Restores the library's behavior before second looks, which fetch the transcript again after a recovery. */
const WITHOUT_SECOND_LOOKS = {
  name: "without second looks",
  file: "src/conversation/recovery-schedule.ts",
  from: "const isDue = look !== null &&",
  to: "const isDue = false &&",
};

function simulate(...more) {
  const { status } = spawnSync(process.execPath, ["--enable-source-maps", outfile, ...options, ...more], {
    cwd: root,
    stdio: "inherit",
  });
  process.exitCode ||= status ?? 1;
}

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
  simulate();
  if (options.includes("--load") && options.includes("--clients")) {
    const workshop = new Workshop();
    console.log("\nWithout second looks:\n");
    try {
      simulate("--bundle", await workshop.mutated(WITHOUT_SECOND_LOOKS));
    } finally {
      workshop.close();
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
