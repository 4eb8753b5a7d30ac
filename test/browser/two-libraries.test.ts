import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { startSimulator, type Simulator } from "../../simulator/index";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { ROOT } from "../support/paths";

jest.setTimeout(60_000);

type Script = "upstream" | "ours" | "streams";

/** Whether the global ChatSession is ours, and which version ChatJS reports. */
interface Found {
  readonly isOurs: boolean;
  readonly version: string;
}

describeInBrowser("connect.ChatJS with several libraries in one page", () => {
  let browser: Browser;
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator({
      serveFiles: {
        "/page.html": join(__dirname, "support/streams/page.html"),
        "/upstream.js": join(ROOT, "node_modules/upstream-chatjs/dist/amazon-connect-chat.js"),
        "/ours.js": join(ROOT, "dist/amazon-connect-chat.js"),
        "/streams.js": require.resolve("amazon-connect-streams"),
      },
    });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await simulator.close();
  });

  async function load(scripts: readonly Script[]): Promise<Found> {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(`${simulator.url}/page.html`);
      for (const script of scripts) await page.addScriptTag({ url: `/${script}.js` });
      return await page.evaluate(() => {
        const { ChatSession, ChatJS } = window.connect;
        // Only our library has this class.
        return { isOurs: "ChatError" in ChatSession, version: ChatJS.version };
      });
    } finally {
      await context.close();
    }
  }

  const UPSTREAMS = { isOurs: false, version: "5.0.0" };
  const OURS = { isOurs: true, version: "6.0.0-alpha.0" };

  test.each<[string, Found, Script[]]>([
    ["upstream alone", UPSTREAMS, ["upstream"]],
    ["ours alone", OURS, ["ours"]],
    ["upstream, then ours", UPSTREAMS, ["upstream", "ours"]],
    ["ours, then upstream", OURS, ["ours", "upstream"]],
    ["ours twice", OURS, ["ours", "ours"]],
    ["ours, upstream, ours", OURS, ["ours", "upstream", "ours"]],
    ["upstream, ours, upstream", UPSTREAMS, ["upstream", "ours", "upstream"]],
    ["Streams, ours, upstream", OURS, ["streams", "ours", "upstream"]],
    ["Streams, upstream, ours", UPSTREAMS, ["streams", "upstream", "ours"]],
    ["ours, Streams, upstream", OURS, ["ours", "streams", "upstream"]],
    ["upstream, ours, Streams", UPSTREAMS, ["upstream", "ours", "streams"]],
  ])("always reports the version of the ChatSession in the global: %s", async (_order, expected, scripts) => {
    expect(await load(scripts)).toEqual(expected);
  });
});
