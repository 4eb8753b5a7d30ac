/** The inspector's ES module entry: a thin wrapper around the one implementation. */
import * as module from "./inspector.js";

// Imported directly by a page, the file sets the `ChatInspector` global; in Node and bundlers it exports.
export const { inspector, inspect } = module.default ?? globalThis.ChatInspector;
