// What `npm start` and the browser tests serve: the demo, the examples, and the files that they load.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const bundle = path("dist/amazon-connect-chat.js");

export const SERVED_FILES = {
  "/": path("examples/demo"),
  "/examples": path("examples"),
  "/examples/ssr": path("examples/built/ssr"),
  "/amazon-connect-chat.js": bundle,
  "/amazon-connect-chat.js.map": `${bundle}.map`,
  "/inspector.js": path("dist/inspector.js"),
  "/amazon-connect-streams.js": createRequire(import.meta.url).resolve("amazon-connect-streams"),
};
