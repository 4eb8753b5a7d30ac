/** The inspector's `import` entry, a thin wrapper around the file that a script tag loads as `ChatInspector`. */
import * as module from "./inspector.js";

// The file sets the global if a browser loads it as a module. With a bundler or Node, it has exports.
export const { inspector, inspect } = module.default ?? globalThis.ChatInspector;
