// Builds bundles with intentional faults, which the tests must detect.
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import webpack from "webpack";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A copy of the source to mutate. One incremental compiler builds all mutations, compiling only changed files. */
export class Workshop {
  folder = mkdtempSync(join(tmpdir(), "mutations-"));
  #compiler;

  constructor() {
    for (const name of ["src", "scripts", "webpack.config.js", "package.json", "tsconfig.json"]) {
      cpSync(join(ROOT, name), join(this.folder, name), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"));
    const configure = createRequire(join(this.folder, "package.json"))("./webpack.config.js");
    const library = configure({}, { mode: "development" }).find(({ name }) => name === "library");
    this.#compiler = webpack({ ...library, context: this.folder, devtool: false, cache: { type: "memory" } });
  }

  /** Builds the current source and returns the bundle's path. */
  async #build(name) {
    const stats = await new Promise((resolve, reject) =>
      this.#compiler.run((error, done) => (error ? reject(error) : resolve(done))),
    );
    if (stats.hasErrors())
      throw new Error(`The build of "${name}" failed:\n${stats.toString("errors-only")}`);
    const file = join(this.folder, `${name.replaceAll(/\W+/g, "-")}.js`);
    copyFileSync(join(this.folder, "dist/amazon-connect-chat.js"), file);
    return file;
  }

  unchanged() {
    return this.#build("unchanged");
  }

  /**
   * Builds with one fault: replaces `from`, which must occur once in `file`, with `to`. A fault that needs several
   * edits lists them in `edits`. Each edit applies to `file` unless it names another file.
   */
  async mutated({ name, file, from, to, edits = [{ from, to }] }) {
    const sources = new Map();
    try {
      for (const edit of edits) {
        const path = join(this.folder, edit.file ?? file);
        const text = readFileSync(path, "utf8");
        if (!sources.has(path)) sources.set(path, text);
        const times = sources.get(path).split(edit.from).length - 1;
        if (times !== 1) {
          throw new Error(
            `"${name}": ${edit.file ?? file} must contain this once, but contains it ${times} times: ${edit.from}`,
          );
        }
        writeFileSync(
          path,
          text.replace(edit.from, () => edit.to),
        );
      }
      return await this.#build(name);
    } finally {
      for (const [path, source] of sources) writeFileSync(path, source);
    }
  }

  close() {
    this.#compiler.close(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
