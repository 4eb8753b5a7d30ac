"use strict";

const path = require("node:path");

const root = path.resolve(__dirname, "..");
const bundle = path.join(root, "dist/amazon-connect-chat.js");

/** What `npm start` and the browser tests serve: the demo, the examples, and the files that they load. */
exports.SERVED_FILES = {
  "/": path.join(root, "examples/demo"),
  "/examples": path.join(root, "examples"),
  "/examples/ssr": path.join(root, "examples/built/ssr"),
  "/amazon-connect-chat.js": bundle,
  "/amazon-connect-chat.js.map": `${bundle}.map`,
  "/inspector.js": path.join(root, "dist/inspector.js"),
  "/amazon-connect-streams.js": require.resolve("amazon-connect-streams"),
};
