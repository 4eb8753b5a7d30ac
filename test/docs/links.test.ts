import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { anchorsOf, PAGES, proseOf, read, ROOT } from "./support/markdown";

/** Every link into this repository must have a target, and every anchor a heading. */

const LINK = /\]\(<?(?<target>[^)\s>]+)>?(?: "[^"]*")?\)/g;

/** Pages that don't exist yet. Broken links to these pages are allowed. Remove a page from the list when it exists. */
const PLANNED_PAGES: readonly string[] = [];

/** Returns the broken links in a page's text. */
function brokenLinks(page: string, text: string): string[] {
  return [...proseOf(text).matchAll(LINK)].flatMap(({ groups }) => {
    const target = groups?.["target"] ?? "";
    if (/^[a-z]+:/i.test(target)) return [];
    const [file = "", anchor] = target.split("#");
    const at = file === "" ? page : path.posix.join(path.posix.dirname(page), decodeURI(file));
    if (PLANNED_PAGES.includes(at)) return [];
    if (file !== "" && (at.startsWith("..") || !existsSync(path.join(ROOT, at)))) return [target];
    if (anchor === undefined || !at.endsWith(".md")) return [];
    return anchorsOf(file === "" ? text : read(at)).has(anchor) ? [] : [target];
  });
}

test("the checked pages include the README, the changelog and the guides", () => {
  expect(PAGES).toEqual(expect.arrayContaining(["README.md", "CHANGELOG.md", "docs/simulator.md"]));
});

test("no page in PLANNED_PAGES exists yet", () => {
  expect(PLANNED_PAGES.filter((page) => PAGES.includes(page))).toEqual([]);
});

test.each(PAGES)("%s has no broken links", (page) => {
  expect(brokenLinks(page, read(page))).toEqual([]);
});

describe("the link check", () => {
  test.each([
    ["reports a missing file", "[a](nothing.md)", ["nothing.md"]],
    ["reports a missing anchor on another page", "[a](../README.md#nothing)", ["../README.md#nothing"]],
    ["reports a missing anchor on the same page", "# Title\n[a](#subtitle) [b](#title)", ["#subtitle"]],
    ["reports a path outside the repository", "[a](../../README.md)", ["../../README.md"]],
    ["reports a missing image", "![a](images/nothing.svg)", ["images/nothing.svg"]],
    ["ignores code blocks", "```md\n[a](nothing.md)\n```", []],
  ])("%s", (_, text, broken) => {
    expect(brokenLinks("docs/page.md", text)).toEqual(broken);
  });
});
