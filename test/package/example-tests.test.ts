import { readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { Application, ROOT } from "./support/application";

/** The tests of examples/testing, run by their own runners in an application that has the package. */

jest.setTimeout(120_000);

/** The folder of each example, what it needs beside the package, and how it is run. */
const EXAMPLES = [
  {
    example: "jest",
    program: "jest",
    needs: ["jest", "ts-jest", "typescript", "ws", "@jest/globals"],
    args: ["--ci"],
  },
  {
    example: "jest-jsdom",
    program: "jest",
    needs: ["jest", "jest-environment-jsdom", "ts-jest", "typescript", "@jest/globals"],
    args: ["--ci"],
  },
  { example: "vitest", program: "vitest", needs: ["vitest", "ws"], args: ["run"] },
  { example: "playwright", program: "playwright", needs: ["@playwright/test"], args: ["test"] },
] as const;

let application: Application;
beforeAll(() => {
  application = new Application();
  application.link(...new Set(EXAMPLES.flatMap(({ needs }) => [...needs])));
  application.link("@types/node");
});
afterAll(() => application.remove());

test.each(EXAMPLES)("$example", ({ example, program, args }) => {
  application.copy(`examples/testing/${example}`, example);
  const { status, stdout, stderr } = application.tryBin(program, args, example);
  const output = stripVTControlCharacters(stdout + stderr);
  expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/\b1 passed/) });
});

test.each(EXAMPLES)("the guide shows $example's example as it is", ({ example }) => {
  const guide = readFileSync(path.join(ROOT, "docs/testing.md"), "utf8");
  const text = readFileSync(path.join(ROOT, `examples/testing/${example}/chat.test.ts`), "utf8");
  expect(guide).toContain(`\`\`\`ts\n${text}\`\`\``);
});
