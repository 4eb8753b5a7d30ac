/** @jest-environment jsdom */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { inProject } from "../support/paths";

/** A browser shows nothing of an SVG file that is not well-formed XML, where it stands in an `<img>`. */

const FOLDER = inProject("docs/images");
const PICTURES = readdirSync(FOLDER).filter((file) => file.endsWith(".svg"));

function problemOf(text: string): string | null {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  return parsed.querySelector("parsererror")?.textContent ?? null;
}

test.each(PICTURES)("%s can be shown", (file) => {
  const text = readFileSync(path.join(FOLDER, file), "utf8");
  expect(problemOf(text)).toBeNull();
  expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
});

describe("what is broken is found", () => {
  test.each([
    ["an attribute that stands twice", '<svg xmlns="http://www.w3.org/2000/svg"><text x="1" x="2"/></svg>'],
    ["an element that does not end", '<svg xmlns="http://www.w3.org/2000/svg"><g></svg>'],
  ])("%s", (_, text) => {
    expect(problemOf(text)).not.toBeNull();
  });
});
