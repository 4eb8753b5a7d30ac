// The types under `import`: those under `require`, so that one file alone declares the `connect` global.
export * from "./index.js";
