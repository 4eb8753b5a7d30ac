"use strict";

/** The types for interactive messages, in one file. */
module.exports = {
  compilationOptions: { preferredConfigPath: "../interactive/tsconfig.json" },
  entries: [
    {
      filePath: "../interactive/index.ts",
      outFile: "../dist/interactive.d.ts",
      libraries: { allowedTypesLibraries: [] },
      output: { noBanner: true, exportReferencedTypes: false },
    },
  ],
};
