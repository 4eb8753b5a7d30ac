import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { startSimulator, type Simulator } from "../../simulator/index";
import { FAULT_INFOS } from "../../simulator/panel/faults/kinds";
import { violations } from "./support/axe";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { inProject, ROOT } from "../support/paths";

jest.setTimeout(120_000);

const TIMEOUT_MS = 20_000;
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** `PANEL_SCREENSHOTS=FOLDER npx jest …` saves screenshots of the steps. */
const SCREENSHOTS = process.env["PANEL_SCREENSHOTS"];

describeInBrowser("the control panel", () => {
  let simulator: Simulator;
  let browser: Browser;
  let errors: string[] = [];
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    simulator = await startSimulator({
      control: true,
      serveFiles: {
        "/_panel": join(ROOT, "dist/panel"),
        "/customer": inProject("test/browser/support/panel"),
        "/amazon-connect-chat.js": join(ROOT, "dist/amazon-connect-chat.js"),
      },
    });
    browser = await launchChromium();
  });

  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    await fetch(`${simulator.url}/_control/reset`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
  });

  afterAll(async () => {
    await browser.close();
    await simulator.close();
  });

  async function open(path: string, viewport = WIDE): Promise<Page> {
    const context = await browser.newContext({ viewport, acceptDownloads: true });
    contexts.push(context);
    context.setDefaultTimeout(TIMEOUT_MS);
    const page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      // The browser logs dropped links and cut calls.
      const isOutage = /WebSocket|ERR_EMPTY_RESPONSE/.test(message.text());
      if (message.type() === "error" && !isOutage) errors.push(message.text());
    });
    await page.goto(`${simulator.url}${path}`);
    return page;
  }

  async function openPanel(viewport = WIDE): Promise<Page> {
    errors = [];
    const panel = await open("/_panel/", viewport);
    await panel.getByText("Live", { exact: true }).waitFor();
    return panel;
  }

  const openCustomer = async (name = "Maria Jensen"): Promise<Page> => {
    const customer = await open(`/customer/?name=${encodeURIComponent(name)}`);
    await customer.locator("#status").getByText("connected", { exact: true }).waitFor();
    return customer;
  };
  const select = (panel: Page, name: string): Promise<void> =>
    panel.getByRole("navigation", { name: "Contacts" }).getByRole("button", { name }).click();
  const transcript = (panel: Page): Locator => panel.getByRole("region", { name: "Transcript" });
  const sees = (panel: Page, text: string | RegExp): Promise<void> =>
    transcript(panel).getByText(text).first().waitFor();
  const customerSees = (customer: Page, text: string): Promise<void> =>
    customer.locator("#messages").getByText(text).first().waitFor();
  const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
  const speakAs = (panel: Page, name: string): Promise<void> =>
    panel.getByRole("radio", { name, exact: true }).check();
  const tool = (panel: Page, name: string | RegExp): Promise<void> =>
    panel.getByRole("tab", { name }).click();

  async function say(panel: Page, text: string): Promise<void> {
    await panel.getByLabel("Message", { exact: true }).fill(text);
    await panel.keyboard.press("Enter");
  }

  async function customerSays(customer: Page, text: string): Promise<void> {
    await customer.getByLabel("Message").fill(text);
    await customer.keyboard.press("Enter");
  }

  async function screenshot(page: Page, name: string): Promise<void> {
    if (SCREENSHOTS === undefined) return;
    mkdirSync(SCREENSHOTS, { recursive: true });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: join(SCREENSHOTS, `${name}-${colorScheme}.png`) });
    }
    await page.emulateMedia({ colorScheme: null });
  }

  test("can play every part of a support case with a page that uses the library", async () => {
    const panel = await openPanel();
    await panel.getByText("Waiting for a chat").waitFor();
    await screenshot(panel, "wide-empty");
    const customer = await openCustomer();
    await select(panel, "Maria Jensen");

    // A bot greets, with a streamed answer and a list picker.
    await speakAs(panel, "Bot");
    await say(panel, "Hello! I'm the workshop's assistant.");
    await customerSees(customer, "Hello! I'm the workshop's assistant.");
    await panel.getByRole("radio", { name: "Streamed" }).check();
    await say(panel, "I can book a service, find your bike, or get you a colleague.");
    await customerSees(customer, "or get you a colleague.");
    await panel.getByRole("radio", { name: "Text" }).check();
    await button(panel, "Template").click();
    const dialog = panel.getByRole("dialog", { name: "Send a template" });
    await dialog.getByText("Preview").waitFor();
    expect(await violations(panel)).toEqual([]);
    await screenshot(panel, "wide-template");
    await button(panel, "Send template").click();
    await dialog.waitFor({ state: "detached" });
    await button(customer, "Cargo bike").click();
    await sees(panel, "Cargo bike");

    // An agent joins with the first message, and the customer's messages are marked as read.
    await speakAs(panel, "Agent");
    await say(panel, "Hi Maria, I'm Sam. What happened to your cargo bike?");
    await customerSees(customer, "participant.joined");
    await customerSays(customer, "The front wheel wobbles.");
    await sees(panel, "The front wheel wobbles.");
    await sees(panel, "Read by Sam");

    // The customer and the agent each send a file.
    await customer.getByLabel("File").setInputFiles(inProject("test/browser/support/panel/wheel.png"));
    await transcript(panel).getByRole("img", { name: "wheel.png" }).waitFor();
    const [file] = await Promise.all([
      panel.waitForEvent("download"),
      transcript(panel).getByRole("link", { name: "wheel.png" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("wheel.png");
    await panel.getByLabel("Files to attach").setInputFiles({
      name: "estimate.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("80 EUR"),
    });
    await customer.getByRole("button", { name: "estimate.txt" }).click();
    await customer.getByText("estimate.txt: 80 EUR").waitFor();

    // The link drops. When it is restored, the messages from the meantime arrive.
    await tool(panel, /^Faults/);
    await button(panel, "Refuse sockets New sockets are refused. Open sockets stay open.").click();
    await button(panel, "Add the fault").click();
    await panel.getByLabel("Active faults").getByText("Refuse sockets 403 · Maria Jensen’s chat").waitFor();
    await button(panel, "Drop the socket Breaks open sockets now. Pages reconnect.").click();
    await button(panel, "Drop the socket now").click();
    await customer.locator("#status").getByText("reconnecting").waitFor();
    await say(panel, "That's the bearing. Are you still there?");
    await screenshot(panel, "wide-faults");
    // The page waits for its backoff before it tries to reconnect.
    await tool(panel, "Traffic");
    await panel.getByText("socket refused").first().waitFor();
    await tool(panel, /^Faults/);
    await panel.getByRole("button", { name: /^Remove: Refuse sockets/ }).click();
    await customer.locator("#status").getByText("connected", { exact: true }).waitFor({ timeout: 60_000 });
    await customerSees(customer, "Are you still there?");

    // The chat is transferred. When the customer leaves, a survey starts. After the survey, the chat ends.
    await tool(panel, "Play");
    await screenshot(panel, "wide-play");
    await panel.getByLabel("A survey starts when somebody disconnects").check();
    await button(panel, "Transfer").click();
    await sees(panel, "Transferred");
    await sees(panel, "Kim joined");
    await say(panel, "Kim here. I ordered the bearing.");
    await customerSees(customer, "I ordered the bearing.");
    await button(customer, "Leave").click();
    await sees(panel, "How was this chat?");
    await button(customer, "5").click();
    await customer.locator("#status").getByText("ended").waitFor();
    await panel.getByText("This chat has ended.").first().waitFor();

    await tool(panel, "Traffic");
    await panel.getByText("Fault added: Refuse sockets 403").waitFor();
    await panel.getByText("Fault ended: Refuse sockets 403").waitFor();
    await panel
      .getByRole("button", { name: /SendMessage/ })
      .first()
      .click();
    await screenshot(panel, "wide-traffic");
    await tool(panel, "Copy as test");
    const code = await panel.getByLabel("The test").textContent();
    expect(code).toContain(
      'contact.say("Hello! I\'m the workshop\'s assistant.", { role: "SYSTEM", displayName: "BOT" });',
    );
    expect(code).toContain('await contact.waitForMessage("Cargo bike");');
    expect(code).toContain("simulator.dropSockets({ contactId: contact.contactId });");
    await screenshot(panel, "wide-test");
    expect(await violations(panel)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("can send every template with its defaults, and shows the template's text in the transcript", async () => {
    const panel = await openPanel();
    await openCustomer();
    await select(panel, "Maria Jensen");
    await speakAs(panel, "Bot");
    for (const [tab, text] of [
      ["Quick reply", "Did this solve it?"],
      ["Panel", "Talk to a person"],
      ["Time picker", "At City workshop"],
      ["Carousel", "Old town"],
      ["View", "View arn:aws:connect:eu-central-1:aws:view/form:1"],
      ["JSON", "How would you like to continue?"],
    ] as const) {
      await button(panel, "Template").click();
      await panel.getByRole("tab", { name: tab, exact: true }).click();
      expect(await violations(panel)).toEqual([]);
      await screenshot(panel, `wide-template-${tab.toLowerCase().replace(" ", "-")}`);
      await button(panel, "Send template").click();
      await panel.getByRole("dialog").waitFor({ state: "detached" });
      await sees(panel, text);
    }
    const view = await simulatedView();
    expect(view).toMatchObject({ View: { Content: { Actions: ["Submit", "Back"] } } });
    await screenshot(panel, "wide-templates-sent");
    expect(errors).toEqual([]);
  });

  test("supports names, sign-in, idle participants, redaction, dropped files, manual receipts, and saving the state", async () => {
    const panel = await openPanel();
    const customer = await openCustomer();
    await select(panel, "Maria Jensen");
    await panel.getByLabel("Send read receipts").uncheck();
    await button(panel, "Join now").click();
    await sees(panel, "Sam joined");
    await panel.getByLabel("Name", { exact: true }).fill("Samantha");
    await panel.keyboard.press("Enter");
    await sees(panel, "Display name changed to Samantha");

    await customerSays(customer, "My card is 4111");
    await button(panel, "Mark as read").click();
    await sees(panel, "Read by Samantha");
    await transcript(panel).getByText("My card is 4111").hover();
    await transcript(panel).getByRole("button", { name: "Details" }).last().click();
    await button(panel, "Redact").click();
    await customerSees(customer, "{REDACTED}");
    await panel.getByLabel("Messages", { exact: true }).selectOption("Delivered without long numbers");
    await customerSays(customer, "And 123456789");
    await sees(panel, /^And (?!123456789)/);

    await button(panel, "Ask to sign in").click();
    await sees(panel, "Sign-in requested");
    await button(panel, "Times out").click();
    await sees(panel, "Sign-in timed out");
    await button(panel, "Idle").click();
    await sees(panel, "Maria Jensen is idle");
    await button(panel, "Add a supervisor").click();
    await sees(panel, "Robin joined");

    await panel.getByRole("textbox", { name: "Message" }).evaluate((target) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["dropped"], "dropped.txt", { type: "text/plain" }));
      for (const type of ["dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    });
    await customer.getByRole("button", { name: "dropped.txt" }).waitFor();

    await button(panel, "State").click();
    const [file] = await Promise.all([panel.waitForEvent("download"), button(panel, "Save a file").click()]);
    await button(panel, "Reset everything").click();
    await panel.getByText("Waiting for a chat").waitFor();
    await button(panel, "State").click();
    await panel.getByLabel("Choose a file").setInputFiles(await file.path());
    await select(panel, "Maria Jensen");
    await sees(panel, "dropped.txt");
    expect(errors).toEqual([]);
  });

  test("can add every fault with a click, lists active faults, and can remove them", async () => {
    const panel = await openPanel();
    await openCustomer();
    await select(panel, "Maria Jensen");
    await tool(panel, /^Faults/);
    const chips = panel.getByLabel("Active faults").getByRole("listitem");
    let active = 0;
    for (const { kind, title, isImmediate = false } of FAULT_INFOS) {
      await panel.locator("button.fault", { hasText: title }).first().click();
      const form = panel.getByRole("form", { name: title, exact: true });
      // By default, this fault ends when its socket does.
      if (kind === "halfOpen") await form.getByLabel("How often").selectOption("untilCleared");
      await form.getByRole("button").click();
      const done = `${isImmediate ? "Done" : "Added"}: ${title}.`;
      await panel.getByText(kind === "dropSockets" ? /^(Dropped|No socket)/ : done).waitFor();
      if (!isImmediate) active += 1;
      // The panel can't reach the simulator during the restart, and takes a moment to notice.
      if (kind === "restart")
        await panel.getByText("The simulator isn't reachable", { exact: true }).waitFor();
      await panel.getByText("Live", { exact: true }).waitFor();
      if (active > 0) await chips.nth(active - 1).waitFor();
    }
    expect(await violations(panel)).toEqual([]);
    await screenshot(panel, "wide-faults-all");
    await chips.first().getByRole("button").click();
    await button(panel, "Remove all").click();
    await panel.getByText("No faults are active.").waitFor();
  });

  test("shows contacts, conversation and tools as separate, accessible views that fit a phone's screen", async () => {
    const panel = await openPanel(PHONE);
    const customer = await openCustomer();
    await customerSays(customer, "Is my bike ready?");
    const row = panel
      .getByRole("navigation", { name: "Contacts" })
      .getByRole("button", { name: "Maria Jensen" });
    await row.getByText("1 unread").waitFor();
    await screenshot(panel, "phone-contacts");
    expect(await violations(panel)).toEqual([]);

    await row.click();
    await sees(panel, "Is my bike ready?");
    await say(panel, "Yes, since this morning!");
    await customerSees(customer, "Yes, since this morning!");
    simulator.contact(await firstContact()).event("typing", { role: "CUSTOMER" });
    await panel.getByText("Maria Jensen is typing").waitFor();
    await screenshot(panel, "phone-chat");
    expect(await violations(panel)).toEqual([]);

    for (const name of ["Play", /^Faults/, "Traffic", "Copy as test"]) {
      await button(panel, "Tools").click();
      await tool(panel, name);
      expect(await violations(panel)).toEqual([]);
      await screenshot(panel, `phone-${String(name).replace(/\W/g, "").toLowerCase()}`);
    }
    const overflow = await panel.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    expect(errors).toEqual([]);
  });

  test("shows code that connects a page of another origin when it is pasted there", async () => {
    const panel = await openPanel();
    await panel.getByRole("tab", { name: "npm", exact: true }).focus();
    await panel.keyboard.press("ArrowRight");
    const code = panel.getByLabel("Code to connect a page");
    await code.getByText("amazon-connect-chat.js").waitFor();
    expect(await violations(panel)).toEqual([]);
    await screenshot(panel, "wide-snippet");
    const html = (await code.textContent()) ?? "";

    const server = createServer((_, response) =>
      response
        .setHeader("content-type", "text/html")
        .end(`<!doctype html><link rel="icon" href="data:,">${html}`),
    );
    await once(server.listen(0, "127.0.0.1"), "listening");
    const context = await browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    const logged: string[] = [];
    page.on("console", (message) => void logged.push(message.text()));
    try {
      const { port } = server.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}/`);
    } finally {
      server.close();
      server.closeAllConnections();
    }
    await panel.getByRole("heading", { name: "Connected" }).waitFor();
    const shown = page.waitForEvent("console", (message) => message.text() === "Sam Hello, page!");
    await say(panel, "Hello, page!");
    await shown;
    expect(logged.filter((text) => /failed|error/i.test(text))).toEqual([]);
  });

  test("can take the network down for a while with one click, and undo that with another", async () => {
    const panel = await openPanel();
    const customer = await openCustomer();
    const status = customer.locator("#status");
    await tool(panel, /^Faults/);
    const chips = panel.getByLabel("Active faults").getByRole("listitem");
    await panel.getByLabel("Seconds").fill("600");
    await panel.keyboard.press("Enter");
    await panel.getByText(/^The network is down for 600 seconds\./).waitFor();
    await status.getByText("reconnecting").waitFor();
    await chips.getByText(/^Network down · Maria Jensen’s chat · until /).waitFor();
    expect(await chips.count()).toBe(1);
    expect(await violations(panel)).toEqual([]);
    await screenshot(panel, "wide-network-down");
    await panel.getByRole("button", { name: /^Remove: Network down/ }).click();
    await panel.getByText("No faults are active.").waitFor();
    await status.getByText("connected", { exact: true }).waitFor({ timeout: 60_000 });

    await panel.getByLabel("Seconds").fill("2");
    await button(panel, "Take it down").click();
    await chips.getByText(/^Network down/).waitFor();
    await panel.getByText("No faults are active.").waitFor();
    await status.getByText("connected", { exact: true }).waitFor({ timeout: 60_000 });
    expect(errors).toEqual([]);
  });

  test("selects the only contact, dims contacts without a socket, and offers a customer's newer chat after a reload", async () => {
    const panel = await openPanel();
    const customer = await openCustomer();
    await panel.getByRole("heading", { name: /^Maria Jensen/ }).waitFor();
    await customerSays(customer, "In the first chat");
    await sees(panel, "In the first chat");

    await customer.reload();
    await customer.locator("#status").getByText("connected", { exact: true }).waitFor();
    await panel.getByText("Maria Jensen started a new chat.").waitFor();
    const contacts = panel.getByRole("navigation", { name: "Contacts" });
    await contacts.getByRole("button", { name: /No open socket/ }).waitFor();
    expect(await violations(panel)).toEqual([]);
    await screenshot(panel, "wide-newer-chat");
    await button(panel, "Switch to it").click();
    await customerSays(customer, "In the second chat");
    await sees(panel, "In the second chat");
    await panel.getByText("Maria Jensen started a new chat.").waitFor({ state: "detached" });

    await panel.getByLabel("Hide ended and disconnected").check();
    await contacts.getByRole("button", { name: /No open socket/ }).waitFor({ state: "detached" });
    expect(await contacts.getByRole("button", { name: "Maria Jensen" }).count()).toBe(1);
    expect(errors).toEqual([]);
  });

  test("renders only a part of many contacts and items, and the rest on request", async () => {
    const first = simulator.startChat({ displayName: "Zoe" });
    const script = simulator.contact(first.ContactId);
    for (let number = 1; number <= 700; number++) script.say(`Message ${number}.`);
    for (let number = 1; number <= 450; number++) simulator.startChat({ displayName: `Customer ${number}` });
    const panel = await openPanel();
    const rows = panel.getByRole("navigation", { name: "Contacts" }).locator("button.contact");
    await button(panel, "Show more (251 hidden)").click();
    await button(panel, "Show more (51 hidden)").click();
    expect(await rows.count()).toBe(451);
    await panel.getByLabel("Filter contacts").fill("zoe");
    await rows.first().click();
    expect(await rows.count()).toBe(1);

    await sees(panel, "Message 700.");
    const messages = transcript(panel).locator("li.message");
    expect(await messages.count()).toBe(300);
    await button(panel, "Earlier messages (400)").click();
    await button(panel, "Earlier messages (100)").click();
    await sees(panel, "Message 1.");
    expect(await messages.count()).toBe(700);
    // The transcript shows the earlier messages without jumping to the latest one.
    expect(await messages.last().evaluate((last) => last.getBoundingClientRect().top)).toBeGreaterThan(900);
    expect(errors).toEqual([]);
  });

  test("shows hostile content as text, and turns only http and https addresses into links", async () => {
    const panel = await openPanel();
    const html = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    const customer = await openCustomer(html);
    await customerSays(customer, html);
    await select(panel, html);
    await sees(panel, html);
    const contact = simulator.contact(await firstContact());
    const elements = [
      { title: "Run", type: "hyperlink", url: "javascript:document.title=1" },
      { title: "Site", type: "hyperlink", url: "https://example.test/" },
    ];
    contact.say(
      JSON.stringify({ templateType: "Panel", version: "1.0", data: { content: { title: html, elements } } }),
      { contentType: "application/vnd.amazonaws.connect.message.interactive" },
    );
    await sees(panel, "Run");
    expect(await transcript(panel).locator("script, img").count()).toBe(0);
    expect(await transcript(panel).getByRole("link").allTextContents()).toEqual(["Site"]);
    expect(await panel.title()).toMatch(/Chat simulator$/);
    expect(errors).toEqual([]);
  });

  test("can be used with the keyboard: shortcuts, arrow keys, Enter and Escape work", async () => {
    const panel = await openPanel();
    await openCustomer("Ada");
    await openCustomer("Grace");
    await panel.getByRole("button", { name: "Grace" }).waitFor();
    await panel.keyboard.press("?");
    await panel.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    expect(await violations(panel)).toEqual([]);
    await panel.keyboard.press("Escape");
    await panel.getByRole("dialog").waitFor({ state: "detached" });

    // The panel has selected Ada, who was the only contact at first.
    await panel.getByRole("heading", { name: /^Ada/ }).waitFor();
    await panel.keyboard.press("k");
    await panel.getByRole("heading", { name: /^Grace/ }).waitFor();
    await panel.keyboard.press("j");
    await panel.getByRole("heading", { name: /^Ada/ }).waitFor();
    await panel.getByRole("button", { name: "Grace" }).focus();
    await panel.keyboard.press("ArrowDown");
    await panel.keyboard.press("Enter");
    await panel.getByRole("heading", { name: /^Ada/ }).waitFor();

    await panel.keyboard.press("3");
    await panel.keyboard.press("m");
    await panel.keyboard.type("Supervising");
    await panel.keyboard.press("Enter");
    await sees(panel, "Robin joined");
    await sees(panel, "Supervising");
    await panel.keyboard.press("Escape");
    await panel.keyboard.press("f");
    await panel.getByRole("button", { name: /^Half-open socket/ }).waitFor();
    expect(errors).toEqual([]);
  });

  test("follows the system's theme until the user chooses a theme, and remembers the choice", async () => {
    const panel = await openPanel();
    const background = (): Promise<string> =>
      panel.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await panel.emulateMedia({ colorScheme: "dark" });
    const dark = await background();
    await panel.emulateMedia({ colorScheme: "light" });
    const light = await background();
    expect(dark).not.toBe(light);
    await panel.getByRole("button", { name: "Theme: system. Change it" }).click();
    await panel.getByRole("button", { name: "Theme: light. Change it" }).click();
    expect(await background()).toBe(dark);
    await panel.reload();
    expect(await background()).toBe(dark);
  });

  async function simulatedView(): Promise<unknown> {
    const contactId = await firstContact();
    const { transcript: items } = simulator.contact(contactId);
    const view = items.find(({ Content = "" }) => Content.includes("viewToken"));
    const { data } = JSON.parse(view?.Content ?? "{}") as { data: { content: { viewToken: string } } };
    const agent = simulator.joinAgent(contactId);
    const response = await fetch(`${simulator.url}/participant/views/${data.content.viewToken}`, {
      headers: { "x-amz-bearer": agent.connectionToken },
    });
    return response.json();
  }

  async function firstContact(): Promise<string> {
    const response = await fetch(`${simulator.url}/_control/contacts`);
    const { contacts } = (await response.json()) as { contacts: { contactId: string }[] };
    return contacts[0]?.contactId ?? "";
  }
});
