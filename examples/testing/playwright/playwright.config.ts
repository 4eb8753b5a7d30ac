import { defineConfig } from "@playwright/test";

// Uses the browser at CHROME_PATH. If CHROME_PATH isn't set, uses Playwright's own browser.
const executablePath = process.env["CHROME_PATH"];

export default defineConfig({
  use: {
    launchOptions: executablePath ? { executablePath, args: ["--no-sandbox", "--disable-gpu"] } : {},
  },
});
