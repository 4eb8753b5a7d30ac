import { defineConfig } from "@playwright/test";

// Uses the browser at CHROME_PATH if it is set, or Playwright's own.
const executablePath = process.env["CHROME_PATH"];

export default defineConfig({
  use: {
    launchOptions: executablePath ? { executablePath, args: ["--no-sandbox", "--disable-gpu"] } : {},
  },
});
