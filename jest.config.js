"use strict";

// Files are only transpiled here, which keeps the tests fast; `npm run check` checks types.
const transform = {
  "^.+\\.tsx?$": ["ts-jest", { tsconfig: "<rootDir>/test/tsconfig.jest.json", diagnostics: false }],
};

/** The package's own names, as the hooks and their tests import them: the built library, and the hooks' sources. */
const BY_NAME = {
  "^amazon-connect-chatjs$": "<rootDir>/dist/amazon-connect-chat.js",
  "^amazon-connect-chatjs/simulator$": "<rootDir>/dist/simulator.js",
  "^amazon-connect-chatjs/react$": "<rootDir>/react/index.ts",
};

/** `npm run matrix` runs the hooks' tests with another version of React, from this folder. */
const { REACT_MODULES } = process.env;
const otherReact = REACT_MODULES ? { "^(react|react-dom)(/.*)?$": `${REACT_MODULES}/$1$2` } : {};

/** One project per kind of test, to run one kind alone: `npx jest --selectProjects unit`. */
const project = (name, more = {}) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  // A file that needs a page starts with `@jest-environment jsdom`.
  testEnvironment: "node",
  transform,
  ...more,
});

/** @type {import("jest").Config} */
module.exports = {
  maxWorkers: 2,
  // Generous, for busy machines; no test measures time.
  testTimeout: 30_000,
  // The integration and browser tests run the built files, which are rebuilt when a source is newer.
  globalSetup: "<rootDir>/test/support/build-if-stale.js",
  // `npm run coverage` covers the library and the simulator's sources; it prints a report and writes coverage/.
  collectCoverageFrom: ["src/**/*.ts", "simulator/**/*.ts", "!src/api/globals.ts"],
  coverageProvider: "v8",
  coverageReporters: ["text", "text-summary", "lcovonly"],
  projects: [
    project("unit", { moduleNameMapper: BY_NAME }),
    // The React hooks in a page, against the simulator, with React's own renderer.
    project("react", {
      testMatch: ["<rootDir>/test/react/**/*.test.tsx"],
      testEnvironment: "<rootDir>/examples/testing/jest-jsdom/environment.js",
      moduleNameMapper: { ...BY_NAME, ...otherReact },
    }),
    project("integration"),
    // Runs the shipped bundle in virtual time; `npm run simulate` covers far more.
    project("simulation"),
    project("compatibility"),
    project("house"),
    project("browser"),
    // One test per case reported from the field, on the shipped bundle; `npm run field -- --bundle FILE` tests another.
    project("field", { testPathIgnorePatterns: ["/node_modules/", "/test/field/matrix/"] }),
    // Compiles the examples against the built declarations.
    project("docs", { globalSetup: "<rootDir>/test/support/types-if-stale.js" }),
    project("types", { globalSetup: "<rootDir>/test/support/types-if-stale.js" }),
    project("package", { globalSetup: "<rootDir>/test/support/package-if-stale.js" }),
  ],
};
