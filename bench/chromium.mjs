// A Chromium of our own, spoken to over its debugging protocol and nothing else: a driver that watches the page's network
// and console, as browser tests need it, would cost more main-thread time than what is measured.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import WebSocket from "ws";
import { findChromium, FLAGS } from "../conformance/browser.mjs";

const START_WITHIN_MS = 60_000;

/** The protocol: calls by id, over one socket, for the browser or (`sessionId`) one page. */
class Protocol {
  #socket;
  #lastId = 0;
  #waiting = new Map();

  constructor(socket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      const { id, result, error } = JSON.parse(data);
      const waiting = this.#waiting.get(id);
      if (!waiting) return;
      this.#waiting.delete(id);
      if (error) waiting.reject(new Error(`${waiting.method}: ${error.message}`));
      else waiting.resolve(result);
    });
    socket.on("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("Chromium is gone."));
      this.#waiting.clear();
    });
  }

  send(method, params = {}, sessionId = undefined) {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
  }

  close() {
    this.#socket.close();
  }
}

/** One tab. */
class Page {
  #protocol;
  #sessionId;
  #targetId;

  constructor(protocol, targetId, sessionId) {
    this.#protocol = protocol;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
  }

  send(method, params) {
    return this.#protocol.send(method, params, this.#sessionId);
  }

  /** The value of an expression, as JSON; a promise is waited for. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) {
      const { exception, text } = exceptionDetails;
      throw new Error(exception?.description ?? (JSON.stringify(exception?.value) || text));
    }
    return result.value;
  }

  async until(expression, patienceMs = 60_000) {
    const endsAt = performance.now() + patienceMs;
    while (!(await this.evaluate(expression).catch(() => false))) {
      if (performance.now() > endsAt) throw new Error(`This did not come true: ${expression}`);
      await wait(10);
    }
  }

  addScript(url) {
    return this.evaluate(`new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = ${JSON.stringify(url)};
      script.onload = () => resolve();
      script.onerror = () => reject(new Error("The script could not be loaded."));
      document.head.append(script);
    })`);
  }

  /** To the front of its window: the other tabs there are hidden then. */
  async show() {
    await this.#protocol.send("Target.activateTarget", { targetId: this.#targetId });
    await this.send("Page.bringToFront");
  }
}

/** Starts the browser; it has no window on the screen. */
export async function startChromium() {
  const profile = mkdtempSync(join(tmpdir(), "bench-profile-"));
  const program = findChromium();
  if (program === undefined) {
    throw new Error("No Chromium or Chrome was found: install one or set CHROME_PATH to its program.");
  }
  const child = spawn(
    program,
    [...FLAGS, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const address = await new Promise((resolve, reject) => {
    let told = "";
    const timer = setTimeout(() => reject(new Error("Chromium did not start.")), START_WITHIN_MS);
    child.stderr.on("data", (data) => {
      told += data;
      const found = /DevTools listening on (\S+)/.exec(told)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
    child.once("error", reject);
  });
  const socket = new WebSocket(address, { maxPayload: 0 });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const protocol = new Protocol(socket);
  const { product } = await protocol.send("Browser.getVersion");
  const newPage = async (url, browserContextId) => {
    const { targetId } = await protocol.send("Target.createTarget", { url, browserContextId });
    const { sessionId } = await protocol.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(protocol, targetId, sessionId);
    await page.until(`document.readyState === "complete" && location.href === ${JSON.stringify(url)}`);
    return page;
  };
  return {
    product,
    /** A profile of its own, with its pages. */
    async newContext() {
      const { browserContextId } = await protocol.send("Target.createBrowserContext");
      return {
        newPage: (url) => newPage(url, browserContextId),
        close: () => protocol.send("Target.disposeBrowserContext", { browserContextId }),
      };
    },
    async close() {
      await protocol.send("Browser.close").catch(() => undefined);
      await gone;
      protocol.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
