import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { read, ROOT } from "./support/markdown";

/** Each row of docs/reliability.md names what shows it: a test by file and title, a scenario, a command; it is there. */

const ROW = /^\| (?<row>.+) \|$/gm;
const NAMED = /`(?<at>test\/\S+|npm run \S+)`(?:, "(?<title>[^"]+)")?/g;

interface Row {
  readonly what: string;
  readonly shownBy: string;
}

const tables = read("docs/reliability.md")
  .split(/^## /m)
  .filter((section) => /^(?:Promises|The rows)/.test(section))
  .map((section) =>
    [...section.matchAll(ROW)].slice(2).map(({ groups }): Row => {
      const cells = (groups?.["row"] ?? "").split(" | ").map((cell) => cell.trim());
      return { what: cells.slice(0, -1).join(" "), shownBy: cells.at(-1) ?? "" };
    }),
  );

const scenarios = readdirSync(path.join(ROOT, "conformance/scenarios"))
  .map((file) => read(`conformance/scenarios/${file}`))
  .join("\n");
const scripts = JSON.parse(read("package.json")) as { readonly scripts: Readonly<Record<string, string>> };

/** What of a row's last cell is not there; a cell that names nothing lacks a name. */
function missing(shownBy: string): string[] {
  const named = [...shownBy.matchAll(NAMED)].map(({ groups }) => ({ at: "", title: undefined, ...groups }));
  if (named.length === 0) return ["a name"];
  return named.flatMap(({ at, title }: { at: string; title: string | undefined }) => {
    const command = at.startsWith("npm run ") ? at.slice("npm run ".length) : null;
    if (command !== null && !(command in scripts.scripts)) return [at];
    if (command !== null && title === undefined) return [];
    if (command === null && (title === undefined || !existsSync(path.join(ROOT, at)))) return [at];
    const text = command === null ? read(at) : scenarios;
    // A title stands as a call's first argument, or on a line of its own.
    return text.includes(`("${title ?? ""}"`) || text.includes(`\n  "${title ?? ""}",`) ? [] : [title ?? at];
  });
}

test("the promises are there, and the rows of what others suffer from, by their numbers", () => {
  const [promises = [], rows = []] = tables;
  expect(promises.length).toBeGreaterThan(5);
  expect(rows.map(({ what }) => Number(/^\d+/.exec(what)?.[0]))).toEqual(
    Array.from({ length: 28 }, (_, index) => index + 1),
  );
});

test.each(tables.flat())("$what", ({ shownBy }) => {
  expect(missing(shownBy)).toEqual([]);
});

describe("what is not there is found", () => {
  test.each([
    ["no name at all", "by looking", ["a name"]],
    ["a file without a title", "`test/docs/promises.test.ts`", ["test/docs/promises.test.ts"]],
    ["a file that is not there", '`test/nothing.test.ts`, "a"', ["test/nothing.test.ts"]],
    ["a title that no test has", '`test/docs/links.test.ts`, "no such title"', ["no such title"]],
    ["a scenario that is not there", '`npm run conformance`, "no such scenario"', ["no such scenario"]],
    ["a command that is not there", "`npm run nothing`", ["npm run nothing"]],
  ])("%s", (_, shownBy, found) => {
    expect(missing(shownBy)).toEqual(found);
  });
});
