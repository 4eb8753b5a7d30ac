import { cpSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { startSimulator, type Simulator } from "../../simulator/index";
import { describeInBrowser, launchChromium } from "../browser/support/chromium";
import { Application } from "./support/application";

/** Loads the package through bundlers and script tags, and exchanges messages on each page. */

jest.setTimeout(60_000);
const TIMEOUT_MS = 15_000;

/** A page imports the library for its global, by name, or together with the inspector. */
const STYLES = ["global", "named", "inspector"] as const;

const pageWith = (scripts: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title><link rel="icon" href="data:,"><body>${scripts}</body></html>`;

/** Builds out/<bundler>/<style>.html from pages/<style>.js with each bundler, with minimal configuration. */
const BUNDLERS: Readonly<Record<string, (application: Application) => void>> = {
  webpack(application) {
    application.write(
      "webpack.config.js",
      `module.exports = {
        mode: "production",
        entry: { ${STYLES.map((style) => `${style}: "./pages/${style}.js"`).join(", ")} },
        output: { path: require("node:path").resolve("out/webpack") },
        performance: { hints: false },
      };`,
    );
    application.runBin("webpack", []);
    copyPages(application, "webpack");
  },
  esbuild(application) {
    const entries = STYLES.map((style) => `pages/${style}.js`);
    application.runBin("esbuild", [...entries, "--bundle", "--minify", "--outdir=out/esbuild"]);
    copyPages(application, "esbuild");
  },
  vite(application) {
    application.write(
      "vite.config.mjs",
      `export default {
        root: "pages",
        base: "./",
        logLevel: "warn",
        build: {
          outDir: "../out/vite",
          rolldownOptions: { input: [${STYLES.map((style) => `"pages/${style}.html"`).join(", ")}] },
        },
      };`,
    );
    application.runBin("vite", ["build"]);
  },
};

/** Copies the pages for bundlers that only build scripts. Vite also builds the pages. */
function copyPages(application: Application, bundler: string): void {
  for (const style of STYLES) {
    cpSync(application.path("pages", `${style}.html`), application.path("out", bundler, `${style}.html`));
  }
}

describeInBrowser("a page", () => {
  let application: Application;
  let simulator: Simulator;
  let browser: Browser;
  let problems: string[];

  beforeAll(async () => {
    application = new Application();
    application.copy("test/package/pages", "pages");
    for (const style of STYLES) {
      application.write(
        `pages/${style}.html`,
        pageWith(`<script type="module" src="./${style}.js"></script>`),
      );
    }
    simulator = await startSimulator({ serveFiles: { "/": application.folder } });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await simulator.close();
    application.remove();
  });

  async function open(address: string): Promise<{ page: Page; contactId: string }> {
    const page = await browser.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    problems = [];
    page.on("pageerror", ({ message }) => problems.push(message));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text());
    });
    const [response] = await Promise.all([
      page.waitForResponse(/\/start-chat$/),
      page.goto(`${simulator.url}/${address}`),
    ]);
    const { ContactId } = (await response.json()) as { ContactId: string };
    return { page, contactId: ContactId };
  }

  /** Expects the customer's message to be echoed back, and the agent's reply to be delivered. */
  async function expectMessagesBothWays(page: Page, contactId: string): Promise<void> {
    await page.getByText("CUSTOMER: Hello").waitFor();
    simulator.contact(contactId).say("Good day", { role: "AGENT" });
    await page.getByText("AGENT: Good day").waitFor();
    expect(problems).toEqual([]);
  }

  async function expectInspectorEntry(page: Page): Promise<void> {
    await page.locator("chat-inspector").locator(".row").filter({ hasText: "SendMessage" }).waitFor();
  }

  describe.each(Object.entries(BUNDLERS))("built by %s", (bundler, bundle) => {
    beforeAll(() => bundle(application));

    test.each(STYLES)("can send and receive messages (import style: %s)", async (style) => {
      const { page, contactId } = await open(`out/${bundler}/${style}.html`);
      await expectMessagesBothWays(page, contactId);
      if (style === "inspector") await expectInspectorEntry(page);
      await page.close();
    });
  });

  test("that loads all files from script tags can send and receive messages, and has their globals", async () => {
    const dist = "/node_modules/amazon-connect-chatjs/dist";
    application.write(
      "tags.html",
      pageWith(`
        <script src="${dist}/amazon-connect-chat.js"></script>
        <script src="${dist}/inspector.js"></script>
        <script src="${dist}/interactive.js"></script>
        <script type="module">
          import { chat } from "./pages/chat.js";
          void chat(connect.ChatSession);
        </script>`),
    );
    const { page, contactId } = await open("tags.html");
    await expectMessagesBothWays(page, contactId);
    await expectInspectorEntry(page);
    const text = await page.evaluate(`(() => {
      const { parseInteractive, quickReply, toPlainText } = ChatInteractive;
      const { contentType, content } = quickReply({ title: "Solved?", elements: ["Yes", "No"] });
      return toPlainText(parseInteractive({ ContentType: contentType, Content: content }));
    })()`);
    expect(text).toBe("Solved?\n1. Yes\n2. No");
    await page.close();
  });
});
