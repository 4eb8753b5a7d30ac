/** The file that keeps the chats over a restart of the program. */
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { conforms, problemOf } from "../control/check";
import { SNAPSHOT } from "../control/schemas";
import type { Snapshot } from "../index";
import { codeOf, reasonOf, UserError } from "./user-error";

const SAVE_EVERY_MS = 3_000;
/** A large state is saved less often, so that saving takes at most a twentieth of the time. */
const REST_PER_SAVE = 20;

/** Reads a saved state; null if the file doesn't exist yet. Throws a UserError if it can't be used. */
export function readState(file: string): Snapshot | null {
  const text = readText(file);
  if (text === null) return null;
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch (error) {
    throw damaged(file, `${reasonOf(error)}.`);
  }
  if (conforms(SNAPSHOT, state)) return state;
  throw damaged(file, problemOf(SNAPSHOT, state) ?? "");
}

function readText(file: string): string | null {
  try {
    // Before the first chat rather than after the last one.
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

/** Saves the state a few seconds after it changed, and at the end. */
export class StateFile {
  readonly #file: string;
  readonly #snapshot: () => Snapshot;
  readonly #onError: (problem: string) => void;
  #saved = "";
  #timer: NodeJS.Timeout | null = null;
  #saving: Promise<void> = Promise.resolve();

  /** `isSaved`: the current state came from the file. */
  constructor(
    file: string,
    snapshot: () => Snapshot,
    { isSaved, onError }: { isSaved: boolean; onError: (problem: string) => void },
  ) {
    this.#file = file;
    this.#snapshot = snapshot;
    this.#onError = onError;
    if (isSaved) this.#saved = stateIn(snapshot());
    this.#schedule(SAVE_EVERY_MS);
  }

  /** Saves the state for the last time. */
  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
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

  async #save(): Promise<void> {
    const snapshot = this.#snapshot();
    const state = stateIn(snapshot);
    if (state === this.#saved) return;
    try {
      await writeAtomically(this.#file, JSON.stringify(snapshot));
      this.#saved = state;
    } catch (error) {
      this.#onError(`The state file ${this.#file} can't be written: ${reasonOf(error)}.`);
    }
  }
}

/** Everything but the time, which changes with each snapshot. */
const stateIn = (snapshot: Snapshot): string => JSON.stringify({ ...snapshot, takenAt: "" });

/** Writes a file so that it has either its old or its new content, even if the machine stops in between. */
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
