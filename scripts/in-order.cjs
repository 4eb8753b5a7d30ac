"use strict";

const ORDER = require("./module-order.json");

/**
 * A webpack loader for the entry: imports every module in the order of module-order.json before anything else, so that
 * they stand in the bundle in it (after what they import). gzip finds only what was said within the last 32 KB, a third
 * of the bundle: with like beside like it is 1.5 % smaller. What a module does is not changed: none does anything when
 * it is loaded. `npm run order` looks for a better order; modules that the list does not know follow.
 */
module.exports = function importInOrder(source, map) {
  // On the first line, so that the map stays right.
  const imports = ORDER.map((file) => `import "./${file}";`).join("");
  this.callback(null, imports + source, map);
};
