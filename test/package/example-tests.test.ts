import { readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { Application, ROOT } from "./support/application";

/** Runs the tests in examples/testing with their own runners in an application that installs the package. */

jest.setTimeout(120_000);

/** Each example's folder, tests, runner, extra packages and arguments. */
const EXAMPLES = [
  {
    example: "jest",
    tests: ["chat", "fake-timers"],
    program: "jest",
    needs: ["jest", "ts-jest", "typescript", "ws", "@jest/globals"],
    args: ["--ci"],
  },
  {
    example: "jest-jsdom",
    tests: ["chat"],
    program: "jest",
    needs: ["jest", "jest-environment-jsdom", "ts-jest", "typescript", "@jest/globals"],
    args: ["--ci"],
  },
  {
    example: "vitest",
    tests: ["chat", "fake-timers"],
    program: "vitest",
    needs: ["vitest", "ws"],
    args: ["run"],
  },
  {
    example: "vitest-jsdom",
    tests: ["chat"],
    program: "vitest",
    needs: ["vitest", "jsdom", "ws"],
    args: ["run"],
  },
  {
    example: "playwright",
    tests: ["chat"],
    program: "playwright",
    needs: ["@playwright/test"],
    args: ["test"],
  },
] as const;

let application: Application;
beforeAll(() => {
  application = new Application();
  application.link(...new Set(EXAMPLES.flatMap(({ needs }) => [...needs])));
  application.link("@types/node");
});
afterAll(() => application.remove());

test.each(EXAMPLES)("the tests in examples/testing/$example pass", ({ example, tests, program, args }) => {
  application.copy(`examples/testing/${example}`, example);
  const { status, stdout, stderr } = application.tryBin(program, args, example);
  const output = stripVTControlCharacters(stdout + stderr);
  expect({ status, output }).toEqual({
    status: 0,
    output: expect.stringContaining(`${tests.length} passed`),
  });
});

test.each(
  EXAMPLES.flatMap(({ example, tests }) =>
    tests.map((name) => `examples/testing/${example}/${name}.test.ts`),
  ),
)("docs/testing.md shows %s unchanged", (file) => {
  const guide = readFileSync(path.join(ROOT, "docs/testing.md"), "utf8");
  expect(guide).toContain(`\`\`\`ts\n${readFileSync(path.join(ROOT, file), "utf8")}\`\`\``);
});
