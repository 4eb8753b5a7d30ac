"use strict";

/** The library's types, in one file. It includes the SDK types it needs, so applications don't need the SDK. */
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
