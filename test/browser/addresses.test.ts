/**
 * Opens each served page at several addresses of one simulator. All requests and sockets must use the page's address.
 */
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import { describeInBrowser } from "./support/chromium";
import { OpenPages } from "./support/open-pages";
import { PathProxy } from "./support/path-proxy";

jest.setTimeout(120_000);

const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
const log = (page: Page): Locator => page.getByRole("log");

async function say(page: Page, label: string): Promise<void> {
  const field = page.getByLabel(label).and(page.locator(":enabled"));
  await field.fill("Hello");
  await field.press("Enter");
  await log(page).getByText("Sent", { exact: true }).waitFor();
}

async function useDemo(page: Page): Promise<void> {
  for (const [from, to] of [
    ["customer", "agent"],
    ["agent", "customer"],
  ]) {
    await page.getByTestId(`${from}-send`).and(page.locator(":enabled")).waitFor();
    await page.getByTestId(`${from}-input`).fill(`Hello ${to}`);
    await page.getByTestId(`${from}-send`).click();
    await page.getByTestId(`${to}-transcript`).getByText(`Hello ${to}`).waitFor();
  }
  await page.getByTestId("agent-attach").setInputFiles({
    name: "note.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("text"),
  });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByTestId("customer-attachment").click(),
  ]);
  expect(download.suggestedFilename()).toBe("note.txt");
}

async function useScriptTag(page: Page): Promise<void> {
  await button(page, "Start a chat").click();
  await say(page, "Your message");
}

async function useWidget(page: Page): Promise<void> {
  await button(page, "Chat with us").click();
  await say(page, "Your message");
}

async function useStreams(page: Page): Promise<void> {
  const panel = page.frameLocator("#ccp iframe");
  await panel.getByRole("button", { name: "Accept a chat" }).click();
  await log(page).getByText("Hello, I have a question about my order.").waitFor();
  await say(page, "Your reply");
}

/** Starts a chat by a request, and waits until the panel shows it. */
async function usePanel(page: Page): Promise<void> {
  const body = JSON.stringify({ DisplayName: "Alex from the address test" });
  await page.evaluate((text) => fetch("../start-chat", { method: "POST", body: text }), body);
  await page.getByText("Alex from the address test").first().waitFor();
}

const PAGES: readonly (readonly [path: string, use: (page: Page) => Promise<void>])[] = [
  ["/", useDemo],
  ["/_panel/", usePanel],
  ["/examples/", (page) => page.locator(".cards a").first().waitFor()],
  ["/examples/script-tag/", useScriptTag],
  ["/examples/react/", useWidget],
  ["/examples/ssr/", useWidget],
  ["/examples/streams/", useStreams],
];

/** Opens a page and uses it. Returns the URLs of requests to other addresses, and the page's errors. */
async function foreignAddresses(
  pages: OpenPages,
  address: string,
  path: string,
  use: (page: Page) => Promise<void>,
): Promise<string[]> {
  const page = await pages.open("about:blank");
  const used: string[] = [];
  page.on("request", (request) => used.push(request.url()));
  page.on("websocket", (socket) => used.push(socket.url()));
  await page.goto(address + path);
  await use(page);
  const acceptedPrefixes = [`${address}/`, `${address.replace(/^http/, "ws")}/`];
  const foreign = used.filter(
    (url) => /^(?:http|ws)s?:/.test(url) && !acceptedPrefixes.some((each) => url.startsWith(each)),
  );
  return [...foreign, ...pages.errors];
}

describeInBrowser("served pages", () => {
  describe.each([
    ["http", "localhost"],
    ["http", "127.0.0.2"],
    ["https", "localhost"],
    ["https", "127.0.0.2"],
  ] as const)("at %s://%s", (scheme, host) => {
    let pages: OpenPages;
    beforeAll(async () => {
      pages = await OpenPages.start({
        buildsExamples: true,
        control: true,
        host: "0.0.0.0",
        https: scheme === "https",
      });
    });
    afterAll(() => pages.close());
    afterEach(() => pages.closePages());

    test.each(PAGES)("D1, D2: %s works, and sends requests only to its own address", async (path, use) => {
      const address = `${scheme}://${host}:${pages.simulator.port}`;
      expect(await foreignAddresses(pages, address, path, use)).toEqual([]);
    });
  });

  describe("behind a proxy that adds a path", () => {
    let pages: OpenPages;
    let proxy: PathProxy;
    beforeAll(async () => {
      pages = await OpenPages.start({ control: true });
      proxy = await PathProxy.start("/tools/chat", pages.simulator.port);
    });
    afterAll(async () => {
      await pages.close();
      await proxy.close();
    });
    afterEach(() => pages.closePages());

    // Only the package's pages. The remaining pages must be at the root, as with `npm start`.
    test.each(PAGES.filter(([path]) => !/react|ssr|streams/.test(path)))(
      "%s works, and sends requests only to addresses below the path",
      async (path, use) => {
        expect(await foreignAddresses(pages, proxy.url, path, use)).toEqual([]);
      },
    );
  });
});

describeInBrowser("D1: the script-tag example", () => {
  test("connects under its policy connect-src 'self' if it is served at localhost while the simulator listens on 127.0.0.1", async () => {
    const pages = await OpenPages.start();
    try {
      const page = await pages.open(`http://localhost:${pages.simulator.port}/examples/script-tag/`);
      const policy = page.locator('meta[http-equiv="Content-Security-Policy"]');
      expect(await policy.getAttribute("content")).toContain("connect-src 'self'");
      await useScriptTag(page);
      expect(pages.errors).toEqual([]);
    } finally {
      await pages.close();
    }
  });
});
