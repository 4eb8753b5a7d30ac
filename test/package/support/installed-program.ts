import { afterAll, afterEach, beforeAll } from "@jest/globals";
import { Application } from "./application";
import { Program } from "./program";

/** The installed package's program `connect-chat-simulator`. */
export class InstalledProgram {
  readonly application = new Application();
  readonly #running: Program[] = [];

  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Program {
    const bin = this.application.path("node_modules/.bin/connect-chat-simulator");
    const program = new Program(bin, args, { PORT: "", ...environment }, this.application.folder);
    this.#running.push(program);
    return program;
  }

  /** Starts the program on a free port. Returns its endpoint. */
  async listen(
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<{ program: Program; url: string }> {
    const program = this.start(["--port", "0", ...args], environment);
    return { program, url: await endpointOf(program) };
  }

  async killAll(): Promise<void> {
    for (const program of this.#running.splice(0)) await program.kill();
  }
}

/** The endpoint in the banner. */
export const endpointOf = async (program: Program): Promise<string> =>
  (await program.prints(/Endpoint: \S+/)).replace("Endpoint: ", "");

/** Installs the package before a file's tests, and kills a test's programs after it. */
export function installProgram(): { readonly current: InstalledProgram } {
  let installed: InstalledProgram | undefined;
  beforeAll(() => {
    installed = new InstalledProgram();
  });
  afterEach(() => installed?.killAll());
  afterAll(() => installed?.application.remove());
  return {
    get current() {
      if (!installed) throw new Error("The package is installed only while tests run.");
      return installed;
    },
  };
}
