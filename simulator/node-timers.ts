/**
 * Node's own timers. jsdom has no `setImmediate`, and a test's fake timers replace the global functions, some also those of
 * `node:timers`: these are taken as the simulator is loaded. Its network is real, so its waits are as well.
 */
import * as timers from "node:timers";

export const { clearTimeout, setImmediate, setTimeout } = timers;

/** For `ws`, whose events come in another order with any other timer. */
export { nextTick } from "node:process";
