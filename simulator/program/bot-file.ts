import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BotScript } from "../index";
import { reasonOf, UserError } from "./user-error";

/** Loads a bot: the default export, or `module.exports`, of a module. Throws a UserError if there is none. */
export async function loadBot(file: string): Promise<BotScript> {
  let loaded: unknown;
  try {
    // Not bundled: the file is the user's.
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

/** A module's default export; a CommonJS module compiled from an ES module has another one inside. */
function defaultOf(loaded: unknown): unknown {
  const hasDefault = typeof loaded === "object" && loaded !== null && "default" in loaded;
  return hasDefault ? loaded.default : loaded;
}

/** Lets the program go on after the bot throws: its chats are still there when the bot is fixed. */
export function reportBotErrors(file: string): void {
  const report = (error: unknown): void =>
    console.error(
      `The bot ${file} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
}
