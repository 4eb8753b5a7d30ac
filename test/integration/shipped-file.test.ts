import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "../support/paths";

test("the shipped file starts with a line with its name, version and license, and the source map allows for that line", () => {
  const read = (path: string): string => readFileSync(resolve(ROOT, path), "utf8");
  const { name, version, license } = JSON.parse(read("package.json")) as Record<string, string>;
  const file = "dist/amazon-connect-chat.js";
  expect(read(file).split("\n")[0]).toBe(`/*! ${name} ${version}, ${license} */`);
  const { mappings } = JSON.parse(read(`${file}.map`)) as { mappings: string };
  expect(mappings).toMatch(/^;[^;]/);
});
