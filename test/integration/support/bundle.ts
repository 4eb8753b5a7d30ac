import { WebSocket } from "ws";
import type * as Library from "../../../src/index";

/** Loads the built bundle in Node with a WebSocket, because Node 20 lacks one. */
export function loadBundle(): typeof Library {
  Object.assign(globalThis, { WebSocket });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the built file is a UMD script, loaded as a user would
  return require("../../../dist/amazon-connect-chat.js") as typeof Library;
}
