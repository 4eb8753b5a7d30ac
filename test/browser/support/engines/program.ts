import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

const TIMEOUT_MS = 30_000;

/** A background program with its child processes: a browser, a driver or a display. */
export interface Program {
  /** Resolves with the first matching line of output. Rejects if the program ends first, or after 30 seconds. */
  line(matching: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** Finds a program's file on the PATH. */
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
  // In its own process group, so that child processes end with it.
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  let ended: string | undefined;
  const notify = (): void => listeners.forEach((listener) => listener());
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (text) => {
      lines.push(text);
      notify();
    });
  }
  const end = new Promise<void>((resolve) => {
    const finish = (why: string): void => {
      ended = why;
      notify();
      resolve();
    };
    child.on("error", (error) => finish(error.message));
    child.on("exit", (code, signal) => finish(`It ended with ${String(code ?? signal)}.`));
  });

  // Child processes may outlive the program.
  const killGroup = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group has already ended.
    }
  };
  process.once("exit", killGroup);

  return {
    line: (matching) =>
      new Promise((resolve, reject) => {
        const settle = (found: string | undefined, why: string): void => {
          clearTimeout(timer);
          listeners.delete(check);
          if (found !== undefined) resolve(found);
          else reject(new Error(`${file} did not start. ${why}\n${lines.join("\n")}`));
        };
        const check = (): void => {
          const found = lines.find((text) => matching.test(text));
          if (found !== undefined || ended !== undefined) settle(found, ended ?? "");
        };
        const timer = setTimeout(() => settle(undefined, `It took over ${TIMEOUT_MS} ms.`), TIMEOUT_MS);
        listeners.add(check);
        check();
      }),
    async stop() {
      killGroup();
      process.off("exit", killGroup);
      await end;
    },
  };
}
