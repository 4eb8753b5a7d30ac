import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ROOT } from "../support/paths";

/** Runs `npm run check:words` in a scratch repository. */

const CHECK = "scripts/check-words.mjs";

let scratch: string;

function git(...args: string[]): void {
  const as = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];
  const { status, stderr } = spawnSync("git", [...as, ...args], { cwd: scratch, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

function write(file: string, ...lines: string[]): void {
  writeFileSync(path.join(scratch, file), `${lines.join("\n")}\n`);
}

function check(...args: string[]): { status: number | null; lines: string[] } {
  const { status, stderr } = spawnSync(process.execPath, [CHECK, ...args], {
    cwd: scratch,
    encoding: "utf8",
  });
  return { status, lines: stderr.split("\n").filter(Boolean) };
}

beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), "words-"));
  mkdirSync(path.join(scratch, "scripts"));
  for (const name of [CHECK, "cspell.config.yaml", "cspell-words.txt", ".gitignore"]) {
    cpSync(path.join(ROOT, name), path.join(scratch, name));
  }
  symlinkSync(path.join(ROOT, "node_modules"), path.join(scratch, "node_modules"));
  writeFileSync(path.join(scratch, ".gitignore"), "node_modules\n");
  git("init", "--quiet");
}, 60_000);

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

// cspell:disable
test("npm run check:words reports listed words, phrases and misspellings in all files, with file, line and replacement", () => {
  write("guide.md", "The handler is told once", "more. It recieves nothing.");
  git("add", "guide.md");
  write(
    "new.ts",
    "// A message on",
    "// its way is fine by everyone,",
    "export const isUnderWay = 1; // mended",
  );
  expect(check()).toEqual({
    status: 1,
    lines: [
      'guide.md:1: "told" → emitted, delivered, reported, called',
      'guide.md:1: "once more" → again, from scratch',
      'guide.md:2: "recieves" is misspelled, or missing from cspell-words.txt',
      'new.ts:1: "on its way" → in flight, pending',
      'new.ts:3: "under way" → in flight, pending',
      'new.ts:3: "mended" → fixed',
      "Words to replace: 6. To keep one, add a comment to its line: cspell:disable-line.",
    ],
  });
}, 60_000);

test("npm run check:words reports every occurrence of a word, without a limit", () => {
  write("guide.md", ...Array.from({ length: 20 }, () => "The handler is told."));
  expect(check().lines).toHaveLength(21);
}, 60_000);

test("npm run check:words accepts marked exceptions, ignored files, deleted files and symbolic links", () => {
  write("new.ts", "// told once more cspell:disable-line", "// cspell:ignore once more", "// Try once more.");
  mkdirSync(path.join(scratch, "dist"));
  writeFileSync(path.join(scratch, ".gitignore"), "node_modules\ndist\n");
  write("dist/bundle.js", "// told");
  write("old.md", "The handler is told.");
  git("add", "old.md");
  rmSync(path.join(scratch, "old.md"));
  symlinkSync("dist/bundle.js", path.join(scratch, "link.js"));
  expect(check()).toEqual({ status: 0, lines: [] });
}, 60_000);

test("npm run check:words checks only the named files", () => {
  write("one.md", "The handler is told.");
  write("two.md", "The handler is told.");
  expect(check("two.md").lines[0]).toBe('two.md:1: "told" → emitted, delivered, reported, called');
  expect(check("two.md").lines).toHaveLength(2);
}, 60_000);
// cspell:enable
