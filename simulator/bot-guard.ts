/** Runs scripts so that their errors are reported, and never end a call or the simulator's own work. */
import { setImmediate } from "./node-timers";
import type { ContactScript } from "./script";

type Report = (error: unknown) => void;

/** Throws an error where nothing catches it, so that it fails a test or ends the program. */
export function throwOutside(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

/** Calls a script and reports its error, even if that is its promise's rejection. */
export function runGuarded(script: () => unknown, report: Report): void {
  void settled(script).catch(report);
}

/** Calls a script immediately, and returns a promise that rejects if the script throws. */
async function settled<Value>(script: () => Value | PromiseLike<Value>): Promise<Value> {
  return await script();
}

/** Returns a contact whose handlers report their errors. A message or file whose handler fails is failed or rejected. */
export function guardHandlers(contact: ContactScript, report: Report): ContactScript {
  const guarded: Pick<ContactScript, "onMessage" | "onDisconnect" | "onProcessing" | "onScan"> = {
    onMessage: (reply) => contact.onMessage((item) => runGuarded(() => reply(item), report)),
    onDisconnect: (script) => contact.onDisconnect((_, by) => runGuarded(() => script(proxy, by), report)),
    onProcessing: (process, options) =>
      contact.onProcessing(
        (text, item) =>
          settled(() => process(text, item)).catch((error: unknown) => {
            report(error);
            return { status: "FAILED" as const };
          }),
        options,
      ),
    onScan: (scan) =>
      contact.onScan((item) =>
        settled(() => scan(item)).catch((error: unknown) => {
          report(error);
          return "REJECTED" as const;
        }),
      ),
  };
  const proxy = new Proxy(contact, {
    get: (target, name) => {
      const replaced: unknown = Object.hasOwn(guarded, name) ? Reflect.get(guarded, name) : undefined;
      if (replaced !== undefined) return replaced;
      const member: unknown = Reflect.get(target, name, target);
      // Methods use private fields, which the proxy doesn't have.
      return typeof member === "function"
        ? (...args: unknown[]): unknown => Reflect.apply(member, target, args)
        : member;
    },
  });
  return proxy;
}
