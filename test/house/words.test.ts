import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ROOT } from "../support/paths";

/** Runs `npm run check:words` in a scratch repository with one commit. */

const CHECK = "scripts/check-words.mjs";

/** More occurrences of a word than cspell reports by default. */
const OLD = Array.from({ length: 6 }, () => "The handler is told once more."); // cspell:disable-line

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
  write("guide.md", ...OLD);
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "First");
}, 60_000);

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

// cspell:disable
test("npm run check:words: reports listed words, phrases and misspellings in added lines, with file, line and replacement", () => {
  write("guide.md", ...OLD, "The handler is told once", "more. It recieves nothing.");
  write(
    "new.ts",
    "// A message on",
    "// its way is fine by everyone,",
    "export const isUnderWay = 1; // mended",
  );
  expect(check("HEAD")).toEqual({
    status: 1,
    lines: [
      'guide.md:7: "told" → emitted, delivered, reported, called',
      'guide.md:7: "once more" → again, from scratch',
      'guide.md:8: "recieves" is misspelled, or missing from cspell-words.txt',
      'new.ts:1: "on its way" → in flight, pending',
      'new.ts:3: "under way" → in flight, pending',
      'new.ts:3: "mended" → fixed',
      "Words to replace: 6. To keep one, add a comment to its line: cspell:disable-line.",
    ],
  });
}, 60_000);

test("npm run check:words: marked exceptions, old lines and reindented lines pass", () => {
  write("guide.md", ...OLD.map((line) => `  ${line}`), "A message is sent.");
  write("new.ts", "// told once more cspell:disable-line", "// cspell:ignore once more", "// Try once more.");
  expect(check("HEAD")).toEqual({ status: 0, lines: [] });
}, 60_000);

test("npm run check:words: if the base commit is missing, it fails and explains how to fetch it", () => {
  const since = /const SINCE = "([0-9a-f]{40})"/.exec(readFileSync(path.join(ROOT, CHECK), "utf8"))?.[1];
  const missing = check();
  expect(missing.status).toBe(1);
  expect(missing.lines.join("\n")).toContain(`the lines added since commit ${since}, which isn't here`);
  expect(missing.lines.join("\n")).toContain("`git fetch --unshallow`");
  rmSync(path.join(scratch, ".git"), { recursive: true });
  const outside = check();
  expect(outside.status).toBe(1);
  expect(outside.lines.join("\n")).toContain("Run it in a Git clone with the full history");
}, 60_000);
// cspell:enable
