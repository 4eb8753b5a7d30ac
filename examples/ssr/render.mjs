// Server-side rendering in plain Node: `node examples/ssr/render.mjs > page.html`.
//
// The library may be imported on a server: it touches no page until a session is created. So a component that imports it
// renders anywhere; `create()` and `connect()` belong into an event handler or an effect, which run in the browser alone.
// With Next.js the same holds: put "use client" at the top of use-chat.ts and chat-widget.tsx, and nothing more.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

// A framework's build does this: from TSX to JavaScript for Node, with packages left where they are.
const output = path("examples/built/server.cjs");
await build({
  entryPoints: [path("examples/ssr/page.tsx")],
  outfile: output,
  bundle: true,
  platform: "node",
  format: "cjs",
  jsx: "automatic",
  external: ["react", "react-dom"],
  alias: { "amazon-connect-chatjs": path("dist/amazon-connect-chat.js") },
  tsconfigRaw: {},
  logLevel: "warning",
});

const { renderPage } = createRequire(import.meta.url)(output);
process.stdout.write(renderPage());
