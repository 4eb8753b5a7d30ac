"use strict";

const path = require("node:path");

/**
 * Maps each URL path to the file or folder that the program serves: the demo, the panel, the examples, and the files
 * that they load. `built` is the folder with the bundles, and `examples` is the folder with the examples.
 */
exports.servedFiles = ({ built = __dirname, examples = path.join(built, "examples") } = {}) => ({
  "/": path.join(examples, "demo"),
  "/_panel": path.join(built, "panel"),
  "/examples": examples,
  "/amazon-connect-chat.js": path.join(built, "amazon-connect-chat.js"),
  "/amazon-connect-chat.js.map": path.join(built, "amazon-connect-chat.js.map"),
  "/inspector.js": path.join(built, "inspector.js"),
});
