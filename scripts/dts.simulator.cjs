"use strict";

/** The simulator's types, in one file. */
module.exports = {
  compilationOptions: { preferredConfigPath: "../simulator/tsconfig.json" },
  entries: [
    {
      filePath: "../simulator/index.ts",
      outFile: "../dist/simulator.d.ts",
      libraries: { allowedTypesLibraries: [] },
      output: { noBanner: true, exportReferencedTypes: false },
    },
  ],
};
