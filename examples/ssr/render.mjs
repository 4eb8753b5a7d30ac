// Server-side rendering in plain Node: `node examples/ssr/render.mjs > page.html`.
//
// You can import the library on a server, because the library doesn't use the page until you create a session. A
// component that imports the library can therefore render on the server. Call `create()` and `connect()` in event
// handlers or effects, which run only in the browser. The hooks do that for you. In Next.js, put "use client" at the top
// of chat-widget.tsx. No other change is needed.
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
