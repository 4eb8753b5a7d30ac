import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { ROOT } from "../support/paths";

const OURS = join(ROOT, "dist/amazon-connect-chat.js");
const UPSTREAM = join(ROOT, "node_modules/upstream-chatjs/dist/amazon-connect-chat.js");

jest.setTimeout(60_000);

/** For each call, the lines that a logger or the console received, with the method, and the returned value. */
type Observations = Record<string, string>;

interface Library {
  LogManager: {
    getLogger(options?: object): Record<string, (...args: unknown[]) => unknown>;
    updateLoggerConfig(config: unknown): void;
    isLevelEnabled(level: unknown): boolean;
    hasClientLogger(): boolean;
    writeToClientLogger(...args: unknown[]): unknown;
  };
}

/** Makes the same calls to either library. Self-contained, because the function is sent to the page as text. */
function observe(): Observations {
  const { LogManager } = (globalThis as unknown as { connect: Library }).connect;
  const observations: Observations = {};
  let written: string[] = [];
  const text = (value: unknown): string =>
    typeof value === "string" ? value : `(${typeof value}) ${JSON.stringify(value)}`;
  const writers = (of: string, names: readonly string[]): Record<string, (...line: unknown[]) => unknown> =>
    Object.fromEntries(
      names.map((name) => [
        name,
        (...line: unknown[]) => void written.push([of, name, ...line.map(text)].join(" | ")),
      ]),
    );
  Object.assign(console, writers("console", ["debug", "info", "log", "warn", "error"]));
  const record = (label: string, call: () => unknown): void => {
    written = [];
    let returned: string;
    try {
      returned = text(call());
    } catch {
      returned = "(thrown)";
    }
    observations[label] = [...written, `returned | ${returned}`].join("\n");
  };

  const METHODS = ["debug", "info", "warn", "error", "advancedLog"];
  const circle: Record<string, unknown> = { name: "circle" };
  circle["self"] = circle;
  class Named {
    toString(): string {
      return "own text";
    }
  }
  const ARGUMENTS: Record<string, unknown[]> = {
    "a string": ["hello"],
    "two strings": ["hello", "world"],
    "an object": ["hello", { a: 1, nested: { list: [1, { two: 2 }] }, gone: undefined }],
    "an object first": [{ a: 1 }, "hello"],
    "a list": ["hello", [1, "two", null, { a: 1 }]],
    numbers: ["hello", 5, -1.5, 0, Number.NaN],
    booleans: ["hello", true, false],
    "null and undefined": ["hello", null, undefined, "end"],
    nothing: [],
    "an empty string": [""],
    "percent signs": ["100 % sure %s %d %%", "a"],
    "quotes and breaks": ['say "hi"\n\t\\', "é 😀"],
    "a function": ["hello", () => 1],
    "a symbol": ["hello", Symbol("s")],
    "a date": ["hello", new Date(0)],
    "a date in an object": [{ at: new Date(0) }],
    "a map": ["hello", new Map([[1, 2]])],
    "a URL": ["hello", new URL("https://page.test/path")],
    "its own JSON": ["hello", { toJSON: () => ({ a: 1 }) }],
    "its own text": ["hello", new Named()],
    "an error": ["hello", new Error("what failed")],
    "an error in an object": [{ error: new TypeError("what failed") }],
    "a circle": ["hello", circle],
    "a big integer": ["hello", 5n],
    "a token": ["hello", { connectionToken: "a-token", url: "wss://service.test/a" }],
  };
  const META = { contactId: "c", participantId: "p", sessionType: "CUSTOMER", region: "us-west-2" };
  const OPTIONS: Record<string, object | undefined> = {
    "no options": undefined,
    "a prefix": { prefix: "App" },
    "a prefix and data": { prefix: "App", logMetaData: META },
    "data alone": { logMetaData: META },
    "an empty prefix": { prefix: "", logMetaData: {} },
    "data that are text": { prefix: "App", logMetaData: "text" },
    "data that are null": { prefix: "App", logMetaData: null },
  };

  function lines(to: string): void {
    for (const [name, options] of Object.entries(OPTIONS)) {
      const logger = LogManager.getLogger(options);
      for (const method of METHODS)
        record(`${to}: ${method}, ${name}`, () => logger[method]?.("hello", { a: 1 }));
    }
    const logger = LogManager.getLogger({ prefix: "App", logMetaData: META });
    for (const [name, args] of Object.entries(ARGUMENTS))
      record(`${to}: ${name}`, () => logger["info"]?.(...args));
  }
  function levels(to: string, more: object): void {
    for (const level of [10, 20, 30, 40, 50, 25]) {
      LogManager.updateLoggerConfig({ ...more, level });
      const logger = LogManager.getLogger({ prefix: "App" });
      record(`${to}: level ${level}`, () => METHODS.map((method) => typeof logger[method]?.("hello")).join());
      record(`${to}: enabled at ${level}`, () =>
        [10, 20, 30, 40, 50].map((each) => LogManager.isLevelEnabled(each)),
      );
    }
  }
  function byName(to: string, more: object): void {
    LogManager.updateLoggerConfig({ ...more, level: "DEBUG" });
    record(`${to}: level by name`, () => LogManager.getLogger({ prefix: "App" })["warn"]?.("hello"));
  }

  const idle = LogManager.getLogger({ prefix: "App" });
  record("unconfigured", () => METHODS.map((method) => typeof idle[method]?.("hello")).join());
  record("unconfigured: has a logger", () => LogManager.hasClientLogger());

  const toConsole = { useDefaultLogger: true };
  LogManager.updateLoggerConfig({ ...toConsole, level: 10 });
  record("console, no writer named", () => LogManager.getLogger({ prefix: "App" })["advancedLog"]?.("hello"));
  LogManager.updateLoggerConfig({ ...toConsole, level: 10, advancedLogWriter: "info" });
  record("console: a logger of before", () => idle["info"]?.("hello"));
  lines("console");
  levels("console", { ...toConsole, advancedLogWriter: "warn" });
  for (const writer of ["warn", "info", "debug", "log", "shout"]) {
    LogManager.updateLoggerConfig({ ...toConsole, level: 10, advancedLogWriter: writer });
    record(`console, writer ${writer}`, () =>
      LogManager.getLogger({ prefix: "App" })["advancedLog"]?.("hello"),
    );
  }
  byName("console", toConsole);

  const customized = { customizedLogger: writers("customized", [...METHODS, "log"]) };
  LogManager.updateLoggerConfig({ ...customized, level: 10, advancedLogWriter: "warn" });
  lines("customized");
  levels("customized", customized);
  for (const writer of ["warn", "info", "debug", "log"]) {
    LogManager.updateLoggerConfig({ ...customized, level: 10, advancedLogWriter: writer });
    record(`customized, writer ${writer}`, () =>
      LogManager.getLogger({ prefix: "App" })["advancedLog"]?.("hello"),
    );
  }
  for (const level of [10, 20, 30, 40, 50, 99]) {
    record(`written at ${level}`, () => LogManager.writeToClientLogger(level, "line", META));
  }
  record("written without data", () => LogManager.writeToClientLogger(20, "line"));
  record("written, an object", () => LogManager.writeToClientLogger(20, { a: 1 }, "text"));
  byName("customized", customized);

  const entry = { entry: 1 };
  const ofStreams = {
    customizedLogger: null,
    logger: { ...writers("streams", METHODS), error: () => entry },
  };
  LogManager.updateLoggerConfig({ ...ofStreams, level: 10, advancedLogWriter: "warn" });
  lines("streams");
  byName("streams", ofStreams);
  return observations;
}

