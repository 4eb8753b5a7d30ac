// Follows the README as a new user would, running its own commands and files: `npm run walk`. There are
// two substitutions. The clone comes from this checkout's committed files. The package, which isn't in a registry yet,
// is packed from that clone.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { findChromium, FLAGS } from "../conformance/browser.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TIMEOUT_MS = 60_000;
const folder = realpathSync(mkdtempSync(join(tmpdir(), "walk-")));
// The README names this folder.
const clone = join(folder, "amazon-connect-chatjs");
const running = [];
let passed = 0;
let failed = 0;

const readme = () => readFileSync(join(clone, "README.md"), "utf8");

/** Returns the lines of the shell block that follows `<!-- walk: name -->`. */
function commands(name) {
  const block = new RegExp(`<!-- walk: ${name} -->\\s+\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(readme())?.[1];
  if (block === undefined) throw new Error(`The README has no block for "${name}".`);
  return block.trim().split("\n");
}

/** Writes the README block whose first line is a comment with the file's name. */
function writeFileOf(name, into) {
  const blocks = [...readme().matchAll(/```\w+\n([\s\S]*?)```/g)].map(([, text]) => text);
  const text = blocks.find((each) => [`<!-- ${name} -->`, `// ${name}`].includes(each.split("\n", 1)[0]));
  if (text === undefined) throw new Error(`The README has no block for ${name}.`);
  writeFileSync(join(into, name), text);
}

function run(command, cwd, environment = {}) {
  console.log(`$ ${command}`);
  const { status, stdout, stderr } = spawnSync(command, {
    cwd,
    shell: true,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error(`${command} failed:\n${stdout}${stderr}`);
  return stdout;
}

/** Starts a long-running command and returns the first group of `pattern` once it prints a match. */
async function start(command, cwd, pattern, environment = {}) {
  console.log(`$ ${command}`);
  const child = spawn(command, {
    cwd,
    shell: true,
    // Use a separate process group, so that the shell and its children can be stopped together.
    detached: true,
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
  running.push(child);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (printed += data));
  const until = Date.now() + 5 * TIMEOUT_MS;
  for (;;) {
    const found = pattern.exec(printed);
    if (found) return found[1];
    if (child.exitCode !== null || Date.now() > until)
      throw new Error(`${command} did not start:\n${printed}`);
    await wait(50);
  }
}

function stopAll() {
  for (const child of running.splice(0)) {
    try {
      process.kill(-child.pid, "SIGTERM");
    } catch {
      // It has already exited.
    }
  }
}

async function step(name, walk) {
  try {
    await walk();
    passed += 1;
    console.log(`✓ ${name}`);
  } catch (error) {
    failed += 1;
    console.error(`✗ ${name}\n${error.stack}`);
  } finally {
    stopAll();
  }
}

/** A page written for upstream, following its public documentation. */
const FOR_UPSTREAM = `<!doctype html>
<meta charset="utf-8" />
<script src="/node_modules/amazon-connect-chatjs/dist/amazon-connect-chat.js"></script>
<ul id="messages"></ul>
<script>
  const simulator = "http://localhost:8080";
  connect.ChatSession.setGlobalConfig({ region: "us-west-2", endpoint: simulator, loggerConfig: { useDefaultLogger: true } });
  fetch(simulator + "/start-chat", { method: "POST", body: "{}" })
    .then((answer) => answer.json())
    .then((chatDetails) => {
      const session = connect.ChatSession.create({
        chatDetails,
        type: connect.ChatSession.SessionTypes.CUSTOMER,
        options: { region: "us-west-2" },
        disableCSM: true,
      });
      session.onMessage((event) => {
        const line = document.createElement("li");
        line.textContent = event.data.Content;
        document.getElementById("messages").append(line);
      });
      let greeted = false;
      session.onConnectionEstablished(() => {
        if (greeted) return;
        greeted = true;
        setTimeout(() => session.sendMessage({ contentType: "text/plain", message: "Hello!" }), 500);
      });
      return session.connect();
    });
</script>
`;

const rule = FLAGS.find((flag) => flag.startsWith("--host-resolver-rules"));
async function withPage(url, use, { mayFail = false } = {}) {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...FLAGS.filter((flag) => flag !== rule), `${rule}, EXCLUDE localhost`],
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  try {
    await page.goto(url);
    await use(page);
    if (errors.length > 0 && !mayFail) throw new Error(`The page had errors: ${errors.join("; ")}`);
  } finally {
    await browser.close();
  }
}

/** Sends a message as the agent. */
async function answer(panel, text) {
  await panel.getByRole("textbox", { name: "Message" }).fill(text);
  await panel.keyboard.press("Enter");
}

try {
  await step("clone the repository and run the demo", async () => {
    run(`git clone --quiet --depth 1 "file://${ROOT}" "${clone}"`, folder);
    const [command] = commands("demo");
    const address = await start(command, clone, /Demo: +(\S+)/, { PORT: "0" });
    await withPage(address, async (page) => {
      for (const [from, to] of [
        ["customer", "agent"],
        ["agent", "customer"],
      ]) {
        await page.getByTestId(`${from}-input`).fill(`From the ${from}`);
        await page.getByTestId(`${from}-send`).click();
        await page.getByTestId(`${to}-transcript`).getByText(`From the ${from}`).waitFor();
      }
    });
  });

  const application = join(folder, "my-chat");
  mkdirSync(application);

  await step(
    "pack the library, chat from an empty Vite app, answer in the control panel, and break the network",
    async () => {
      for (const command of commands("pack")) run(command, clone);
      for (const command of commands("install")) run(command, application);
      for (const name of ["index.html", "main.js"]) writeFileOf(name, application);
      const [simulator, vite] = commands("serve");
      const panelAddress = await start(simulator, application, /Panel: +(\S+)/);
      const address = await start(vite, application, /(http:\/\/localhost:\d+)/);
      await withPage(address, async (page) => {
        await page.getByText("Connected").waitFor();
        await page.getByPlaceholder("Your message").fill("Hello!");
        await page.keyboard.press("Enter");
        await page.getByText("Alex: Hello!").waitFor();
        const panel = await page.context().newPage();
        panel.setDefaultTimeout(TIMEOUT_MS);
        await panel.goto(panelAddress);
        await panel.getByRole("navigation", { name: "Contacts" }).getByText("Alex").click();
        await answer(panel, "How can I help?");
        await page.getByText("How can I help?").waitFor();

        await panel.getByRole("tab", { name: /^Faults/ }).click();
        const card = panel.getByRole("form", { name: "Take the network down" });
        await card.getByLabel("Seconds").fill("60");
        await card.getByRole("button", { name: "Take it down" }).click();
        await page.getByText("Reconnecting…").waitFor();
        for (const text of ["Are you there?", "Hello?"]) await answer(panel, text);
        if (await page.getByText("Are you there?").isVisible()) throw new Error("The network isn't down.");
        await panel.getByRole("button", { name: /^Remove: Network down/ }).click();
        await page.getByText("Hello?").waitFor();
        const lines = await page.locator("ol li").allTextContents();
        const texts = lines.map((line) => line.replace(/^[^:]*: /, ""));
        const expected = ["Hello!", "How can I help?", "Are you there?", "Hello?"];
        if (texts.join() !== expected.join()) throw new Error(`The page shows ${lines.join(", ")}.`);
      });
    },
  );

  await step("migrate a page written for upstream", async () => {
    writeFileSync(join(application, "index.html"), FOR_UPSTREAM);
    run("npm install --save-exact amazon-connect-chatjs@5.0.0", application);
    const [simulator, vite] = commands("serve");
    const address = await start(vite, application, /(http:\/\/localhost:\d+)/);
    const version = (page) => page.evaluate("connect.ChatJS?.version ?? connect.ChatJSVersion ?? null");
    // Only load upstream here. The simulator follows the service's CORS rules, which reject upstream's headers on
    // a cross-origin address. `npm run conformance` runs upstream's chat.
    await withPage(
      address,
      async (page) => {
        if (String(await version(page)).startsWith("6."))
          throw new Error("Expected upstream; the page loaded this library.");
      },
      { mayFail: true },
    );
    // Vite caches packages, so restart it, as one does after an install.
    stopAll();
    for (const command of commands("migrate")) run(command, application);
    await start(simulator, application, /(http:\/\/\S+)/);
    await start(vite, application, /(http:\/\/localhost:\d+)/);
    await withPage(address, async (page) => {
      await page.getByText("Hello!").waitFor();
      if (!String(await version(page)).startsWith("6."))
        throw new Error("Expected this library; the page still loaded upstream.");
    });
  });
} finally {
  stopAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
