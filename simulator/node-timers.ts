/**
 * Node's own timers, captured when the simulator is loaded. jsdom has no `setImmediate`, and fake timers replace the
 * global functions and sometimes those of `node:timers`. The simulator's network is real, so its waits must also be
 * real.
 */
import * as timers from "node:timers";

export const { clearTimeout, setImmediate, setTimeout } = timers;

/** For `ws`, whose events fire in a different order with other timers. */
export { nextTick } from "node:process";
