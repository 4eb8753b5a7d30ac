import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { describeInBrowser, launchChromium } from "../browser/support/chromium";
import { Application, ROOT } from "./support/application";
import { Program } from "./support/program";

/** `connect-chat-simulator`, of the installed package alone. */

jest.setTimeout(60_000);

let application: Application;
const programs: Program[] = [];

beforeAll(() => {
  application = new Application();
});
afterEach(async () => {
  for (const program of programs.splice(0)) await program.kill();
});
afterAll(() => application.remove());

function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Program {
  const program = new Program(application.path("node_modules/.bin/connect-chat-simulator"), args, {
    PORT: "",
    ...environment,
  });
  programs.push(program);
  return program;
}

const addressOf = (program: Program): Promise<string> => program.prints(/http:\/\/localhost:\d+(?=\n)/);

async function get(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

test("it serves the demo and the bundle, starts a chat, and ends at Ctrl+C", async () => {
  const program = start(["--port", "0"]);
  const url = await addressOf(program);
  expect(await get(url)).toContain("<title>ChatJS demo");
  expect(await get(`${url}/amazon-connect-chat.js`)).toBe(
    readFileSync(path.join(ROOT, "dist/amazon-connect-chat.js"), "utf8"),
  );
  const answer = await fetch(`${url}/start-chat`, { method: "POST", body: "{}" });
  expect(Object.keys((await answer.json()) as object)).toEqual([
    "ContactId",
    "ParticipantId",
    "ParticipantToken",
  ]);
  expect(await program.interrupt()).toBe(0);
});

test("its port comes from PORT as well, and an option goes before it", async () => {
  expect(await addressOf(start([], { PORT: "0" }))).toMatch(/:[1-9]\d*$/);
  expect(await addressOf(start(["-p", "0"], { PORT: "none" }))).toMatch(/:[1-9]\d*$/);
});

test("a port that is in use is told, with one to try", async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const { port } = holder.address() as AddressInfo;
  const program = start(["--port", String(port)]);
  expect(await program.ended).toBe(1);
  expect(program.output).toContain(`Port ${port} is in use.`);
  expect(program.output).toMatch(/choose another: connect-chat-simulator --port \d+\n$/);
  await new Promise((resolve) => holder.close(resolve));
});

test.each([
  ["a port that is none", ["--port", "many"], {}, /^--port is "many": it must be a number from 0/],
  ["a PORT that is none", [], { PORT: "65536" }, /^PORT is "65536": it must be a number from 0/],
  ["an option that is unknown", ["--prot=1"], {}, /'--prot'[^]*Try: connect-chat-simulator --help\n$/],
])("%s is told in a line, without a stack", async (_what, args, environment, said) => {
  const program = start(args, environment);
  expect(await program.ended).toBe(1);
  expect(program.output).toMatch(said);
  expect(program.output).not.toContain("    at ");
});

test("--help tells the options, and starts nothing", async () => {
  const program = start(["--help"]);
  expect(await program.ended).toBe(0);
  expect(program.output).toContain("--port <number>");
});

describeInBrowser("its pages", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test("the demo and each example open, with all that they load; a message goes each way", async () => {
    const url = await addressOf(start(["--port=0"]));
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("response", (response) => {
      if (!response.ok()) complaints.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(url);
    for (const [from, to] of [
      ["customer", "agent"],
      ["agent", "customer"],
    ]) {
      await page.getByTestId(`${from}-send`).and(page.locator(":enabled")).waitFor();
      await page.getByTestId(`${from}-input`).fill(`Hello ${to}`);
      await page.getByTestId(`${from}-send`).click();
      await page.getByTestId(`${to}-transcript`).getByText(`Hello ${to}`).waitFor();
    }
    await page.getByTestId("toggle-inspector").click();
    await page.locator("chat-inspector").waitFor();

    await page.goto(`${url}/examples/`);
    const links = await page
      .locator(".cards a")
      .evaluateAll((found) => found.map((link) => (link instanceof HTMLAnchorElement ? link.href : "")));
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) await page.goto(link, { waitUntil: "networkidle" });
    expect(complaints).toEqual([]);
  });
});
