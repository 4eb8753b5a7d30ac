import { readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { Application, ROOT } from "./support/application";

/** The tests of examples/testing, run by their own runners in an application that has the package. */

jest.setTimeout(120_000);

/** What each example needs beside the package, and how it is run. */
const EXAMPLES = [
  { runner: "jest", needs: ["jest", "ts-jest", "typescript", "ws", "@jest/globals"], args: ["--ci"] },
  { runner: "vitest", needs: ["vitest", "ws"], args: ["run"] },
  { runner: "playwright", needs: ["@playwright/test"], args: ["test"] },
] as const;

let application: Application;
beforeAll(() => {
  application = new Application();
  application.link(...new Set(EXAMPLES.flatMap(({ needs }) => [...needs])));
  application.link("@types/node");
});
afterAll(() => application.remove());

test.each(EXAMPLES)("$runner", ({ runner, args }) => {
  application.copy(`examples/testing/${runner}`, runner);
  const { status, stdout, stderr } = application.tryBin(runner, args, runner);
  const output = stripVTControlCharacters(stdout + stderr);
  expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/\b1 passed/) });
});

test.each(EXAMPLES)("the guide shows $runner's example as it is", ({ runner }) => {
  const guide = readFileSync(path.join(ROOT, "docs/testing.md"), "utf8");
  const example = readFileSync(path.join(ROOT, `examples/testing/${runner}/chat.test.ts`), "utf8");
  expect(guide).toContain(`\`\`\`ts\n${example}\`\`\``);
});
