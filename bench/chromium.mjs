// Starts Chromium and controls it over only its debugging protocol. A test driver that watches the page's network and
// console would use more main-thread time than the measured code.
import { findChromium, FLAGS } from "../conformance/browser.mjs";
import { startProgram } from "./protocol.mjs";
import { Tab } from "./tab.mjs";

class ChromiumTab extends Tab {
  #protocol;
  #sessionId;
  #targetId;

  constructor(protocol, targetId, sessionId) {
    super();
    this.#protocol = protocol;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
  }

  #send(method, params) {
    return this.#protocol.send(method, params, this.#sessionId);
  }

  async evaluate(expression) {
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", {
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

  /** Turns on the browser's counters. */
  async count() {
    // Count thread time, which excludes other programs on the machine.
    await this.#send("Performance.enable", { timeDomain: "threadTicks" });
    await this.#send("HeapProfiler.enable");
  }

  /** Returns the CPU time that the page's main thread has used so far, in ms. */
  async cpuMs() {
    const { metrics } = await this.#send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
  }

  /** Returns the heap in use after garbage collection, in bytes. */
  async heapBytes() {
    for (let n = 0; n < 3; n += 1) await this.#send("HeapProfiler.collectGarbage");
    return (await this.#send("Runtime.getHeapUsage")).usedSize;
  }

  /** Brings the tab to the front of its window, so that its other tabs are hidden. */
  async show() {
    await this.#protocol.send("Target.activateTarget", { targetId: this.#targetId });
    await this.#send("Page.bringToFront");
  }
}

/** Starts the browser headless. */
export async function startChromium() {
  const program = findChromium();
  if (program === undefined) {
    throw new Error("No Chromium or Chrome found. Install one, or set CHROME_PATH to its executable.");
  }
  const { protocol, end } = await startProgram(
    program,
    (profile) => [...FLAGS, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
    /DevTools listening on (\S+)/,
  );
  const { product } = await protocol.send("Browser.getVersion");
  const newPage = async (url, browserContextId) => {
    const { targetId } = await protocol.send("Target.createTarget", { url, browserContextId });
    const { sessionId } = await protocol.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new ChromiumTab(protocol, targetId, sessionId);
    await page.until(`document.readyState === "complete" && location.href === ${JSON.stringify(url)}`);
    return page;
  };
  return {
    product,
    /** Creates an isolated browser context. */
    async newContext() {
      const { browserContextId } = await protocol.send("Target.createBrowserContext");
      return {
        newPage: (url) => newPage(url, browserContextId),
        close: () => protocol.send("Target.disposeBrowserContext", { browserContextId }),
      };
    },
    close: () => end("Browser.close"),
  };
}
