// Server-side rendering in plain Node: `node examples/ssr/render.mjs > page.html`.
//
// You can import the library on a server: it doesn't touch the page until you create a session. A component that
// imports it therefore renders anywhere. Call `create()` and `connect()` in event handlers or effects, which run only
// in the browser; the hooks do that for you. In Next.js, put "use client" at the top of chat-widget.tsx; nothing else is
// needed.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

// Compiles TSX to JavaScript for Node without bundling React, as a framework's build would.
const output = path("examples/built/server.cjs");
await build({
  entryPoints: [path("examples/ssr/page.tsx")],
  outfile: output,
  bundle: true,
  platform: "node",
  format: "cjs",
  jsx: "automatic",
  external: ["react", "react-dom"],
  alias: {
    "amazon-connect-chatjs": path("dist/amazon-connect-chat.js"),
    "amazon-connect-chatjs/react": path("dist/react.mjs"),
  },
  tsconfigRaw: {},
  logLevel: "warning",
});

const { renderPage } = createRequire(import.meta.url)(output);
process.stdout.write(renderPage());
