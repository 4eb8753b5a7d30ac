import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { PAGES, read, ROOT } from "./support/markdown";

/**
 * Each row in docs/reliability.md must name existing evidence. Evidence can be a test, a command, or the number of an
 * intended conformance difference. A row names a test by the ID at the start of the test's title, such as REL-07, or A3
 * for a field case.
 */

const ROW = /^\| (?<row>.+) \|$/gm;
/** One name in a row's last cell, which is a comma-separated list. */
const NAME = /^(?:`(?<id>[A-Z]+-?\d+)`|`npm run (?<script>[^\s`]+)`(?: \(#(?<difference>\d+)\))?)$/;
/** A test title: a string after an opening parenthesis or at the start of a line. */
const TITLE = /(?<=\(|\n\s*)["'`](?<id>[A-Z]+-?\d+): /g;

interface Row {
  readonly what: string;
  readonly evidence: string;
}

const tables = read("docs/reliability.md")
  .split(/^## /m)
  .filter((section) => /^(?:Guarantees|Known upstream defects)\n/.test(section))
  .map((section) =>
    [...section.matchAll(ROW)].slice(2).map(({ groups }): Row => {
      const cells = (groups?.["row"] ?? "").split(" | ").map((cell) => cell.trim());
      return { what: cells.slice(0, -1).join(" "), evidence: cells.at(-1) ?? "" };
    }),
  );

const { scripts } = JSON.parse(read("package.json")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const differences = read("conformance/differences.mjs");

const idsIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(({ groups }) => groups?.["id"] ?? []);

/** The IDs of all test titles, including duplicates. */
const testIds = readdirSync(path.join(ROOT, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .flatMap((file) => idsIn(read(`test/${file}`), TITLE));

/** Returns the names in a row's last cell that don't exist. */
function missingEvidence(evidence: string): string[] {
  return evidence.split(", ").filter((name) => {
    const { id, script, difference } = { id: "", script: "", difference: "", ...NAME.exec(name)?.groups };
    if (difference && !differences.includes(`row: "upstream-defects.md #${difference}"`)) return true;
    return script ? !(script in scripts) : !testIds.includes(id);
  });
}

test("docs/reliability.md has a table of guarantees, and a table of the known upstream defects 1 to 28", () => {
  const [guarantees = [], defects = []] = tables;
  expect(guarantees.length).toBeGreaterThan(5);
  expect(defects.map(({ what }) => Number(/^\d+/.exec(what)?.[0]))).toEqual(
    Array.from({ length: 28 }, (_, index) => index + 1),
  );
});

test.each(tables.flat())("all evidence for '$what' exists", ({ evidence }) => {
  expect(missingEvidence(evidence)).toEqual([]);
});

test("the guides name every REL ID, and each REL ID is in exactly one test title", () => {
  const named = PAGES.flatMap((page) => idsIn(read(page), /`(?<id>REL-\d+)`/g));
  const titles = testIds.filter((id) => id.startsWith("REL-"));
  expect(titles.sort()).toEqual([...new Set(named)].sort());
});

describe("evidence in a row is reported as missing", () => {
  test.each([
    ["if it isn't an ID or a command", "`REL-05`, by looking", ["by looking"]],
    ["if no test title starts with its ID", "`REL-05`, `REL-999`", ["`REL-999`"]],
    ["if package.json has no such script", "`npm run chaos`, `npm run nothing`", ["`npm run nothing`"]],
    [
      "if no conformance difference has its number",
      "`npm run conformance` (#999)",
      ["`npm run conformance` (#999)"],
    ],
  ])("%s", (_, evidence, reported) => {
    expect(missingEvidence(evidence)).toEqual(reported);
  });
});
