import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import type * as Inspector from "../../inspector/index";
import { violations } from "./support/axe";
import { describeInBrowser } from "./support/chromium";
import { OpenPages, PHONE } from "./support/open-pages";

jest.setTimeout(120_000);

const WORDS = "A secret between us";

describeInBrowser("the inspector", () => {
  let pages: OpenPages;
  beforeAll(async () => {
    pages = await OpenPages.start();
  });
  afterAll(() => pages.close());
  afterEach(() => pages.closePages());

  const panel = (page: Page): Locator => page.locator("chat-inspector");
  const rows = (page: Page, text: string): Locator => panel(page).locator(".row").filter({ hasText: text });
  const button = (page: Page, name: string): Locator =>
    panel(page).getByRole("button", { name, exact: true });

  async function chat(viewport?: typeof PHONE): Promise<Page> {
    const page = await pages.open("/", viewport);
    for (const side of ["customer", "agent"]) {
      await page.getByTestId(`${side}-send`).and(page.locator(":enabled")).waitFor();
    }
    await page.getByTestId("customer-input").fill(WORDS);
    await page.getByTestId("customer-send").click();
    await page.getByTestId("agent-transcript").getByText(WORDS).waitFor();
    await page.getByTestId("toggle-inspector").click();
    await panel(page).waitFor();
    return page;
  }

  test("shows the links, requests, frames, events and receipts from before it was opened", async () => {
    const page = await chat();
    await rows(page, "connecting → connected").first().waitFor();
    const request = rows(page, "SendMessage").first();
    await request.getByText(/200 · \d+/).waitFor();
    await request.getByText(/↑ \d+ B ↓ \d+ B/).waitFor();
    await rows(page, "← aws/chat").first().waitFor();
    await rows(page, "deliveredReceipt").first().waitFor();
    const lane = panel(page).getByRole("img", { name: "Customer 1: connected" });
    expect(await lane.locator('.span[data-state="connected"]').count()).toBe(1);
    expect(await lane.locator('.mark[data-kind="request"]').count()).toBeGreaterThan(0);
    expect(pages.errors).toEqual([]);
  });

  test("hides texts in the list, the details, the transcript and the export until the user selects 'Show text'", async () => {
    const page = await chat();
    await rows(page, "SendMessage").first().click();
    const details = panel(page).locator(".detail");
    await details.getByText('"ClientToken": "[redacted]"').waitFor();
    const exported = async (): Promise<string> => {
      const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Export").click()]);
      return readFile(await download.path(), "utf8");
    };
    const panelText = (): Promise<string> =>
      panel(page).evaluate((node) => node.shadowRoot?.textContent ?? "");
    expect(await panelText()).not.toContain(WORDS);
    expect(await exported()).not.toContain(WORDS);

    await panel(page).getByLabel("Show text").check();
    await details.getByText(WORDS).waitFor();
    await button(page, "Transcript").click();
    await panel(page).locator(".transcript").getByText(WORDS).waitFor();
    const file = await exported();
    expect(JSON.parse(file)).toMatchObject({ textIncluded: true, sessions: [{ label: "Customer 1" }, {}] });
    expect(file).toContain(WORDS);
    const token = pages.simulator.requests.at(-1)?.headers["x-amz-bearer"];
    expect(file).not.toContain(token);
    expect(file).not.toContain("X-Amz-Signature");
  });

  test("shows a cut link as a gap on the axis, and missed messages as recovered", async () => {
    const page = await chat();
    await page.getByTestId("drop-link").click();
    await rows(page, "connected → reconnecting").first().waitFor();
    await page.getByTestId("customer-input").fill("Said in the gap");
    await page.getByTestId("customer-send").click();
    await rows(page, "messagesRecovered").first().waitFor({ timeout: 40_000 });
    await rows(page, "reconnecting → connected").first().waitFor();
    expect(await panel(page).locator('.span[data-state="reconnecting"]').count()).toBeGreaterThan(0);
  });

  test("filters, pauses and clears its entries, and gives way to the timeline when it is closed", async () => {
    const page = await chat();
    await panel(page).getByLabel("Filter by text").fill("SendMessage");
    await expect(rows(page, "SendMessage").count()).resolves.toBe(await panel(page).locator(".row").count());
    await button(page, "Requests").click();
    await panel(page).getByText("No entries match the filter.").waitFor();
    await button(page, "Requests").click();
    await rows(page, "SendMessage").first().waitFor();

    await button(page, "Pause").click();
    await page.getByTestId("agent-input").fill("While paused");
    await page.getByTestId("agent-send").click();
    await page.getByTestId("customer-transcript").getByText("While paused").waitFor();
    await panel(page)
      .getByText(/paused, \d+ not recorded/)
      .waitFor();
    expect(await rows(page, "SendMessage").count()).toBe(1);
    await button(page, "Clear").click();
    await panel(page).getByText("No entries yet.").waitFor();

    await button(page, "Close the inspector").click();
    await panel(page).waitFor({ state: "detached" });
    await page.getByTestId("timeline").waitFor();
    expect(await page.getByTestId("toggle-inspector").getAttribute("aria-pressed")).toBe("false");
  });

  test("has no accessibility violations and fits a phone", async () => {
    const page = await chat(PHONE);
    await rows(page, "SendMessage").first().click();
    expect(await violations(page)).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  });

  test("opens over the lower edge of any page that loads it from a script tag, and restores the page's globals in stop()", async () => {
    const page = await pages.open("/examples/script-tag/");
    const isShown = await page.evaluate(() => {
      const fetchOfThePage: unknown = Reflect.get(window, "fetch");
      Object.assign(window, { before: { fetch: fetchOfThePage, WebSocket: window.WebSocket } });
      const script = document.createElement("script");
      script.src = "/inspector.js";
      document.head.append(script);
      return new Promise<boolean>((loaded) =>
        script.addEventListener("load", () => loaded(document.querySelector("chat-inspector") !== null)),
      );
    });
    expect(isShown).toBe(true);
    // The inspector covers the page's lower part, so it is closed for a moment. It continues to record.
    await button(page, "Close the inspector").click();
    await pages.begin(page, () => page.getByRole("button", { name: "Start a chat" }).click());
    await page.evaluate(() => {
      const { ChatInspector } = window as unknown as {
        ChatInspector: typeof Inspector;
      };
      ChatInspector.inspector.show();
    });
    await rows(page, "connecting → connected").waitFor();
    const same = await page.evaluate(() => {
      const { ChatInspector, before } = window as unknown as {
        ChatInspector: typeof Inspector;
        before: Pick<Window & typeof globalThis, "fetch" | "WebSocket">;
      };
      ChatInspector.inspector.stop();
      return [window.fetch === before.fetch, window.WebSocket === before.WebSocket];
    });
    expect(same).toEqual([true, true]);
    expect(await panel(page).count()).toBe(0);
    expect(pages.errors).toEqual([]);
  });
});
