import { describe } from "@jest/globals";
import { describeInBrowser } from "../chromium";
import { ChromiumBrowser } from "./chromium-browser";
import { ENGINES, type EngineBrowser, type EngineName } from "./engine";
import { Firefox } from "./firefox";
import { WEBKITGTK, WebKit, WPE } from "./webkit";

export type { EngineBrowser, EngineName, EnginePage } from "./engine";

const LAUNCH: Readonly<Record<EngineName, () => Promise<EngineBrowser>>> = {
  chromium: () => ChromiumBrowser.launch(),
  firefox: () => Firefox.launch(),
  webkit: () => WebKit.launch(WEBKITGTK),
  wpe: () => WebKit.launch(WPE),
};

/** The engine under test. `npm run engines -- firefox` sets it; `npm test` uses Chromium. */
export const ENGINE: EngineName = engineNamed(process.env["TEST_ENGINE"] ?? "chromium");

function engineNamed(name: string): EngineName {
  const engine = ENGINES.find((each) => each === name);
  if (!engine) throw new Error(`TEST_ENGINE must be one of ${ENGINES.join(", ")}; got ${name}.`);
  return engine;
}

export const launchEngine = (): Promise<EngineBrowser> => LAUNCH[ENGINE]();

/** `describe` for tests that need a browser of the engine under test. They are skipped if Chromium is missing. */
export const describeInEngine = (name: string, tests: () => void): void =>
  (ENGINE === "chromium" ? describeInBrowser : describe)(name, tests);
