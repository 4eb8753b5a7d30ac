import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { startSimulator, type Simulator } from "../../simulator/index";
import { until } from "../integration/support/wait";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { startTelemetry, type Telemetry } from "./support/telemetry";
import { SUCCESSFUL_STEPS, wholeChat } from "./support/whole-chat";
import { ROOT } from "../support/paths";

const OURS = join(ROOT, "dist/amazon-connect-chat.js");
const UPSTREAM = join(ROOT, "node_modules/upstream-chatjs/dist/amazon-connect-chat.js");

jest.setTimeout(60_000);

const POLICY = "default-src 'none'; script-src 'self'; connect-src *";

/** Records effects on the page, starting before the library is loaded. */
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

/**
 * Lets a test advance the page's clock until the socket URL is too old, so that the request for a new URL is measured.
 */
const CLOCK = `
  let ahead = 0;
  const { Date: Real } = window;
  window.Date = class extends Real {
    constructor(...args) { super(...(args.length > 0 ? args : [Real.now() + ahead])); }
    static now() { return Real.now() + ahead; }
  };
  // Upstream measures with Date, our library with the monotonic clock.
  const monotonic = performance.now.bind(performance);
  performance.now = () => monotonic() + ahead;
  window.advanceClock = () => { ahead = 200_000; };
`;

