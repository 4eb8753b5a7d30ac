// The `import` types re-export the `require` types.
export * from "./react.js";
