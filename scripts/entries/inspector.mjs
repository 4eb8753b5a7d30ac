/** The inspector under `import`: a thin entry over the one implementation, which under a script tag is `ChatInspector`. */
import * as module from "./inspector.js";

// As a module of the page itself the file fills the global; under a module system it exports.
export const { inspector, inspect } = module.default ?? globalThis.ChatInspector;
