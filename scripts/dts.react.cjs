"use strict";

/** The types of the React hooks, in one file that imports the library's types. */
module.exports = {
  compilationOptions: { preferredConfigPath: "../react/tsconfig.types.json" },
  entries: [
    {
      filePath: "../react/index.ts",
      outFile: "../dist/react.d.ts",
      libraries: { importedLibraries: ["amazon-connect-chatjs"], allowedTypesLibraries: [] },
      output: { noBanner: true, exportReferencedTypes: false },
    },
  ],
};
