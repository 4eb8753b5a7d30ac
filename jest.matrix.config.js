"use strict";

const { projects } = require("./jest.config.js");

// Toolchains that are installed from the registry for the test: `npm run matrix`, outside `npm test`.
module.exports = {
  ...projects.find(({ displayName }) => displayName === "package"),
  displayName: "matrix",
  testMatch: ["<rootDir>/test/field/matrix/**/*.test.ts"],
  maxWorkers: 1,
  testTimeout: 600_000,
};
