// Types for `import`: the same as for `require`.
export * from "./simulator.js";
