// Checks every file's words against cspell.config.yaml, for American spelling and for words that this project avoids.
// `node scripts/check-words.mjs [file…]` checks only these files.
import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { readSettings, spellCheckDocument } from "cspell-lib";

const ROOT = path.dirname(import.meta.dirname);

/** The project's files, which are all files that Git doesn't ignore. */
function projectFiles() {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return [...new Set(listed.split("\0").filter(Boolean))].sort();
}

/** Whether the path is an existing file, and not a symlink or a nested repository. */
const isFile = (file) => lstatSync(path.join(ROOT, file), { throwIfNoEntry: false })?.isFile() ?? false;

/** cspell checks one word at a time, so this joins the words of listed phrases with hyphens: "on-the-way". */
function phraseJoiner(flagWords) {
  const phrases = flagWords.map((entry) => entry.split("->", 1)[0]).filter((word) => word.includes("-"));
  const patterns = phrases.map((phrase) => {
    const words = phrase.split("-").map((word) => `[${word[0].toUpperCase()}${word[0]}]${word.slice(1)}`);
    // Words are separated by whitespace (with a new line's comment marks), a hyphen, or an identifier's camelCase hump.
    const text = words.join("(?:[\\s*/#>-]+|(?=[A-Z]))");
    return [phrase, new RegExp(`(?<![a-z](?=[a-z]))${text}(?![a-z])`, "g")];
  });
  return (text) =>
    patterns.reduce(
      (joined, [phrase, pattern]) =>
        // Keep line breaks, so that line numbers don't change.
        joined.replace(pattern, (found) => ` ${phrase} ${found.replace(/[^\n]/g, "")}`),
      text,
    );
}

async function main() {
  const namedFiles = process.argv.slice(2);
  const files = (namedFiles.length > 0 ? namedFiles : projectFiles()).filter(isFile);
  const settings = await readSettings(path.join(ROOT, "cspell.config.yaml"));
  const joinPhrases = phraseJoiner(settings.flagWords ?? []);
  let found = 0;
  for (const file of files) {
    const at = path.join(ROOT, file);
    const text = joinPhrases(readFileSync(at, "utf8"));
    const { issues, errors = [] } = await spellCheckDocument(
      { uri: pathToFileURL(at).href, text },
      { noConfigSearch: true },
      settings,
    );
    if (errors.length > 0) throw errors[0];
    for (const { text: word, line, isFlagged, suggestionsEx = [] } of issues) {
      const number = line.position.line + 1;
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
