import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BotScript } from "../index";
import { reasonOf, UserError } from "./user-error";

/** Loads a bot, which is a module's default export or `module.exports`. Throws a UserError if that isn't a function. */
export async function loadBot(file: string): Promise<BotScript> {
  let loaded: unknown;
  try {
    // Not bundled, because the file belongs to the user.
    loaded = await import(/* webpackIgnore: true */ pathToFileURL(resolve(file)).href);
  } catch (error) {
    throw new UserError(`--bot can't be loaded: ${file}: ${reasonOf(error).split("\n", 1)[0] ?? ""}.`);
  }
  const bot = defaultOf(defaultOf(loaded));
  if (typeof bot !== "function")
    throw new UserError(
      `--bot needs a module whose default export is a function of a contact; ${file} has none.`,
    );
  return (contact, chat): unknown => Reflect.apply(bot, undefined, [contact, chat]);
}

/** Returns a module's default export, which is nested if a CommonJS module was compiled from an ES module. */
function defaultOf(loaded: unknown): unknown {
  const hasDefault = typeof loaded === "object" && loaded !== null && "default" in loaded;
  return hasDefault ? loaded.default : loaded;
}

/** Prints an error that the bot threw. */
export const reportBotError =
  (file: string) =>
  (error: unknown): void =>
    console.error(`The bot ${file} threw: ${describe(error)}`);

/**
 * Handles errors that nothing else catches, such as those of the bot's timers. After an error with the bot's file in its
 * stack, the program continues, so that its chats aren't lost. Any other error calls `onFatal`.
 */
export function watchUncaughtErrors(file: string, onFatal: (message: string) => void): void {
  const report = reportBotError(file);
  const path = resolve(file);
  const handle = (error: unknown): void => {
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    if (stack.includes(path) || stack.includes(pathToFileURL(path).href)) report(error);
    else onFatal(`The simulator ends because of an error: ${describe(error)}`);
  };
  process.on("uncaughtException", handle);
  process.on("unhandledRejection", handle);
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
