// Starts Firefox and controls it over WebDriver BiDi.
import { existsSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { startProgram } from "./protocol.mjs";
import { Tab } from "./tab.mjs";

const NAMES = ["firefox", "firefox-esr"];

/** Turns off all connections to other hosts. */
const PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
};

export function findFirefox() {
  if (process.env.FIREFOX_PATH) return process.env.FIREFOX_PATH;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

class FirefoxTab extends Tab {
  #protocol;
  #context;

  constructor(protocol, context) {
    super();
    this.#protocol = protocol;
    this.#context = context;
  }

  async evaluate(expression) {
    const { type, result, exceptionDetails } = await this.#protocol.send("script.evaluate", {
      expression: `Promise.resolve(${expression}).then((value) => JSON.stringify(value))`,
      target: { context: this.#context },
      awaitPromise: true,
    });
    if (type === "exception") throw new Error(exceptionDetails.text);
    return result.type === "string" ? JSON.parse(result.value) : undefined;
  }

  /** Does nothing, because Firefox doesn't have such counters. */
  async count() {}

  async show() {
    await this.#protocol.send("browsingContext.activate", { context: this.#context });
  }
}

/** Starts the browser headless. */
export async function startFirefox() {
  const program = findFirefox();
  if (program === undefined) {
    throw new Error("No Firefox found. Install it, or set FIREFOX_PATH to its executable.");
  }
  const { protocol, end } = await startProgram(
    program,
    (profile) => {
      const lines = Object.entries(PREFERENCES).map(
        ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
      );
      writeFileSync(join(profile, "user.js"), lines.join(""));
      return ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile, "about:blank"];
    },
    /WebDriver BiDi listening on (\S+)/,
    "/session",
  );
  const { capabilities } = await protocol.send("session.new", { capabilities: {} });
  return {
    product: `Firefox/${capabilities.browserVersion}`,
    /** Groups pages as tabs in one window. */
    async newContext() {
      const contexts = [];
      return {
        async newPage(url) {
          const { context } = await protocol.send("browsingContext.create", { type: "tab" });
          contexts.push(context);
          await protocol.send("browsingContext.navigate", { context, url, wait: "complete" });
          return new FirefoxTab(protocol, context);
        },
        async close() {
          for (const context of contexts) await protocol.send("browsingContext.close", { context });
        },
      };
    },
    close: () => end("browser.close"),
  };
}
