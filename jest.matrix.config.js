"use strict";

const { projects } = require("./jest.config.js");

// Tests that install a toolchain from the registry: `npm run matrix`, not part of `npm test`.
module.exports = {
  ...projects.find(({ displayName }) => displayName === "package"),
  displayName: "matrix",
  testMatch: ["<rootDir>/test/field/matrix/**/*.test.ts"],
  maxWorkers: 1,
  testTimeout: 600_000,
};
