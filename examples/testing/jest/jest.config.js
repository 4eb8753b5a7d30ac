/** @type {import("jest").Config} */
module.exports = {
  preset: "ts-jest",
  // Node 22 and later have a WebSocket; Node 20 is given one.
  setupFiles: ["./setup.js"],
};
