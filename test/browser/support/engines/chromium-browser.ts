import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "../chromium";
import { evaluator, expressionOf, valueIn, type EngineBrowser, type EnginePage } from "./engine";

/** Chromium, driven by Playwright. */
export class ChromiumBrowser implements EngineBrowser {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<ChromiumBrowser> {
    return new ChromiumBrowser(await launchChromium());
  }

  async newPage(): Promise<EnginePage> {
    const context = await this.#browser.newContext();
    return new ChromiumPage(context, await context.newPage());
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

class ChromiumPage implements EnginePage {
  readonly #context: BrowserContext;
  readonly #page: Page;

  constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.#page = page;
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  async reload(): Promise<void> {
    await this.#page.reload();
  }

  async back(): Promise<void> {
    await this.#page.goBack();
  }

  close(): Promise<void> {
    return this.#page.close({ runBeforeUnload: true });
  }

  discard(): Promise<void> {
    return this.#context.close();
  }

  async evaluate<Result>(run: string | ((argument: never) => unknown), argument?: unknown): Promise<Result> {
    return valueIn(await this.#page.evaluate(`(${evaluator(expressionOf(run, argument))})()`)) as Result;
  }
}
