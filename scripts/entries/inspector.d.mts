// Types for `import`: the same as for `require`.
export * from "./inspector.js";
