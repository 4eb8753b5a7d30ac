// The `import` types re-export the `require` types.
export * from "./interactive.js";
