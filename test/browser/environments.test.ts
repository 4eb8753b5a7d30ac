import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { startSimulator, type Simulator } from "../../simulator";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { WENT_WELL, wholeChat, type WholeChat } from "./support/whole-chat";

const BUNDLE = resolve(__dirname, "../../dist/amazon-connect-chat.js");

jest.setTimeout(60_000);

/** In a worker: runs the chat that it is sent, and answers with what happened. */
const RUN = `
  const wholeChat = ${wholeChat.toString()};
  onmessage = ({ data }) => wholeChat(data).then(
    (told) => postMessage({ told, globals: typeof window + " " + typeof document }),
    (error) => postMessage({ told: String(error) }),
  );
  postMessage("ready");
`;

const FILES = {
  "/page.html": `<!doctype html><title>Page</title><link rel="icon" href="data:,">`,
  "/classic-worker.js": `importScripts("/library.js"); ${RUN}`,
  "/module-worker.js": `import "/library.js"; ${RUN}`,
};

/** Takes away what some surroundings do not have, before the library runs. */
const IMPOVERISH = `
  for (const name of ["MessageChannel", "SharedWorker", "crypto", "requestIdleCallback"]) {
    Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
  }
  Object.defineProperty(navigator, "onLine", { value: undefined });
  Object.defineProperty(document, "visibilityState", { value: undefined });
  for (const name of ["any", "timeout"]) delete AbortSignal[name];
  delete Promise.withResolvers;
  delete globalThis.structuredClone;
`;

describeInBrowser("a whole chat goes well", () => {
  let folder: string;
  let simulator: Simulator;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "environments-"));
    for (const [path, text] of Object.entries(FILES)) writeFileSync(join(folder, path), text);
    simulator = await startSimulator({ serveFiles: { "/": folder, "/library.js": BUNDLE } });
    simulator.setView("view", { Id: "view", Name: "View" });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  async function open(): Promise<void> {
    page = await browser.newPage();
    complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
  }

  const chat = (): WholeChat => ({ endpoint: simulator.url, viewToken: "view", disableCSM: true });

  test.each(["classic", "module"] as const)("in a %s worker", async (type) => {
    await open();
    await page.goto(`${simulator.url}/page.html`);
    const answer = await page.evaluate(
      ([kind, given]) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(`/${kind}-worker.js`, { type: kind });
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.onmessage = ({ data }) => {
            if (data === "ready") worker.postMessage(given);
            else resolve(data);
          };
        }),
      [type, chat()] as const,
    );
    expect(answer).toEqual({ told: WENT_WELL, globals: "undefined undefined" });
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("in a page without MessageChannel, crypto, SharedWorker, onLine and visibility", async () => {
    await open();
    await page.addInitScript(IMPOVERISH);
    await page.goto(`${simulator.url}/page.html`);
    await page.addScriptTag({ url: "/library.js" });
    const lacks = "typeof MessageChannel + typeof crypto + navigator.onLine + document.visibilityState";
    expect(await page.evaluate(lacks)).toBe("undefinedundefinedundefinedundefined");
    expect(await page.evaluate(wholeChat, chat())).toEqual(WENT_WELL);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
