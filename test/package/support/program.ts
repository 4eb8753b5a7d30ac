import { spawn, type ChildProcess } from "node:child_process";

/** A program that runs until it's stopped. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  output = "";
  #onChange: () => void = () => undefined;

  constructor(
    file: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    folder = process.cwd(),
  ) {
    this.#child = spawn(file, args, {
      cwd: folder,
      env: { ...process.env, ...environment },
      shell: process.platform === "win32",
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
        this.#onChange();
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once("close", (code) => {
        resolve(code);
        this.#onChange();
      });
    });
  }

  /** The exit code, or null if a signal ended the program. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Waits until the output matches the pattern and returns the match. */
  async prints(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.output);
      if (found) return found[0];
      if (this.#child.exitCode !== null) throw new Error(`The program exited: ${this.output}`);
      await new Promise<void>((resolve) => (this.#onChange = resolve));
    }
  }

  /** Stops the program like Ctrl+C. Resolves with the exit code. */
  interrupt(): Promise<number | null> {
    return this.stop("SIGINT");
  }

  stop(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    return this.#ended;
  }

  /** Kills the program if it's still running. */
  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
