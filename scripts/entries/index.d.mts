// The `import` types re-export the `require` types, so only one file declares the `connect` global.
export * from "./index.js";
