import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { anchorsOf, PAGES, proseOf, read, ROOT } from "./support/markdown";

/** Every link to something of this repository leads there, and every anchor to a heading. */

const LINK = /\]\(<?(?<target>[^)\s>]+)>?(?: "[^"]*")?\)/g;

/** Pages that are being written; take each off when it is there. */
const TO_COME: readonly string[] = [];

/** Links that lead nowhere, of a page's text. */
function brokenLinks(page: string, text: string): string[] {
  return [...proseOf(text).matchAll(LINK)].flatMap(({ groups }) => {
    const target = groups?.["target"] ?? "";
    if (/^[a-z]+:/i.test(target)) return [];
    const [file = "", anchor] = target.split("#");
    const at = file === "" ? page : path.posix.join(path.posix.dirname(page), decodeURI(file));
    if (TO_COME.includes(at)) return [];
    if (file !== "" && (at.startsWith("..") || !existsSync(path.join(ROOT, at)))) return [target];
    if (anchor === undefined || !at.endsWith(".md")) return [];
    return anchorsOf(file === "" ? text : read(at)).has(anchor) ? [] : [target];
  });
}

test("there are pages to look at", () => {
  expect(PAGES).toEqual(expect.arrayContaining(["README.md", "CHANGELOG.md", "docs/simulator.md"]));
});

test("what is to come is not there yet", () => {
  expect(TO_COME.filter((page) => PAGES.includes(page))).toEqual([]);
});

test.each(PAGES)("%s", (page) => {
  expect(brokenLinks(page, read(page))).toEqual([]);
});

describe("what is broken is found", () => {
  test.each([
    ["a file that is not there", "[a](nothing.md)", ["nothing.md"]],
    ["an anchor that is not there", "[a](../README.md#nothing)", ["../README.md#nothing"]],
    ["one on the page itself", "# Title\n[a](#titel) [b](#title)", ["#titel"]],
    ["a way out of the repository", "[a](../../README.md)", ["../../README.md"]],
    ["an image", "![a](images/nothing.svg)", ["images/nothing.svg"]],
    ["nothing in a block of code", "```md\n[a](nothing.md)\n```", []],
  ])("%s", (_, text, broken) => {
    expect(brokenLinks("docs/page.md", text)).toEqual(broken);
  });
});
