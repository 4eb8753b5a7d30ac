import { defineConfig } from "vitest/config";

// Node 22 and later have a built-in WebSocket. The setup file adds one to Node 20.
export default defineConfig({ test: { setupFiles: ["./setup.mjs"] } });
