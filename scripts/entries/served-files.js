"use strict";

const path = require("node:path");

/**
 * URL path → file or folder that the demo server serves: the demo, the examples, and the files they load. `built` is
 * the folder with the bundles, `examples` the one with the built examples.
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
