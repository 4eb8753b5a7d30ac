// The `import` types re-export the `require` types.
export * from "./inspector.js";
