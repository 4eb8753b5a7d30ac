import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "@jest/globals";
import { chromium, type Browser } from "playwright-core";
import { findProgram } from "./engines/program";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const APPLICATIONS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  // cspell:ignore LOCALAPPDATA
  win32: [process.env["ProgramFiles"], process.env["ProgramFiles(x86)"], process.env["LOCALAPPDATA"]]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      join(folder, "Google", "Chrome", "Application", "chrome.exe"),
      join(folder, "Chromium", "Application", "chrome.exe"),
    ]),
};

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const HOW_TO_GET_IT =
  "Chromium or Chrome was not found. Install one (for example `apt-get install chromium`) or set CHROME_PATH to its executable.";

/** Finds Chromium or Chrome: `CHROME_PATH`, or else the usual locations. */
export function findChromium(): string | undefined {
  const configured = process.env["CHROME_PATH"];
  if (configured) return configured;
  return findProgram(...NAMES) ?? APPLICATIONS[process.platform]?.find((file) => existsSync(file));
}

export function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(HOW_TO_GET_IT);
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

/** `describe` for tests that need a browser. Without one, they are skipped with a message, or fail on CI. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (findChromium() !== undefined) describe(name, tests);
  else if (process.env["CI"] === "true") {
    describe(name, () => {
      test("finds a browser", () => {
        throw new Error(HOW_TO_GET_IT);
      });
    });
  } else {
    process.stderr.write(`Browser tests are skipped. ${HOW_TO_GET_IT}\n`);
    describe.skip(name, tests);
  }
}
