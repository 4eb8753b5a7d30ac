import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { startSimulator, type Simulator } from "../../simulator";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { startTelemetry, type Telemetry } from "./support/telemetry";
import { WENT_WELL, wholeChat } from "./support/whole-chat";

const ROOT = resolve(__dirname, "../..");
const OURS = join(ROOT, "dist/amazon-connect-chat.js");
const UPSTREAM = join(ROOT, "node_modules/upstream-chatjs/dist/amazon-connect-chat.js");

jest.setTimeout(60_000);

/** Short, so that after the loss a new one has to be fetched: that is measured. */
const URL_LIFE_MS = 1_000;

const POLICY = "default-src 'none'; script-src 'self'; connect-src *";

/** What the page itself notices, from before the library is there. */
const WATCH = `
  const watched = { violations: [], added: [], globals: [], handler: () => undefined };
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    watched.violations.push(violatedDirective + " " + blockedURI));
  addEventListener("load", () => new MutationObserver((changes) => {
    for (const { addedNodes } of changes) watched.added.push(...[...addedNodes].map(({ nodeName }) => nodeName));
  }).observe(document, { childList: true, subtree: true }));
  window.onbeforeunload = watched.handler;
  window.watched = watched;
  watched.globals = Object.getOwnPropertyNames(window);
`;

const PAGES = {
  "/strict.html": `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>Strict</title><script src="/watch.js"></script><script src="/library.js"></script>`,
  "/free.html": `<!doctype html><title>Free</title><script src="/library.js"></script>`,
  "/watch.js": WATCH,
};

interface Metric {
  metricName: string;
  unit: string;
  value: number;
  timestamp: string;
  namespace: string;
  dimensions: { name: string; value: string }[];
}

/**
 * Where ours differ from upstream's, and why: by the number of its row in the list of upstream's defects. What is named
 * here must differ, so that no line outlives its reason.
 */
const INTENDED: readonly { metric: string; row: string; why: string }[] = [
  { metric: "GetAuthenticationUrl", row: "wire.md", why: "upstream leaves it out by accident" },
  { metric: "CancelParticipantAuthentication", row: "wire.md", why: "upstream leaves it out by accident" },
];

/** A chat that comes back reads what it missed (row 1): more of these is no difference to be named. */
const OF_RECOVERY = "GetTranscript";

