import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { PAGES, read, ROOT } from "./support/markdown";

/**
 * The rows of docs/reliability.md name what shows them: tests by the IDs that their titles begin with (REL-07, or a field
 * case's A3), commands, and intended differences of the conformance run by their numbers.
 */

const ROW = /^\| (?<row>.+) \|$/gm;
/** One name of a row's last cell; commas separate them. */
const NAME = /^(?:`(?<id>[A-Z]+-?\d+)`|`npm run (?<script>[^\s`]+)`(?: \(#(?<difference>\d+)\))?)$/;
/** A title: a string after an opening parenthesis, or at the beginning of a line. */
const TITLE = /(?<=\(|\n\s*)["'`](?<id>[A-Z]+-?\d+): /g;

interface Row {
  readonly what: string;
  readonly shownBy: string;
}

const tables = read("docs/reliability.md")
  .split(/^## /m)
  .filter((section) => /^(?:Promises|Known upstream defects)\n/.test(section))
  .map((section) =>
    [...section.matchAll(ROW)].slice(2).map(({ groups }): Row => {
      const cells = (groups?.["row"] ?? "").split(" | ").map((cell) => cell.trim());
      return { what: cells.slice(0, -1).join(" "), shownBy: cells.at(-1) ?? "" };
    }),
  );

const { scripts } = JSON.parse(read("package.json")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const differences = read("conformance/differences.mjs");

const idsIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(({ groups }) => groups?.["id"] ?? []);

/** The IDs of all titles, as often as they are there. */
const tested = readdirSync(path.join(ROOT, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .flatMap((file) => idsIn(read(`test/${file}`), TITLE));

/** The names in a row's last cell that nothing has. */
function missing(shownBy: string): string[] {
  return shownBy.split(", ").filter((name) => {
    const { id, script, difference } = { id: "", script: "", difference: "", ...NAME.exec(name)?.groups };
    if (difference && !differences.includes(`row: "upstream-defects.md #${difference}"`)) return true;
    return script ? !(script in scripts) : !tested.includes(id);
  });
}

test("docs/reliability.md has the table of promises and the one of upstream's defects 1 to 28", () => {
  const [promises = [], rows = []] = tables;
  expect(promises.length).toBeGreaterThan(5);
  expect(rows.map(({ what }) => Number(/^\d+/.exec(what)?.[0]))).toEqual(
    Array.from({ length: 28 }, (_, index) => index + 1),
  );
});

test.each(tables.flat())("everything that the row names is there: $what", ({ shownBy }) => {
  expect(missing(shownBy)).toEqual([]);
});

test("the guides name every test that has a REL ID, and each ID is in one title", () => {
  const named = PAGES.flatMap((page) => idsIn(read(page), /`(?<id>REL-\d+)`/g));
  const titles = tested.filter((id) => id.startsWith("REL-"));
  expect(titles.sort()).toEqual([...new Set(named)].sort());
});

describe("a name in a row is reported as missing", () => {
  test.each([
    ["when it isn't a name", "`REL-05`, by looking", ["by looking"]],
    ["when no title begins with it", "`REL-05`, `REL-999`", ["`REL-999`"]],
    ["when no such script is there", "`npm run chaos`, `npm run nothing`", ["`npm run nothing`"]],
    ["when no difference has its number", "`npm run conformance` (#999)", ["`npm run conformance` (#999)"]],
  ])("%s", (_, shownBy, found) => {
    expect(missing(shownBy)).toEqual(found);
  });
});
