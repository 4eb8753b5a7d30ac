import { spawn, type ChildProcess } from "node:child_process";

/** A program that runs until it is told to stop. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  output = "";
  #heard: () => void = () => undefined;

  constructor(file: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(file, args, {
      env: { ...process.env, ...environment },
      shell: process.platform === "win32",
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
        this.#heard();
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once("close", (code) => {
        resolve(code);
        this.#heard();
      });
    });
  }

  /** The exit code; null if a signal ended it. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Waits for something that it prints. */
  async prints(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.output);
      if (found) return found[0];
      if (this.#child.exitCode !== null) throw new Error(`The program ended: ${this.output}`);
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }

  /** As Ctrl+C does. */
  interrupt(): Promise<number | null> {
    this.#child.kill("SIGINT");
    return this.#ended;
  }

  /** At the end of a test, whatever became of it. */
  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
