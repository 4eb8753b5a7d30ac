import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ROOT } from "./support/markdown";

/** Runs scripts/error-messages.mjs, which finds the library's error messages in its source. */
function run(...args: readonly string[]): { readonly exitCode: number | null; readonly stderr: string } {
  const script = path.join(ROOT, "scripts/error-messages.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { exitCode: status, stderr };
}

test("docs/errors.md lists every error message in the source, with its cause and what to do", () => {
  expect(run("--check")).toEqual({ exitCode: 0, stderr: "" });
});

describe("the table for a small program", () => {
  let folder = "";
  const page = (): string => path.join(folder, "errors.md");
  const commandLine = (): string[] => ["--source", folder, "--page", page()];
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  /** The table's rows, without the header. */
  const rows = (): string[] =>
    readFileSync(page(), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .slice(2)
      .map((line) => line.replaceAll(/ +/g, " "));

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "error-messages-"));
    write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: { target: "ES2022", strict: true, types: [] } }),
    );
    write(
      "errors.ts",
      "export class ChatError extends Error { constructor(code: string, message: string) { super(message); } }",
    );
    write(
      "errors.md",
      "# Errors\n\n| code | message | cause | what to do |\n| - | - | - | - |\n\nThe end.\n",
    );
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test("contains every message that the source builds, but no messages copied from other errors", () => {
    const pieces = [
      'throw new ChatError("Timeout", "Too late.");',
      'const ADVICE = "Wait."; const refused = (status: number) => new ChatError("Timeout", `Got ${status}. ${ADVICE}`);',
      'const branch = (is: boolean) => new ChatError("Timeout", is ? "Branch: yes." : "Branch: no.");',
      'const missing = (field: string) => new ChatError("Timeout", `${field} is missing.`); missing("id"); missing("name");',
      "class Call { #end: string | null = null; close(why: string) { this.#end = why; }",
      'run() { throw new ChatError("Timeout", `Closed: ${this.#end}`); } } new Call().close("it ended.");',
      'const TABLE: Record<number, [string, string]> = { 1: ["a", "Row 1."], 2: ["b", "Row 2."] };',
      'function row(key: number) { const [, text] = TABLE[key] ?? ["", "Row of none."]; throw new ChatError("Timeout", text); }',
      'const copy = (error: Error) => new ChatError("Timeout", error.message);',
    ];
    write("source.ts", `import { ChatError } from "./errors";\n${pieces.join("\n")}`);
    run(...commandLine());
    expect(rows().sort()).toEqual(
      [
        ...["Branch: no.", "Branch: yes.", "Closed: it ended.", "Got {status}. Wait.", "Row 1.", "Row 2."],
        ...["Row of none.", "Too late.", "id is missing.", "name is missing."],
      ].map((message) => `| \`Timeout\` | \`${message}\` | | |`),
    );
  });

  test("passes the check only after a cause is added for each message, and keeps the page's other text", () => {
    write("source.ts", 'import { ChatError } from "./errors";\nthrow new ChatError("Timeout", "Too late.");');
    expect(run(...commandLine())).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("Write this message's cause and remedy: `Too late.`"),
    });
    write("errors.md", readFileSync(page(), "utf8").replace(/\| +\| +\|\n/, "| It was slow. | Wait. |\n"));
    expect(run(...commandLine())).toEqual({ exitCode: 0, stderr: "" });
    expect(rows()).toEqual(["| `Timeout` | `Too late.` | It was slow. | Wait. |"]);
    expect(readFileSync(page(), "utf8")).toMatch(/^# Errors\n[^]*\nThe end\.\n$/);
    expect(run("--check", ...commandLine())).toEqual({ exitCode: 0, stderr: "" });
  });

  test("isn't changed by --check, which reports that the table differs from the source", () => {
    const before = readFileSync(page(), "utf8");
    write("source.ts", 'import { ChatError } from "./errors";\nthrow new ChatError("Timeout", "Too late.");');
    expect(run("--check", ...commandLine())).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("The table differs from the source. Run: npm run docs:errors"),
    });
    expect(readFileSync(page(), "utf8")).toBe(before);
  });
});
