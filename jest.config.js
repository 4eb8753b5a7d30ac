"use strict";

// Types are checked by `npm run check`; here each file is only transpiled, which keeps the tests quick.
const transform = {
  "^.+\\.tsx?$": ["ts-jest", { tsconfig: "<rootDir>/test/tsconfig.jest.json", diagnostics: false }],
};

/** One project for each kind of test, so that it can be run alone: `npx jest --selectProjects unit`. */
const project = (name, more = {}) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  // A file that needs a page says so in its first line: @jest-environment jsdom.
  testEnvironment: "node",
  transform,
  ...more,
});

/** @type {import("jest").Config} */
module.exports = {
  maxWorkers: 2,
  // A busy machine is slow; no test measures time.
  testTimeout: 30_000,
  // The integration and browser tests run what is built: it is built anew when a source is newer.
  globalSetup: "<rootDir>/test/support/build-if-stale.js",
  // For `npm run coverage`: the library and the simulator as they are loaded from their sources; printed, and in coverage/.
  collectCoverageFrom: ["src/**/*.ts", "simulator/**/*.ts", "!src/api/globals.ts"],
  coverageProvider: "v8",
  coverageReporters: ["text", "text-summary", "lcovonly"],
  projects: [
    project("unit"),
    project("integration"),
    // Virtual time, on the shipped bundle: `npm run simulate` plays much more of it.
    project("simulation"),
    project("compatibility"),
    project("house"),
    project("browser"),
    // Reports from the field, one test a case, on the shipped bundle: `npm run field -- --bundle FILE` for any other.
    project("field", { testPathIgnorePatterns: ["/node_modules/", "/test/field/matrix/"] }),
    // The examples are compiled against the declarations that are built.
    project("docs", { globalSetup: "<rootDir>/test/support/types-if-stale.js" }),
    project("types", { globalSetup: "<rootDir>/test/support/types-if-stale.js" }),
    project("package", { globalSetup: "<rootDir>/test/support/package-if-stale.js" }),
  ],
};
