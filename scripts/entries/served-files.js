"use strict";

const path = require("node:path");

/**
 * The files that the demo server serves, by path: the demo, the examples and everything they load. `built` is the
 * bundle folder; `examples` is the folder of the built examples.
 */
exports.servedFiles = ({ built = __dirname, examples = path.join(built, "examples") } = {}) => ({
  "/": path.join(examples, "demo"),
  "/examples": examples,
  "/examples/ssr": path.join(examples, "built/ssr"),
  "/amazon-connect-chat.js": path.join(built, "amazon-connect-chat.js"),
  "/amazon-connect-chat.js.map": path.join(built, "amazon-connect-chat.js.map"),
  "/inspector.js": path.join(built, "inspector.js"),
  "/amazon-connect-streams.js": path.join(examples, "built/amazon-connect-streams.js"),
});