const PAGES = {
  "/strict.html": `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>Strict</title><script src="/watch.js"></script><script src="/library.js"></script>`,
  "/free.html": `<!doctype html><title>Free</title><script src="/clock.js"></script><script src="/library.js"></script>`,
  "/clock.js": CLOCK,
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

/** For each of these metrics, our library sends one more than upstream. All other counts are equal. */
const ONE_MORE: readonly { metric: string; why: string }[] = [
  { metric: "GetAuthenticationUrl", why: "upstream omits it by mistake" },
  { metric: "CancelParticipantAuthentication", why: "upstream omits it by mistake" },
  { metric: "GetTranscript", why: "a chat that reconnects fetches missed messages" },
];

/**
 * Calls connect(), then every other method, and returns the outcomes. Self-contained, because it's sent to the page as
 * text.
 */
async function oneOfEach([endpoint, chatDetails]: readonly [string, object]): Promise<string[]> {
  type Calls = Record<string, (args?: object) => Promise<unknown>>;
  const { ChatSession } = (
    globalThis as unknown as {
      connect: { ChatSession: { setGlobalConfig(config: object): void; create(args: object): Calls } };
    }
  ).connect;
  ChatSession.setGlobalConfig({ endpoint, region: "us-west-2" });
  const session = ChatSession.create({ type: "CUSTOMER", chatDetails });
  const outcomeOf = async (name: string, args?: object): Promise<string> => {
    const [outcome] = await Promise.allSettled([session[name]?.(args)]);
    return `${name} ${outcome.status}`;
  };
  const connected = await outcomeOf("connect");
  if (connected === "connect rejected") return [connected];
  await (globalThis as unknown as { socketIsReady(): Promise<void> }).socketIsReady();
  return [
    connected,
    await outcomeOf("sendMessage", { message: "a", contentType: "text/plain" }),
    await outcomeOf("sendEvent", { contentType: "application/vnd.amazonaws.connect.event.typing" }),
    await outcomeOf("getTranscript", {}),
    await outcomeOf("sendAttachment", { attachment: new File(["text"], "note.txt", { type: "text/plain" }) }),
    await outcomeOf("downloadAttachment", { attachmentId: "none" }),
    await outcomeOf("describeView", { viewToken: "none" }),
    await outcomeOf("disconnectParticipant"),
  ];
}

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
    telemetry = await startTelemetry({ ...PAGES, "/library.js": readFileSync(OURS, "utf8") });
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

  async function open(path: keyof typeof PAGES, library: string): Promise<void> {
    const serveFiles = { "/": folder, "/library.js": library };
    simulator = await startSimulator({ serveFiles, receiptContactIds: "with" });
    simulator.setView("view", { Id: "view", Name: "View" });
    context = await browser.newContext();
    page = await context.newPage();
    printed = [];
    page.on("console", (message) => {
      // Ignores the browser's message about the intentionally rejected call.
      if (!message.location().url.endsWith("/participant/attachment")) printed.push(message.text());
    });
    page.on("pageerror", (error) => printed.push(error.message));
    await page.exposeFunction("socketIsReady", () =>
      until(() => simulator.sockets.some(({ subscribed }) => subscribed)),
    );
    await page.goto(simulator.url + path);
  }

  const chat = ({ hooked = false, disableCSM = false } = {}): Promise<string[]> =>
    page.evaluate(wholeChat, {
      endpoint: simulator.url,
      viewToken: "view",
      disableCSM,
      hooked,
    });

  const metrics = (): Metric[] =>
    telemetry.posts.flatMap(({ body }) => (JSON.parse(body) as { metricList: Metric[] }).metricList);

  /** Metrics are sent in batches of thirty. Fillers complete a batch and are ignored in the comparison. */
  const FILLER = "Filler";
  async function flush(): Promise<void> {
    const before = telemetry.posts.length;
    await page.evaluate((name) => {
      const { csmService } = (
        globalThis as unknown as { connect: { csmService: { addCountMetric: (...args: string[]) => void } } }
      ).connect;
      for (let count = 0; count < 30; count += 1) csmService.addCountMetric(name, "UI");
    }, FILLER);
    await telemetry.untilPosts(before + 1);
  }

  /** Counts the metrics by kind: name, namespace, value (of counts), unit and dimensions. */
  function kinds(): Map<string, number> {
    const found = new Map<string, number>();
    for (const { metricName, unit, value, namespace, dimensions } of metrics()) {
      if (metricName === FILLER) continue;
      const named = dimensions.map((dimension) => `${dimension.name}=${dimension.value}`).sort();
      const comparedValue = unit === "Count" ? value : "some";
      const kind = [metricName, namespace, comparedValue, unit, ...named].join(" ");
      found.set(kind, (found.get(kind) ?? 0) + 1);
    }
    return found;
  }

  /** How many more metrics of each kind our library sent. Contains only differences. */
  const differences = (upstream: Map<string, number>, ours: Map<string, number>): Record<string, number> =>
    Object.fromEntries(
      [...new Set([...upstream.keys(), ...ours.keys()])]
        .map((kind): [string, number] => [kind, (ours.get(kind) ?? 0) - (upstream.get(kind) ?? 0)])
        .filter(([, more]) => more !== 0),
    );

  test("REL-23: metrics leave no trace in a page with a strict Content Security Policy", async () => {
    await open("/strict.html", OURS);
    expect(await chat()).toEqual(SUCCESSFUL_STEPS);
    await flush();
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

  test("REL-41: metrics have upstream's names, units, dimensions and counts, except for the listed differences", async () => {
    await open("/free.html", UPSTREAM);
    expect(await chat({ hooked: true })).toEqual(SUCCESSFUL_STEPS);
    await flush();
    const upstream = kinds();
    const theirLatencies = metrics().filter(
      ({ metricName, unit }) => metricName === "InitWebsocket" && unit !== "Count",
    );
    await context.close();
    await simulator.close();
    telemetry.clear();

    await open("/free.html", OURS);
    expect(await chat({ hooked: true })).toEqual(SUCCESSFUL_STEPS);
    await flush();
    const ours = kinds();
    const ourLatencies = metrics().filter(
      ({ metricName, unit }) => metricName === "InitWebsocket" && unit !== "Count",
    );

    expect(differences(upstream, ours)).toEqual(
      Object.fromEntries(
        [...ours.keys()]
          .filter((kind) => ONE_MORE.some(({ metric }) => kind.startsWith(`${metric} `)))
          .map((kind) => [kind, 1]),
      ),
    );
    for (const { metric } of ONE_MORE) {
      expect([...ours.keys()].filter((kind) => kind.startsWith(`${metric} `))).toHaveLength(3);
    }
    // Upstream reports a timestamp instead of a duration.
    expect(theirLatencies.every(({ value }) => value > 1e12)).toBe(true);
    expect(ourLatencies.every(({ value }) => value >= 0 && value < 60_000)).toBe(true);
    expect(ourLatencies.length).toBe(theirLatencies.length);
  });

  test.each<[what: string, rejectedOperations: readonly string[], failed: readonly string[]]>([
    ["a rejected connection", ["CreateParticipantConnection"], ["CreateParticipantConnection"]],
    [
      "rejected calls",
      [
        "SendMessage",
        "SendEvent",
        "GetTranscript",
        "StartAttachmentUpload",
        "GetAttachment",
        "DescribeView",
        "DisconnectParticipant",
      ],
      [
        "DescribeView",
        "DisconnectParticipant",
        "DownloadAttachment",
        "GetTranscript",
        "SendAttachment",
        "SendEvent",
        "SendMessage",
      ],
    ],
  ])("equal upstream's for %s", async (_, rejectedOperations, failed) => {
    const observe = async (library: string): Promise<{ outcomes: string[]; found: Map<string, number> }> => {
      telemetry.clear();
      await open("/free.html", library);
      for (const operation of rejectedOperations) {
        simulator.faults.failNext(operation, { status: 400, errorType: "ValidationException" });
      }
      // One chat per page, because upstream's metrics stop with a second chat.
      const outcomes = await page.evaluate(oneOfEach, [simulator.url, simulator.startChat()] as const);
      await flush();
      return { outcomes, found: kinds() };
    };
    const upstream = await observe(UPSTREAM);
    await context.close();
    await simulator.close();
    const ours = await observe(OURS);

    expect(ours.outcomes).toEqual(upstream.outcomes);
    const errors = [...ours.found.keys()].filter((kind) => / 1 Count .*Metric=Error/.test(kind));
    expect(errors.map((kind) => kind.split(" ")[0]).sort()).toEqual(failed);
    expect(differences(upstream.found, ours.found)).toEqual({});
  });

  const COUNT_ONE = `connect.csmService.initializeCSM(); connect.csmService.addCountMetric("Opened", "UI");`;
  const HIDE = `
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  `;
  test.each<[how: string, leave: () => Promise<unknown>]>([
    ["is hidden", () => page.evaluate(HIDE)],
    ["navigates to another URL", () => page.goto("about:blank")],
    ["is closed", () => page.close()],
  ])("are sent if they're pending when the page %s", async (_, leave) => {
    await open("/free.html", OURS);
    const url = "https://ieluqbvv.telemetry.connect.us-west-2.amazonaws.com/";
    await page.evaluate(COUNT_ONE);
    await leave();
    await telemetry.untilPosts(1);
    expect(metrics().map(({ metricName }) => metricName)).toEqual(["Opened"]);
    const [post] = telemetry.posts;
    expect(post).toMatchObject({ host: new URL(url).host, path: "/prod/put-metrics" });
    expect(post?.headers["content-type"]).toBe("application/json");
  });

  test("are sent without cookies, even from a page on the same site", async () => {
    await open("/free.html", OURS);
    const site = "telemetry.connect.us-west-2.amazonaws.com";
    await context.addCookies([{ url: `https://ieluqbvv.${site}/`, name: "a", value: "b" }]);
    await page.goto(`https://page.${site}/free.html`);
    // A request with credentials contains the cookie, which proves that the browser can send it.
    await page.evaluate(
      (url) => fetch(url, { method: "POST", credentials: "include", body: '{"metricList":[]}' }),
      `https://ieluqbvv.${site}/prod/put-metrics`,
    );
    await page.evaluate(COUNT_ONE);
    await page.close();
    await telemetry.untilPosts(2);
    expect(telemetry.posts.map(({ headers }) => headers.cookie)).toEqual(["a=b", undefined]);
    expect(metrics().map(({ metricName }) => metricName)).toEqual(["Opened"]);
  });

  test("aren't sent with disableCSM", async () => {
    await open("/free.html", OURS);
    expect(await chat({ disableCSM: true })).toEqual(SUCCESSFUL_STEPS);
    await page.evaluate(HIDE);
    await page.close();
    // A later metric arrives. The session's metrics would have arrived before it.
    page = await context.newPage();
    await page.goto(`${simulator.url}/free.html`);
    await page.evaluate(COUNT_ONE);
    await page.close();
    await telemetry.untilPosts(1);
    expect(metrics().map(({ metricName }) => metricName)).toEqual(["Opened"]);
  });
});
