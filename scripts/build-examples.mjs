// Builds examples/built: the React widget for the browser, the same page rendered in Node, and a copy of Streams for
// the agent page. `--pack` also copies the examples that need no build into dist, where the package's program finds
// them.
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const EXAMPLES = path("examples");
const PACKED = path("dist/examples");

/**
 * The examples in the package. The other examples need builds of React or Streams, which would double the package's
 * size.
 */
const PACKED_EXAMPLES = ["demo", "script-tag"];
/** The demo's link is "../", because the program serves the demo at the root. */
const PACKED_LINKS = ["../", ...PACKED_EXAMPLES.map((name) => `${name}/`)];

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
    // Use the published files, not the sources.
    alias: { "amazon-connect-chatjs": library, "amazon-connect-chatjs/react": path("dist/react.mjs") },
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

/** Copies the package's examples into dist. The copied index links only to these examples. */
export function packExamples() {
  rmSync(PACKED, { recursive: true, force: true });
  for (const name of [...PACKED_EXAMPLES, "shared.css", "index.css"])
    cpSync(`${EXAMPLES}/${name}`, `${PACKED}/${name}`, { recursive: true });
  const index = readFileSync(`${EXAMPLES}/index.html`, "utf8");
  const isPacked = (card) => PACKED_LINKS.some((link) => card.includes(`href="${link}"`));
  writeFileSync(
    `${PACKED}/index.html`,
    index.replace(/^ *<li>[^]*?<\/li>\n/gm, (card) => (isPacked(card) ? card : "")),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildExamples();
  if (process.argv.includes("--pack")) packExamples();
}
