// Checks new text against cspell.config.yaml: American spelling, and words that this project replaces with others.
// New text is every line added since a commit: `node scripts/check-words.mjs [commit]`. Older text isn't checked.
import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { readSettings, spellCheckDocument } from "cspell-lib";

/** Lines up to and including this commit aren't checked. */
const SINCE = "7b942bd22ce5d635f95e6c8ba286dff186f86314";
const ROOT = path.dirname(import.meta.dirname);

function git(...args) {
  // Print non-ASCII file names without escapes.
  return execFileSync("git", ["-c", "core.quotePath=false", ...args], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: "pipe",
  });
}

/** Throws if the commit isn't in this clone. */
function requireCommit(commit) {
  try {
    git("cat-file", "-e", `${commit}^{commit}`);
  } catch (cause) {
    const reason = String(cause.stderr || cause.message).trim();
    throw new Error(
      `check:words checks the lines added since commit ${commit}, which isn't here (${reason}). Run it in a Git clone ` +
        "with the full history: `git fetch --unshallow` completes a shallow clone; actions/checkout needs `fetch-depth: 0`.",
      { cause },
    );
  }
}

/** Returns path → 1-based numbers of added lines. Lines that differ only in whitespace aren't new. */
function addedLines(commit) {
  const diff = git(
    ...["diff", "--unified=0", "--ignore-all-space", "--diff-filter=d", "--no-color", "--no-ext-diff"],
    ...["--src-prefix=a/", "--dst-prefix=b/", commit, "--"],
  );
  const added = new Map();
  let lines = new Set();
  for (const [, file, first, count = "1"] of diff.matchAll(
    /^(?:\+\+\+ b\/([^\t\n]+)\t?|@@ -\S+ \+(\d+)(?:,(\d+))? @@.*)$/gm,
  )) {
    if (file !== undefined) added.set(file, (lines = new Set()));
    else for (let line = 0; line < Number(count); line++) lines.add(Number(first) + line);
  }
  const untracked = git("ls-files", "--others", "--exclude-standard", "-z").split("\0").filter(Boolean);
  for (const file of untracked) added.set(file, { has: () => true });
  return added;
}

/** cspell checks one word at a time, so this joins the words of listed phrases with hyphens: "on-the-way". */
function phraseJoiner(flagWords) {
  const phrases = flagWords.map((entry) => entry.split("->", 1)[0]).filter((word) => word.includes("-"));
  const patterns = phrases.map((phrase) => {
    const words = phrase.split("-").map((word) => `[${word[0].toUpperCase()}${word[0]}]${word.slice(1)}`);
    // Between words: whitespace (with a new line's comment marks), a hyphen, or an identifier's camelCase hump.
    const text = words.join("(?:[\\s*/#>-]+|(?=[A-Z]))");
    return [phrase, new RegExp(`(?<![a-z](?=[a-z]))${text}(?![a-z])`, "g")];
  });
  return (text) =>
    patterns.reduce(
      (joined, [phrase, pattern]) =>
        // Keep line breaks, so that line numbers stay right.
        joined.replace(pattern, (found) => ` ${phrase} ${found.replace(/[^\n]/g, "")}`),
      text,
    );
}

async function main() {
  const since = process.argv[2] ?? SINCE;
  requireCommit(since);
  const settings = await readSettings(path.join(ROOT, "cspell.config.yaml"));
  const joinPhrases = phraseJoiner(settings.flagWords ?? []);
  let found = 0;
  for (const [file, lines] of addedLines(since)) {
    const at = path.join(ROOT, file);
    if (!lstatSync(at).isFile()) continue; // A symlink or a nested repository.
    const text = joinPhrases(readFileSync(at, "utf8"));
    const { issues, errors = [] } = await spellCheckDocument(
      { uri: pathToFileURL(at).href, text },
      { noConfigSearch: true },
      settings,
    );
    if (errors.length > 0) throw errors[0];
    for (const { text: word, line, isFlagged, suggestionsEx = [] } of issues) {
      const number = line.position.line + 1;
      if (!lines.has(number)) continue;
      found++;
      const instead = suggestionsEx
        .filter(({ isPreferred }) => isPreferred)
        .map(({ word: better }) => better);
      console.error(
        isFlagged
          ? `${file}:${number}: "${word.replaceAll("-", " ")}" → ${instead.join(", ")}`
          : `${file}:${number}: "${word}" is misspelled, or missing from cspell-words.txt`,
      );
    }
  }
  if (found > 0) {
    console.error(
      `\nWords to replace: ${found}. To keep one, add a comment to its line: cspell:disable-line.`,
    );
    process.exitCode = 1;
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
