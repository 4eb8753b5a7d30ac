/** @type {import("jest").Config} */
module.exports = {
  preset: "ts-jest",
  // Node 22 and later have a built-in WebSocket. The setup file adds one to Node 20.
  setupFiles: ["./setup.js"],
};
