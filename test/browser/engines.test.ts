import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { startSimulator, type ContactScript, type Simulator } from "../../simulator/index";
import type { CustomerChatSession } from "../../src/index";
import { eventually } from "./support/engines/engine";
import {
  describeInEngine,
  ENGINE,
  launchEngine,
  type EngineBrowser,
  type EnginePage,
} from "./support/engines";
import { SHIPPED_BUNDLE } from "../support/paths";

jest.setTimeout(60_000);

const BUNDLE = SHIPPED_BUNDLE;

declare global {
  interface Window {
    chat: CustomerChatSession;
    texts: (string | undefined)[];
    lost: number;
    isRestored: boolean;
  }
}

/**
 * A page as in the documentation. It resumes its chat after a reload, and disposes of it in `pagehide` unless the
 * browser may restore the page.
 */
function chatPage(): void {
  const { ChatSession } = window.connect;
  ChatSession.setGlobalConfig({ endpoint: location.origin });
  const chat = ChatSession.create({
    type: "CUSTOMER",
    chatDetails: JSON.parse(decodeURIComponent(location.hash.slice(1))) as object,
    disableCSM: true,
    resume: JSON.parse(sessionStorage.getItem("chat") ?? "null") as ReturnType<
      CustomerChatSession["snapshot"]
    >,
  });
  Object.assign(window, { chat, texts: [], lost: 0, isRestored: false });
  chat.onMessage(({ data }) => {
    if (data.Type === "MESSAGE") window.texts.push(data.Content);
    sessionStorage.setItem("chat", JSON.stringify(chat.snapshot()));
  });
  chat.onConnectionLost(() => (window.lost += 1));
  addEventListener("pagehide", (event) => {
    if (!event.persisted) chat.dispose();
  });
  addEventListener("pageshow", (event) => (window.isRestored = event.persisted));
  void chat.connect();
}

const FILES = {
  "page.html": `<!doctype html><title>Page</title><link rel="icon" href="data:,">
    <script src="/library.js"></script><script>(${chatPage.toString()})();</script>`,
  "other.html": `<!doctype html><title>Another page</title><link rel="icon" href="data:,">`,
};

/**
 * Chromium and Firefox reload pages with an open socket instead of restoring them from the back-forward cache. Under
 * automation, Chromium never restores pages.
 */
const RESTORES_PAGES = { chromium: false, firefox: false, webkit: true, wpe: true };

describeInEngine(`in ${ENGINE}, a chat`, () => {
  let folder: string;
  let simulator: Simulator;
  let browser: EngineBrowser;
  let page: EnginePage;
  let contact: ContactScript;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "engines-"));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    simulator = await startSimulator({
      serveFiles: { "/": folder, "/library.js": BUNDLE },
    });
    browser = await launchEngine();
  });

  afterAll(async () => {
    await browser.close();
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    const chatDetails = simulator.startChat();
    contact = simulator.contact(chatDetails.ContactId);
    page = await browser.newPage();
    await page.goto(`${simulator.url}/page.html#${encodeURIComponent(JSON.stringify(chatDetails))}`);
    // The previous test's page may be in the back-forward cache with its socket still open.
    await eventually(
      "A subscription",
      () =>
        simulator.sockets.some(
          ({ subscribed, participantIds }) =>
            subscribed && participantIds.includes(chatDetails.ParticipantId),
        ) || undefined,
    );
  });

  afterEach(() => page.discard());

  const texts = (): Promise<unknown[]> => page.evaluate(() => window.texts);
  const untilText = (text: string): Promise<unknown> =>
    eventually(`"${text}"`, async () => (await texts()).includes(text) || undefined);

  test("delivers each message that was sent during a cut link once, in order", async () => {
    contact.say("before");
    await untilText("before");
    simulator.dropSockets();
    for (const text of ["one", "two", "three"]) contact.say(text);
    await untilText("three");
    expect(await texts()).toEqual(["before", "one", "two", "three"]);
    expect(await page.evaluate(() => window.lost)).toBe(1);
  });

  test("detects a half-open link, and delivers the messages that were sent over it", async () => {
    const resume = simulator.faults.stallSockets();
    contact.say("into the void");
    await eventually("onConnectionLost", () => page.evaluate(() => window.lost > 0 || undefined));
    resume();
    await untilText("into the void");
    expect(await texts()).toEqual(["into the void"]);
  });

  test("continues when the user leaves the page and returns", async () => {
    contact.say("before");
    await untilText("before");
    await page.goto(`${simulator.url}/other.html`);
    contact.say("while away");
    await page.back();
    await untilText("while away");
    await page.evaluate(() => window.chat.sendMessage({ message: "back", contentType: "text/plain" }));
    await untilText("back");
    const isRestored = await page.evaluate(() => window.isRestored);
    expect(isRestored).toBe(RESTORES_PAGES[ENGINE]);
    // A reloaded page delivers only messages that were sent after the user left.
    expect(await texts()).toEqual(isRestored ? ["before", "while away", "back"] : ["while away", "back"]);
  });
});
