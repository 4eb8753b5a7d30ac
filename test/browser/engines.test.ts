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
    comesFromCache: boolean;
  }
}

/** A page as the documentation has it: it carries its chat over a reload, and disposes of it unless the page may come back. */
function page(): void {
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
  Object.assign(window, { chat, texts: [], lost: 0, comesFromCache: false });
  chat.onMessage(({ data }) => {
    if (data.Type === "MESSAGE") window.texts.push(data.Content);
    sessionStorage.setItem("chat", JSON.stringify(chat.snapshot()));
  });
  chat.onConnectionLost(() => (window.lost += 1));
  addEventListener("pagehide", (event) => {
    if (!event.persisted) chat.dispose();
  });
  addEventListener("pageshow", (event) => (window.comesFromCache = event.persisted));
  void chat.connect();
}

const FILES = {
  "page.html": `<!doctype html><title>Page</title><link rel="icon" href="data:,">
    <script src="/library.js"></script><script>(${page.toString()})();</script>`,
  "other.html": `<!doctype html><title>Another page</title><link rel="icon" href="data:,">`,
};

/** Chromium and Firefox load the page again: they keep none with an open socket (Chromium under automation none at all). */
const RESTORES_PAGES = { chromium: false, firefox: false, webkit: true, wpe: true };

describeInEngine(`in ${ENGINE}, a chat`, () => {
  let folder: string;
  let simulator: Simulator;
  let browser: EngineBrowser;
  let its: EnginePage;
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
    its = await browser.newPage();
    await its.goto(`${simulator.url}/page.html#${encodeURIComponent(JSON.stringify(chatDetails))}`);
    // A page of the test before may stand in the back-forward cache, with its socket open.
    await eventually(
      "A subscription",
      () =>
        simulator.sockets.some(
          ({ subscribed, participantIds }) =>
            subscribed && participantIds.includes(chatDetails.ParticipantId),
        ) || undefined,
    );
  });

  afterEach(() => its.discard());

  const texts = (): Promise<unknown[]> => its.evaluate(() => window.texts);
  const heard = (text: string): Promise<unknown> =>
    eventually(`"${text}"`, async () => (await texts()).includes(text) || undefined);

  test("whose link is cut hears what was said in the gap, once and in order", async () => {
    contact.say("before");
    await heard("before");
    simulator.dropSockets();
    for (const text of ["one", "two", "three"]) contact.say(text);
    await heard("three");
    expect(await texts()).toEqual(["before", "one", "two", "three"]);
    expect(await its.evaluate(() => window.lost)).toBe(1);
  });

  test("whose link is half-open notices it, and hears what was said meanwhile", async () => {
    const resume = simulator.faults.stallSockets();
    contact.say("into the void");
    await eventually("onConnectionLost", () => its.evaluate(() => window.lost > 0 || undefined));
    resume();
    await heard("into the void");
    expect(await texts()).toEqual(["into the void"]);
  });

  test("goes on when its page is left and comes back", async () => {
    contact.say("before");
    await heard("before");
    await its.goto(`${simulator.url}/other.html`);
    contact.say("while away");
    await its.back();
    await heard("while away");
    await its.evaluate(() => window.chat.sendMessage({ message: "back", contentType: "text/plain" }));
    await heard("back");
    const comesFromCache = await its.evaluate(() => window.comesFromCache);
    expect(comesFromCache).toBe(RESTORES_PAGES[ENGINE]);
    // A page that is loaded again begins with what was said since it was left.
    expect(await texts()).toEqual(comesFromCache ? ["before", "while away", "back"] : ["while away", "back"]);
  });
});
