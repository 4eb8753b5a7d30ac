"use strict";

/** The inspector's types, in one file. */
module.exports = {
  compilationOptions: { preferredConfigPath: "../inspector/tsconfig.json" },
  entries: [
    {
      filePath: "../inspector/index.ts",
      outFile: "../dist/inspector.d.ts",
      libraries: { inlinedLibraries: ["@aws-sdk/client-connectparticipant"], allowedTypesLibraries: [] },
      output: { noBanner: true, exportReferencedTypes: false },
    },
  ],
};
