// Builds dist/react.js and dist/react.mjs: the React hooks. They import React and the library, so that the application
// has one copy of each.
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

export async function buildReact() {
  for (const [format, ending] of [
    ["cjs", "js"],
    ["esm", "mjs"],
  ]) {
    await build({
      entryPoints: [path("react/index.ts")],
      outfile: path(`dist/react.${ending}`),
      bundle: true,
      minify: true,
      format,
      target: "es2022",
      external: ["react", "amazon-connect-chatjs"],
      // Frameworks with server components run such a module in the browser.
      banner: { js: '"use client";' },
      tsconfigRaw: {},
      logLevel: "warning",
    });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildReact();
