// Builds the examples that need it into examples/built: the React widget for the browser, the same page rendered in Node.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

export async function buildExamples() {
  const library = path("dist/amazon-connect-chat.js");
  if (!existsSync(library))
    throw new Error("dist/amazon-connect-chat.js is missing: run `npm run build` first.");
  await build({
    entryPoints: { react: path("examples/react/main.tsx") },
    outdir: path("examples/built"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    jsx: "automatic",
    // The package as it is published, not its sources.
    alias: { "amazon-connect-chatjs": library },
    tsconfigRaw: {},
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
  });
  // In a process of its own: nothing but Node, as on a server.
  const { status, stdout, stderr } = spawnSync(process.execPath, [path("examples/ssr/render.mjs")], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The server-side rendering failed:\n${stderr}`);
  mkdirSync(path("examples/built/ssr"), { recursive: true });
  writeFileSync(path("examples/built/ssr/index.html"), stdout);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildExamples();
