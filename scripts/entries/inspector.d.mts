// The types under `import`: those under `require`.
export * from "./inspector.js";
