import { describe, expect, test } from "@jest/globals";
import { SNIPPET_KINDS, snippetFor } from "../../../simulator/panel/conversation/snippets";
import { inProject } from "../../support/paths";
import { problemsIn } from "./compiler";

const ENDPOINT = "http://localhost:8080";

describe("the code that connects a page to the simulator", () => {
  test("compiles as a module of an npm project, and reports a use of a method that doesn't exist", () => {
    const code = snippetFor("npm", ENDPOINT);
    const problems = (text: string): string[] =>
      problemsIn(new Map([[inProject("test/unit/panel/snippet.ts"), text]]));
    expect(problems(code)).toEqual([]);
    expect(problems(code.replace("onMessage", "onNothing")).join("\n")).toContain(
      "'onNothing' does not exist",
    );
  }, 120_000);

  test("loads the library from the simulator in a page without a bundler", () => {
    expect(snippetFor("script", ENDPOINT)).toMatch(
      /^<script src="http:\/\/localhost:8080\/amazon-connect-chat\.js"><\/script>\n<script type="module">\n {2}const[^]*\n<\/script>$/,
    );
  });

  test.each(SNIPPET_KINDS)("checks the response, shows messages, and sends no metrics: %s", (kind) => {
    const code = snippetFor(kind, ENDPOINT);
    for (const part of ["if (!response.ok) throw", "session.onMessage(", "disableCSM: true"])
      expect(code).toContain(part);
  });
});
