// Builds examples/built: the React widget for the browser, the same page rendered in Node, and a copy of Streams for
// the agent page. `--pack` also copies all examples into dist, from where the package's program serves them.
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { relative as relativePath, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const EXAMPLES = path("examples");
const PACKED = path("dist/examples");

/** Files that aren't opened in a browser. */
const NOT_PACKED = ["testing", "tsconfig.json", "built/server.cjs"].map((file) => file.split("/").join(sep));

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
    // Use the published bundle, not the sources.
    alias: { "amazon-connect-chatjs": library },
    tsconfigRaw: {},
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
  });
  // In a separate process, with only Node's globals, as on a server.
  const { status, stdout, stderr } = spawnSync(process.execPath, [path("examples/ssr/render.mjs")], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Server-side rendering failed:\n${stderr}`);
  mkdirSync(path("examples/built/ssr"), { recursive: true });
  writeFileSync(path("examples/built/ssr/index.html"), stdout);
  const { resolve } = createRequire(import.meta.url);
  copyFileSync(
    resolve("amazon-connect-streams/release/connect-streams-min.js"),
    path("examples/built/amazon-connect-streams.js"),
  );
}

/** Copies the examples into dist, so the package can serve them on its own. */
export function packExamples() {
  rmSync(PACKED, { recursive: true, force: true });
  cpSync(EXAMPLES, PACKED, {
    recursive: true,
    filter: (file) => !NOT_PACKED.includes(relativePath(EXAMPLES, file)),
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildExamples();
  if (process.argv.includes("--pack")) packExamples();
}
