// Builds dist/panel: the simulator's control panel, served at /_panel/.
import { cpSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

export async function buildPanel() {
  await build({
    entryPoints: { panel: path("simulator/panel/main.tsx") },
    outdir: path("dist/panel"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfigRaw: {},
    logLevel: "warning",
  });
  cpSync(path("simulator/panel/index.html"), path("dist/panel/index.html"));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildPanel();
