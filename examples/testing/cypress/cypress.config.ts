import path from "node:path";
import { startSimulator } from "amazon-connect-chatjs/simulator";
import { defineConfig } from "cypress";

export default defineConfig({
  e2e: {
    supportFile: false,
    async setupNodeEvents(on, config) {
      const simulator = await startSimulator({
        control: true,
        serveFiles: {
          "/": path.join(__dirname, "../playwright/page"),
          "/chat.js": require.resolve("amazon-connect-chatjs"),
        },
      });
      on("after:run", () => simulator.close());
      return { ...config, baseUrl: simulator.url };
    },
  },
});
