import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { startSimulator } from "../../simulator/index";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { ROOT } from "../support/paths";

const BUNDLE = join(ROOT, "dist/amazon-connect-chat.js");
const TIMEOUT_MS = 15_000;
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

// Longer than any single wait, so that a failure names the condition.
jest.setTimeout(4 * TIMEOUT_MS);

type Side = "customer" | "agent";

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

describeInBrowser("the demo", () => {
  let simulator: Awaited<ReturnType<typeof startSimulator>>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let errors: string[];
  const toClose: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    if (!existsSync(BUNDLE))
      throw new Error("dist/amazon-connect-chat.js is missing: run `npm run build` first.");
    simulator = await startSimulator({
      serveFiles: {
        "/": join(ROOT, "examples/demo"),
        "/amazon-connect-chat.js": BUNDLE,
        "/inspector.js": join(ROOT, "dist/inspector.js"),
      },
    });
    toClose.push(() => simulator.close());
    browser = await launchChromium();
    toClose.push(() => browser.close());
  });

  afterAll(async () => {
    for (const close of toClose.reverse()) await close();
  });

  beforeEach(async () => {
    context = await browser.newContext({ viewport: WIDE, acceptDownloads: true });
    context.setDefaultTimeout(TIMEOUT_MS);
    page = await context.newPage();
    errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
  });

  afterEach(async () => {
    await context.close();
  });

  const part = (side: Side, name: string): Locator => page.getByTestId(`${side}-${name}`);
  const isEnabled = (locator: Locator): Promise<void> =>
    locator.and(page.locator(":enabled")).waitFor({ state: "attached" });
  const ticks = (side: Side, status: string): Locator =>
    part(side, "ticks").and(page.locator(`[data-status="${status}"]`));

  async function bothConnected(): Promise<void> {
    await isEnabled(part("customer", "send"));
    await isEnabled(part("agent", "send"));
  }

  async function openChat(path = "/"): Promise<void> {
    await page.goto(`${simulator.url}${path}`);
    await bothConnected();
  }

  async function say(side: Side, text: string): Promise<void> {
    await part(side, "input").fill(text);
    await part(side, "send").click();
  }

  const sees = (side: Side, text: string): Promise<void> =>
    part(side, "transcript").getByText(text, { exact: true }).waitFor();

  test("disables each send button until its side is connected", async () => {
    let release = (): void => undefined;
    const untilReleased = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/start-chat", async (route) => {
      await untilReleased;
      await route.continue();
    });
    await page.goto(simulator.url);
    await part("customer", "send").waitFor();

    expect(await part("customer", "send").isDisabled()).toBe(true);
    expect(await part("agent", "send").isDisabled()).toBe(true);

    release();
    await bothConnected();
    expect(errors).toEqual([]);
  });

  test("shows a message in each direction once, and ticks it as sent, delivered and read", async () => {
    await openChat();
    await say("customer", "Where is my parcel?");
    await sees("agent", "Where is my parcel?");
    await ticks("customer", "delivered").waitFor();
    await part("agent", "unread").waitFor();

    await part("agent", "input").focus();
    await ticks("customer", "read").waitFor();

    await say("agent", "At the depot.");
    await sees("customer", "At the depot.");
    await sees("agent", "At the depot.");
    await ticks("agent", "delivered").waitFor();
    await part("customer", "input").focus();
    await ticks("agent", "read").waitFor();

    for (const side of ["customer", "agent"] as const) {
      expect(await part(side, "transcript").locator(".message").count()).toBe(2);
    }
    expect(errors).toEqual([]);
  });

  test("shows typing on the other side", async () => {
    await openChat();
    await part("agent", "input").pressSequentially("One mo");
    await part("customer", "typing").getByText("Sam is typing").waitFor();
    await part("agent", "input").press("Enter");

    await sees("customer", "One mo");
    await part("customer", "typing").waitFor({ state: "hidden" });
    expect(errors).toEqual([]);
  });

  test("downloads a 5 MB attachment unchanged", async () => {
    await openChat();
    const sent = randomBytes(5_000_000);
    await part("customer", "attach").setInputFiles({
      name: "photograph.png",
      mimeType: "image/png",
      buffer: sent,
    });
    const chip = part("agent", "attachment").filter({ hasText: "photograph.png" });
    await chip.getByText("5.0 MB").waitFor();

    const [download] = await Promise.all([page.waitForEvent("download"), chip.click()]);
    const received = await readFile(await download.path());

    expect(download.suggestedFilename()).toBe("photograph.png");
    expect(received.length).toBe(sent.length);
    expect(sha256(received)).toBe(sha256(sent));
    expect(errors).toEqual([]);
  });

  test("shows connections, heartbeats and requests in the timeline", async () => {
    await openChat();
    await say("customer", "Hello");
    const timeline = page.getByTestId("timeline");
    const row = (side: Side, text: string): Locator =>
      timeline.locator(`[data-side="${side}"]`).filter({ hasText: text }).first();

    await row("customer", "Connected").waitFor();
    await row("agent", "Connected").waitFor();
    await row("customer", "Heartbeat answered").waitFor();
    const request = row("customer", "SendMessage");
    await request.waitFor();
    expect(await request.textContent()).toMatch(/200\s*\d+ ms/);
  });

  test("shows that a link was cut, restores it, and delivers later messages", async () => {
    await openChat();
    await page.getByTestId("drop-link").click();
    for (const side of ["customer", "agent"] as const) {
      await part(side, "status").getByText("Connection lost").waitFor();
    }

    // The next attempt may be 30 s after the last one.
    for (const side of ["customer", "agent"] as const) {
      await part(side, "status")
        .getByText("Connected", { exact: true })
        .waitFor({ timeout: 3 * TIMEOUT_MS });
    }
    await page.getByTestId("timeline").getByText("Reconnected").first().waitFor();
    await say("agent", "Can you hear me?");
    await sees("customer", "Can you hear me?");
    expect(await part("customer", "transcript").locator(".message").count()).toBe(1);
  });

  test("shows the end of a chat on both sides, and starts a new chat with an empty transcript", async () => {
    await openChat();
    await say("customer", "Goodbye");
    await sees("agent", "Goodbye");
    await page.getByTestId("end-chat").click();
    await sees("customer", "The chat has ended");
    await sees("agent", "The chat has ended");
    expect(await part("customer", "send").isDisabled()).toBe(true);
    expect(await part("agent", "send").isDisabled()).toBe(true);

    await page.getByTestId("new-chat").click();
    await bothConnected();
    expect(await part("agent", "transcript").getByText("Goodbye").count()).toBe(0);
    await say("agent", "Welcome back");
    await sees("customer", "Welcome back");
    expect(errors).toEqual([]);
  });

  test("shows why a message was rejected, and can resend it", async () => {
    await openChat();
    await page.route(
      "**/participant/message",
      (route) => route.fulfill({ status: 400, json: { message: "Not today" } }),
      { times: 1 },
    );
    await say("customer", "Hello?");
    await ticks("customer", "failed").waitFor();
    await part("customer", "transcript").getByText("Not today").waitFor();

    await part("customer", "transcript").getByRole("button", { name: "Try again" }).click();
    await sees("agent", "Hello?");
    await ticks("customer", "delivered").waitFor();
  });

  test("shows the server's error if no backend starts the chat", async () => {
    await page.route("**/start-chat", (route) => route.fulfill({ status: 503, body: "Down for repair" }));
    await page.goto(simulator.url);
    await page.getByTestId("page-error").getByText("503: Down for repair").waitFor();
    await page.getByTestId("new-chat").waitFor();
  });

  test("shows only the customer, and says where the agent is, if startChatUrl is set", async () => {
    const region = "eu-central-1";
    const atAws = `https://participant.connect.${region}.amazonaws.com/participant/connection`;
    let bearer: string | null = null;
    await page.route(atAws, (route) => {
      bearer = route.request().headers()["x-amz-bearer"] ?? null;
      return route.fulfill({ status: 403, json: { message: "Not a real chat" } });
    });
    await page.route("https://backend.example/start", (route) =>
      route.fulfill({
        headers: { "access-control-allow-origin": "*", "access-control-allow-headers": "*" },
        json: {
          data: { startChatResult: { ContactId: "c", ParticipantId: "p", ParticipantToken: "the-token" } },
        },
      }),
    );
    const query = new URLSearchParams({ startChatUrl: "https://backend.example/start", region });
    await page.goto(`${simulator.url}/?${query.toString()}`);

    await page.getByTestId("agent-elsewhere").getByText("Contact Control Panel").waitFor();
    await page.getByTestId("page-error").waitFor();
    expect(bearer).toBe("the-token");
    expect(await part("agent", "input").count()).toBe(0);
  });

  test("keeps the last message in view when other parts of the page grow", async () => {
    await page.setViewportSize(PHONE);
    await openChat();
    for (let n = 1; n <= 6; n += 1) await say("customer", `Question ${n}`);
    await sees("agent", "Question 6");
    await say("agent", "One answer");
    await sees("customer", "One answer");
    // The header of the customer's pane now has one more line.
    await part("customer", "unread").waitFor();
    await ticks("agent", "delivered").last().waitFor();
    for (const side of ["customer", "agent"] as const) {
      await page.waitForFunction((testId) => {
        const scroller = document.querySelector(`[data-testid="${testId}"]`);
        return scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= 1;
      }, `${side}-transcript`);
    }
    expect(errors).toEqual([]);
  });

  test("is no wider than a phone's screen", async () => {
    await page.setViewportSize(PHONE);
    await openChat();
    await say("customer", "A-long-word-without-a-single-place-to-break-it-".repeat(8));
    await ticks("customer", "delivered").waitFor();
    await part("agent", "attach").setInputFiles({
      name: `${"a-very-long-name-".repeat(8)}.txt`,
      mimeType: "text/plain",
      buffer: Buffer.from("text"),
    });
    await part("customer", "attachment").waitFor();

    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    expect(errors).toEqual([]);
  });
});
