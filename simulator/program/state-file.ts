/** The file that keeps the chats when the program restarts. */
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { conforms, problemOf } from "../control/check";
import { SNAPSHOT } from "../control/schemas";
import { SimulatorInputError } from "../input-error";
import type { Snapshot } from "../snapshot";
import { checkSnapshot } from "../snapshot-check";
import { codeOf, reasonOf, UserError } from "./user-error";

const SAVE_EVERY_MS = 3_000;
/** The minimum time between saves, as a multiple of a save's duration. A large state is therefore saved less often. */
const REST_PER_SAVE = 20;

/** Reads a saved state; null if the file doesn't exist yet. Throws a UserError if the file can't be used. */
export function readState(file: string): Snapshot | null {
  const text = readText(file);
  if (text === null) return null;
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch (error) {
    throw damaged(file, `${reasonOf(error)}.`);
  }
  if (!conforms(SNAPSHOT, state)) throw damaged(file, problemOf(SNAPSHOT, state) ?? "");
  try {
    checkSnapshot(state);
  } catch (error) {
    if (error instanceof SimulatorInputError) throw damaged(file, error.message);
    throw error;
  }
  return state;
}

function readText(file: string): string | null {
  try {
    // Checked now, so that the user learns of the problem before the first chat rather than after the last chat.
    accessSync(dirname(resolve(file)), constants.W_OK);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT" && isFolder(dirname(resolve(file)))) return null;
    throw new UserError(`The state file ${file} can't be used: ${reasonOf(error)}.`);
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const damaged = (file: string, reason: string): UserError =>
  new UserError(`The state file ${file} is damaged. Delete it, or name another one: ${reason}`);

export interface StateFileParts {
  readonly snapshot: () => Snapshot;
  /** Calls the listener after each change of the state. Returns the function that removes the listener. */
  readonly onChange: (listener: () => void) => () => void;
  /** Whether the current state came from the file. */
  readonly isSaved: boolean;
  readonly onError: (problem: string) => void;
}

/** Saves the state a few seconds after a change, and when the program ends. */
export class StateFile {
  readonly #file: string;
  readonly #parts: StateFileParts;
  readonly #unsubscribe: () => void;
  /** The version of the file that this program has read or written; null if there was no file. */
  #version: string | null;
  #isChanged: boolean;
  #timer: NodeJS.Timeout | null = null;
  #saving: Promise<void> = Promise.resolve();

  constructor(file: string, parts: StateFileParts) {
    this.#file = file;
    this.#parts = parts;
    this.#version = versionOf(file);
    this.#isChanged = !parts.isSaved;
    this.#unsubscribe = parts.onChange(() => (this.#isChanged = true));
    this.#schedule(SAVE_EVERY_MS);
  }

  /** Saves the state for the last time. */
  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#unsubscribe();
    await this.#saving;
    await this.#save();
  }

  #schedule(delayMs: number): void {
    this.#timer = setTimeout(() => {
      const startedAt = performance.now();
      this.#saving = this.#save().then(() => {
        const tookMs = performance.now() - startedAt;
        if (this.#timer !== null) this.#schedule(Math.max(SAVE_EVERY_MS, tookMs * REST_PER_SAVE));
      });
    }, delayMs);
  }

  /** Saves the state if it has changed since the last attempt. Never rejects. */
  async #save(): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    try {
      if (versionOf(this.#file) !== this.#version) throw new UserError(CHANGED_BY_OTHERS);
      await writeAtomically(this.#file, JSON.stringify(this.#parts.snapshot()));
      this.#version = versionOf(this.#file);
    } catch (error) {
      // Thrown for a string that is longer than V8 allows.
      const reason = error instanceof RangeError ? TOO_LARGE : reasonOf(error);
      this.#parts.onError(`The state file ${this.#file} can't be written: ${reason}.`);
    }
  }
}

const CHANGED_BY_OTHERS =
  "another program has changed it. The chats of this program aren't saved. " +
  "Stop one of the programs, or start one of them with another --state file";
const TOO_LARGE =
  "the chats and their attachments are too large (about 512 MB). Reset the simulator in its panel";

/** Identifies a file's version. Each save replaces the file, so that it also has another inode. */
function versionOf(file: string): string | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? [stats.ino, stats.mtimeMs, stats.size].join(" ") : null;
}

/** Writes a file so that it has either its previous or its new content, even if the machine crashes while writing. */
async function writeAtomically(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    // The state contains tokens.
    const handle = await open(temporary, "w", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
