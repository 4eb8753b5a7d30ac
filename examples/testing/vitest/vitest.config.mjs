import { defineConfig } from "vitest/config";

// Node 22 and later have a WebSocket; Node 20 is given one.
export default defineConfig({ test: { setupFiles: ["./setup.mjs"] } });
