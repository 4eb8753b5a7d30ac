import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

const PATIENCE_MS = 30_000;

/** A program in the background, with all that it starts: a browser, a driver, a display. */
export interface Program {
  /** Resolves with the first line of its output that matches; rejects if it ends before that, or after 30 seconds. */
  line(matching: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** The file of a program on the PATH. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

export function startProgram(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Program {
  // Its own process group, so that what it starts ends with it.
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  let ended: string | undefined;
  const tell = (): void => listeners.forEach((listener) => listener());
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (text) => {
      lines.push(text);
      tell();
    });
  }
  const end = new Promise<void>((resolve) => {
    const ends = (why: string): void => {
      ended = why;
      tell();
      resolve();
    };
    child.on("error", (error) => ends(error.message));
    child.on("exit", (code, signal) => ends(`It ended with ${String(code ?? signal)}.`));
  });

  // What a program has started may outlive it.
  const killGroup = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // All of them have ended.
    }
  };
  process.once("exit", killGroup);

  return {
    line: (matching) =>
      new Promise((resolve, reject) => {
        const settle = (found: string | undefined, why: string): void => {
          clearTimeout(timer);
          listeners.delete(look);
          if (found !== undefined) resolve(found);
          else reject(new Error(`${file} did not start. ${why}\n${lines.join("\n")}`));
        };
        const look = (): void => {
          const found = lines.find((text) => matching.test(text));
          if (found !== undefined || ended !== undefined) settle(found, ended ?? "");
        };
        const timer = setTimeout(() => settle(undefined, `It took over ${PATIENCE_MS} ms.`), PATIENCE_MS);
        listeners.add(look);
        look();
      }),
    async stop() {
      killGroup();
      process.off("exit", killGroup);
      await end;
    },
  };
}
