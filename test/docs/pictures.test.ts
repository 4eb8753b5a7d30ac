/** @jest-environment jsdom */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { inProject } from "../support/paths";

/** A browser doesn't display an `<img>` whose SVG file isn't well-formed XML. */

const FOLDER = inProject("docs/images");
const PICTURES = readdirSync(FOLDER).filter((file) => file.endsWith(".svg"));

function problemOf(text: string): string | null {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  // cspell:ignore parsererror
  return parsed.querySelector("parsererror")?.textContent ?? null;
}

test.each(PICTURES)("%s is well-formed SVG", (file) => {
  const text = readFileSync(path.join(FOLDER, file), "utf8");
  expect(problemOf(text)).toBeNull();
  expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
});

describe("the SVG check", () => {
  test.each([
    ["reports a duplicate attribute", '<svg xmlns="http://www.w3.org/2000/svg"><text x="1" x="2"/></svg>'],
    ["reports an unclosed element", '<svg xmlns="http://www.w3.org/2000/svg"><g></svg>'],
  ])("%s", (_, text) => {
    expect(problemOf(text)).not.toBeNull();
  });
});
