import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { startSimulator, type Simulator } from "../../simulator/index";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { describeInEngine, launchEngine, type EngineBrowser, type EnginePage } from "./support/engines";
import { SUCCESSFUL_STEPS, wholeChat, type WholeChat } from "./support/whole-chat";
import { SHIPPED_BUNDLE } from "../support/paths";

const BUNDLE = SHIPPED_BUNDLE;

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

jest.setTimeout(60_000);

/** Worker code. Runs a chat with the arguments it receives, and posts the steps. */
const RUN = `
  const wholeChat = ${wholeChat.toString()};
  onmessage = ({ data }) => wholeChat(data).then(
    (steps) => postMessage({ steps, globals: typeof window + " " + typeof document }),
    (error) => postMessage({ steps: String(error) }),
  );
  postMessage("ready");
`;

/** Records uncaught errors, starting before the library is loaded. */
const WATCH = `
  window.errors = [];
  addEventListener("error", ({ message }) => errors.push(message));
  addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
`;

const pageWith = (script = ""): string =>
  `<!doctype html><title>Page</title><link rel="icon" href="data:,"><script>${WATCH}${script}</script><script src="/library.js"></script>`;

/** Before the library runs, `script` removes APIs that some environments lack. `missing` proves that they are gone. */
const LIMITED = [
  {
    without: "MessageChannel, crypto.randomUUID and navigator",
    path: "/poor-0.html",
    script: `
      for (const name of ["MessageChannel", "navigator"]) {
        Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
      }
      delete Crypto.prototype.randomUUID;
    `,
    missing: `[typeof MessageChannel, typeof crypto.randomUUID, typeof navigator]`,
  },
  {
    without: "crypto, SharedWorker, onLine, visibility and new language features",
    path: "/poor-1.html",
    script: `
      for (const name of ["MessageChannel", "SharedWorker", "crypto", "requestIdleCallback", "structuredClone"]) {
        Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
      }
      Object.defineProperty(navigator, "onLine", { value: undefined });
      Object.defineProperty(document, "visibilityState", { value: undefined });
      for (const name of ["any", "timeout"]) delete AbortSignal[name];
      delete Promise.withResolvers;
    `,
    missing: `[typeof crypto, typeof SharedWorker, typeof navigator.onLine, typeof document.visibilityState,
      typeof AbortSignal.any, typeof Promise.withResolvers]`,
  },
] as const;

const FILES = {
  "/page.html": pageWith(),
  "/strict.html": `<!doctype html><title>Strict</title><link rel="icon" href="/page.html">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; img-src 'self'; connect-src *">
    <script src="/watch.js"></script><script src="/library.js"></script>`,
  "/watch.js": `${WATCH}
    window.violations = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      violations.push(violatedDirective + " " + blockedURI));`,
  ...Object.fromEntries(LIMITED.map(({ path, script }) => [path, pageWith(script)])),
  "/classic-worker.js": `importScripts("/library.js"); ${RUN}`,
  "/module-worker.js": `import "/library.js"; ${RUN}`,
};

/** Runs in the page. Sends a 1 MB file, and returns the outcome and the reported progress. */
async function sendFile([endpoint, chatDetails, abortAt]: readonly [string, object, number]): Promise<{
  outcome: string;
  reported: number[];
}> {
  const { ChatSession } = window.connect;
  ChatSession.setGlobalConfig({ endpoint });
  const session = ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
  await session.connect();
  const reported: number[] = [];
  const controller = new AbortController();
  const attachment = new File([new Uint8Array(1_000_000)], "a.txt", { type: "text/plain" });
  const outcome = await session
    .sendAttachment({
      attachment,
      signal: controller.signal,
      onProgress: ({ loadedBytes }) => {
        reported.push(loadedBytes);
        if (loadedBytes >= abortAt) controller.abort();
      },
    })
    .then(
      () => "sent",
      (error: unknown) => String(Reflect.get(Object(error), "code")),
    );
  session.dispose();
  return { outcome, reported };
}

