import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { startSimulator, type Simulator } from "../../../simulator/index";
import { Application, ROOT } from "../../package/support/application";
import { chatIn } from "./support/bundled-chat";

jest.setTimeout(600_000);

let application: Application;
let simulator: Simulator;
beforeAll(async () => {
  application = new Application();
  application.install("webpack@4.47.0", "webpack-cli@4.10.0");
  application.install("babel-loader@8.4.1", "@babel/core@7.28.5", "@babel/preset-env@7.28.5");
  application.write(
    "src/index.js",
    `import { ChatSession } from "amazon-connect-chatjs";
    window.start(ChatSession);`,
  );
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator.close();
  application.remove();
});

/** The configuration in docs/migrating.md for webpack 4. */
function documentedConfiguration(): string {
  const guide = readFileSync(path.join(ROOT, "docs/migrating.md"), "utf8");
  return /```js\n(?<code>[^`]*babel-loader[^`]*)```/.exec(guide)?.groups?.["code"] ?? "";
}

const build = (): string => application.run("npx", "webpack", "--mode", "production");

test("E7: webpack 4 needs the documented rule to bundle the library, and the bundle can then chat", async () => {
  expect(build).toThrow("You may need an appropriate loader to handle this file type");
  application.write("webpack.config.js", documentedConfiguration());
  build();
  const bundle = readFileSync(application.path("dist/main.js"), "utf8");
  expect(await chatIn(simulator, bundle)).toBe("You said: Hello");
});
