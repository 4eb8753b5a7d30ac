/** The `import` entry for interactive messages, a thin wrapper around the file that a script tag loads. */
import * as module from "./interactive.js";

// When the browser loads the file as a module, it sets the global; under a bundler or Node, it exports.
export const {
  InteractiveError,
  answerTo,
  carousel,
  choicesOf,
  listPicker,
  panel,
  parseInteractive,
  quickReply,
  rendererView,
  responseText,
  timePicker,
  toPlainText,
  viewResource,
} = module.default ?? globalThis.ChatInteractive;