describeInBrowser("metrics", () => {
  let folder: string;
  let telemetry: Telemetry;
  let browser: Browser;
  let simulator: Simulator;
  let context: BrowserContext;
  let page: Page;
  let printed: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "metrics-"));
    for (const [path, text] of Object.entries(PAGES)) writeFileSync(join(folder, path), text);
    telemetry = await startTelemetry();
    browser = await launchChromium(telemetry.flags);
  });

  afterAll(async () => {
    await browser.close();
    await telemetry.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(() => telemetry.clear());

  afterEach(async () => {
    await context.close();
    await simulator.close();
  });

  async function open(path: keyof typeof PAGES, library: string, socketUrlLifeMs = 100_000): Promise<void> {
    const serveFiles = { "/": folder, "/library.js": library };
    simulator = await startSimulator({ serveFiles, receiptContactIds: "with", socketUrlLifeMs });
    simulator.setView("view", { Id: "view", Name: "View" });
    context = await browser.newContext();
    page = await context.newPage();
    printed = [];
    page.on("console", (message) => {
      // The browser's own word on the call that is refused on purpose.
      if (!message.location().url.endsWith("/participant/attachment")) printed.push(message.text());
    });
    page.on("pageerror", (error) => printed.push(error.message));
    await page.goto(simulator.url + path);
  }

  const chat = (upstream: boolean, disableCSM = false): Promise<string[]> =>
    page.evaluate(wholeChat, {
      endpoint: simulator.url,
      viewToken: "view",
      disableCSM,
      upstream,
      beforeLossMs: URL_LIFE_MS,
    });

  const metrics = (): Metric[] =>
    telemetry.posts.flatMap(({ body }) => (JSON.parse(body) as { metricList: Metric[] }).metricList);

  /** Metrics go thirty at a time: these push out what waits, and are no part of what is compared. */
  const FILLER = "Filler";
  async function pushOut(): Promise<void> {
    const before = telemetry.posts.length;
    await page.evaluate((name) => {
      const { csmService } = (
        globalThis as unknown as { connect: { csmService: { addCountMetric: (...args: string[]) => void } } }
      ).connect;
      for (let count = 0; count < 30; count += 1) csmService.addCountMetric(name, "UI");
    }, FILLER);
    await arrived(before + 1);
  }

  async function arrived(posts: number): Promise<void> {
    while (telemetry.posts.length < posts) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** How often each kind of metric came: name, unit, value (of counts) and dimensions, in no order. */
  function kinds(): Map<string, number> {
    const found = new Map<string, number>();
    for (const { metricName, unit, value, namespace, dimensions } of metrics()) {
      if (metricName === FILLER) continue;
      const named = dimensions.map((dimension) => `${dimension.name}=${dimension.value}`).sort();
      const shown = unit === "Count" ? value : "some";
      const kind = [metricName, namespace, shown, unit, ...named].join(" ");
      found.set(kind, (found.get(kind) ?? 0) + 1);
    }
    return found;
  }

  test("leave no trace in a page under a strict policy", async () => {
    await open("/strict.html", OURS);
    expect(await chat(false)).toEqual(WENT_WELL);
    await pushOut();
    const traces = await page.evaluate(() => {
      const { watched } = globalThis as unknown as {
        watched: { violations: string[]; added: string[]; globals: string[]; handler: unknown };
      };
      return {
        violations: watched.violations,
        added: watched.added,
        globals: Object.getOwnPropertyNames(globalThis).filter((name) => !watched.globals.includes(name)),
        beforeUnloadUntouched: window.onbeforeunload === watched.handler,
        elements: Array.from(document.querySelectorAll("*"), ({ tagName }) => tagName).join(" "),
      };
    });
    expect(traces).toEqual({
      violations: [],
      added: [],
      globals: ["connect"],
      beforeUnloadUntouched: true,
      elements: "HTML HEAD META TITLE SCRIPT SCRIPT BODY",
    });
    expect(printed).toEqual([]);
    expect(metrics().length).toBeGreaterThanOrEqual(60);
  });

  test("are upstream's by name, unit, dimensions and count, but for what is named", async () => {
    await open("/free.html", UPSTREAM, URL_LIFE_MS);
    expect(await chat(true)).toEqual(WENT_WELL);
    await pushOut();
    const theirs = kinds();
    const theirLatencies = metrics().filter(
      ({ metricName, unit }) => metricName === "InitWebsocket" && unit !== "Count",
    );
    await context.close();
    await simulator.close();
    telemetry.clear();

    await open("/free.html", OURS, URL_LIFE_MS);
    expect(await chat(false)).toEqual(WENT_WELL);
    await pushOut();
    const ours = kinds();
    const ourLatencies = metrics().filter(
      ({ metricName, unit }) => metricName === "InitWebsocket" && unit !== "Count",
    );

    const differing = [...new Set([...theirs.keys(), ...ours.keys()])].filter(
      (kind) => theirs.get(kind) !== ours.get(kind) && !kind.startsWith(OF_RECOVERY),
    );
    const isNamed = (kind: string): boolean => INTENDED.some(({ metric }) => kind.startsWith(`${metric} `));
    expect(differing.filter((kind) => !isNamed(kind))).toEqual([]);
    for (const { metric } of INTENDED) {
      expect(differing.filter((kind) => kind.startsWith(`${metric} `)).length).toBeGreaterThan(0);
    }
    // Row 23: a clock's time in the place of a duration.
    expect(theirLatencies.every(({ value }) => value > 1e12)).toBe(true);
    expect(ourLatencies.every(({ value }) => value >= 0 && value < 60_000)).toBe(true);
    expect(ourLatencies.length).toBe(theirLatencies.length);
  });

  const HIDE = `
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  `;
  test.each<[how: string, leave: () => Promise<unknown>]>([
    ["is hidden", () => page.evaluate(HIDE)],
    ["goes to another address", () => page.goto("about:blank")],
    ["is closed", () => page.close()],
  ])("leave with a page that %s, without cookies", async (_, leave) => {
    await open("/free.html", OURS);
    const url = "https://ieluqbvv.telemetry.connect.us-west-2.amazonaws.com/";
    await context.addCookies([{ url, name: "a", value: "b", sameSite: "None", secure: true }]);
    await page.evaluate(
      `connect.csmService.initializeCSM(); connect.csmService.addCountMetric("Opened", "UI");`,
    );
    await leave();
    await arrived(1);
    expect(metrics().map(({ metricName }) => metricName)).toEqual(["Opened"]);
    const [post] = telemetry.posts;
    expect(post).toMatchObject({ host: new URL(url).host, path: "/prod/put-metrics" });
    expect(post?.headers["content-type"]).toBe("application/json");
    expect(post?.headers.cookie).toBeUndefined();
  });

  test("are none where they are switched off", async () => {
    await open("/free.html", OURS);
    expect(await chat(false, true)).toEqual(WENT_WELL);
    await page.evaluate(HIDE);
    await page.close();
    // A session with metrics afterwards: what the first had sent would have arrived before.
    page = await context.newPage();
    await page.goto(`${simulator.url}/free.html`);
    await page.evaluate(
      `connect.csmService.initializeCSM(); connect.csmService.addCountMetric("Opened", "UI");`,
    );
    await page.close();
    await arrived(1);
    expect(metrics().map(({ metricName }) => metricName)).toEqual(["Opened"]);
  });
});
