import { beforeAll, expect, test } from "@jest/globals";
import { compileExamples, type CompilationResult } from "./support/compiler";
import { DECLARATIONS, examplesOf } from "./support/docstrings";
import { blocksOf, PAGES } from "./support/markdown";

/** Compiles all examples in the guides and public docstrings against the published declarations. */

const WRONG = "docs/wrong.md";

/** A page with three programs, each with an error in its last line. */
const wrongPage = [
  "# A page",
  "```ts",
  'import { ChatSession } from "amazon-connect-chatjs";',
  // cspell:ignore creat Mesage
  "ChatSession.creat();",
  "```",
  "```js",
  'session.sendMessage({ massage: "Hello" });',
  "```",
  "```html",
  '<script src="a.js"></script>',
  "<script>",
  "  session.onMesage(() => {});",
  "</script>",
  "```",
  "```sh",
  "not a program",
  "```",
].join("\n");

/** A docstring whose example has an error in its last line. */
const WRONG_DOCSTRING = "src/api/wrong.ts";
const wrongDocstring = [
  "interface Session {",
  "  /**",
  "   * Sends a message.",
  "   * @throws as a rejection: IllegalArgument",
  "   * @example",
  '   * const args = { contentType: "text/plain" } as const;',
  "   *",
  "   * session.sendMessage(args);",
  "   * @default nothing",
  "   */",
  "  send(): void;",
  "}",
].join("\n");

const docstrings = DECLARATIONS.flatMap((file) => examplesOf(file));

let compiled: CompilationResult;

// All examples are compiled in one program, because creating programs is slow.
beforeAll(() => {
  compiled = compileExamples([
    ...PAGES.flatMap((page) => blocksOf(page)),
    ...blocksOf(WRONG, wrongPage),
    ...docstrings,
    ...examplesOf(WRONG_DOCSTRING, wrongDocstring),
  ]);
}, 120_000);

const isExpected = (error: string): boolean => error.startsWith(WRONG) || error.startsWith(WRONG_DOCSTRING);

test("all examples in the guides and docstrings compile", () => {
  expect(compiled.errors.filter((error) => !isExpected(error))).toEqual([]);
  expect(compiled.count).toBeGreaterThan(50);
  expect(docstrings.length).toBeGreaterThan(10);
});

test("an example that doesn't compile is reported with its page and line", () => {
  const errors = compiled.errors.filter(isExpected).map((error) => error.split(" ", 2).join(" "));
  expect(errors.sort()).toEqual([
    `${WRONG}:12 TS2551`,
    `${WRONG}:4 TS2551`,
    `${WRONG}:7 TS2561`,
    `${WRONG_DOCSTRING}:8 TS2345`,
  ]);
});
