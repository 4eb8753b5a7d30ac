import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { startSimulator, type Simulator } from "../../simulator/index";
import { until } from "../integration/support/wait";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { startTelemetry, type Telemetry } from "./support/telemetry";
import { WENT_WELL, wholeChat } from "./support/whole-chat";
import { ROOT } from "../support/paths";

const OURS = join(ROOT, "dist/amazon-connect-chat.js");
const UPSTREAM = join(ROOT, "node_modules/upstream-chatjs/dist/amazon-connect-chat.js");

jest.setTimeout(60_000);

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

/** The page's clock goes forward without a wait: the socket's URL is too old then, and fetching a new one is measured. */
const CLOCK = `
  let ahead = 0;
  const { Date: Real } = window;
  window.Date = class extends Real {
    constructor(...given) { super(...(given.length > 0 ? given : [Real.now() + ahead])); }
    static now() { return Real.now() + ahead; }
  };
  // Upstream measures by the date, ours by the monotonic clock.
  const monotonic = performance.now.bind(performance);
  performance.now = () => monotonic() + ahead;
  window.putClockForward = () => { ahead = 200_000; };
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

/** Where ours differ from upstream's, and why: one more of each kind. All else is the same in number. */
const ONE_MORE: readonly { metric: string; why: string }[] = [
  { metric: "GetAuthenticationUrl", why: "upstream leaves it out by accident" },
  { metric: "CancelParticipantAuthentication", why: "upstream leaves it out by accident" },
  { metric: "GetTranscript", why: "a chat that comes back reads what it missed" },
];

/** connect(), then every kind of call; how each ended. Self-contained: it is handed to the page as text. */
async function oneOfEach([endpoint, chatDetails]: readonly [string, object]): Promise<string[]> {
  type Calls = Record<string, (args?: object) => Promise<unknown>>;
  const { ChatSession } = (
    globalThis as unknown as {
      connect: { ChatSession: { setGlobalConfig(config: object): void; create(args: object): Calls } };
    }
  ).connect;
  ChatSession.setGlobalConfig({ endpoint, region: "us-west-2" });
  const session = ChatSession.create({ type: "CUSTOMER", chatDetails });
  const ended = async (name: string, args?: object): Promise<string> => {
    const [outcome] = await Promise.allSettled([session[name]?.(args)]);
    return `${name} ${outcome.status}`;
  };
  const connected = await ended("connect");
  if (connected === "connect rejected") return [connected];
  await (globalThis as unknown as { socketIsReady(): Promise<void> }).socketIsReady();
  return [
    connected,
    await ended("sendMessage", { message: "a", contentType: "text/plain" }),
    await ended("sendEvent", { contentType: "application/vnd.amazonaws.connect.event.typing" }),
    await ended("getTranscript", {}),
    await ended("sendAttachment", { attachment: new File(["text"], "note.txt", { type: "text/plain" }) }),
    await ended("downloadAttachment", { attachmentId: "none" }),
    await ended("describeView", { viewToken: "none" }),
    await ended("disconnectParticipant"),
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
      // The browser's own word on the call that is refused on purpose.
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
    await telemetry.untilPosts(before + 1);
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

  /** How many more of each kind ours are; only what differs. */
  const differences = (theirs: Map<string, number>, ours: Map<string, number>): Record<string, number> =>
    Object.fromEntries(
      [...new Set([...theirs.keys(), ...ours.keys()])]
        .map((kind): [string, number] => [kind, (ours.get(kind) ?? 0) - (theirs.get(kind) ?? 0)])
        .filter(([, more]) => more !== 0),
    );

  test("REL-23: metrics leave no trace in a page under a strict policy", async () => {
    await open("/strict.html", OURS);
    expect(await chat()).toEqual(WENT_WELL);
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

  test("REL-41: metrics have upstream's names, units, dimensions and counts, except for the named ones", async () => {
    await open("/free.html", UPSTREAM);
    expect(await chat({ hooked: true })).toEqual(WENT_WELL);
    await pushOut();
    const theirs = kinds();
    const theirLatencies = metrics().filter(
      ({ metricName, unit }) => metricName === "InitWebsocket" && unit !== "Count",
    );
    await context.close();
    await simulator.close();
    telemetry.clear();

    await open("/free.html", OURS);
    expect(await chat({ hooked: true })).toEqual(WENT_WELL);
    await pushOut();
    const ours = kinds();
    const ourLatencies = metrics().filter(
      ({ metricName, unit }) => metricName === "InitWebsocket" && unit !== "Count",
    );

    expect(differences(theirs, ours)).toEqual(
      Object.fromEntries(
        [...ours.keys()]
          .filter((kind) => ONE_MORE.some(({ metric }) => kind.startsWith(`${metric} `)))
          .map((kind) => [kind, 1]),
      ),
    );
    for (const { metric } of ONE_MORE) {
      expect([...ours.keys()].filter((kind) => kind.startsWith(`${metric} `))).toHaveLength(3);
    }
    // Upstream's is a clock's time in the place of a duration.
    expect(theirLatencies.every(({ value }) => value > 1e12)).toBe(true);
    expect(ourLatencies.every(({ value }) => value >= 0 && value < 60_000)).toBe(true);
    expect(ourLatencies.length).toBe(theirLatencies.length);
  });

  test.each<[what: string, refused: readonly string[], failed: readonly string[]]>([
    ["a connection that is refused", ["CreateParticipantConnection"], ["CreateParticipantConnection"]],
    [
      "calls that are refused",
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
  ])("of %s are upstream's as well", async (_, refused, failed) => {
    const observe = async (library: string): Promise<{ outcomes: string[]; found: Map<string, number> }> => {
      telemetry.clear();
      await open("/free.html", library);
      for (const operation of refused) {
        simulator.faults.failNext(operation, { status: 400, errorType: "ValidationException" });
      }
      // One chat a page: upstream's metrics stop where there are two.
      const outcomes = await page.evaluate(oneOfEach, [simulator.url, simulator.startChat()] as const);
      await pushOut();
      return { outcomes, found: kinds() };
    };
    const theirs = await observe(UPSTREAM);
    await context.close();
    await simulator.close();
    const ours = await observe(OURS);

    expect(ours.outcomes).toEqual(theirs.outcomes);
    const errors = [...ours.found.keys()].filter((kind) => / 1 Count .*Metric=Error/.test(kind));
    expect(errors.map((kind) => kind.split(" ")[0]).sort()).toEqual(failed);
    expect(differences(theirs.found, ours.found)).toEqual({});
  });

  const COUNT_ONE = `connect.csmService.initializeCSM(); connect.csmService.addCountMetric("Opened", "UI");`;
  const HIDE = `
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  `;
  test.each<[how: string, leave: () => Promise<unknown>]>([
    ["is hidden", () => page.evaluate(HIDE)],
    ["goes to another address", () => page.goto("about:blank")],
    ["is closed", () => page.close()],
  ])("leave with a page that %s", async (_, leave) => {
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

  test("carry no cookie, not even from a page of the same site", async () => {
    await open("/free.html", OURS);
    const site = "telemetry.connect.us-west-2.amazonaws.com";
    await context.addCookies([{ url: `https://ieluqbvv.${site}/`, name: "a", value: "b" }]);
    await page.goto(`https://page.${site}/free.html`);
    // Another request of the same page has it: the browser would send it if it were let.
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

  test("are none where they are switched off", async () => {
    await open("/free.html", OURS);
    expect(await chat({ disableCSM: true })).toEqual(WENT_WELL);
    await page.evaluate(HIDE);
    await page.close();
    // A session with metrics afterwards: what the first had sent would have arrived before.
    page = await context.newPage();
    await page.goto(`${simulator.url}/free.html`);
    await page.evaluate(COUNT_ONE);
    await page.close();
    await telemetry.untilPosts(1);
    expect(metrics().map(({ metricName }) => metricName)).toEqual(["Opened"]);
  });
});
