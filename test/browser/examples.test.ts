import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import { violations } from "./support/axe";
import { describeInBrowser } from "./support/chromium";
import { OpenPages, PHONE } from "./support/open-pages";

jest.setTimeout(120_000);

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describeInBrowser("the examples", () => {
  let pages: OpenPages;
  beforeAll(async () => {
    pages = await OpenPages.start({ buildsExamples: true });
  });
  afterAll(() => pages.close());
  afterEach(() => pages.closePages());

  const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
  const enabledField = async (page: Page, label: string): Promise<Locator> => {
    const field = page.getByLabel(label).and(page.locator(":enabled"));
    await field.waitFor();
    return field;
  };
  const log = (page: Page): Locator => page.getByRole("log");

  test("are linked from the index, which the demo links to", async () => {
    const page = await pages.open("/");
    await page.getByRole("link", { name: "Examples" }).click();
    const links = await page
      .locator(".cards a")
      .evaluateAll((found) => found.map((link) => (link instanceof HTMLAnchorElement ? link.href : "")));
    expect(links).toHaveLength(5);
    for (const link of links) expect((await page.request.get(link)).status()).toBe(200);
    expect(await violations(page)).toEqual([]);
  });

  test("include a script-tag page whose chat works from start to end under a strict Content Security Policy", async () => {
    const page = await pages.open("/examples/script-tag/");
    const contact = await pages.begin(page, () => button(page, "Start a chat").click());
    const field = await enabledField(page, "Your message");
    await field.fill("Where is my parcel?");
    await field.press("Enter");
    await log(page).getByText("Sent").waitFor();

    contact.event("typing", { role: "AGENT" });
    await page.getByText("is typing…").waitFor();
    contact.say("At the depot.", { role: "AGENT", displayName: "Sam" });
    await log(page).getByText("At the depot.").waitFor();
    expect(await violations(page)).toEqual([]);

    await button(page, "End chat").click();
    await page.getByRole("status").getByText("The chat has ended").waitFor();
    await button(page, "Start a new chat").waitFor();
    expect(pages.errors).toEqual([]);
  });

  test("include a script-tag page that is no wider than a phone's screen", async () => {
    const page = await pages.open("/examples/script-tag/", PHONE);
    const contact = await pages.begin(page, () => button(page, "Start a chat").click());
    await enabledField(page, "Your message");
    contact.say("A-long-word-without-a-place-to-break-it-".repeat(8), { role: "AGENT" });
    await log(page).getByText("A-long-word").waitFor();
    expect(await overflow(page)).toBe(0);
  });

  test("include a React page whose complete chat works, including typing, receipts and resending a failed message", async () => {
    const page = await pages.open("/examples/react/");
    const contact = await pages.begin(page, () => button(page, "Chat with us").click());
    const field = await enabledField(page, "Your message");
    await page.route(
      "**/participant/message",
      (route) => route.fulfill({ status: 400, json: { message: "Not today" } }),
      { times: 1 },
    );
    await field.fill("Hello?");
    await field.press("Enter");
    await log(page).getByText("Not sent").waitFor();
    await button(page, "Try again").click();
    await log(page).getByText("Sent", { exact: true }).waitFor();
    await pages.joinAgent(contact.contactId);
    await log(page).getByText("Sam joined").waitFor();
    const { Id = "" } = contact.transcript.find(({ Content }) => Content === "Hello?") ?? {};
    contact.receipt("read", Id, { role: "AGENT" });
    await log(page).getByText("Read", { exact: true }).waitFor();

    contact.event("typing", { role: "AGENT" });
    await page.getByText("is typing…").waitFor();
    contact.say("Hello Alex", { role: "AGENT" });
    await log(page).getByText("Hello Alex").waitFor();
    await page.getByText("is typing…").waitFor({ state: "detached" });
    expect(await log(page).locator(".message").count()).toBe(2);
    expect(await violations(page)).toEqual([]);

    await button(page, "End chat").click();
    await page.getByRole("status").getByText("The chat has ended").waitFor();
    await pages.begin(page, () => button(page, "Start a new chat").click());
    await enabledField(page, "Your message");
    expect(await log(page).locator(".message").count()).toBe(0);
  });

  test("include a React widget that sends a read receipt only when a message is visible, and continues the chat after a reload", async () => {
    const page = await pages.open("/examples/react/");
    const contact = await pages.begin(page, () => button(page, "Chat with us").click());
    await enabledField(page, "Your message");
    await button(page, "Hide chat").click();
    const { Id } = contact.say("At the depot.", { role: "AGENT", displayName: "Sam" });
    await page.reload();
    const isRead = (body: unknown): boolean => JSON.stringify(body).includes("message.read");
    expect(pages.simulator.requests.filter(({ body }) => isRead(body))).toEqual([]);
    const receipt = page.waitForRequest((request) => isRead(request.postData()));
    await button(page, "Chat with us").click();
    await log(page).getByText("At the depot.").waitFor();
    expect((await receipt).postData()).toContain(Id);
    expect(await log(page).locator(".message").count()).toBe(1);
    expect(pages.errors).toEqual([]);
  });

  test("include a React widget that fits a phone's screen, and that the keyboard opens and closes", async () => {
    const page = await pages.open("/examples/react/", PHONE);
    await button(page, "Chat with us").focus();
    await page.keyboard.press("Enter");
    const field = await enabledField(page, "Your message");
    await expect(field.evaluate((node) => node === document.activeElement)).resolves.toBe(true);
    expect(await overflow(page)).toBe(0);
    await page.keyboard.press("Escape");
    const launcher = button(page, "Chat with us");
    await launcher.waitFor();
    expect(await launcher.evaluate((node) => node === document.activeElement)).toBe(true);
    expect(pages.errors).toEqual([]);
  });

  test("include a server-rendered page whose HTML contains the button, which the browser hydrates", async () => {
    const html = await fetch(`${pages.simulator.url}/examples/ssr/`).then((response) => response.text());
    expect(html).toMatch(/<aside id="widget"[^>]*><button [^>]*>Chat with us<\/button>/);
    const page = await pages.open("/examples/ssr/");
    await pages.begin(page, () => button(page, "Chat with us").click());
    await enabledField(page, "Your message");
    expect(pages.errors).toEqual([]);
  });

  test("include a Streams page on which the agent accepts a chat, reads a message, replies, and receives a reply", async () => {
    const page = await pages.open("/examples/streams/");
    const panel = page.frameLocator("#ccp iframe");
    await panel.getByRole("button", { name: "Accept a chat" }).click();
    await log(page).getByText("Hello, I have a question about my order.").waitFor();
    const field = await enabledField(page, "Your reply");
    await field.fill("How can I help?");
    await field.press("Enter");
    await log(page).getByText("Sent", { exact: true }).waitFor();
    await panel.getByRole("button", { name: "Send as customer" }).click();
    await log(page).getByText("Are you still there?").waitFor();
    expect(await log(page).locator(".message").count()).toBe(3);
    expect(await violations(page)).toEqual([]);
  });

  test("include a demo whose running chat has no accessibility violations", async () => {
    const page = await pages.open("/");
    for (const side of ["customer", "agent"]) {
      await page.getByTestId(`${side}-send`).and(page.locator(":enabled")).waitFor();
    }
    await page.getByTestId("customer-input").fill("Hello");
    await page.getByTestId("customer-send").click();
    await page.getByTestId("agent-transcript").getByText("Hello", { exact: true }).waitFor();
    await page.getByTestId("agent-attach").setInputFiles({
      name: "note.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("text"),
    });
    await page.getByTestId("customer-attachment").waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
