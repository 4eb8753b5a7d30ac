import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Application, ROOT } from "../../package/support/application";

/** The tests of the hooks, which `npm test` runs with React 19, with React 18. */

let application: Application;
beforeAll(() => {
  application = new Application();
  application.install("react@18.3.1", "react-dom@18.3.1");
});
afterAll(() => application.remove());

test("React 18 passes all tests of the hooks: one connect and one socket in StrictMode, no render without a change", () => {
  const { status, stderr } = application.tryBin(
    "jest",
    ["--rootDir", ROOT, "--config", `${ROOT}/jest.config.js`, "--selectProjects", "react", "--verbose"],
    ".",
    { REACT_MODULES: application.path("node_modules") },
  );
  expect({ status, output: stderr }).toEqual({
    status: 0,
    output: expect.stringMatching(/Tests: +\d+ passed/),
  });
  expect(stderr).toContain("React 18.3.1: a chat");
});
