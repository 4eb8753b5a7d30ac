import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { Application } from "../../package/support/application";

/** Tests Vitest with jsdom 29, whose WebSocket differs from the WebSocket in this repository's jsdom version. */

jest.setTimeout(600_000);

let application: Application;
beforeAll(() => {
  application = new Application();
  application.install("vitest@4.1.12", "jsdom@29.0.2", "ws@8.18.3");
  application.copy("examples/testing/vitest-jsdom", ".");
  application.copy("examples/testing/vitest/fake-timers.test.ts", "fake-timers.test.ts");
});
afterAll(() => application.remove());

const runTests = (): string => stripVTControlCharacters(application.run("npx", "vitest", "run"));

test("E10: with the documented setup, tests with real and fake timers can chat with the simulator", () => {
  expect(runTests()).toMatch(/Tests +2 passed/);
});

test("E10: jsdom's own WebSocket fails as documented", () => {
  application.write("setup.mjs", "");
  expect(runTests).toThrow('The "event" argument must be an instance of Event');
});
