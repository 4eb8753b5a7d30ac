// Types for `import`. They re-export those for `require`, so that only one file declares the `connect` global.
export * from "./index.js";