const upload = (
  page: Pick<EnginePage, "evaluate">,
  simulator: Simulator,
  abortAt = Number.MAX_SAFE_INTEGER,
): ReturnType<typeof sendFile> => page.evaluate(sendFile, [simulator.url, simulator.startChat(), abortAt]);

describeInEngine("a complete chat works", () => {
  let folder: string;
  let simulator: Simulator;
  let browser: EngineBrowser;
  let page: EnginePage;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "environments-"));
    for (const [path, text] of Object.entries(FILES)) writeFileSync(join(folder, path), text);
    simulator = await startSimulator({ serveFiles: { "/": folder, "/library.js": BUNDLE } });
    simulator.setView("view", { Id: "view", Name: "View" });
    browser = await launchEngine();
  });

  afterAll(async () => {
    await browser.close();
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  async function open(path: string): Promise<void> {
    simulator.clearRequests();
    page = await browser.newPage();
    await page.goto(simulator.url + path);
  }

  afterEach(async () => {
    expect(await page.evaluate("errors")).toEqual([]);
    await page.discard();
  });

  const chat = (): WholeChat => ({ endpoint: simulator.url, viewToken: "view", disableCSM: true });

  test("in a page under a strict Content Security Policy", async () => {
    await open("/strict.html");
    expect(await page.evaluate(wholeChat, chat())).toEqual(SUCCESSFUL_STEPS);
    expect(await page.evaluate("violations")).toEqual([]);
  });

  test.each(["classic", "module"] as const)("in a %s worker", async (type) => {
    await open("/page.html");
    const result = await page.evaluate(
      ([kind, args]) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(`/${kind}-worker.js`, { type: kind });
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.onmessage = ({ data }) => {
            if (data === "ready") worker.postMessage(args);
            else resolve(data);
          };
        }),
      [type, chat()] as const,
    );
    expect(result).toEqual({ steps: SUCCESSFUL_STEPS, globals: "undefined undefined" });
  });

  test.each(LIMITED)("in a page without $without", async ({ path, missing }) => {
    await open(path);
    expect(new Set(await page.evaluate<string[]>(missing))).toEqual(new Set(["undefined"]));
    expect(await page.evaluate(wholeChat, chat())).toEqual(SUCCESSFUL_STEPS);
    // Each call still has its own token, which is a UUID.
    const tokens = simulator.requests.flatMap(({ body }) => {
      const token: unknown = Reflect.get(Object(body), "ClientToken");
      return typeof token === "string" && token.includes("-") ? [token] : [];
    });
    expect(tokens.length).toBeGreaterThan(4);
    expect(tokens.filter((token) => !UUID.test(token))).toEqual([]);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  test("with an upload that reports its progress and can be aborted", async () => {
    await open("/page.html");
    const { outcome, reported } = await upload(page, simulator);
    expect(outcome).toBe("sent");
    expect(reported).toEqual([...reported].sort((one, other) => one - other));
    expect(reported.at(-1)).toBe(1_000_000);
    expect((await upload(page, simulator, 0)).outcome).toBe("Aborted");
  });
});

describeInBrowser("an upload", () => {
  test("continues with CompleteAttachmentUpload if storage responds with 204 and no body", async () => {
    const simulator = await startSimulator({ serveFiles: { "/library.js": BUNDLE } });
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`${simulator.url}/library.js`);
      await page.addScriptTag({ url: "/library.js" });
      await page.route(
        (url) => url.searchParams.has("X-Amz-Signature"),
        (route) => route.fulfill({ status: 204, headers: { "access-control-allow-origin": "*" } }),
      );
      // The file wasn't stored, so the service rejects CompleteAttachmentUpload.
      expect((await upload(page, simulator)).outcome).toBe("ServiceError");
      const operations = simulator.requests.map(({ operation }) => operation);
      expect(operations.filter((operation) => operation === "CompleteAttachmentUpload")).toHaveLength(1);
    } finally {
      await browser.close();
      await simulator.close();
    }
  });
});
