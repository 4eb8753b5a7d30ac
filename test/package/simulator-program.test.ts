import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { describeInBrowser, launchChromium } from "../browser/support/chromium";
import { ROOT } from "./support/application";
import { endpointOf, installProgram } from "./support/installed-program";
import type { Program } from "./support/program";

/**
 * `connect-chat-simulator`, run from the installed package. Checks starting, stopping, the port, and the served pages.
 */

jest.setTimeout(60_000);

const installed = installProgram();
const start = (args: readonly string[], environment: NodeJS.ProcessEnv = {}): Program =>
  installed.current.start(args, environment);

async function get(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

test("connect-chat-simulator serves the demo and the bundle, starts a chat, and exits on Ctrl+C", async () => {
  const program = start(["--port", "0"]);
  const url = await endpointOf(program);
  expect(await get(url)).toContain("<title>ChatJS demo");
  expect(await get(`${url}/amazon-connect-chat.js`)).toBe(
    readFileSync(path.join(ROOT, "dist/amazon-connect-chat.js"), "utf8"),
  );
  const response = await fetch(`${url}/start-chat`, { method: "POST", body: "{}" });
  expect(Object.keys((await response.json()) as object)).toEqual([
    "ContactId",
    "ParticipantId",
    "ParticipantToken",
  ]);
  expect(program.output).toBe(
    [
      `Endpoint: ${url}`,
      `Panel:    ${url}/_panel/`,
      `Demo:     ${url}/`,
      `In your page: ChatSession.setGlobalConfig({ endpoint: "${url}" })`,
      "Press Ctrl+C to stop.",
      "",
    ].join("\n"),
  );
  expect(await program.interrupt()).toBe(0);
  expect(program.output).toContain("\nThe chats are gone. To keep them over a restart, use --state FILE.\n");
});

test("a program without chats doesn't say that chats are gone", async () => {
  const idle = start(["--port", "0"]);
  await endpointOf(idle);
  expect(await idle.interrupt()).toBe(0);
  expect(idle.output).not.toContain("The chats are gone");
});

test("a control request from an origin that isn't allowed prints a line that names --allow-origin", async () => {
  const program = start(["--port", "0"]);
  const url = await endpointOf(program);
  const response = await fetch(`${url}/_control/status`, { headers: { origin: "http://localhost:5173" } });
  expect(response.status).toBe(403);
  await program.prints(/refused the control API.* --allow-origin http:\/\/localhost:5173\n/);
});

test("PORT can set the port, but --port takes precedence", async () => {
  expect(await endpointOf(start([], { PORT: "0" }))).toMatch(/:[1-9]\d*$/);
  expect(await endpointOf(start(["-p", "0"], { PORT: "none" }))).toMatch(/:[1-9]\d*$/);
});

test("the program reports that the port is in use and suggests another port", async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, "127.0.0.1", resolve));
  const { port } = occupant.address() as AddressInfo;
  const program = start(["--port", String(port)]);
  expect(await program.ended).toBe(1);
  expect(program.output).toContain(`Port ${port} is in use.`);
  expect(program.output).toMatch(/choose another port: connect-chat-simulator --port \d+\n$/);
  await new Promise((resolve) => occupant.close(resolve));
});

test.each([
  ["an invalid --port", ["--port", "many"], {}, /^--port must be a number from 0 .*; got "many"/],
  ["an invalid PORT", [], { PORT: "65536" }, /^PORT must be a number from 0 .*; got "65536"/],
  ["an unknown option", ["--prot=1"], {}, /'--prot'[^]*Try: connect-chat-simulator --help\n$/],
])("%s is reported without a stack trace", async (_what, args, environment, expected) => {
  const program = start(args, environment);
  expect(await program.ended).toBe(1);
  expect(program.output).toMatch(expected);
  expect(program.output).not.toContain("    at ");
});

test("--help prints the options without starting the simulator", async () => {
  const program = start(["--help"]);
  expect(await program.ended).toBe(0);
  expect(program.output).toContain("--port <number>");
  const columns = program.output.split("\n").map((line) => line.length);
  expect(Math.max(...columns)).toBeLessThanOrEqual(120);
});

describeInBrowser("pages served by connect-chat-simulator", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test("the demo delivers messages in both directions, and every example page loads all of its files", async () => {
    const url = await endpointOf(start(["--port=0"]));
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", ({ message }) => problems.push(message));
    page.on("response", (response) => {
      if (!response.ok()) problems.push(`${response.status()} ${response.url()}`);
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
    expect(problems).toEqual([]);
  });
});
