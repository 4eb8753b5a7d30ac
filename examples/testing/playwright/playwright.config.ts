import { defineConfig } from "@playwright/test";

// The browser that is installed, where CHROME_PATH names one; Playwright's own otherwise.
const executablePath = process.env["CHROME_PATH"];

export default defineConfig({
  use: {
    launchOptions: executablePath ? { executablePath, args: ["--no-sandbox", "--disable-gpu"] } : {},
  },
});
