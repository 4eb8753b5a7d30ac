import { beforeAll, expect, test } from "@jest/globals";
import { compileExamples, type Compiled } from "./support/compiler";
import { blocksOf, PAGES } from "./support/markdown";

/** Every example of the guides compiles against the declarations that are published. */

const WRONG = "docs/wrong.md";

/** A page whose three programs are wrong, each in its last line. */
const wrongPage = [
  "# A page",
  "```ts",
  'import { ChatSession } from "amazon-connect-chatjs";',
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

let compiled: Compiled;

// All in one program, which is what takes the time.
beforeAll(() => {
  compiled = compileExamples([...PAGES.flatMap((page) => blocksOf(page)), ...blocksOf(WRONG, wrongPage)]);
}, 120_000);

const isOfWrongPage = (error: string): boolean => error.startsWith(WRONG);

test("the examples compile", () => {
  expect(compiled.errors.filter((error) => !isOfWrongPage(error))).toEqual([]);
  expect(compiled.count).toBeGreaterThan(50);
});

test("one that does not is told by its page and line", () => {
  const errors = compiled.errors.filter(isOfWrongPage).map((error) => error.split(" ", 2).join(" "));
  expect(errors.sort()).toEqual([`${WRONG}:12 TS2551`, `${WRONG}:4 TS2551`, `${WRONG}:7 TS2561`]);
});
