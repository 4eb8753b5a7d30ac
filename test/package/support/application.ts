import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findChromium } from "../../browser/support/chromium";
import { ROOT } from "../../support/paths";

export { ROOT };
const onWindows = process.platform === "win32";

/** A program's output and exit status. */
export type RunResult = SpawnSyncReturns<string>;

/**
 * An application in a temporary folder, with the package installed from its packed archive, without a registry. Other
 * packages that it needs, such as a bundler, come from the checkout.
 */
export class Application {
  readonly folder: string;
  /** The size of the published file. */
  readonly packedBytes: number;
  readonly #parent: string;

  constructor() {
    this.#parent = realpathSync(mkdtempSync(path.join(tmpdir(), "installed-")));
    this.folder = path.join(this.#parent, "application");
    this.write("package.json", JSON.stringify({ name: "application", private: true }));
    this.#run(process.execPath, ["scripts/pack.mjs", "--to", this.#parent], ROOT);
    const tarball = readdirSync(this.#parent).find((name) => name.endsWith(".tgz")) ?? "";
    this.packedBytes = statSync(path.join(this.#parent, tarball)).size;
    const cache = path.join(this.#parent, "cache");
    this.run("npm", "install", `../${tarball}`, "--offline", "--no-audit", "--no-fund", "--cache", cache);
  }

  path(...names: string[]): string {
    return path.join(this.folder, ...names);
  }

  /** The path of a file in the installed package. */
  ofPackage(name: string): string {
    return this.path("node_modules/amazon-connect-chatjs", name);
  }

  write(name: string, text: string): void {
    const file = this.path(name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Copies a folder from the checkout into the application. */
  copy(from: string, to: string): void {
    cpSync(path.join(ROOT, from), this.path(to), { recursive: true });
  }

  /** Links other packages from the checkout, as if they were installed. */
  link(...packages: readonly string[]): void {
    for (const name of packages) {
      const link = this.path("node_modules", name);
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(path.join(ROOT, "node_modules", name), link, "junction");
    }
  }

  /** Installs packages of exact versions, such as `typescript@4.7.4`, from the registry. */
  install(...packages: readonly string[]): void {
    this.run("npm", "install", "--save-exact", "--no-audit", "--no-fund", ...packages);
  }

  /** Runs a program in the application and returns its output. Throws if it fails. */
  run(command: string, ...args: readonly string[]): string {
    return this.#run(command, args, this.folder);
  }

  /** Like `run()`, but returns the result even if the program fails. */
  try(command: string, ...args: readonly string[]): RunResult {
    return spawn(command, args, this.folder);
  }

  /** Runs a program from the checkout's packages, such as `webpack`, in a folder of the application. */
  runBin(name: string, args: readonly string[], folder = "."): string {
    return this.#run(path.join(ROOT, "node_modules/.bin", name), args, this.path(folder));
  }

  /** Like `runBin()`, but returns the result even if the program fails. `variables` are added to the environment. */
  tryBin(name: string, args: readonly string[], folder = ".", variables: NodeJS.ProcessEnv = {}): RunResult {
    return spawn(path.join(ROOT, "node_modules/.bin", name), args, this.path(folder), variables);
  }

  remove(): void {
    rmSync(this.#parent, { recursive: true, force: true });
  }

  #run(command: string, args: readonly string[], cwd: string): string {
    const { status, stdout, stderr } = spawn(command, args, cwd);
    if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}${stdout}`);
    return stdout;
  }
}

/** Drops Jest's own variable. Otherwise, a test runner that a test starts would assume that it is a Jest worker. */
function environment(): NodeJS.ProcessEnv {
  const variables = Object.entries(process.env).filter(([name]) => name !== "JEST_WORKER_ID");
  return { CHROME_PATH: findChromium(), ...Object.fromEntries(variables) };
}

function spawn(
  command: string,
  args: readonly string[],
  cwd: string,
  variables: NodeJS.ProcessEnv = {},
): RunResult {
  const env = { ...environment(), ...variables };
  const result = spawnSync(command, args, { cwd, encoding: "utf8", shell: onWindows, env });
  if (result.error) throw result.error;
  return result;
}
