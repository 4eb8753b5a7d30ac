import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { startSimulator, type Simulator } from "../../simulator/index";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { WENT_WELL, wholeChat, type WholeChat } from "./support/whole-chat";

const BUNDLE = resolve(__dirname, "../../dist/amazon-connect-chat.js");

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

jest.setTimeout(60_000);

/** In a worker: runs the chat that it is sent, and answers with what happened. */
const RUN = `
  const wholeChat = ${wholeChat.toString()};
  onmessage = ({ data }) => wholeChat(data).then(
    (told) => postMessage({ told, globals: typeof window + " " + typeof document }),
    (error) => postMessage({ told: String(error) }),
  );
  postMessage("ready");
`;

const FILES = {
  "/page.html": `<!doctype html><title>Page</title><link rel="icon" href="data:,">`,
  "/classic-worker.js": `importScripts("/library.js"); ${RUN}`,
  "/module-worker.js": `import "/library.js"; ${RUN}`,
};

/** Takes away what some surroundings do not have, before the library runs; and tells that it is gone. */
const IMPOVERISHED = {
  "MessageChannel, crypto.randomUUID and navigator": {
    script: `
      for (const name of ["MessageChannel", "navigator"]) {
        Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
      }
      delete Crypto.prototype.randomUUID;
    `,
    missing: `[typeof MessageChannel, typeof crypto.randomUUID, typeof navigator]`,
  },
  "crypto, SharedWorker, onLine, visibility and what is new in the language": {
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
} as const;

/** Sends a file of a megabyte, and tells how it ended and how far it was told to have come. Handed over as text. */
async function sendFile([endpoint, chatDetails, abortAt]: readonly [string, object, number]): Promise<{
  outcome: string;
  told: number[];
}> {
  const { ChatSession } = window.connect;
  ChatSession.setGlobalConfig({ endpoint });
  const session = ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
  await session.connect();
  const told: number[] = [];
  const controller = new AbortController();
  const attachment = new File([new Uint8Array(1_000_000)], "a.txt", { type: "text/plain" });
  const outcome = await session
    .sendAttachment({
      attachment,
      signal: controller.signal,
      onProgress: ({ loadedBytes }) => {
        told.push(loadedBytes);
        if (loadedBytes >= abortAt) controller.abort();
      },
    })
    .then(
      () => "sent",
      (error: unknown) => String(Reflect.get(Object(error), "code")),
    );
  session.dispose();
  return { outcome, told };
}

describeInBrowser("a whole chat goes well", () => {
  let folder: string;
  let simulator: Simulator;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "environments-"));
    for (const [path, text] of Object.entries(FILES)) writeFileSync(join(folder, path), text);
    simulator = await startSimulator({ serveFiles: { "/": folder, "/library.js": BUNDLE } });
    simulator.setView("view", { Id: "view", Name: "View" });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  async function open(): Promise<void> {
    simulator.clearRequests();
    page = await browser.newPage();
    complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
  }

  const chat = (): WholeChat => ({ endpoint: simulator.url, viewToken: "view", disableCSM: true });

  test.each(["classic", "module"] as const)("in a %s worker", async (type) => {
    await open();
    await page.goto(`${simulator.url}/page.html`);
    const answer = await page.evaluate(
      ([kind, given]) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(`/${kind}-worker.js`, { type: kind });
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.onmessage = ({ data }) => {
            if (data === "ready") worker.postMessage(given);
            else resolve(data);
          };
        }),
      [type, chat()] as const,
    );
    expect(answer).toEqual({ told: WENT_WELL, globals: "undefined undefined" });
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each(Object.entries(IMPOVERISHED))("in a page without %s", async (_, { script, missing }) => {
    await open();
    await page.addInitScript(script);
    await page.goto(`${simulator.url}/page.html`);
    await page.addScriptTag({ url: "/library.js" });
    expect(new Set(await page.evaluate<string[]>(missing))).toEqual(new Set(["undefined"]));
    expect(await page.evaluate(wholeChat, chat())).toEqual(WENT_WELL);
    // Each call still has a token of its own, and one that is a UUID.
    const tokens = simulator.requests.flatMap(({ body }) => {
      const token: unknown = Reflect.get(Object(body), "ClientToken");
      return typeof token === "string" && token.includes("-") ? [token] : [];
    });
    expect(tokens.length).toBeGreaterThan(4);
    expect(tokens.filter((token) => !UUID.test(token))).toEqual([]);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(complaints).toEqual([]);
    await page.close();
  });

  const upload = (abortAt = Infinity): ReturnType<typeof sendFile> =>
    page.evaluate(sendFile, [simulator.url, simulator.startChat(), abortAt] as const);

  test("with an upload that tells how far it has come, whatever the storage answers", async () => {
    await open();
    await page.goto(`${simulator.url}/page.html`);
    await page.addScriptTag({ url: "/library.js" });
    const { outcome, told } = await upload();
    expect(outcome).toBe("sent");
    expect(told).toEqual([...told].sort((one, other) => one - other));
    expect(told.at(-1)).toBe(1_000_000);
    expect((await upload(0)).outcome).toBe("Aborted");

    // An answer that must not have a body.
    await page.route(
      (url) => url.searchParams.has("X-Amz-Signature"),
      (route) => route.fulfill({ status: 204, headers: { "access-control-allow-origin": "*" } }),
    );
    simulator.faults.failNext("CompleteAttachmentUpload", { status: 400, errorType: "ValidationException" });
    expect((await upload()).outcome).toBe("ServiceError");
    expect(simulator.requests.filter(({ operation }) => operation === "StartAttachmentUpload")).toHaveLength(
      3,
    );
    expect(complaints).toEqual([]);
    await page.close();
  });
});
