import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { SERVED_FILES } from "../../../scripts/served.cjs";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../../simulator/index";
import { launchChromium } from "./chromium";
import { ROOT } from "../../support/paths";

const TIMEOUT_MS = 30_000;
export const WIDE = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

function build(): void {
  const script = join(ROOT, "scripts/build-examples.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The examples could not be built: ${stderr}`);
}

/** The pages that `npm start` serves, and a browser to open them in. */
export class OpenPages {
  readonly simulator: Simulator;
  /** Console errors and uncaught errors since the last page was opened. */
  errors: string[] = [];
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];

  private constructor(simulator: Simulator, browser: Browser) {
    this.simulator = simulator;
    this.#browser = browser;
  }

  static async start({
    buildsExamples = false,
    ...options
  }: SimulatorOptions & { buildsExamples?: boolean } = {}): Promise<OpenPages> {
    if (buildsExamples) build();
    const simulator = await startSimulator({ serveFiles: SERVED_FILES, ...options });
    return new OpenPages(simulator, await launchChromium());
  }

  /** Opens a path of the simulator, or any other address. */
  async open(path: string, viewport = WIDE): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport,
      acceptDownloads: true,
      // Its certificate is self-signed.
      ignoreHTTPSErrors: true,
    });
    this.#contexts.push(context);
    context.setDefaultTimeout(TIMEOUT_MS);
    const page = await context.newPage();
    this.errors = [];
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
    await page.goto(new URL(path, this.simulator.url).href);
    return page;
  }

  /** Closes the pages that a test opened. */
  async closePages(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
  }

  async close(): Promise<void> {
    await this.closePages();
    await this.#browser.close();
    await this.simulator.close();
  }

  /** Joins an agent to a contact. */
  async joinAgent(contactId: string): Promise<void> {
    const { participantToken } = this.simulator.joinAgent(contactId, { displayName: "Sam" });
    const response = await fetch(`${this.simulator.url}/participant/connection`, {
      method: "POST",
      headers: { "x-amz-bearer": participantToken, "content-type": "application/json" },
      body: JSON.stringify({ Type: ["CONNECTION_CREDENTIALS"], ConnectParticipant: true }),
    });
    if (!response.ok) throw new Error(`The agent could not join: ${response.status}.`);
  }

  /** Starts a chat in the page and returns its contact. */
  async begin(page: Page, click: () => Promise<void>): Promise<ReturnType<Simulator["contact"]>> {
    const [response] = await Promise.all([page.waitForResponse(/\/start-chat$/), click()]);
    const { ContactId } = (await response.json()) as { ContactId: string };
    return this.simulator.contact(ContactId);
  }
}
