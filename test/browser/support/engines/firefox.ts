import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BiDi } from "./bidi";
import { backBy, evaluator, expressionOf, valueIn, type EngineBrowser, type EnginePage } from "./engine";
import { findProgram, startProgram, type Program } from "./program";

/** Turns off Firefox's own network requests. */
const PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.newtabpage.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.prefetch-next": false,
  "privacy.reduceTimerPrecision": false,
  "security.remote_settings.crlite_filters.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.server": "data:,",
} as const;

const HOW_TO_GET_IT =
  "Firefox was not found. Install it (for example `apt-get install firefox-esr`) or set FIREFOX_PATH to its executable.";

export class Firefox implements EngineBrowser {
  readonly #bidi: BiDi;
  readonly #program: Program;
  readonly #profile: string;

  private constructor(bidi: BiDi, program: Program, profile: string) {
    this.#bidi = bidi;
    this.#program = program;
    this.#profile = profile;
  }

  static async launch(): Promise<Firefox> {
    const file = process.env["FIREFOX_PATH"] ?? findProgram("firefox", "firefox-esr");
    if (file === undefined) throw new Error(HOW_TO_GET_IT);
    const profile = mkdtempSync(join(tmpdir(), "firefox-"));
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    );
    writeFileSync(join(profile, "user.js"), lines.join("\n"));
    const program = startProgram(file, [
      "--headless",
      "--no-remote",
      "--remote-debugging-port=0",
      // Reading the browser console requires system access.
      "--remote-allow-system-access",
      "--profile",
      profile,
      "about:blank",
    ]);
    try {
      const line = await program.line(/WebDriver BiDi listening on ws:/);
      const bidi = await BiDi.connect(`${line.slice(line.indexOf("ws://")).trim()}/session`);
      await bidi.send("session.new", { capabilities: {} });
      return new Firefox(bidi, program, profile);
    } catch (error) {
      await program.stop();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      throw error;
    }
  }

  async newPage(): Promise<FirefoxPage> {
    const { userContext } = await this.#bidi.send<{ userContext: string }>("browser.createUserContext");
    // A new window, because only one tab per window is visible. The first tab wouldn't get the focus.
    const { context } = await this.#bidi.send<{ context: string }>("browsingContext.create", {
      type: "window",
      userContext,
    });
    return new FirefoxPage(this.#bidi, context, userContext);
  }

  /** The messages in the browser console. They don't include the pages' console calls. */
  async consoleMessages(): Promise<string[]> {
    const { contexts } = await this.#bidi.send<{ contexts: { context: string }[] }>(
      "browsingContext.getTree",
      {
        "moz:scope": "chrome",
      },
    );
    const { result } = await this.#bidi.send<{ result: { value: string } }>("script.evaluate", {
      expression: "JSON.stringify(Services.console.getMessageArray().map(({ message }) => message))",
      target: { context: contexts[0]?.context },
      awaitPromise: false,
    });
    return JSON.parse(result.value) as string[];
  }

  async close(): Promise<void> {
    this.#bidi.close();
    await this.#program.stop();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

class FirefoxPage implements EnginePage {
  readonly #bidi: BiDi;
  readonly #context: string;
  readonly #userContext: string;

  constructor(bidi: BiDi, context: string, userContext: string) {
    this.#bidi = bidi;
    this.#context = context;
    this.#userContext = userContext;
  }

  async goto(url: string): Promise<void> {
    await this.#bidi.send("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
  }

  async reload(): Promise<void> {
    await this.#bidi.send("browsingContext.reload", { context: this.#context, wait: "complete" });
  }

  back(): Promise<void> {
    return backBy(this, () =>
      this.#bidi.send("browsingContext.traverseHistory", { context: this.#context, delta: -1 }),
    );
  }

  async close(): Promise<void> {
    await this.#bidi.send("browsingContext.close", { context: this.#context, promptUnload: true });
  }

  async discard(): Promise<void> {
    await this.#bidi.send("browser.removeUserContext", { userContext: this.#userContext });
  }

  async evaluate<Result>(run: string | ((argument: never) => unknown), argument?: unknown): Promise<Result> {
    const response = await this.#bidi.send<{ result?: { value?: unknown } }>("script.callFunction", {
      functionDeclaration: evaluator(expressionOf(run, argument)),
      target: { context: this.#context },
      awaitPromise: true,
    });
    return valueIn(response.result?.value) as Result;
  }
}
