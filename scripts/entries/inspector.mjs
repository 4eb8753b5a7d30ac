/** The inspector's `import` entry, a thin wrapper around the file that a script tag loads as `ChatInspector`. */
import * as module from "./inspector.js";

// When the browser loads the file as a module, it sets the global; under a bundler or Node, it exports.
export const { inspector, inspect } = module.default ?? globalThis.ChatInspector;