/** Intentional differences from upstream. The test fails if an entry no longer matches any difference. */
const INTENDED: readonly { what: RegExp; row: string; why: string }[] = [
  {
    what: /: an error( in an object)?$/,
    row: "28, 15",
    why: "an error's name and code are logged; upstream passes {} to loggers and prints the whole text to the console",
  },
  { what: /: a token$/, row: "15", why: "secrets are redacted" },
  {
    what: /: a big integer$/,
    row: "28",
    why: "a value that JSON can't represent is logged; upstream throws or drops it",
  },
  {
    what: /^console: a circle$/,
    row: "28",
    why: "upstream prints an additional error and drops the argument",
  },
  { what: /: level by name$/, row: "api.md, setGlobalConfig", why: "upstream logs nothing" },
  {
    what: /^console, no writer named$/,
    row: "api.md",
    why: "advanced lines go to warn; upstream prints none",
  },
  { what: /^console, writer log$/, row: "api.md", why: "log is one of the writers; upstream throws" },
  { what: /^console, writer shout$/, row: "8", why: "upstream prints an additional warning" },
  {
    what: /^streams: percent signs$/,
    row: "behaviour.md, Logging",
    why: "a lone % makes Streams drop the line",
  },
];

describeInBrowser("log lines", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  async function observed(library: string): Promise<Observations> {
    const page = await browser.newPage();
    await page.clock.setFixedTime("2026-01-01T00:00:00.000Z");
    await page.goto("about:blank");
    await page.addScriptTag({ path: library });
    const observations = await page.evaluate(observe);
    await page.close();
    return observations;
  }

  test("are identical to upstream's, except for the intentional differences", async () => {
    const upstream = await observed(UPSTREAM);
    const ours = await observed(OURS);
    expect(Object.keys(ours)).toEqual(Object.keys(upstream));
    expect(Object.keys(ours).length).toBeGreaterThan(200);
    const differing = Object.keys(ours).filter((label) => ours[label] !== upstream[label]);
    const unintended = differing.filter((label) => !INTENDED.some(({ what }) => what.test(label)));
    const withoutIntended = (from: Observations): Observations =>
      Object.fromEntries(unintended.map((label) => [label, from[label] ?? ""]));
    expect(withoutIntended(ours)).toEqual(withoutIntended(upstream));
    const stale = INTENDED.filter(({ what }) => !differing.some((label) => what.test(label)));
    expect(stale).toEqual([]);
  });
});
