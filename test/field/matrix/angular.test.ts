import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { startSimulator, type ContactScript, type Simulator } from "../../../simulator/index";
import type { CustomerChatSession } from "../../../src/index";
import { launchChromium } from "../../browser/support/chromium";
import { Application } from "../../package/support/application";
import type { Shown } from "./angular/src/shown";

/** Tests an Angular 21 application with zone.js and default change detection, which the Angular CLI builds. */

jest.setTimeout(600_000);
const TIMEOUT_MS = 20_000;

const ANGULAR = "21.2.26";
const CLI = "21.2.27";
const PACKAGES = [
  ...["common", "compiler", "compiler-cli", "core", "platform-browser"].map(
    (name) => `@angular/${name}@${ANGULAR}`,
  ),
  ...["build", "cli"].map((name) => `@angular/${name}@${CLI}`),
  ...["rxjs@7.8.2", "tslib@2.8.1", "typescript@5.9.3", "zone.js@0.16.3"],
];

declare global {
  interface Window {
    chatPage: { readonly session: CustomerChatSession; readonly shown: readonly Shown[] };
  }
}

let application: Application;
let simulator: Simulator;
let browser: Browser;
let contact: ContactScript;

beforeAll(async () => {
  application = new Application();
  application.install(...PACKAGES);
  application.copy("test/field/matrix/angular", ".");
  simulator = await startSimulator({ serveFiles: { "/": application.path("out") } });
  simulator.onChat((started) => {
    contact = started;
    simulator.joinAgent(contact.contactId);
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await simulator.close();
  application.remove();
});

test.each([
  ["E1: if the library is imported from npm,", "imported"],
  ["A10: if the library is loaded by a script tag,", "script-tag"],
])(
  "%s each handler runs in Angular's zone, and the view shows each event immediately",
  async (_, project) => {
    application.run("npx", "ng", "build", project);
    const page = await browser.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    const seesLine = (text: string): Promise<void> =>
      page.getByRole("listitem").filter({ hasText: text }).first().waitFor();

    await page.goto(`${simulator.url}/${project}/browser/index.html`);
    await seesLine("connectionEstablished");
    contact.say("Good day", { role: "AGENT" });
    contact.event("typing", { role: "AGENT" });
    await seesLine("typing");
    await page.getByRole("button", { name: "Send" }).click();
    await seesLine("sendMessage() resolved");
    contact.receipt("read", contact.transcript.find(({ Content }) => Content === "Hello")?.Id ?? "");
    await seesLine("readReceipt");
    simulator.dropSockets();
    contact.say("Are you there?", { role: "AGENT" });
    await seesLine("messagesRecovered");
    // The test makes this call from the root zone, not from Angular's.
    await page.evaluate(() => void window.chatPage.session.disconnectParticipant());
    await seesLine("ended");
    await seesLine("connectionStateChanged ended");

    const lines = await page.getByRole("listitem").allTextContents();
    const shown = await page.evaluate(() => window.chatPage.shown);
    expect(lines).toEqual(
      expect.arrayContaining([
        "connectionStateChanged connecting",
        "connectionStateChanged connected",
        "connect() resolved",
        "message Good day",
        "message Hello",
        "transcriptUpdated 1",
        "connectionLost",
        "connectionStateChanged reconnecting",
        "message Are you there?",
      ]),
    );
    expect(shown.map(({ line }) => line)).toEqual(lines);
    expect(shown.filter(({ inZone, rendered }) => !inZone || !rendered)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  },
);
