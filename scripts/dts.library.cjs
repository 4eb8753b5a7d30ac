"use strict";

/** The library's types in one file, with what they take from the SDK inlined: nothing has to be installed beside it. */
module.exports = {
  compilationOptions: { preferredConfigPath: "../tsconfig.json" },
  entries: [
    {
      filePath: "../src/index.ts",
      outFile: "../dist/index.d.ts",
      libraries: {
        inlinedLibraries: ["@aws-sdk/client-connectparticipant"],
        allowedTypesLibraries: [],
      },
      output: { inlineDeclareGlobals: true, noBanner: true, exportReferencedTypes: false },
    },
  ],
};
